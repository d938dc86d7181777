import { beforeEach } from 'vitest'
import { oauthClients } from './consent.ts'
import { send, type Json, type Played } from './played.ts'
import { person, signingIn } from './signing-in.ts'

export const begin = '2026-03-05T08:00:00.000Z'
export const calendar = 'https://www.googleapis.com/auth/calendar.events'
export const calendarList = 'https://www.googleapis.com/auth/calendar.calendarlist.readonly'
export const events = '/calendar/v3/calendars/primary/events'
export const dead = { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }

/** A person who signs in to the client a sandbox has from the start. */
export function googleSignIn(played: Played) {
  beforeEach(async () => {
    await played.control('POST', 'reset')
    await played.control('POST', 'accounts', { vendor: 'google', email: person })
  })
  return {
    google: signingIn(played, 'google'),
    register: (options: Json) =>
      played.control('POST', 'clients', { vendor: 'google', clientId: oauthClients.google.id, ...options }),
    advance: (duration: string) => played.control('POST', 'clock', { advance: duration }),
    call: (token: unknown, path = events, method = 'GET') =>
      send(`${played.sandbox.url}${path}`, method, undefined, { authorization: `Bearer ${String(token)}` }),
  }
}
