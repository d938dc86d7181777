import { sql } from 'drizzle-orm'
import { bigint, pgTable } from 'drizzle-orm/pg-core'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** The last position a tenant's events were given. Whoever holds the row is the tenant's one sequencer. */
export const outboxPositions = pgTable(
  'outbox_positions',
  {
    tenantId: tenantId().primaryKey(),
    last: bigint('last', { mode: 'number' }).notNull(),
  },
  tenantPolicies,
)

/** Tenants with committed events that have no position yet, for a system transaction. */
export async function unsequencedTenants(db: Db, limit: number): Promise<string[]> {
  const rows = await db.execute<{ tenant_id: string }>(
    sql`select distinct tenant_id from outbox where position is null limit ${limit}`,
  )
  return rows.map((row) => row.tenant_id)
}

/**
 * Gives a tenant's committed events their positions, and each endpoint that wants them a delivery, in one transaction. A position is
 * seen only with all those before it: the next sequencer waits for this one's commit, and what commits late is given a later one.
 * Answers how many there were and the endpoints that have something new.
 */
export async function sequence(
  db: Db,
  tenant: string,
  now: Date,
  limit: number,
): Promise<{ sequenced: number; endpointIds: string[] }> {
  await db.execute(
    sql`insert into outbox_positions (tenant_id, last) values (${tenant}::uuid, 0) on conflict (tenant_id) do nothing`,
  )
  // A statement of its own: the next one sees what the sequencer before this one committed.
  await db.execute(sql`select last from outbox_positions where tenant_id = ${tenant}::uuid for update`)
  const [numbered] = await db.execute<{ total: number }>(sql`
    with fresh as (
      select id, row_number() over (order by seq) as place
      from (select id, seq from outbox where tenant_id = ${tenant}::uuid and position is null order by seq limit ${limit}) as next
    ), placed as (
      update outbox set position = p.last + fresh.place from fresh, outbox_positions p
      where outbox.id = fresh.id and p.tenant_id = ${tenant}::uuid returning 1
    ), moved as (
      update outbox_positions set last = last + (select count(*) from fresh) where tenant_id = ${tenant}::uuid
      and exists (select 1 from fresh) returning 1
    )
    select (select count(*) from placed)::int as total, (select count(*) from moved)::int as moved`)
  const sequenced = numbered?.total ?? 0
  if (sequenced === 0) return { sequenced, endpointIds: [] }
  const rows = await db.execute<{ endpoint_id: string }>(sql`
    with made as (
      insert into webhook_deliveries
        (endpoint_id, event_id, tenant_id, position, order_key, is_repeat, state, attempts, since, next_attempt_at, ended_at)
      select e.id, o.id, o.tenant_id, o.position, coalesce((o.data->>'entryId')::uuid, o.subject_id), false, 'waiting', 0,
        ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz, null
      from outbox o
      join outbox_positions p on p.tenant_id = o.tenant_id and o.position > p.last - ${sequenced}::int
      join webhook_endpoints e on e.tenant_id = o.tenant_id and e.enabled and (e.types is null or o.type = any(e.types))
      where o.tenant_id = ${tenant}::uuid
      returning endpoint_id
    )
    select distinct endpoint_id from made`)
  return { sequenced, endpointIds: rows.map((row) => row.endpoint_id) }
}
