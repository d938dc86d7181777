import { and, eq, sql } from 'drizzle-orm'
import type { Slot } from '../domain/series.ts'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { scheduleEntries, type Cause, type ScheduleEntry } from './schedule-entries.ts'

/** Every override of these series that stands for a slot, the deleted ones too: they are the slots left out. */
export async function overridesOf(db: Db, seriesIds: string[]): Promise<ScheduleEntry[]> {
  if (seriesIds.length === 0) return []
  const rows = await db.select().from(scheduleEntries).where(anyOf(scheduleEntries.seriesId, seriesIds))
  return rows.filter((row) => row.originalStart !== null)
}

/** The override of one slot, deleted or not, held until the transaction ends. */
export async function lockOverride(db: Db, seriesId: string, slot: Slot): Promise<ScheduleEntry | undefined> {
  const [row] = await db
    .select()
    .from(scheduleEntries)
    .where(and(eq(scheduleEntries.seriesId, seriesId), eq(scheduleEntries.originalStart, slot)))
    .for('update')
  return row
}

/** Gives overrides to the series that continues theirs, each with its slot there. */
export async function giveOverrides(
  db: Db,
  seriesId: string,
  given: { id: string; originalStart: Slot }[],
): Promise<void> {
  if (given.length === 0) return
  await db.execute(sql`
    update schedule_entries e set series_id = ${seriesId}::uuid, original_start = i."originalStart"
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as i(id uuid, "originalStart" text) where e.id = i.id`)
}

/** The series that continues another from a split on, made with the split. */
export async function continuationOf(
  db: Db,
  split: { entryId: string; at: Date; cause: Cause },
): Promise<ScheduleEntry | undefined> {
  const [row] = await db
    .select()
    .from(scheduleEntries)
    .where(
      and(
        eq(scheduleEntries.splitFrom, split.entryId),
        eq(scheduleEntries.createdAt, split.at),
        sql`${scheduleEntries.createdBy} = ${JSON.stringify(split.cause)}::jsonb`,
      ),
    )
    .for('update')
  return row
}

/** An override whose series changed its slots: it goes with its slot, or ends with it (null). */
export interface OverrideMove {
  id: string
  originalStart: Slot | null
  /** Brings back one that ended with its slot: whether it says again that the series leaves its slot out. */
  deleted?: boolean
}

/**
 * Moves overrides to the slots they have now. All leave their places first, so that one can take another's; those without
 * a place end as deleted, and their content stays in the history.
 */
export async function moveOverrides(db: Db, moves: OverrideMove[], cause: Cause, now: Date): Promise<void> {
  if (moves.length === 0) return
  const ids = moves.map(({ id }) => id)
  await db.update(scheduleEntries).set({ originalStart: null }).where(anyOf(scheduleEntries.id, ids))
  await db.execute(sql`
    with incoming as (
      select * from jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as r(id uuid, "originalStart" text, deleted boolean)
    ), moved as (
      update schedule_entries e set
        version = e.version + 1, original_start = i."originalStart",
        deleted_at = case when i.deleted is false then null
          when i."originalStart" is null then coalesce(e.deleted_at, ${now.toISOString()}::timestamptz)
          else e.deleted_at end,
        changed_by = ${JSON.stringify(cause)}::jsonb, updated_at = ${now.toISOString()}
      from incoming i where e.id = i.id
      returning e.id, e.version, e.tenant_id, e.content, e.deleted_at is not null as deleted, e.status, e.original_start
    )
    insert into entry_versions (entry_id, version, tenant_id, content, deleted, status, assignees, original_start, cause, at)
    select id, version, tenant_id, content, deleted, status, '[]'::jsonb, original_start, ${JSON.stringify(cause)}::jsonb, ${now.toISOString()} from moved`)
}
