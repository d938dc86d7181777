import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { LosingSide } from '../domain/brake.ts'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import type { Cause } from './schedule-entries.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** `ended`: nothing was left to decide, because what had vanished came back by itself. */
export type BrakeDecision = 'approved' | 'refused' | 'ended'

/** A side of a provider that would lose too much: its deletions are held until a person decides. Decided ones are kept. */
export const brakes = pgTable(
  'brakes',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    providerId: uuid('provider_id').notNull(),
    side: text('side').$type<LosingSide>().notNull(),
    since: timestamp('since', { withTimezone: true }).notNull(),
    /** How many events were mapped when it was set, before any was lost. */
    mapped: integer('mapped').notNull(),
    decision: text('decision').$type<BrakeDecision>(),
    /** How many deletions were decided, by whom and when. */
    decided: integer('decided'),
    decidedBy: jsonb('decided_by').$type<Cause>(),
    decidedAt: timestamp('decided_at', { withTimezone: true }),
  },
  (t) => [
    uniqueIndex('brakes_one_open')
      .on(t.providerId, t.side)
      .where(sql`decision is null`),
    ...tenantPolicies(),
  ],
)
export type Brake = typeof brakes.$inferSelect
export type NewBrake = Pick<Brake, 'id' | 'tenantId' | 'providerId' | 'side' | 'since' | 'mapped'>

/** Sets a side's brake; one that is set already stays as it is. */
export async function setBrake(db: Db, brake: NewBrake): Promise<void> {
  await db.insert(brakes).values(brake).onConflictDoNothing()
}

/** The brakes that wait for a person. */
export async function openBrakes(db: Db, providerIds: string[]): Promise<Brake[]> {
  if (providerIds.length === 0) return []
  return db
    .select()
    .from(brakes)
    .where(and(anyOf(brakes.providerId, providerIds), isNull(brakes.decision)))
    .orderBy(brakes.since, brakes.side)
}

export async function lastDecidedBrake(db: Db, providerId: string): Promise<Brake | undefined> {
  const [brake] = await db
    .select()
    .from(brakes)
    .where(and(eq(brakes.providerId, providerId), isNotNull(brakes.decision)))
    .orderBy(desc(brakes.decidedAt), desc(brakes.id))
    .limit(1)
  return brake
}

export async function releaseBrake(
  db: Db,
  id: string,
  decided: { decision: BrakeDecision; decided: number; decidedBy: Cause | null; decidedAt: Date },
): Promise<void> {
  await db
    .update(brakes)
    .set(decided)
    .where(and(eq(brakes.id, id), isNull(brakes.decision)))
}

/** Brakes that hold nothing any more are over. */
export async function endEmptyBrakes(db: Db, providerId: string, now: Date): Promise<void> {
  await db.execute(sql`
    update brakes b set decision = 'ended', decided = 0, decided_at = ${now.toISOString()}
    where b.provider_id = ${providerId}::uuid and b.decision is null and not exists (
      select 1 from losses l where l.provider_id = b.provider_id and l.side = b.side and l.state = 'held')`)
}
