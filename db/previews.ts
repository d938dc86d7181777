import { and, asc, eq, gt, lte } from 'drizzle-orm'
import { boolean, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { ContentField, EventTime } from '../domain/event.ts'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import type { SettingsWish } from './provider-settings.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

export type PreviewAction =
  | 'create'
  | 'update'
  | 'delete'
  | 'assign'
  | 'unassign'
  | 'link'
  | 'unlink'
  | 'conflict'
  | 'hold'
  | 'unsupported'

/** What a look would do, for as long as a person reads it: it holds titles, so it does not stay. */
export const previews = pgTable(
  'previews',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    providerId: uuid('provider_id').notNull(),
    wish: jsonb('wish').$type<SettingsWish>().notNull(),
    /** How often each action would be taken on each side (`schedule.create`), those not listed too. */
    counts: jsonb('counts').$type<Record<string, number>>().notNull(),
    /** Whether the vendor told all that changed within the time a preview takes. */
    complete: boolean('complete').notNull(),
    /** What is marked and was not decided within that time. */
    undecided: integer('undecided').notNull(),
    /** What would be done and is not listed. */
    unlisted: integer('unlisted').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  },
  tenantPolicies,
)
export type Preview = typeof previews.$inferSelect

export const previewItems = pgTable(
  'preview_items',
  {
    previewId: uuid('preview_id').notNull(),
    place: integer('place').notNull(),
    tenantId: tenantId(),
    side: text('side').$type<'schedule' | 'external' | 'both'>().notNull(),
    action: text('action').$type<PreviewAction>().notNull(),
    entryId: uuid('entry_id'),
    externalId: text('external_id'),
    title: text('title').notNull(),
    time: jsonb('time').$type<EventTime>(),
    repeats: boolean('repeats').notNull(),
    /** For an update: the fields that would change. */
    fields: jsonb('fields').$type<ContentField[]>().notNull(),
    reason: text('reason').notNull(),
  },
  (t) => [primaryKey({ columns: [t.previewId, t.place] }), ...tenantPolicies()],
)
export type PreviewItem = Omit<typeof previewItems.$inferSelect, 'previewId' | 'place' | 'tenantId'>

const rowsPerInsert = 1_000

/** Stores a preview with its items in their order; those of the tenant that nobody reads any more go. */
export async function savePreview(db: Db, preview: Preview, items: PreviewItem[]): Promise<void> {
  await forgetPreviews(db, preview.at)
  await db.insert(previews).values(preview)
  const { id: previewId, tenantId } = preview
  for (let first = 0; first < items.length; first += rowsPerInsert) {
    const rows = items.slice(first, first + rowsPerInsert)
    await db
      .insert(previewItems)
      .values(rows.map((item, index) => ({ ...item, previewId, tenantId, place: first + index + 1 })))
  }
}

/** A preview that may still be read. */
export async function findPreview(db: Db, id: string, now: Date): Promise<Preview | undefined> {
  const [preview] = await db
    .select()
    .from(previews)
    .where(and(eq(previews.id, id), gt(previews.expiresAt, now)))
  return preview
}

export async function listPreviewItems(
  db: Db,
  previewId: string,
  after: number,
  limit: number,
): Promise<(PreviewItem & { place: number })[]> {
  return db
    .select()
    .from(previewItems)
    .where(and(eq(previewItems.previewId, previewId), gt(previewItems.place, after)))
    .orderBy(asc(previewItems.place))
    .limit(limit)
}

/** Words that were kept for a reader do not outlive their time. */
export async function forgetPreviews(db: Db, now: Date): Promise<void> {
  const gone = await db.delete(previews).where(lte(previews.expiresAt, now)).returning({ id: previews.id })
  for (const { id } of gone) await db.delete(previewItems).where(eq(previewItems.previewId, id))
}

/** The previews of one provider, with what they list. */
export async function forgetPreviewsOf(db: Db, providerId: string): Promise<void> {
  const gone = await db
    .delete(previews)
    .where(eq(previews.providerId, providerId))
    .returning({ id: previews.id })
  const ids = gone.map(({ id }) => id)
  if (ids.length > 0) await db.delete(previewItems).where(anyOf(previewItems.previewId, ids))
}
