import { beforeEach } from 'vitest'
import { accountsOf, at, events } from './google-made.ts'
import type { Answer, Call, Json, Played } from './played.ts'

export const plain = { summary: 'a', start: at('2026-03-05T09:00:00'), end: at('2026-03-05T10:00:00') }

/** An event of an account that each test has for itself, and the ways to write it. */
export function eventHere(played: Played, prefix: string) {
  const newAccount = accountsOf(() => played, prefix)
  let account: { email: string; call: Call }
  beforeEach(async () => {
    await played.control('DELETE', 'switches')
    account = await newAccount()
  })
  const google: Call = (...call) => account.call(...call)
  return {
    google,
    me: {
      get email() {
        return account.email
      },
    },
    insert: (more: Json, query = ''): Promise<Answer> =>
      google('POST', `${events}${query}`, { ...plain, id: 'event', ...more }),
    patch: (body: Json, query = ''): Promise<Answer> => google('PATCH', `${events}/event${query}`, body),
    put: (body: Json, query = ''): Promise<Answer> => google('PUT', `${events}/event${query}`, body),
    read: async (): Promise<Json> => (await google('GET', `${events}/event`)).body,
  }
}
