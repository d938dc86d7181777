import { beforeEach, expect } from 'vitest'
import { codeOf, list, type Call, type Json, type Played } from './played.ts'

export const events = '/v1.0/me/events'
export const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-05-01T00:00:00Z'
export const marker = 'String {00020329-0000-0000-C000-000000000046} Name Marker'

export function pathOf(event: Json): string {
  return `${events}/${String(event['id'])}`
}

export function at(dateTime: string, timeZone: unknown): Json {
  return { dateTime, timeZone }
}

export function between(timeZone: unknown, from = '2026-03-05T09:00:00', to = '2026-03-05T10:00:00'): Json {
  return { start: at(from, timeZone), end: at(to, timeZone) }
}

/** Three days from 5 March 2026 on. */
export const daily = {
  pattern: { type: 'daily', interval: 1 },
  range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 3 },
}

/** A mailbox that is empty before each test, and the calls that are made most to it. */
export function mailboxHere(played: Played) {
  let call: Call
  beforeEach(async () => {
    await played.control('POST', 'reset')
    call = await played.account('microsoft', 'grace@example.com')
  })
  const graph: Call = (...sent) => call(...sent)
  return {
    graph,
    create: async (body: Json): Promise<Json> => {
      const answer = await graph('POST', events, body)
      expect(answer.status).toBe(201)
      return answer.body
    },
    get: async (event: Json, prefer = ''): Promise<Json> =>
      (await graph('GET', pathOf(event), undefined, prefer === '' ? {} : { prefer })).body,
    patch: async (event: Json, body: Json): Promise<Json> => (await graph('PATCH', pathOf(event), body)).body,
    refusal: async (method: string, path: string, body: Json): Promise<unknown[]> => {
      const answer = await graph(method, path, body)
      return [answer.status, codeOf(answer)]
    },
    switched: (switches: Json) => played.control('POST', 'switches', switches),
    instancesOf: async (event: Json): Promise<Json[]> =>
      list((await graph('GET', `${pathOf(event)}/instances?${window}`)).body['value']),
  }
}
