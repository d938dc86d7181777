import { and, asc, count, eq, gt, lte, max, min, sql } from 'drizzle-orm'
import { bigserial, index, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { LosingSide } from '../domain/brake.ts'
import type { EventContent } from '../domain/event.ts'
import type { SyncWindow } from '../domain/policy.ts'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { externalEvents } from './external-events.ts'
import { mappings } from './mappings.ts'
import { scheduleEntries, type Cause } from './schedule-entries.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/**
 * `counted`: carried out, and counted against the limits. `held`: waits for a person. `approved` and `refused`: a person
 * decided, and the next look carries it out.
 */
export type LossState = 'counted' | 'held' | 'approved' | 'refused'

/** What one side of a pair loses because the other side lost it: the safety brake counts these, and holds them. */
export const losses = pgTable(
  'losses',
  {
    mappingId: uuid('mapping_id').primaryKey(),
    tenantId: tenantId(),
    providerId: uuid('provider_id').notNull(),
    side: text('side').$type<LosingSide>().notNull(),
    state: text('state').$type<LossState>().notNull(),
    /** The order in which they were held: a decision names the last one that was reviewed. */
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    decidedBy: jsonb('decided_by').$type<Cause>(),
  },
  (t) => [index('losses_order').on(t.providerId, t.state, t.seq), ...tenantPolicies()],
)
export type Loss = typeof losses.$inferSelect
export type NewLoss = Pick<Loss, 'mappingId' | 'tenantId' | 'providerId' | 'side' | 'state' | 'at'>

export async function lossesOf(db: Db, mappingIds: string[]): Promise<Loss[]> {
  if (mappingIds.length === 0) return []
  return db.select().from(losses).where(anyOf(losses.mappingId, mappingIds))
}

/** Writes down what is lost or held; what is known already stays as it is, and in its place. */
export async function noteLosses(db: Db, rows: NewLoss[]): Promise<void> {
  if (rows.length === 0) return
  await db.execute(sql`
    insert into losses (mapping_id, tenant_id, provider_id, side, state, at)
    select "mappingId", "tenantId", "providerId", side, state, at from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
      "mappingId" uuid, "tenantId" uuid, "providerId" uuid, side text, state text, at timestamptz)
    on conflict (mapping_id) do nothing`)
}

/** These pairs lose nothing after all, or what a person decided about them is done. */
export async function forgetLosses(db: Db, mappingIds: string[]): Promise<void> {
  if (mappingIds.length === 0) return
  await db.delete(losses).where(anyOf(losses.mappingId, mappingIds))
}

/** Losses up to this moment count no more. */
export async function forgetCounted(db: Db, providerId: string, until: Date): Promise<void> {
  await db
    .delete(losses)
    .where(and(eq(losses.providerId, providerId), eq(losses.state, 'counted'), lte(losses.at, until)))
}

/** The count of one side starts anew. */
export async function forgetCountedOf(db: Db, providerId: string, side: LosingSide): Promise<void> {
  await db
    .delete(losses)
    .where(and(eq(losses.providerId, providerId), eq(losses.state, 'counted'), eq(losses.side, side)))
}

/**
 * How many events one side has lost and would lose: those counted and held, these pairs, and what is marked behind this
 * batch; and how many were mapped before. A series is one event, and its occurrences none.
 */
export async function countLosses(
  db: Db,
  provider: { id: string; memberId: string },
  side: LosingSide,
  batch: { mappingIds: string[]; lastMark: number; window: SyncWindow },
): Promise<{ lost: number; mapped: number }> {
  const [row] = await db.execute<{ lost: number; mapped: number }>(sql`
    with lost as (
      select mapping_id as id from losses
        where provider_id = ${provider.id}::uuid and side = ${side} and state in ('counted', 'held')
      union
      select unnest(${sql.param(batch.mappingIds)}::uuid[])
      union
      (${side === 'schedule' ? vanishedThere(provider, batch) : vanishedHere(provider, batch)})
    ), mapped as (
      select id from lost
      union
      select id from mappings where provider_id = ${provider.id}::uuid and entry_id is not null and external_id is not null
        and state in ('active', 'conflict', 'unsupported') and position('#' in external_id) = 0
    )
    select (select count(*) from lost)::int as lost, (select count(*) from mapped)::int as mapped`)
  return row ?? { lost: 0, mapped: 0 }
}

interface Behind {
  lastMark: number
  window: SyncWindow
}

/** Marked behind the batch: events that are gone at the vendor, whose entries live. */
const vanishedThere = ({ id }: { id: string }, { lastMark, window }: Behind) => sql`
  select m.id from pending p
    join external_events x on x.provider_id = p.provider_id and x.external_id = p.subject_id and x.deleted and x.kind <> 'occurrence'
    join mappings m on m.provider_id = p.provider_id and m.external_id = p.subject_id and m.state = 'active'
    join schedule_entries e on e.id = m.entry_id and e.deleted_at is null
      and e.ends_at >= ${window.from} and e.starts_at < ${window.to}
  where p.provider_id = ${id}::uuid and p.kind = 'external' and p.mark > ${lastMark} and ${isUndecided}`

/** Marked behind the batch: entries that are gone or no longer the member's, whose events live. */
const vanishedHere = (
  { id, memberId }: { id: string; memberId: string },
  { lastMark, window }: Behind,
) => sql`
  select m.id from pending p
    join schedule_entries e on e.id = case when p.kind = 'entry' then p.subject_id::uuid end and e.series_id is null
    join mappings m on m.provider_id = p.provider_id and m.entry_id = e.id and m.state = 'active'
    join external_events x on x.provider_id = p.provider_id and x.external_id = m.external_id and not x.deleted
      and x.read_only is null and x.ends_at >= ${window.from} and x.starts_at < ${window.to}
  where p.provider_id = ${id}::uuid and p.kind = 'entry' and p.mark > ${lastMark} and ${isUndecided}
    and (e.deleted_at is not null or (m.origin = 'schedule' and not exists (
      select 1 from entry_assignees a where a.entry_id = e.id and a.member_id = ${memberId}::uuid)))`

const isUndecided = sql`not exists (select 1 from losses l where l.mapping_id = m.id and l.state in ('approved', 'refused'))`

/** A held deletion as a person reviews it. */
export interface HeldLoss {
  mappingId: string
  side: LosingSide
  seq: number
  at: Date
  entryId: string | null
  externalId: string | null
  entryDeleted: boolean
  entry: EventContent | null
  external: EventContent | null
}

/** What is held, in the order it was held. */
export async function listHeldLosses(
  db: Db,
  page: { providerId: string; side?: LosingSide | undefined; after?: number | undefined; limit: number },
): Promise<HeldLoss[]> {
  return db
    .select({
      mappingId: losses.mappingId,
      side: losses.side,
      seq: losses.seq,
      at: losses.at,
      entryId: mappings.entryId,
      externalId: mappings.externalId,
      entryDeleted: sql<boolean>`${scheduleEntries.deletedAt} is not null`,
      entry: scheduleEntries.content,
      external: externalEvents.content,
    })
    .from(losses)
    .innerJoin(mappings, eq(mappings.id, losses.mappingId))
    .leftJoin(scheduleEntries, eq(scheduleEntries.id, mappings.entryId))
    .leftJoin(
      externalEvents,
      and(
        eq(externalEvents.providerId, mappings.providerId),
        eq(externalEvents.externalId, mappings.externalId),
      ),
    )
    .where(
      and(
        eq(losses.providerId, page.providerId),
        eq(losses.state, 'held'),
        page.side ? eq(losses.side, page.side) : undefined,
        page.after === undefined ? undefined : gt(losses.seq, page.after),
      ),
    )
    .orderBy(asc(losses.seq))
    .limit(page.limit)
}

export interface HeldCount {
  providerId: string
  side: LosingSide
  held: number
  /** The last one that was held, by its place in the order. */
  last: number
  since: Date
}

export async function countHeldLosses(db: Db, providerIds: string[]): Promise<HeldCount[]> {
  if (providerIds.length === 0) return []
  const rows = await db
    .select({
      providerId: losses.providerId,
      side: losses.side,
      held: count(),
      last: max(losses.seq),
      since: min(losses.at),
    })
    .from(losses)
    .where(and(anyOf(losses.providerId, providerIds), eq(losses.state, 'held')))
    .groupBy(losses.providerId, losses.side)
  return rows.flatMap(({ last, since, ...row }) =>
    last === null || since === null ? [] : [{ ...row, last, since }],
  )
}

/** A person's decision about what is held up to a place in the order. The pairs are marked; answers how many there are. */
export async function decideLosses(
  db: Db,
  provider: { id: string; tenantId: string },
  side: LosingSide,
  upTo: number,
  decision: { state: 'approved' | 'refused'; by: Cause },
): Promise<number> {
  const marked = await db.execute(sql`
    with decided as (
      update losses set state = ${decision.state}, decided_by = ${JSON.stringify(decision.by)}::jsonb
      where provider_id = ${provider.id}::uuid and side = ${side} and state = 'held' and seq <= ${upTo}
      returning mapping_id
    )
    insert into pending (provider_id, kind, subject_id, tenant_id)
    select m.provider_id, 'external', m.external_id, ${provider.tenantId}::uuid
    from decided d join mappings m on m.id = d.mapping_id where m.external_id is not null
    on conflict (provider_id, kind, subject_id) do update set mark = nextval('pending_mark_seq')
    returning 1`)
  return marked.length
}
