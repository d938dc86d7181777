import { and, gt, max, sql } from 'drizzle-orm'
import { pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** Until when a vendor asked us not to call, for the account or the project it said it for. */
export const vendorWaits = pgTable(
  'vendor_waits',
  {
    tenantId: tenantId(),
    scope: text('scope').notNull(),
    until: timestamp('until', { withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.scope] }), ...tenantPolicies()],
)

/** A wait is only ever made longer: an answer that was under way may come in late. */
export async function noteWait(db: Db, wait: typeof vendorWaits.$inferInsert): Promise<void> {
  await db
    .insert(vendorWaits)
    .values(wait)
    .onConflictDoUpdate({
      target: [vendorWaits.tenantId, vendorWaits.scope],
      set: { until: sql`greatest(${vendorWaits.until}, excluded.until)` },
    })
}

/** The end of the longest wait of these scopes that is not over; null when there is none. */
export async function waitOf(db: Db, scopes: string[], now: Date): Promise<Date | null> {
  const [row] = await db
    .select({ until: max(vendorWaits.until) })
    .from(vendorWaits)
    .where(and(anyOf(vendorWaits.scope, scopes), gt(vendorWaits.until, now)))
  return row?.until ?? null
}
