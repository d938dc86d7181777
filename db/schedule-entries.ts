import { and, asc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { EventContent } from '../domain/event.ts'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** Who or what made a version: support answers "why did this change" with it. */
export type Cause =
  /** `undoes`: the version whose change this one takes back. */
  | { kind: 'api-key'; id: string; undoes?: number }
  | { kind: 'session'; undoes?: number }
  /**
   * A look that found nothing to decide is no run. `notifiedAt`: when the vendor last told of a change, if it did since the
   * last completed pass.
   */
  | { kind: 'provider'; providerId: string; runId?: string; notifiedAt?: string }

/** The application's own events. Each change grows `version`; a deletion is a tombstone. */
export const scheduleEntries = pgTable(
  'schedule_entries',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    externalRef: text('external_ref'),
    version: integer('version').notNull(),
    content: jsonb('content').$type<EventContent>().notNull(),
    /** The application's own word (scheduled, completed, …): never written from outside. */
    status: text('status').notNull(),
    allDay: boolean('all_day').notNull(),
    startsAt: timestamp('starts_at', { withTimezone: true }).notNull(),
    endsAt: timestamp('ends_at', { withTimezone: true }).notNull(),
    /** The meeting this entry is for one member (iCalendar UID), so that two accounts with it share one entry. */
    ownerId: uuid('owner_id'),
    icalUid: text('ical_uid'),
    /**
     * For an override: its series, and the slot it stands for by its original start (an instant in RFC 3339, or a date).
     * Deleted, it says that the series leaves this slot out. It has its series' assignees.
     */
    seriesId: uuid('series_id'),
    originalStart: text('original_start'),
    /** The series this one continues from a split on. */
    splitFrom: uuid('split_from'),
    createdBy: jsonb('created_by').$type<Cause>().notNull(),
    changedBy: jsonb('changed_by').$type<Cause>().notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
    deletedAt: timestamp('deleted_at', { withTimezone: true }),
  },
  (t) => [
    uniqueIndex('schedule_entries_external_ref')
      .on(t.tenantId, t.externalRef)
      .where(sql`external_ref is not null`),
    uniqueIndex('schedule_entries_one_meeting')
      .on(t.tenantId, t.ownerId, t.icalUid)
      .where(sql`ical_uid is not null`),
    uniqueIndex('schedule_entries_one_override')
      .on(t.seriesId, t.originalStart)
      .where(sql`original_start is not null`),
    index('schedule_entries_series')
      .on(t.seriesId)
      .where(sql`series_id is not null`),
    index('schedule_entries_window').on(t.tenantId, t.startsAt),
    ...tenantPolicies(),
  ],
)
export type ScheduleEntry = typeof scheduleEntries.$inferSelect

export const entryAssignees = pgTable(
  'entry_assignees',
  {
    entryId: uuid('entry_id').notNull(),
    memberId: uuid('member_id').notNull(),
    tenantId: tenantId(),
  },
  (t) => [
    uniqueIndex('entry_assignees_key').on(t.entryId, t.memberId),
    index('entry_assignees_member').on(t.memberId),
    ...tenantPolicies(),
  ],
)

export async function findEntry(db: Db, id: string): Promise<ScheduleEntry | undefined> {
  const [entry] = await db.select().from(scheduleEntries).where(eq(scheduleEntries.id, id))
  return entry
}

export async function findEntryByExternalRef(
  db: Db,
  externalRef: string,
): Promise<ScheduleEntry | undefined> {
  const [entry] = await db.select().from(scheduleEntries).where(eq(scheduleEntries.externalRef, externalRef))
  return entry
}

export async function findEntries(db: Db, ids: string[]): Promise<ScheduleEntry[]> {
  if (ids.length === 0) return []
  return db.select().from(scheduleEntries).where(anyOf(scheduleEntries.id, ids))
}

/** The entries a member holds for these meetings, living or deleted. */
export async function findEntriesByMeeting(
  db: Db,
  ownerId: string,
  icalUids: string[],
): Promise<ScheduleEntry[]> {
  if (icalUids.length === 0) return []
  return db
    .select()
    .from(scheduleEntries)
    .where(and(eq(scheduleEntries.ownerId, ownerId), anyOf(scheduleEntries.icalUid, icalUids)))
}

/** Who is assigned to each of these entries; an override has its series' assignees. */
export async function assigneesOf(db: Db, entryIds: string[]): Promise<Map<string, string[]>> {
  const assignees = new Map<string, string[]>()
  if (entryIds.length === 0) return assignees
  const rows = await db
    .select({ entryId: scheduleEntries.id, memberId: entryAssignees.memberId })
    .from(scheduleEntries)
    .innerJoin(
      entryAssignees,
      sql`${entryAssignees.entryId} = coalesce(${scheduleEntries.seriesId}, ${scheduleEntries.id})`,
    )
    .where(anyOf(scheduleEntries.id, entryIds))
    .orderBy(asc(entryAssignees.memberId))
  for (const row of rows) assignees.set(row.entryId, [...(assignees.get(row.entryId) ?? []), row.memberId])
  return assignees
}

export interface EntryPageRequest {
  from?: Date | undefined
  to?: Date | undefined
  assignee?: string | undefined
  includeDeleted?: boolean | undefined
  /** Leaves out series and their overrides, which are listed occurrence by occurrence. */
  singlesOnly?: boolean | undefined
  after?: { startsAt: Date; id: string } | undefined
  limit: number
}

const isSingle = sql`${scheduleEntries.content} -> 'recurrence' is not distinct from 'null'::jsonb`
const isSeries = sql`jsonb_typeof(${scheduleEntries.content} -> 'recurrence') = 'object'`

/** The series that reach into a window, living ones only. */
export async function listSeries(
  db: Db,
  window: { from: Date; to: Date; assignee?: string | undefined },
): Promise<ScheduleEntry[]> {
  return db
    .select()
    .from(scheduleEntries)
    .where(
      and(
        isSeries,
        gt(scheduleEntries.endsAt, window.from),
        lt(scheduleEntries.startsAt, window.to),
        isNull(scheduleEntries.deletedAt),
        window.assignee
          ? sql`exists (select 1 from ${entryAssignees} a where a.entry_id = ${scheduleEntries.id} and a.member_id = ${window.assignee})`
          : undefined,
      ),
    )
}

/** Entries that overlap a window, by start then id; `after` is the last one of the page before. */
export async function listEntries(db: Db, page: EntryPageRequest): Promise<ScheduleEntry[]> {
  return db
    .select()
    .from(scheduleEntries)
    .where(
      and(
        page.from ? gt(scheduleEntries.endsAt, page.from) : undefined,
        page.to ? lt(scheduleEntries.startsAt, page.to) : undefined,
        page.includeDeleted ? undefined : isNull(scheduleEntries.deletedAt),
        page.singlesOnly ? and(isNull(scheduleEntries.seriesId), isSingle) : undefined,
        page.assignee
          ? sql`exists (select 1 from ${entryAssignees} a
              where a.entry_id = coalesce(${scheduleEntries.seriesId}, ${scheduleEntries.id}) and a.member_id = ${page.assignee})`
          : undefined,
        page.after
          ? or(
              gt(scheduleEntries.startsAt, page.after.startsAt),
              and(eq(scheduleEntries.startsAt, page.after.startsAt), gt(scheduleEntries.id, page.after.id)),
            )
          : undefined,
      ),
    )
    .orderBy(asc(scheduleEntries.startsAt), asc(scheduleEntries.id))
    .limit(page.limit)
}
