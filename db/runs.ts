import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { withWaits, type LatencyDirection, type RunLatency } from '../domain/latency.ts'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import type { ProviderError } from './providers.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

export type Trigger = 'connect' | 'webhook' | 'poll' | 'manual'
export type Outcome = 'completed' | 'failed' | 'skipped'

export interface RunCounts {
  pages: number
  observed: number
  entriesCreated: number
  entriesUpdated: number
  entriesDeleted: number
  sent: number
  conflicts: number
  unsupported: number
  /** Deletions that the safety brake holds for a person. */
  held: number
}
export const noCounts: RunCounts = {
  pages: 0,
  observed: 0,
  entriesCreated: 0,
  entriesUpdated: 0,
  entriesDeleted: 0,
  sent: 0,
  conflicts: 0,
  unsupported: 0,
  held: 0,
}

/** One sync pass that had something to do, or that a person asked for. */
export const runs = pgTable(
  'runs',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    providerId: uuid('provider_id').notNull(),
    number: integer('number').notNull(),
    trigger: text('trigger').$type<Trigger>().notNull(),
    outcome: text('outcome').$type<Outcome>(),
    counts: jsonb('counts').$type<RunCounts>().notNull(),
    /** How long the changes that it carried took; null before the first one that was measured. */
    latency: jsonb('latency').$type<RunLatency>(),
    error: jsonb('error').$type<ProviderError>(),
    startedAt: timestamp('started_at', { withTimezone: true }).notNull(),
    finishedAt: timestamp('finished_at', { withTimezone: true }),
  },
  (t) => [
    uniqueIndex('runs_number').on(t.providerId, t.number),
    index('runs_tenant').on(t.tenantId, t.startedAt),
    ...tenantPolicies(),
  ],
)
export type Run = typeof runs.$inferSelect

/** Opens a run under the provider's next number. Asking twice with the same id answers the same run. */
export async function openRun(
  db: Db,
  run: Pick<Run, 'id' | 'tenantId' | 'providerId' | 'trigger' | 'startedAt'>,
): Promise<Run> {
  const known = await findRun(db, run.id)
  if (known) return known
  const [last] = await db
    .select({ number: sql<number>`coalesce(max(${runs.number}), 0)` })
    .from(runs)
    .where(eq(runs.providerId, run.providerId))
  const row = {
    ...run,
    number: (last?.number ?? 0) + 1,
    outcome: null,
    counts: noCounts,
    latency: null,
    error: null,
    finishedAt: null,
  }
  await db.insert(runs).values(row)
  return row
}

export async function findRun(db: Db, id: string): Promise<Run | undefined> {
  const [run] = await db.select().from(runs).where(eq(runs.id, id))
  return run
}

export async function findRuns(db: Db, ids: string[]): Promise<Run[]> {
  if (ids.length === 0) return []
  return db.select().from(runs).where(anyOf(runs.id, ids))
}

/**
 * Adds to the counts so far, and how long changes waited (milliseconds; null: not measured); a run's steps report as they
 * commit.
 */
export async function countInRun(
  db: Db,
  id: string,
  more: Partial<RunCounts>,
  waits: Partial<Record<LatencyDirection, (number | null)[]>> = {},
): Promise<void> {
  const additions = Object.entries(more).filter(([, value]) => value > 0)
  const isMeasured = Object.values(waits).some((one) => one.some((wait) => wait !== null))
  if (additions.length === 0 && !isMeasured) return
  const [run] = await db
    .select({ counts: runs.counts, latency: runs.latency })
    .from(runs)
    .where(eq(runs.id, id))
    .for('update')
  if (!run) return
  const counts = { ...run.counts }
  for (const [name, value] of additions)
    counts[name as keyof RunCounts] = (counts[name as keyof RunCounts] ?? 0) + value
  const inbound = withWaits(run.latency?.inbound, waits.inbound ?? [])
  const outbound = withWaits(run.latency?.outbound, waits.outbound ?? [])
  const latency = inbound || outbound ? { ...(inbound && { inbound }), ...(outbound && { outbound }) } : null
  await db.update(runs).set({ counts, latency }).where(eq(runs.id, id))
}

/** Ends a run once; a second end changes nothing. */
export async function finishRun(
  db: Db,
  id: string,
  end: { outcome: Outcome; error: ProviderError | null; finishedAt: Date },
): Promise<Run | undefined> {
  const [run] = await db
    .update(runs)
    .set(end)
    .where(and(eq(runs.id, id), isNull(runs.outcome)))
    .returning()
  return run
}

export async function listRuns(
  db: Db,
  providerId: string,
  beforeNumber: number | null,
  limit: number,
): Promise<Run[]> {
  return db
    .select()
    .from(runs)
    .where(
      and(eq(runs.providerId, providerId), beforeNumber === null ? undefined : lt(runs.number, beforeNumber)),
    )
    .orderBy(desc(runs.number))
    .limit(limit)
}
