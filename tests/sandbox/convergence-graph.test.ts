import { array, assert, asyncProperty, constant, constantFrom, integer, oneof, record } from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { essence, followGraph, heldByGraph, type Window } from './graph-follower.ts'
import { write, writes } from './graph-writer.ts'
import { list, object, play, type Call, type Json, type Played } from './played.ts'

const email = 'grace@example.com'
const march: Window = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' }
let played: Played

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())

/** Many calls, one after the other; a busy machine takes its time for them. */
const timeout = 180_000

const reading = oneof(
  { weight: 6, arbitrary: record({ kind: constant('page' as const), size: integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: record({ kind: constant('crash' as const) }) },
  { weight: 1, arbitrary: record({ kind: constant('expire' as const) }) },
  {
    weight: 1,
    arbitrary: record({
      kind: constant('window' as const),
      weeks: integer({ min: -3, max: 3 }),
    }),
  },
)
const plans = array(oneof({ weight: 3, arbitrary: writes }, { weight: 2, arbitrary: reading }), {
  minLength: 8,
  maxLength: 30,
})

/** Ways of telling things that leave a client's task as it is. */
const manners = record({
  'microsoft.deltaEmptyPages': constantFrom('never', 'between'),
  'microsoft.deltaRepeats': constantFrom('never', 'lastOfPage'),
  'microsoft.deltaChangesMeanwhile': constantFrom('nextRound', 'sameRound'),
  'microsoft.deltaOutside': constantFrom('told', 'silent'),
  'microsoft.deltaReasonOfLeaving': constantFrom('deleted', 'changed'),
})

const weekMs = 7 * 86_400_000
const shifted = ({ from, to }: Window, weeks: number): Window => ({
  from: new Date(Date.parse(from) + weeks * weekMs).toISOString(),
  to: new Date(Date.parse(to) + weeks * weekMs).toISOString(),
})

async function begin(switches: Json = {}): Promise<Call> {
  await played.control('POST', 'reset')
  await played.control('POST', 'clock', { now: '2026-03-01T08:00:00Z' })
  await played.control('POST', 'switches', switches)
  return played.account('microsoft', email)
}

test(
  'a client that follows delta links ends with exactly what the server shows, whatever was written and however it read',
  { timeout },
  async () => {
    await assert(
      asyncProperty(plans, manners, async (plan, manner) => {
        let graph = await begin(manner)
        const follower = followGraph(march)
        const deleted = new Set<string>()
        for (const [index, step] of plan.entries()) {
          if (step.kind === 'page') await follower.readPage(graph, step.size)
          else if (step.kind === 'crash') follower.crash()
          else if (step.kind === 'window') follower.moveWindow(shifted(march, step.weeks))
          else if (step.kind === 'expire') {
            await played.control('POST', 'clock', { advance: 'P31D' })
            graph = await played.account('microsoft', email)
          } else await write(graph, step, `words ${index}`, deleted)
        }
        // One round may be under way, and the one after it sees what happened meanwhile.
        for (let rounds = 0; rounds < 2;) if (await follower.readPage(graph, 50)) rounds += 1

        const held = await heldByGraph(graph, follower.window())
        expect(essence(follower.known())).toEqual(essence(held))
        for (const id of deleted) expect(follower.known().has(id)).toBe(false)
      }),
      { numRuns: 40 },
    )
  },
)

test(
  'an etag changes with every change of an event or its series and never otherwise, and a deleted id does not come back',
  { timeout },
  async () => {
    await assert(
      asyncProperty(array(writes, { minLength: 4, maxLength: 14 }), async (plan) => {
        const graph = await begin()
        const deleted = new Set<string>()
        let before = await contents(graph)
        for (const [index, step] of plan.entries()) {
          await write(graph, step, `words ${index}`, deleted)
          await refusedWrites(graph)
          const after = await contents(graph)
          for (const [id, { etag, content }] of after) {
            expect(deleted.has(id)).toBe(false)
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
async function refusedWrites(graph: Call): Promise<void> {
  const { body } = await graph('GET', '/v1.0/me/events?$top=1')
  const [event] = list(body['value'])
  if (event === undefined) return
  const path = `/v1.0/me/events/${String(event['id'])}`
  const stale = await graph('PATCH', path, { subject: 'lost' }, { 'if-match': 'W/"nothing"' })
  expect(stale.status).toBe(412)
  expect((await graph('PATCH', path, { showAs: 'sometimes' })).status).toBe(400)
}

/** Every event with all that is told of it and of its series; a master's exceptions and gaps are a part of it. */
async function contents(graph: Call): Promise<Map<string, { etag: unknown; content: string }>> {
  const { body } = await graph('GET', '/v1.0/me/events?$top=500')
  const found = new Map<string, { etag: unknown; content: string }>()
  for (const event of list(body['value'])) {
    const window = 'startDateTime=2026-01-01T00:00:00Z&endDateTime=2026-07-01T00:00:00Z&$top=500'
    const path = `/v1.0/me/events/${String(event['id'])}/instances?${window}`
    const instances = event['type'] === 'seriesMaster' ? list((await graph('GET', path)).body['value']) : []
    const content = JSON.stringify([event, ...instances].map(withoutStamps))
    found.set(String(event['id']), { etag: event['@odata.etag'], content })
  }
  return found
}

function withoutStamps(event: Json): Json {
  const { '@odata.etag': _etag, changeKey: _changeKey, lastModifiedDateTime: _modified, ...content } = event
  return object(content)
}
