import { sql } from 'drizzle-orm'
import { bigint, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Vendor } from '../domain/event.ts'
import type { LatencyDirection, RunLatency } from '../domain/latency.ts'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** What runs measured, summed for good: it outlives runs and providers, so that what `/metrics` counts never shrinks. */
export const changeLatencies = pgTable(
  'change_latencies',
  {
    tenantId: tenantId(),
    vendor: text('vendor').$type<Vendor>().notNull(),
    direction: text('direction').$type<LatencyDirection>().notNull(),
    /** Which of the bounds (domain/latency.ts). */
    bucket: integer('bucket').notNull(),
    changes: bigint('changes', { mode: 'number' }).notNull(),
    /** Of a run's changes in all buckets, noted in the first one. */
    totalMs: bigint('total_ms', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.vendor, t.direction, t.bucket] }), ...tenantPolicies()],
)

/** Adds what a run measured, in one statement; none when it measured nothing. */
export async function addLatencies(
  db: Db,
  { tenantId, providerId }: { tenantId: string; providerId: string },
  latency: RunLatency,
): Promise<void> {
  // In this order whoever adds beside us, so that two never wait for each other.
  const rows = (['inbound', 'outbound'] as const).flatMap((direction) => {
    const { buckets = [], totalMs = 0 } = latency[direction] ?? {}
    return buckets.flatMap((changes, bucket) =>
      changes > 0 || bucket === 0 ? { direction, bucket, changes, totalMs: bucket === 0 ? totalMs : 0 } : [],
    )
  })
  if (rows.length === 0) return
  await db.execute(sql`
    insert into change_latencies (tenant_id, vendor, direction, bucket, changes, total_ms)
    select ${tenantId}::uuid, p.vendor, r.direction, r.bucket, r.changes, r."totalMs"
    from providers p, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(direction text, bucket int, changes bigint, "totalMs" bigint)
    where p.id = ${providerId}::uuid
    order by r.direction, r.bucket
    on conflict (tenant_id, vendor, direction, bucket) do update set
      changes = change_latencies.changes + excluded.changes, total_ms = change_latencies.total_ms + excluded.total_ms`)
}

export interface LatencySum {
  vendor: Vendor
  direction: LatencyDirection
  bucket: number
  changes: number
  totalMs: number
}

/** The sums of all tenants, for a system transaction. */
export async function sumLatencies(db: Db): Promise<LatencySum[]> {
  const rows = await db
    .select({
      vendor: changeLatencies.vendor,
      direction: changeLatencies.direction,
      bucket: changeLatencies.bucket,
      changes: sql<string>`sum(${changeLatencies.changes})`,
      totalMs: sql<string>`sum(${changeLatencies.totalMs})`,
    })
    .from(changeLatencies)
    .groupBy(changeLatencies.vendor, changeLatencies.direction, changeLatencies.bucket)
  return rows.map((row) => ({ ...row, changes: Number(row.changes), totalMs: Number(row.totalMs) }))
}
