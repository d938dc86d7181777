import { and, count, desc, eq, isNull } from 'drizzle-orm'
import { anyOf } from './any-of.ts'
import { conflictPauses, type ConflictPause } from './conflict-pause.ts'
import { openBrakes, type Brake } from './brakes.ts'
import type { Db } from './connection.ts'
import { countHeldLosses, type HeldCount } from './losses.ts'
import { mappings, type MappingState } from './mappings.ts'
import { pending } from './pending.ts'
import { quarantine } from './quarantine.ts'
import { runs, type Run } from './runs.ts'
import { subscriptions, type Subscription } from './subscriptions.ts'

/** What people see beside a provider's own row. */
export interface ProviderOverview {
  mappings: Partial<Record<MappingState, number>>
  quarantined: number
  waiting: number
  run: Run | null
  subscription: Subscription | null
  /** The sides whose deletions are held, and how many. */
  brakes: { brake: Brake; count: HeldCount }[]
  /** Conflicts that pause the whole provider. */
  conflictPause: ConflictPause | null
}

/** The overview of these providers, in as many statements for one as for many. */
export async function overviewOf(db: Db, providerIds: string[]): Promise<Map<string, ProviderOverview>> {
  const overviews = new Map<string, ProviderOverview>(
    providerIds.map((id) => [
      id,
      {
        mappings: {},
        quarantined: 0,
        waiting: 0,
        run: null,
        subscription: null,
        brakes: [],
        conflictPause: null,
      },
    ]),
  )
  if (providerIds.length === 0) return overviews
  const paired = await db
    .select({ id: mappings.providerId, state: mappings.state, total: count() })
    .from(mappings)
    .where(anyOf(mappings.providerId, providerIds))
    .groupBy(mappings.providerId, mappings.state)
  const quarantined = await db
    .select({ id: quarantine.providerId, total: count() })
    .from(quarantine)
    .where(anyOf(quarantine.providerId, providerIds))
    .groupBy(quarantine.providerId)
  const waiting = await db
    .select({ id: pending.providerId, total: count() })
    .from(pending)
    .where(anyOf(pending.providerId, providerIds))
    .groupBy(pending.providerId)
  const open = await db
    .select()
    .from(runs)
    .where(and(anyOf(runs.providerId, providerIds), isNull(runs.outcome)))
    .orderBy(runs.number)
  const subscribed = await db
    .select()
    .from(subscriptions)
    .where(and(anyOf(subscriptions.providerId, providerIds), eq(subscriptions.state, 'active')))
    .orderBy(desc(subscriptions.expiresAt))
  const held = await countHeldLosses(db, providerIds)

  for (const row of paired) overviews.get(row.id)!.mappings[row.state] = row.total // Only asked ids come back.
  for (const row of quarantined) overviews.get(row.id)!.quarantined = row.total
  for (const row of waiting) overviews.get(row.id)!.waiting = row.total
  for (const row of open) overviews.get(row.providerId)!.run = row
  for (const brake of await openBrakes(db, providerIds)) {
    const row = held.find(({ providerId, side }) => providerId === brake.providerId && side === brake.side)
    if (row) overviews.get(brake.providerId)!.brakes.push({ brake, count: row })
  }
  for (const [id, pause] of await conflictPauses(db, providerIds)) overviews.get(id)!.conflictPause = pause
  for (const row of subscribed) overviews.get(row.providerId)!.subscription ??= row
  return overviews
}
