import { activeSubscriptions, type Subscription } from '../../db/subscriptions.ts'
import type { Waiting } from '../../workflows/provider-messages.ts'
import { dueAt, type ClockedStack } from './clocked-stack.ts'
import type { Connected } from './opened-tenant.ts'
import { asPerson } from './sandbox-control.ts'
import { until } from './stack.ts'

/** A provider woke by itself. */
export interface Woken {
  providerId: string
  kind: 'poll' | 'renewal'
  /** When it was to wake, and when it had looked, both by the product's clock. */
  dueMs: number
  lookedMs: number
}

/** What a vendor granted at one time, and how long that was to live. */
export type Grant = Pick<Subscription, 'externalId' | 'grantedAt' | 'expiresAt'>

/** What was seen while days passed. */
export interface Diary {
  woken: Woken[]
  /** By provider, in the order they were granted. */
  grants: Map<string, Grant[]>
}

export const newDiary = (): Diary => ({ woken: [], grants: new Map() })

/** Lets time pass until this instant, from each waking of one of these providers to the next, and writes down what each did. */
export async function passDays(
  stack: ClockedStack,
  calendars: Connected[],
  untilMs: number,
  diary: Diary,
): Promise<void> {
  const ids = calendars.map(({ id }) => id)
  const resting = () =>
    Promise.all(ids.map(async (providerId) => ({ providerId, ...(await stack.atRest(providerId)) })))
  let nextMs: number
  do {
    const waiting = await resting()
    await noteGrants(stack, ids, diary)
    nextMs = Math.min(...waiting.map(dueAt))
    await stack.passTo(Math.min(nextMs, untilMs), ids)
    await resting()
    const passedMs = stack.now().getTime()
    for (const one of waiting) if (dueAt(one) <= passedMs) diary.woken.push(await wokenAt(stack, one))
  } while (nextMs <= untilMs)
}

async function wokenAt(stack: ClockedStack, one: Waiting & Pick<Woken, 'providerId'>): Promise<Woken> {
  const { providerId, pollAtMs, renewAtMs } = one
  const kind = renewAtMs !== null && renewAtMs <= pollAtMs ? 'renewal' : 'poll'
  return { providerId, kind, dueMs: dueAt(one), lookedMs: await lastSyncOf(stack, providerId) }
}

async function noteGrants(stack: ClockedStack, ids: string[], diary: Diary): Promise<void> {
  for (const id of ids) {
    const [newest] = await stack.database.tenant(stack.tenantId, (db) => activeSubscriptions(db, id))
    const known = diary.grants.get(id) ?? []
    if (newest && newest.expiresAt.getTime() !== known.at(-1)?.expiresAt.getTime())
      diary.grants.set(id, [...known, newest])
  }
}

async function lastSyncOf(stack: ClockedStack, providerId: string): Promise<number> {
  const { lastSyncAt } = await stack.api.get<{ lastSyncAt: string | null }>(`/providers/${providerId}`)
  return Date.parse(lastSyncAt ?? '')
}

/** Somebody makes an event in their calendar, for the day after: people's tokens live an hour, so each has a new one. */
export async function makeEvent(
  stack: ClockedStack,
  { vendor, email }: Connected,
  title: string,
): Promise<void> {
  const person = asPerson(stack.sandboxUrl, vendor, await stack.control.token(vendor, email))
  const inHours = (hours: number) =>
    new Date(stack.now().getTime() + hours * 3_600_000).toISOString().slice(0, 19)
  await person.create({ title, start: inHours(30), end: inHours(31) })
}

/** Waits until the schedule has as many entries of a member as there are titles; no poll comes meanwhile. */
export const untilScheduled = (stack: ClockedStack, memberId: string, titles: string[]) =>
  until(
    'the entries',
    async () => (await stack.api.get<{ items: unknown[] }>(`/entries?assignee=${memberId}&limit=100`)).items,
    (items) => items.length === titles.length,
  )
