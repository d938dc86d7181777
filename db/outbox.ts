import { sql } from 'drizzle-orm'
import { bigint, index, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

export type OutboxType =
  | 'CALENDAR_SYNC_STARTED'
  | 'CALENDAR_SYNC_COMPLETED'
  | 'CALENDAR_SYNC_FAILED'
  | 'CALENDAR_CONFLICT_DETECTED'
  | 'SCHEDULE_ENTRY_CREATED'
  | 'SCHEDULE_ENTRY_UPDATED'
  | 'SCHEDULE_ENTRY_DELETED'

/** What happened, written in the transaction that made it happen. `position` is assigned after commit, by one sequencer. */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    type: text('type').$type<OutboxType>().notNull(),
    subjectId: uuid('subject_id').notNull(),
    data: jsonb('data').$type<Record<string, string | number | null>>().notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    position: bigint('position', { mode: 'number' }),
  },
  (t) => [index('outbox_position').on(t.tenantId, t.position), ...tenantPolicies()],
)
export type OutboxEvent = Omit<typeof outbox.$inferSelect, 'position'>

export async function emit(db: Db, events: OutboxEvent[]): Promise<void> {
  if (events.length === 0) return
  await db.execute(sql`
    insert into outbox (id, tenant_id, type, subject_id, data, at)
    select id, "tenantId", type, "subjectId", data, at from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as r(
      id uuid, "tenantId" uuid, type text, "subjectId" uuid, data jsonb, at timestamptz)`)
}
