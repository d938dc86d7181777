import { activeSubscriptions, type Subscription } from '../../db/subscriptions.ts'
import { dueAt, type ClockedStack } from './clocked-stack.ts'
import type { Connected } from './opened-tenant.ts'

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
  for (;;) {
    const waiting = await Promise.all(
      ids.map(async (providerId) => ({ providerId, ...(await stack.atRest(providerId)) })),
    )
    await noteGrants(stack, ids, diary)
    const [next] = waiting.toSorted((one, other) => dueAt(one) - dueAt(other))
    if (!next || dueAt(next) > untilMs) return stack.passTo(untilMs, ids)
    const dueMs = dueAt(next)
    await stack.passTo(dueMs, ids)
    const kind = next.renewAtMs !== null && next.renewAtMs <= next.pollAtMs ? 'renewal' : 'poll'
    diary.woken.push({
      providerId: next.providerId,
      kind,
      dueMs,
      lookedMs: await lastSyncOf(stack, next.providerId),
    })
  }
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
