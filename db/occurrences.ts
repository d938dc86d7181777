import { and, eq, sql } from 'drizzle-orm'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { externalEvents, type ExternalEvent } from './external-events.ts'

/** The changed occurrences of these series (by the vendor's ids of the series), the cancelled ones too. */
export async function occurrencesOf(
  db: Db,
  providerId: string,
  seriesExternalIds: string[],
): Promise<ExternalEvent[]> {
  if (seriesExternalIds.length === 0) return []
  return db
    .select()
    .from(externalEvents)
    .where(
      and(
        eq(externalEvents.providerId, providerId),
        anyOf(externalEvents.seriesExternalId, seriesExternalIds),
      ),
    )
}

/**
 * The vendor dropped these changes and shows plain occurrences again, as it does when a series' rule changes. Nobody decided
 * against them: their pairs end, so that what the schedule still holds is sent anew.
 */
export async function forgetOccurrences(
  db: Db,
  providerId: string,
  externalIds: string[],
  now: Date,
): Promise<void> {
  if (externalIds.length === 0) return
  await db
    .delete(externalEvents)
    .where(and(eq(externalEvents.providerId, providerId), anyOf(externalEvents.externalId, externalIds)))
  await endPairs(db, providerId, externalIds, now)
}

/** Ends the pairs of these occurrences with what was decided for them and not sent. One in conflict waits for its person. */
export async function endPairs(db: Db, providerId: string, externalIds: string[], now: Date): Promise<void> {
  if (externalIds.length === 0) return
  await db.execute(sql`
    with ended as (
      update mappings set state = 'retired', base_entry = null, base_external = null, updated_at = ${now.toISOString()}
      where provider_id = ${providerId}::uuid and external_id = any(${sql.param(externalIds)}::text[])
        and state not in ('conflict', 'retired')
      returning id
    )
    update intents set state = 'dropped', fields = '{}'::jsonb, projection = null, settled_at = ${now.toISOString()}
    where mapping_id in (select id from ended) and state = 'planned'`)
}

/** Marks every changed occurrence of series whose pairs stand anew: those of the schedule, those of the vendor, and these slots. */
export async function markOccurrencesPending(
  db: Db,
  provider: { id: string; tenantId: string },
  series: { entryIds: string[]; externalIds: string[]; slotIds: string[] },
): Promise<boolean> {
  if (series.entryIds.length + series.externalIds.length + series.slotIds.length === 0) return false
  const marked = await db.execute(sql`
    insert into pending (provider_id, kind, subject_id, tenant_id)
    select ${provider.id}::uuid, 'entry', e.id::text, ${provider.tenantId}::uuid
      from schedule_entries e
      where e.series_id = any(${sql.param(series.entryIds)}::uuid[]) and e.original_start is not null
    union
    select ${provider.id}::uuid, 'external', x.external_id, ${provider.tenantId}::uuid
      from external_events x
      where x.provider_id = ${provider.id}::uuid and x.series_external_id = any(${sql.param(series.externalIds)}::text[])
    union
    select ${provider.id}::uuid, 'external', slot, ${provider.tenantId}::uuid
      from unnest(${sql.param(series.slotIds)}::text[]) as slot
    on conflict (provider_id, kind, subject_id) do update set mark = nextval('pending_mark_seq')
    returning 1`)
  return marked.length > 0
}

/** A series that has, or had, a pair here. */
export interface SeriesSides {
  entryId: string | null
  externalId: string | null
}

/**
 * The pairs of the occurrences of these series end with the pairs of the series. Another event of the same entry, such as a
 * copy that arrived late and goes again, has occurrences of its own.
 */
export async function endSeriesPairs(
  db: Db,
  providerId: string,
  series: SeriesSides[],
  now: Date,
): Promise<void> {
  const ended = series.filter(({ entryId, externalId }) => entryId !== null && externalId !== null)
  if (ended.length === 0) return
  const entryIds = ended.map(({ entryId }) => entryId)
  const externalIds = ended.map(({ externalId }) => externalId)
  await db.execute(sql`
    with ended as (
      update mappings m set state = 'retired', base_entry = null, base_external = null, updated_at = ${now.toISOString()}
      from schedule_entries e,
        unnest(${sql.param(entryIds)}::uuid[], ${sql.param(externalIds)}::text[]) as series(entry_id, external_id)
      where e.series_id = series.entry_id and m.provider_id = ${providerId}::uuid and m.entry_id = e.id
        and starts_with(m.external_id, series.external_id || '#') and m.state <> 'retired'
      returning m.id
    ), settled as (
      update conflicts set resolution = 'ended', resolved_at = ${now.toISOString()}
      where mapping_id in (select id from ended) and resolved_at is null
    )
    update intents set state = 'dropped', settled_at = ${now.toISOString()}
    where mapping_id in (select id from ended) and state = 'planned'`)
}
