import { array, assert, asyncProperty, constant, integer, oneof, record } from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { essence, followGoogle } from './google-follower.ts'
import { write, writes } from './google-writer.ts'
import { list, play, type Call, type Json, type Played } from './played.ts'

const email = 'ada@example.com'
const events = '/calendar/v3/calendars/primary/events'
let played: Played

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())

/** Many calls, one after the other; a busy machine takes its time for them. */
const timeout = 180_000

const reading = oneof(
  { weight: 6, arbitrary: record({ kind: constant('page' as const), size: integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: record({ kind: constant('crash' as const) }) },
  { weight: 1, arbitrary: record({ kind: constant('expire' as const) }) },
)
const plans = array(oneof({ weight: 3, arbitrary: writes }, { weight: 2, arbitrary: reading }), {
  minLength: 8,
  maxLength: 30,
})

async function begin(): Promise<Call> {
  await played.control('POST', 'reset')
  await played.control('POST', 'clock', { now: '2026-03-01T08:00:00Z' })
  return played.account('google', email)
}

test(
  'a client that follows sync tokens ends with exactly what a full list has, whatever was written and however it read',
  { timeout },
  async () => {
    await assert(
      asyncProperty(plans, async (plan) => {
        let google = await begin()
        const follower = followGoogle()
        const deleted = new Set<string>()
        for (const [index, step] of plan.entries()) {
          if (step.kind === 'page') await follower.readPage(google, step.size)
          else if (step.kind === 'crash') follower.crash()
          else if (step.kind === 'expire') {
            await played.control('POST', 'clock', { advance: 'P30D' })
            google = await played.account('google', email)
          } else await write(google, step, `words ${index}`, deleted)
        }
        // One round may be under way, and the one after it sees what happened meanwhile.
        for (let rounds = 0; rounds < 2;) if (await follower.readPage(google, 50)) rounds += 1

        const fresh = followGoogle()
        while (!(await fresh.readPage(google, 250)));
        expect(essence(follower.known())).toEqual(essence(fresh.known()))
        for (const id of deleted) expect(follower.known().has(id)).toBe(false)
        const { body } = await played.control('GET', `accounts/${email}/events?vendor=google`)
        const live = [...follower.known()].filter(([, { status }]) => status !== 'cancelled')
        expect(live.map(([id]) => id).toSorted()).toEqual(
          list(body['items'])
            .map(({ id }) => String(id))
            .toSorted(),
        )
      }),
      { numRuns: 40 },
    )
  },
)

test(
  'an etag changes with every change of an event and never otherwise, and a deleted id does not come back by itself',
  { timeout },
  async () => {
    await assert(
      asyncProperty(array(writes, { minLength: 4, maxLength: 14 }), async (plan) => {
        const google = await begin()
        const deleted = new Set<string>()
        let before: Contents = new Map()
        for (const [index, step] of plan.entries()) {
          await write(google, step, `words ${index}`, deleted)
          await refusedWrites(google)
          const after = await contents(google, before.keys())
          for (const [id, { etag, content, status }] of after) {
            if (deleted.has(id)) expect([id, status]).toEqual([id, 'cancelled'])
            const known = before.get(id)
            if (known !== undefined)
              expect([id, etag !== known.etag]).toEqual([id, content !== known.content])
          }
          before = after
        }
      }),
      { numRuns: 15 },
    )
  },
)

/** Writes that fail change nothing. */
async function refusedWrites(google: Call): Promise<void> {
  const { body } = await google('GET', `${events}?maxResults=1`)
  const [event] = list(body['items'])
  if (event === undefined || event['status'] === 'cancelled') return
  const path = `${events}/${String(event['id'])}`
  const stale = await google('PATCH', path, { summary: 'lost' }, { 'if-match': '"nothing"' })
  expect(stale.status).toBe(412)
  expect((await google('PATCH', path, { end: { date: 'never' } })).status).toBe(400)
}

type Contents = Map<string, { etag: unknown; status: unknown; content: string }>

/** Every event there is, and each that was there before, deleted or not. */
async function contents(google: Call, known: Iterable<string>): Promise<Contents> {
  const { body } = await google('GET', `${events}?maxResults=250`)
  const ids = new Set([...known, ...list(body['items']).map(({ id }) => String(id))])
  const found: Contents = new Map()
  for (const id of ids) {
    const { body: event } = await google('GET', `${events}/${id}`)
    found.set(id, { etag: event['etag'], status: event['status'], content: contentOf(event) })
  }
  return found
}

function contentOf(event: Json): string {
  const { etag: _etag, updated: _updated, sequence: _sequence, ...content } = event
  return JSON.stringify(content)
}
