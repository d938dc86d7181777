import { sql } from 'drizzle-orm'
import { bigint, bigserial, index, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

export const outboxTypes = [
  'CALENDAR_SYNC_STARTED',
  'CALENDAR_SYNC_COMPLETED',
  'CALENDAR_SYNC_FAILED',
  'CALENDAR_CONFLICT_DETECTED',
  'SCHEDULE_ENTRY_CREATED',
  'SCHEDULE_ENTRY_UPDATED',
  'SCHEDULE_ENTRY_DELETED',
] as const
export type OutboxType = (typeof outboxTypes)[number]

/** What happened, written in the transaction that made it happen. `position` is assigned after commit (db/sequence.ts). */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    type: text('type').$type<OutboxType>().notNull(),
    subjectId: uuid('subject_id').notNull(),
    data: jsonb('data').$type<Record<string, string | number | null>>().notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    /**
     * The order of writing. Events of one entry are written while its row is held, so they commit in this order; between entries a
     * higher one may commit first, which is why nobody reads by it.
     */
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    position: bigint('position', { mode: 'number' }),
  },
  (t) => [
    index('outbox_position').on(t.tenantId, t.position),
    index('outbox_unsequenced')
      .on(t.tenantId, t.seq)
      .where(sql`position is null`),
    ...tenantPolicies(),
  ],
)
export type OutboxRow = typeof outbox.$inferSelect
export type OutboxEvent = Omit<OutboxRow, 'position' | 'seq'>

export async function emit(db: Db, events: OutboxEvent[]): Promise<void> {
  if (events.length === 0) return
  await db.execute(sql`
    insert into outbox (id, tenant_id, type, subject_id, data, at)
    select id, "tenantId", type, "subjectId", data, at from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as r(
      id uuid, "tenantId" uuid, type text, "subjectId" uuid, data jsonb, at timestamptz)`)
}
