import { and, asc, eq, gt } from 'drizzle-orm'
import { integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** Items the vendor sent that no calendar could mean; the round goes on without them, and a later good version frees them. */
export const quarantine = pgTable(
  'quarantine',
  {
    providerId: uuid('provider_id').notNull(),
    externalId: text('external_id').notNull(),
    tenantId: tenantId(),
    reason: text('reason').notNull(),
    /** Bytes of the vendor's JSON: enough to find it again, none of its words. */
    rawSize: integer('raw_size').notNull(),
    firstSeenAt: timestamp('first_seen_at', { withTimezone: true }).notNull(),
    lastSeenAt: timestamp('at', { withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.providerId, t.externalId] }), ...tenantPolicies()],
)
export type Quarantined = typeof quarantine.$inferSelect

export async function saveQuarantined(db: Db, rows: Quarantined[]): Promise<void> {
  for (const row of rows) {
    const { reason, rawSize, lastSeenAt } = row
    await db
      .insert(quarantine)
      .values(row)
      .onConflictDoUpdate({
        target: [quarantine.providerId, quarantine.externalId],
        set: { reason, rawSize, lastSeenAt },
      })
  }
}

/** The items of a provider that could not be read, by their external id. */
export async function listQuarantined(
  db: Db,
  page: { providerId: string; after?: string | undefined; limit: number },
): Promise<Quarantined[]> {
  return db
    .select()
    .from(quarantine)
    .where(
      and(
        eq(quarantine.providerId, page.providerId),
        page.after === undefined ? undefined : gt(quarantine.externalId, page.after),
      ),
    )
    .orderBy(asc(quarantine.externalId))
    .limit(page.limit)
}

export async function freeQuarantined(db: Db, providerId: string, externalIds: string[]): Promise<void> {
  if (externalIds.length === 0) return
  await db
    .delete(quarantine)
    .where(and(eq(quarantine.providerId, providerId), anyOf(quarantine.externalId, externalIds)))
}

/** What could not be read is told again by a full round. */
export async function freeAllQuarantined(db: Db, providerId: string): Promise<void> {
  await db.delete(quarantine).where(eq(quarantine.providerId, providerId))
}
