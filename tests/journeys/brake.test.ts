import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { providerStatus } from '../../workflows/provider-messages.ts'
import { saidIn } from '../support/said-in-histories.ts'
import { tomorrow } from '../support/scene.ts'
import { startStack, until as untilWithin, type Connected, type Stack } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

/** Twenty-eight deletions and as many creates take a while on a busy machine. */
const until = <T>(what: string, ask: () => Promise<T>, isSo: (seen: T) => boolean) =>
  untilWithin(what, ask, isSo, 50_000)

interface Held {
  brakes: { side: string; held: number; mapped: number; reviewed: number; message: string }[]
  items: { side: string; reason: string; event: { title: string; start: string } }[]
  nextCursor: string | null
  lastDecision: { decision: string; side: string; decided: number; by: { kind: string } } | null
}

const heldBy = ({ id }: Connected, query = '') => stack.api.get<Held>(`/providers/${id}/brake${query}`)
const entriesOf = async (memberId: string) =>
  (await stack.api.get<{ items: { title: string }[] }>(`/entries?assignee=${memberId}&limit=500`)).items

const phaseOf = async ({ id }: Connected) =>
  (await stack.temporal.workflow.getHandle(`provider/${id}`).query(providerStatus)).phase

/** A calendar of thirty events whose owner deletes all but a few. */
async function emptied(left: number) {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect('google', memberId, (email) =>
    stack.control.seed(email, { vendor: 'google', count: 30, startsAt: `${tomorrow(8)}Z` }),
  )
  await until(
    'brought in',
    () => entriesOf(memberId),
    (entries) => entries.length === 30,
  )
  const events = await stack.control.events('google', calendar.email)
  // All at once: a look between two of them would see too few to stop at, and carry those out.
  await stack.api.post(`/providers/${calendar.id}/pause`)
  await until(
    'at rest',
    () => phaseOf(calendar),
    (phase) => phase === 'paused',
  )
  await Promise.all(events.slice(left).map(({ id }) => calendar.person.remove(id)))
  await stack.api.post(`/providers/${calendar.id}/resume`)
  return { memberId, calendar }
}

const statusOf = async ({ id }: Connected) =>
  (await stack.api.get<{ status: string; brakes: { message: string }[] }>(`/providers/${id}`)).status

test('a calendar emptied by accident waits for a person, who reads what would go, refuses, and has all back', async () => {
  const { memberId, calendar } = await emptied(2)
  const held = await until(
    'held',
    () => heldBy(calendar, '?limit=10'),
    ({ brakes }) => brakes[0]?.held === 28,
  )
  expect(held.brakes).toMatchObject([
    {
      side: 'schedule',
      message:
        'Deletions are held: 28 of 30 events would be deleted from the schedule. Approve or refuse them.',
    },
  ])
  expect(held.items).toHaveLength(10)
  expect(held.items[0]).toMatchObject({ side: 'schedule', reason: 'The event was deleted in the calendar.' })
  expect(held.items[0]?.event.title).not.toBe('')
  const rest = await heldBy(calendar, `?limit=100&cursor=${held.nextCursor}`)
  expect(rest.items).toHaveLength(18)
  expect(
    await until(
      'said',
      () => statusOf(calendar),
      (word) => word !== 'syncing',
    ),
  ).toBe('deletions-held')
  expect(await phaseOf(calendar)).toBe('paused-by-brake')
  expect(await entriesOf(memberId)).toHaveLength(30)

  const answer = await stack.api.post(`/providers/${calendar.id}/brake/refuse`, {
    side: 'schedule',
    reviewed: held.brakes[0]?.reviewed,
  })
  expect(answer).toEqual({ decided: 28, held: 0 })
  await until('made anew', calendar.titles, (titles) => titles.length === 30)
  expect(await entriesOf(memberId)).toHaveLength(30)
  await until(
    'no longer paused',
    () => phaseOf(calendar),
    (phase) => phase === 'connected',
  )
  expect((await heldBy(calendar)).lastDecision).toMatchObject({
    decision: 'refused',
    decided: 28,
    by: { kind: 'api-key' },
  })
  const history = await stack.temporal.workflow.getHandle(`provider/${calendar.id}`).fetchHistory()
  const said = saidIn(historyToJSON(history))
  expect(said).toContain(calendar.id)
  expect(said).not.toContain(held.items[0]?.event.title)
}, 180_000)

test('a clean-up that was meant is approved, and the schedule follows', async () => {
  const { memberId, calendar } = await emptied(2)
  const { brakes } = await until(
    'held',
    () => heldBy(calendar),
    ({ brakes }) => brakes[0]?.held === 28,
  )
  const decision = { side: 'schedule', reviewed: brakes[0]?.reviewed }
  await stack.api.post(`/providers/${calendar.id}/brake/approve`, decision)
  await until(
    'deleted',
    () => entriesOf(memberId),
    (entries) => entries.length === 2,
  )
  expect(
    await until(
      'said',
      () => statusOf(calendar),
      (word) => word !== 'syncing',
    ),
  ).toBe('connected')
  await expect(stack.api.post(`/providers/${calendar.id}/brake/approve`, decision)).rejects.toThrow(
    'No deletions are held',
  )
}, 180_000)
