import { sql, type SQL } from 'drizzle-orm'
import type { Db } from './connection.ts'

/** The deleted providers through which the same member had the same calendar connected before; a subquery of their ids. */
export const predecessorsOf = (providerId: string): SQL => sql`
  select p.id from providers me join providers p on p.tenant_id = me.tenant_id and p.member_id = me.member_id
    and p.vendor = me.vendor and p.account_id = me.account_id and p.resolved_calendar_id = me.resolved_calendar_id
  where me.id = ${providerId}::uuid and p.deleted_at is not null and p.id <> me.id`

export async function predecessorIds(db: Db, providerId: string): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(predecessorsOf(providerId))
  return rows.map(({ id }) => id)
}
