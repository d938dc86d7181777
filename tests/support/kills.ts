import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'vitest'
import type { Vendor } from '../../domain/event.ts'
import { tomorrow } from './scene.ts'
import { until, type Connected, type Stack } from './stack.ts'

/** Longer than Temporal needs to see that a worker's activity is dead, and the work itself. */
const recoveryMs = 180_000

export async function kill(worker: ChildProcess): Promise<void> {
  // One that woke to find its transaction ended by the server has ended itself.
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const gone = once(worker, 'exit')
  worker.kill('SIGKILL')
  await gone
}

/** How far a provider's work has come. */
export interface Progress {
  observed: number
  mapped: number
  busy: number
}

export async function progressOf(stack: Stack, providerId: string): Promise<Progress> {
  const [row] = await stack.database.owner<Progress[]>`
    select (select count(*) from external_events where provider_id = ${providerId} and not deleted)::int as observed,
      (select count(*) from mappings where provider_id = ${providerId} and state = 'active')::int as mapped,
      (select count(*) from pending where provider_id = ${providerId})::int
        + (select count(*) from intents where provider_id = ${providerId} and state in ('planned', 'sent'))::int
        + (select count(*) from runs where provider_id = ${providerId} and outcome is null)::int as busy`
  return row ?? { observed: 0, mapped: 0, busy: 0 }
}

/** Kills the worker whenever the work has passed one of the marks, and starts another in its place. */
export async function killAtMarks(
  stack: Stack,
  providerId: string,
  marks: number[],
  measure: (progress: Progress) => number,
): Promise<void> {
  for (const mark of marks.toSorted((one, other) => one - other)) {
    await until(
      `passing ${mark}`,
      () => progressOf(stack, providerId),
      (seen) => measure(seen) >= mark,
      recoveryMs,
    )
    const worker = stack.workers.shift()
    if (worker) await kill(worker)
    stack.workers.push(await stack.startWorker())
  }
}

export const atRestWith = (stack: Stack, providerId: string, mapped: number) =>
  until(
    `${mapped} pairs at rest`,
    () => progressOf(stack, providerId),
    (seen) => seen.mapped === mapped && seen.busy === 0,
    recoveryMs,
  )

/** A first import of many events, whose worker dies at these shares of the way. */
export async function importWhileDying(
  stack: Stack,
  vendor: Vendor,
  count: number,
  shares: number[],
): Promise<void> {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect(vendor, memberId, (email) =>
    stack.control.seed(email, { vendor, count, startsAt: `${tomorrow(8)}Z` }),
  )
  const halves = shares.map((share) => Math.round(share * count * 2))
  await killAtMarks(stack, calendar.id, halves, (seen) => seen.observed + seen.mapped)
  await atRestWith(stack, calendar.id, count)
  await expectSame(stack, calendar, memberId, count)
}

/** A push of many entries, whose worker dies at these shares of the way. */
export async function pushWhileDying(
  stack: Stack,
  vendor: Vendor,
  count: number,
  shares: number[],
): Promise<void> {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect(vendor, memberId)
  await until(
    'the first sync',
    () => lastSyncOf(stack, calendar),
    (at) => at !== null,
  )
  await makeEntries(stack, memberId, count)
  await killAtMarks(
    stack,
    calendar.id,
    shares.map((share) => Math.round(share * count)),
    (seen) => seen.mapped,
  )
  await atRestWith(stack, calendar.id, count)
  await expectSame(stack, calendar, memberId, count)
}

/** A push whose worker is frozen on the way, while another takes over, and wakes when all is done. */
export async function pushWhileFrozen(
  stack: Stack,
  vendor: Vendor,
  count: number,
  share: number,
): Promise<void> {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect(vendor, memberId)
  await until(
    'the first sync',
    () => lastSyncOf(stack, calendar),
    (at) => at !== null,
  )
  await makeEntries(stack, memberId, count)
  const mark = Math.round(share * count)
  await until(
    'under way',
    () => progressOf(stack, calendar.id),
    (seen) => seen.mapped >= mark,
    recoveryMs,
  )
  const frozen = stack.workers.shift()
  frozen?.kill('SIGSTOP')
  stack.workers.push(await stack.startWorker())
  await atRestWith(stack, calendar.id, count)
  frozen?.kill('SIGCONT')
  // What the woken one still believes to own it must not write: it is given work beside the other, and a while.
  await makeEntries(stack, memberId, 5)
  await atRestWith(stack, calendar.id, count + 5)
  await expectSame(stack, calendar, memberId, count + 5)
  if (frozen) await kill(frozen)
}

async function makeEntries(stack: Stack, memberId: string, count: number): Promise<void> {
  for (let made = 0; made < count; made++) {
    await stack.api.post('/entries', {
      title: `Entry ${made} ${crypto.randomUUID()}`,
      start: tomorrow(9),
      end: tomorrow(10),
      timeZone: 'Europe/Berlin',
      assignees: [memberId],
    })
  }
}

const lastSyncOf = async (stack: Stack, calendar: Connected) =>
  (await stack.api.get<{ lastSyncAt: string | null }>(`/providers/${calendar.id}`)).lastSyncAt

/** No event twice and none missing: the same titles, as often, on both sides. */
async function expectSame(stack: Stack, calendar: Connected, memberId: string, count: number): Promise<void> {
  const entries = await stack.database.owner<{ title: string }[]>`
    select e.content->>'title' as title from schedule_entries e
    join entry_assignees a on a.entry_id = e.id and a.member_id = ${memberId} where e.deleted_at is null`
  const here = entries.map((entry) => entry.title).toSorted()
  expect(here).toHaveLength(count)
  expect(new Set(here).size).toBe(count)
  expect(await calendar.titles()).toEqual(here)
}
