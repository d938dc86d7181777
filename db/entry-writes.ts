import { and, eq, sql } from 'drizzle-orm'
import type { EventContent } from '../domain/event.ts'
import { spanOf } from '../domain/series.ts'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { assigneesIn, keepInVersions } from './entry-versions.ts'
import { entryAssignees, scheduleEntries, type Cause, type ScheduleEntry } from './schedule-entries.ts'

/** Entries are written here and nowhere else, so that no change goes without its version and its cause. */
export interface NewEntry {
  id: string
  tenantId: string
  externalRef: string | null
  content: EventContent
  status: string
  ownerId: string | null
  icalUid: string | null
  /** For an override: the slot it stands for. `deleted`: the series leaves that slot out. */
  override?: { seriesId: string; originalStart: string; deleted: boolean }
  /** The series this one continues. */
  splitFrom?: string
  assignees: string[]
}

/** Inserts entries with their first version; answers the ids that were new (a taken reference or meeting is left out). */
export async function insertEntries(db: Db, entries: NewEntry[], cause: Cause, now: Date): Promise<string[]> {
  if (entries.length === 0) return []
  const rows = JSON.stringify(
    entries.map(({ override, ...entry }) => ({
      deleted: false,
      ...entry,
      ...override,
      ...columns(entry.content),
    })),
  )
  const made = await db.execute<{ id: string }>(sql`
    with incoming as (
      select * from jsonb_to_recordset(${rows}::jsonb) as r(
        id uuid, "tenantId" uuid, "externalRef" text, content jsonb, status text, "allDay" boolean,
        "startsAt" timestamptz, "endsAt" timestamptz, "ownerId" uuid, "icalUid" text,
        "seriesId" uuid, "originalStart" text, "splitFrom" uuid, deleted boolean, assignees jsonb)
    ), made as (
      insert into schedule_entries (id, tenant_id, external_ref, version, content, status, all_day, starts_at, ends_at,
        owner_id, ical_uid, series_id, original_start, split_from, created_by, changed_by, created_at, updated_at, deleted_at)
      select id, "tenantId", "externalRef", 1, content, status, "allDay", "startsAt", "endsAt", "ownerId", "icalUid",
        "seriesId", "originalStart", "splitFrom", ${JSON.stringify(cause)}::jsonb, ${JSON.stringify(cause)}::jsonb,
        ${now.toISOString()}, ${now.toISOString()}, case when deleted then ${now.toISOString()}::timestamptz end
      from incoming
      on conflict do nothing
      returning id
    ), versions as (
      insert into entry_versions (entry_id, version, tenant_id, content, deleted, status, assignees, original_start, cause, at)
      select i.id, 1, i."tenantId", i.content, i.deleted, i.status, i.assignees, i."originalStart",
        ${JSON.stringify(cause)}::jsonb, ${now.toISOString()}
      from incoming i join made using (id)
    ), assigned as (
      insert into entry_assignees (entry_id, member_id, tenant_id)
      select i.id, m.value::uuid, i."tenantId"
      from incoming i join made using (id) cross join lateral jsonb_array_elements_text(i.assignees) as m(value)
    )
    select id from made`)
  return made.map((row) => row.id)
}

export interface EntryChange {
  id: string
  /** The version this change was decided on; an entry that moved on is left alone. */
  expectedVersion: number
  content: EventContent
  deleted: boolean
}

/** Compare-and-set on `version`: answers the ids that were changed. The rest moved on meanwhile and are decided again. */
export async function changeEntries(
  db: Db,
  changes: EntryChange[],
  cause: Cause,
  now: Date,
): Promise<string[]> {
  if (changes.length === 0) return []
  const rows = JSON.stringify(changes.map((change) => ({ ...change, ...columns(change.content) })))
  const changed = await db.execute<{ id: string }>(sql`
    with incoming as (
      select * from jsonb_to_recordset(${rows}::jsonb) as r(
        id uuid, "expectedVersion" int, content jsonb, deleted boolean, "allDay" boolean,
        "startsAt" timestamptz, "endsAt" timestamptz)
    ), changed as (
      update schedule_entries e set
        version = e.version + 1, content = i.content, all_day = i."allDay", starts_at = i."startsAt", ends_at = i."endsAt",
        deleted_at = case when i.deleted then ${now.toISOString()}::timestamptz end,
        changed_by = ${JSON.stringify(cause)}::jsonb, updated_at = ${now.toISOString()}
      from incoming i where e.id = i.id and e.version = i."expectedVersion"
      returning e.id, e.version, e.tenant_id, e.content, i.deleted, e.status, e.original_start
    ), versions as (
      insert into entry_versions (entry_id, version, tenant_id, content, deleted, status, assignees, original_start, cause, at)
      select id, version, tenant_id, content, deleted, status, ${assigneesIn(sql`changed.id`)}, original_start,
        ${JSON.stringify(cause)}::jsonb, ${now.toISOString()} from changed
    )
    select id from changed`)
  return changed.map((row) => row.id)
}

/** Call it after `changeEntries`: the new version keeps who is assigned now. So with the three below. */
export async function setAssignees(
  db: Db,
  entry: Pick<ScheduleEntry, 'id' | 'tenantId'>,
  memberIds: string[],
): Promise<void> {
  await db.delete(entryAssignees).where(eq(entryAssignees.entryId, entry.id))
  if (memberIds.length > 0) {
    await db
      .insert(entryAssignees)
      .values(memberIds.map((memberId) => ({ entryId: entry.id, memberId, tenantId: entry.tenantId })))
  }
  await keepInVersions(db, [entry.id])
}

/** The application's own word for where an entry stands; calendars know nothing of it. */
export async function setEntryStatus(db: Db, entryId: string, status: string): Promise<void> {
  await db.update(scheduleEntries).set({ status }).where(eq(scheduleEntries.id, entryId))
  await keepInVersions(db, [entryId])
}

export async function unassign(db: Db, entryIds: string[], memberId: string): Promise<void> {
  if (entryIds.length === 0) return
  await db
    .delete(entryAssignees)
    .where(and(anyOf(entryAssignees.entryId, entryIds), eq(entryAssignees.memberId, memberId)))
  await keepInVersions(db, entryIds)
}

/** Puts a member back on entries. */
export async function assign(
  db: Db,
  entryIds: string[],
  member: { memberId: string; tenantId: string },
): Promise<void> {
  if (entryIds.length === 0) return
  const { memberId, tenantId } = member
  await db
    .insert(entryAssignees)
    .values(entryIds.map((entryId) => ({ entryId, memberId, tenantId })))
    .onConflictDoNothing()
  await keepInVersions(db, entryIds)
}

/** Takes the row for the rest of the transaction, so that a change made beside it waits. */
export async function lockEntry(db: Db, id: string): Promise<ScheduleEntry | undefined> {
  const [entry] = await db.select().from(scheduleEntries).where(eq(scheduleEntries.id, id)).for('update')
  return entry
}

function columns(content: EventContent): { allDay: boolean; startsAt: string; endsAt: string } {
  return { allDay: content.time.kind === 'date', ...spanOf(content) }
}
