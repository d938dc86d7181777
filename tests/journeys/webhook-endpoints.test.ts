import { randomUUID } from 'node:crypto'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { receiverForTests, verified, type ReceivedEvent, type Receiver } from '../support/receiver.ts'
import { tomorrow } from '../support/scene.ts'
import { startStack, until, type Stack } from '../support/stack.ts'

let stack: Stack
let receiver: Receiver
let secret: string
let endpointId: string
beforeAll(async () => {
  receiver = await receiverForTests()
  stack = await startStack()
  const made = await stack.api.post<{ endpoint: { id: string }; secret: string }>('/webhook-endpoints', {
    url: receiver.url,
  })
  ;({ secret } = made)
  endpointId = made.endpoint.id
})
afterAll(() => stack.close())

interface Entry {
  id: string
  version: number
}
const make = (title: string) =>
  stack.api.post<Entry>('/entries', {
    title,
    start: tomorrow(9),
    end: tomorrow(10),
    timeZone: 'UTC',
    assignees: [],
  })
/** The versions of an entry that the application was told of, each once, in the order in which they came first. */
const toldOf = (entryId: string): ReceivedEvent[] => {
  const seen = new Map(receiver.calls.map((call) => [call.event.id, verified(secret, call) as ReceivedEvent]))
  return [...seen.values()].filter((event) => event.data.subjectId === entryId)
}

test('the application learns of its entries and of syncs, each event signed', async () => {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect('google', memberId)
  await calendar.person.create({ title: 'Dentist', start: tomorrow(9), end: tomorrow(10) })
  await until(
    'told',
    async () => new Set(receiver.calls.map((call) => (verified(secret, call) as ReceivedEvent).type)),
    (types) =>
      ['CALENDAR_SYNC_STARTED', 'CALENDAR_SYNC_COMPLETED', 'SCHEDULE_ENTRY_CREATED'].every((type) =>
        types.has(type),
      ),
  )
  expect(JSON.stringify(receiver.calls)).not.toContain('Dentist')
})

test('a worker that is killed while it tells, and a receiver that is away, lose no change of an entry and none of its order', async () => {
  const entry = await make('Inspection')
  let answers = 0
  receiver.behave(() => (++answers % 3 === 0 ? 503 : 204))
  const patch = (version: number) =>
    stack.api.patch<Entry>(`/entries/${entry.id}`, { title: `Inspection ${version}` }, `"v${version}"`)
  for (let version = 1; version <= 6; version++) await patch(version)
  stack.workers[0]?.kill('SIGKILL')
  for (let version = 7; version <= 12; version++) await patch(version)
  receiver.behave(() => 204)
  await stack.startWorker()
  await until(
    'all changes told',
    async () => toldOf(entry.id).length,
    (told) => told === 13,
    90_000,
  )
  const told = toldOf(entry.id)
  expect(told.map((event) => event.data['version'])).toEqual(
    Array.from({ length: 13 }, (_, place) => place + 1),
  )
  expect(told.map((event) => event.position)).toEqual(
    told.map((event) => event.position).toSorted((one, other) => one - other),
  )
}, 150_000)

test('the workflow of an endpoint holds nothing but ids, and ends with its endpoint', async () => {
  const handle = stack.temporal.workflow.getHandle(`deliver-events/${endpointId}`)
  const history = historyToJSON(await handle.fetchHistory())
  const words = ['Dentist', 'Inspection', receiver.url, secret.slice(6)]
  const plain = [...history.matchAll(/"data": "([^"]+)"/g)].map(([, data]) =>
    Buffer.from(String(data), 'base64').toString(),
  )
  expect(plain.join('\n')).toContain(endpointId)
  for (const word of words) expect(history + plain.join('\n')).not.toContain(word)

  await stack.api.delete(`/webhook-endpoints/${endpointId}`)
  await until(
    'ended',
    async () => (await handle.describe()).status.name,
    (status) => status === 'COMPLETED',
  )
  const before = receiver.calls.length
  const entry = await make(`After ${randomUUID()}`)
  await until(
    'has its position',
    async () =>
      stack.database.owner`select 1 from outbox where subject_id = ${entry.id} and position is not null`,
    (rows) => rows.length === 1,
  )
  expect(receiver.calls).toHaveLength(before)
})
