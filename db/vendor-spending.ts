import { sql } from 'drizzle-orm'
import { integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** How many calls a tenant's processes took from what a vendor permits in one minute: of a project, or of one account in it. */
export const vendorSpending = pgTable(
  'vendor_spending',
  {
    scope: text('scope').notNull(),
    tenantId: tenantId(),
    minute: timestamp('minute', { withTimezone: true }).notNull(),
    calls: integer('calls').notNull(),
  },
  (t) => [primaryKey({ columns: [t.scope, t.tenantId] }), ...tenantPolicies()],
)

/**
 * Takes so many calls of this minute, unless all tenants that share the scope would then have more than `all`, or this one more
 * than `tenant`. Whoever asks beside it is told after it. For a system transaction: it counts what other tenants took.
 */
export async function takeCalls(
  db: Db,
  { scope, tenantId: tenant, minute, calls }: typeof vendorSpending.$inferInsert,
  most: { all: number; tenant: number },
): Promise<boolean> {
  const at = minute.toISOString()
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${scope}, 1))`)
  const [taken] = await db.execute<{ all: number; own: number }>(sql`
    select coalesce(sum(calls), 0)::int as all,
      coalesce(sum(calls) filter (where tenant_id = ${tenant}::uuid), 0)::int as own
    from vendor_spending where scope = ${scope} and minute >= ${at}::timestamptz`)
  if (!taken || taken.all + calls > most.all || taken.own + calls > most.tenant) return false
  // A process whose clock is behind takes from the minute that has begun.
  await db.execute(sql`
    insert into vendor_spending as spent (scope, tenant_id, minute, calls)
    values (${scope}, ${tenant}::uuid, ${at}::timestamptz, ${calls})
    on conflict (scope, tenant_id) do update set
      calls = excluded.calls + case when spent.minute >= excluded.minute then spent.calls else 0 end,
      minute = greatest(spent.minute, excluded.minute)`)
  return true
}
