import type { FastifyInstance, FastifyRequest } from 'fastify'
import { findAccount } from '../accounts.ts'
import type { Caller } from '../oauth/grants.ts'
import type { World } from '../world.ts'
import { insufficientScopes, invalidCredentials } from './errors.ts'
import { calendarOf, stop } from './channels.ts'
import { calendarListEntry } from './render.ts'
import type { GoogleAccount } from './types.ts'

const listScopes = [
  'calendar',
  'calendar.readonly',
  'calendar.calendarlist',
  'calendar.calendarlist.readonly',
]
const calendarScopes = ['calendar', 'calendar.readonly', 'calendar.calendars', 'calendar.calendars.readonly']

/** Calendars, the calendar list, the time zone setting, and closing channels. */
export function googleCalendarRoutes(app: FastifyInstance, world: World): void {
  app.get('/calendar/v3/users/me/calendarList', (request) => {
    const { account } = callerOf(world, request, listScopes)
    return {
      kind: 'calendar#calendarList',
      etag: '"1"',
      nextSyncToken: 'unchanging',
      items: [...account.calendars.values()].map(calendarListEntry),
    }
  })

  app.get<{ Params: { calendarId: string } }>('/calendar/v3/users/me/calendarList/:calendarId', (request) => {
    const { account } = callerOf(world, request, listScopes)
    return calendarListEntry(calendarOf(world, account.email, request.params.calendarId))
  })

  app.get<{ Params: { calendarId: string } }>('/calendar/v3/calendars/:calendarId', (request) => {
    const { account } = callerOf(world, request, calendarScopes)
    const calendar = calendarOf(world, account.email, request.params.calendarId)
    const { id, name: summary, timeZone } = calendar
    return { kind: 'calendar#calendar', etag: '"1"', id, summary, timeZone }
  })

  app.get('/calendar/v3/users/me/settings/timezone', (request) => {
    const { account } = callerOf(world, request, [
      'calendar',
      'calendar.readonly',
      'calendar.settings.readonly',
    ])
    return { kind: 'calendar#setting', etag: '"1"', id: 'timezone', value: account.timeZone }
  })

  app.post('/calendar/v3/channels/stop', (request, reply) => {
    const { caller } = callerOf(world, request, [])
    stop(world, caller, request.body)
    return reply.status(204).send()
  })
}

/** The account a request speaks for, if its token is good and allows one of the scopes. */
export function callerOf(
  world: World,
  request: FastifyRequest,
  scopes: string[],
): { caller: Caller; account: GoogleAccount } {
  const { caller } = request
  const account = caller === null ? undefined : findAccount(world, 'google', caller.email)
  if (caller === null || account?.vendor !== 'google') throw invalidCredentials()
  const full = scopes.map((scope) => `https://www.googleapis.com/auth/${scope}`)
  const allows =
    caller.scopes === null || scopes.length === 0 || full.some((scope) => caller.scopes?.includes(scope))
  if (!allows) throw insufficientScopes()
  return { caller, account }
}
