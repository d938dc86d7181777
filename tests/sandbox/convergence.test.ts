import { array, assert, asyncProperty, constant, integer, nat, oneof, record } from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { list, meeting, play, timed, type Call, type Json, type Played } from './played.ts'

let played: Played
let accounts = 0

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())

const step = oneof(
  record({ kind: constant('create'), hour: integer({ min: 0, max: 22 }) }),
  record({ kind: constant('change'), which: nat(20) }),
  record({ kind: constant('delete'), which: nat(20) }),
  record({ kind: constant('page'), size: integer({ min: 1, max: 4 }) }),
)
const steps = array(step, { minLength: 5, maxLength: 30 })

/** A follower that reads one page at a time, so that writes fall between its pages. */
interface Follower {
  readPage(size: number): Promise<boolean>
  titles: Map<string, unknown>
}

function followGoogle(google: Call): Follower {
  const titles = new Map<string, unknown>()
  let query = ''
  let page = ''
  return {
    titles,
    async readPage(size) {
      const { body } = await google(
        'GET',
        `/calendar/v3/calendars/primary/events?maxResults=${size}${query}${page}`,
      )
      for (const event of list(body['items'])) {
        if (event['status'] === 'cancelled') titles.delete(String(event['id']))
        else titles.set(String(event['id']), event['summary'])
      }
      const next = body['nextPageToken']
      page = typeof next === 'string' ? `&pageToken=${next}` : ''
      if (page === '') query = `&syncToken=${String(body['nextSyncToken'])}`
      return page === ''
    },
  }
}

function followMicrosoft(graph: Call): Follower {
  const titles = new Map<string, unknown>()
  let link = '/v1.0/me/calendarView/delta?startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
  return {
    titles,
    async readPage(size) {
      const { body } = await graph('GET', link, undefined, { prefer: `odata.maxpagesize=${size}` })
      for (const event of list(body['value'])) {
        if (event['@removed'] === undefined) titles.set(String(event['id']), event['subject'])
        else titles.delete(String(event['id']))
      }
      const done = typeof body['@odata.deltaLink'] === 'string'
      link = String(done ? body['@odata.deltaLink'] : body['@odata.nextLink'])
      return done
    },
  }
}

test.each([
  ['sync tokens', 'google' as const, followGoogle, '/calendar/v3/calendars/primary/events', 'summary', timed],
  ['delta links', 'microsoft' as const, followMicrosoft, '/v1.0/me/events', 'subject', meeting],
])(
  'a client that follows %s ends with exactly what the vendor holds',
  async (_name, vendor, follow, path, title, body) => {
    await assert(
      asyncProperty(steps, async (plan) => {
        accounts += 1
        const email = `person${accounts}@example.com`
        const call = await played.account(vendor, email)
        const follower = follow(call)
        const ids: string[] = []
        for (const [index, move] of plan.entries()) {
          if ('hour' in move)
            ids.push(String((await call('POST', path, body(`new ${index}`, move.hour))).body['id']))
          else if ('size' in move) await follower.readPage(move.size)
          else {
            const id = ids[move.which % Math.max(1, ids.length)]
            if (id === undefined) continue
            const change: Json | undefined =
              move.kind === 'change' ? { [title]: `changed ${index}` } : undefined
            await call(move.kind === 'change' ? 'PATCH' : 'DELETE', `${path}/${id}`, change)
          }
        }
        // One round may be under way; the one after it sees everything.
        for (let rounds = 0; rounds < 2;) if (await follower.readPage(3)) rounds += 1
        const held = list((await played.control('GET', `accounts/${email}/events`)).body['items'])
        expect(Object.fromEntries(follower.titles)).toEqual(
          Object.fromEntries(held.map((event) => [event['id'], event['title']])),
        )
      }),
      { numRuns: 40 },
    )
  },
)
