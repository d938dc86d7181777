import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { boolean, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { EventContent } from '../domain/event.ts'
import type { Db } from './connection.ts'
import type { Cause } from './schedule-entries.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** Every version of an entry with its cause: history, undo and restore read it. */
export const entryVersions = pgTable(
  'entry_versions',
  {
    entryId: uuid('entry_id').notNull(),
    version: integer('version').notNull(),
    tenantId: tenantId(),
    content: jsonb('content').$type<EventContent>().notNull(),
    deleted: boolean('deleted').notNull(),
    /** Null in versions from before they were kept. */
    status: text('status'),
    assignees: jsonb('assignees').$type<string[]>(),
    /** For an override: the slot it stood for. */
    originalStart: text('original_start'),
    /** When its words were erased, because a provider's policy no longer lets them in. */
    erasedAt: timestamp('erased_at', { withTimezone: true }),
    cause: jsonb('cause').$type<Cause>().notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
  },
  (t) => [uniqueIndex('entry_versions_key').on(t.entryId, t.version), ...tenantPolicies()],
)
export type EntryVersion = typeof entryVersions.$inferSelect

/** The versions of an entry after one, oldest first. */
export async function listEntryVersions(
  db: Db,
  entryId: string,
  page: { after: number; limit: number } = { after: 0, limit: 100_000 },
): Promise<EntryVersion[]> {
  return db
    .select()
    .from(entryVersions)
    .where(and(eq(entryVersions.entryId, entryId), gt(entryVersions.version, page.after)))
    .orderBy(asc(entryVersions.version))
    .limit(page.limit)
}

export async function findEntryVersion(
  db: Db,
  entryId: string,
  version: number,
): Promise<EntryVersion | undefined> {
  const [row] = await db
    .select()
    .from(entryVersions)
    .where(and(eq(entryVersions.entryId, entryId), eq(entryVersions.version, version)))
  return row
}

/** Who is assigned and where entries stand, as it is now, goes with their newest versions. */
export async function keepInVersions(db: Db, entryIds: string[]): Promise<void> {
  if (entryIds.length === 0) return
  await db.execute(sql`
    update entry_versions v set status = e.status, assignees = ${assigneesIn(sql`e.id`)}
    from schedule_entries e
    where e.id = any(${sql.param(entryIds)}::uuid[]) and v.entry_id = e.id and v.version = e.version`)
}

/** The assignees of an entry as a version keeps them. */
export const assigneesIn = (entryId: ReturnType<typeof sql>) => sql`(
  select coalesce(jsonb_agg(a.member_id order by a.member_id), '[]'::jsonb) from entry_assignees a where a.entry_id = ${entryId})`

/** Whether an entry was ever there: a slot that was left out by its first word has no content of its own. */
export async function hasLived(db: Db, entryId: string): Promise<boolean> {
  const rows = await db
    .select({ version: entryVersions.version })
    .from(entryVersions)
    .where(and(eq(entryVersions.entryId, entryId), eq(entryVersions.deleted, false)))
    .limit(1)
  return rows.length > 0
}

/** What a change of a series did to one of its overrides. Before its first version a slot was plain. */
export interface OverrideChange {
  id: string
  before: { originalStart: string | null; deleted: boolean }
  after: { originalStart: string | null; deleted: boolean }
  /** Nothing was done to it since. */
  isLast: boolean
}

/** The overrides that were changed together with their series, in the same moment by the same hand. */
export async function overridesChangedWith(
  db: Db,
  { entryId, at, cause }: Pick<EntryVersion, 'entryId' | 'at' | 'cause'>,
): Promise<OverrideChange[]> {
  const rows = await db.execute<{
    id: string
    isLast: boolean
    deleted: boolean
    originalStart: string | null
    wasDeleted: boolean
    before: string | null
  }>(sql`
    select e.id, v.version = e.version as "isLast", v.deleted, v.original_start as "originalStart",
      coalesce(p.deleted, false) as "wasDeleted", case when p.version is null then v.original_start else p.original_start end as before
    from schedule_entries e join entry_versions v on v.entry_id = e.id
      left join entry_versions p on p.entry_id = e.id and p.version = v.version - 1
    where e.series_id = ${entryId}::uuid and v.at = ${at.toISOString()}::timestamptz and v.cause = ${JSON.stringify(cause)}::jsonb
    order by e.id, v.version`)
  const changes = new Map<string, OverrideChange>()
  for (const { id, isLast, deleted, originalStart, wasDeleted, before } of rows) {
    const first = changes.get(id)?.before ?? { originalStart: before, deleted: wasDeleted }
    changes.set(id, { id, before: first, after: { originalStart, deleted }, isLast })
  }
  return [...changes.values()]
}

/** When something of these moments changed overrides of a series, with the cause. */
export async function overrideChangesAt(
  db: Db,
  seriesId: string,
  moments: Date[],
): Promise<{ at: Date; cause: Cause }[]> {
  if (moments.length === 0) return []
  const rows = await db.execute<{ at: string; cause: Cause }>(sql`
    select distinct v.at, v.cause from entry_versions v join schedule_entries e on e.id = v.entry_id
    where e.series_id = ${seriesId}::uuid and v.at in (
      select moment::timestamptz from unnest(${sql.param(moments.map((at) => at.toISOString()))}::text[]) as moment)`)
  return rows.map(({ at, cause }) => ({ at: new Date(at), cause }))
}
