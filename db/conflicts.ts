import { and, desc, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { EventContent } from '../domain/event.ts'
import type { Db } from './connection.ts'
import type { Cause } from './schedule-entries.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/**
 * `agreed`: both sides came to the same by themselves. `ended`: the pair is no longer kept the same. `schedule`, `external`
 * and `merged`: a person decided so. `reset`: a person had it decided anew.
 */
export type Resolution = 'agreed' | 'ended' | 'schedule' | 'external' | 'merged' | 'reset'

/** Both sides edited the same event since they last agreed. Keeps base and both sides as a person will review them. */
export const conflicts = pgTable(
  'conflicts',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    mappingId: uuid('mapping_id').notNull(),
    providerId: uuid('provider_id').notNull(),
    entryId: uuid('entry_id').notNull(),
    base: jsonb('base').$type<EventContent>(),
    /** Null: that side was deleted. */
    schedule: jsonb('schedule').$type<EventContent>(),
    external: jsonb('external').$type<EventContent>(),
    entryVersion: integer('entry_version').notNull(),
    externalRevision: integer('external_revision').notNull(),
    /** Who changed the entry last, and when; and when the other side was seen as it stands. */
    scheduleBy: jsonb('schedule_by').$type<Cause>(),
    scheduleAt: timestamp('schedule_at', { withTimezone: true }),
    externalAt: timestamp('external_at', { withTimezone: true }),
    resolution: text('resolution').$type<Resolution>(),
    resolvedBy: jsonb('resolved_by').$type<Cause>(),
    /** Why a person reset it. */
    reason: text('reason'),
    detectedAt: timestamp('detected_at', { withTimezone: true }).notNull(),
    resolvedAt: timestamp('resolved_at', { withTimezone: true }),
  },
  (t) => [
    uniqueIndex('conflicts_one_open')
      .on(t.mappingId)
      .where(sql`resolved_at is null`),
    index('conflicts_entry').on(t.entryId),
    index('conflicts_open')
      .on(t.providerId)
      .where(sql`resolved_at is null`),
    ...tenantPolicies(),
  ],
)
export type Conflict = typeof conflicts.$inferSelect

/** Opens conflicts; a mapping that has an open one keeps it. Answers those that are new. */
export async function insertConflicts(db: Db, rows: Conflict[]): Promise<Conflict[]> {
  if (rows.length === 0) return []
  return db.insert(conflicts).values(rows).onConflictDoNothing().returning()
}

export async function closeConflict(
  db: Db,
  mappingId: string,
  resolution: Resolution,
  now: Date,
  decided: { by?: Cause; reason?: string } = {},
): Promise<void> {
  const { by: resolvedBy = null, reason = null } = decided
  await db
    .update(conflicts)
    .set({ resolution, resolvedAt: now, resolvedBy, reason })
    .where(and(eq(conflicts.mappingId, mappingId), isNull(conflicts.resolvedAt)))
}

/** Takes the row for the rest of the transaction, so that two people cannot decide it at once. */
export async function lockConflict(db: Db, id: string): Promise<Conflict | undefined> {
  const [conflict] = await db.select().from(conflicts).where(eq(conflicts.id, id)).for('update')
  return conflict
}

/** A side moved since: what is reviewed is what stands. */
export async function showSides(
  db: Db,
  id: string,
  sides: Pick<
    Conflict,
    'schedule' | 'external' | 'entryVersion' | 'externalRevision' | 'scheduleBy' | 'scheduleAt' | 'externalAt'
  >,
): Promise<void> {
  await db
    .update(conflicts)
    .set(sides)
    .where(and(eq(conflicts.id, id), isNull(conflicts.resolvedAt)))
}

export async function findConflict(db: Db, id: string): Promise<Conflict | undefined> {
  const [conflict] = await db.select().from(conflicts).where(eq(conflicts.id, id))
  return conflict
}

export async function listConflicts(
  db: Db,
  page: {
    state: 'open' | 'resolved' | 'all'
    providerId?: string | undefined
    /** The last one of the page before. */
    before?: { at: Date; id: string } | undefined
    limit: number
  },
): Promise<Conflict[]> {
  return db
    .select()
    .from(conflicts)
    .where(
      and(
        page.state === 'open' ? isNull(conflicts.resolvedAt) : undefined,
        page.state === 'resolved' ? isNotNull(conflicts.resolvedAt) : undefined,
        page.providerId ? eq(conflicts.providerId, page.providerId) : undefined,
        page.before
          ? or(
              lt(conflicts.detectedAt, page.before.at),
              and(eq(conflicts.detectedAt, page.before.at), lt(conflicts.id, page.before.id)),
            )
          : undefined,
      ),
    )
    .orderBy(desc(conflicts.detectedAt), desc(conflicts.id))
    .limit(page.limit)
}
