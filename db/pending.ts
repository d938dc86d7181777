import { and, asc, count, eq, gt, sql } from 'drizzle-orm'
import { bigserial, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

export type PendingKind = 'entry' | 'external'

/** Work marked in the transaction that made it. A second mark moves the number on, so a decision on older facts leaves it. */
export const pending = pgTable(
  'pending',
  {
    providerId: uuid('provider_id').notNull(),
    kind: text('kind').$type<PendingKind>().notNull(),
    subjectId: text('subject_id').notNull(),
    tenantId: tenantId(),
    mark: bigserial('mark', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.providerId, t.kind, t.subjectId] }),
    index('pending_order').on(t.providerId, t.mark),
    ...tenantPolicies(),
  ],
)
export type Pending = typeof pending.$inferSelect
export type PendingSubject = Pick<Pending, 'providerId' | 'kind' | 'subjectId'>

/** Marks subjects as work for their providers. */
export async function markPending(db: Db, tenantId: string, subjects: PendingSubject[]): Promise<void> {
  if (subjects.length === 0) return
  await db.execute(sql`
    insert into pending (provider_id, kind, subject_id, tenant_id)
    select distinct "providerId", kind, "subjectId", ${tenantId}::uuid
    from jsonb_to_recordset(${JSON.stringify(subjects)}::jsonb) as r("providerId" uuid, kind text, "subjectId" text)
    on conflict (provider_id, kind, subject_id) do update set mark = nextval('pending_mark_seq')`)
}

/** Marks an entry for every provider that may have to do with it: those that hold it and those of its assignees. */
export async function markEntriesPending(
  db: Db,
  tenantId: string,
  entryIds: string[],
  exceptProviderId: string | null,
): Promise<string[]> {
  if (entryIds.length === 0) return []
  const rows = await db.execute<{ provider_id: string }>(sql`
    with entries as (
      select id, coalesce(series_id, id) as whole from schedule_entries where id = any(${sql.param(entryIds)}::uuid[])
    ), subjects as (
      select m.provider_id, e.id as entry_id from entries e join mappings m on m.entry_id in (e.id, e.whole)
        where m.state <> 'retired'
      union
      select p.id, e.id from entries e join entry_assignees a on a.entry_id = e.whole
        join providers p on p.member_id = a.member_id and p.deleted_at is null and p.direction <> 'inbound'
    ), marked as (
      insert into pending (provider_id, kind, subject_id, tenant_id)
      select provider_id, 'entry', entry_id::text, ${tenantId}::uuid from subjects
        where provider_id is distinct from ${exceptProviderId}::uuid
      on conflict (provider_id, kind, subject_id) do update set mark = nextval('pending_mark_seq')
      returning provider_id
    )
    select distinct provider_id from marked`)
  return rows.map((row) => row.provider_id)
}

/** The next marks after a number, oldest first. */
export async function nextPending(
  db: Db,
  providerId: string,
  after: number,
  limit: number,
): Promise<Pending[]> {
  return db
    .select()
    .from(pending)
    .where(and(eq(pending.providerId, providerId), gt(pending.mark, after)))
    .orderBy(asc(pending.mark))
    .limit(limit)
}

/** How many marks there are after a number. */
export async function countPending(db: Db, providerId: string, after: number): Promise<number> {
  const [row] = await db
    .select({ total: count() })
    .from(pending)
    .where(and(eq(pending.providerId, providerId), gt(pending.mark, after)))
  return row?.total ?? 0
}

/** The marks of these subjects, whatever their kind. */
export async function marksOf(db: Db, providerId: string, subjectIds: string[]): Promise<Pending[]> {
  if (subjectIds.length === 0) return []
  return db
    .select()
    .from(pending)
    .where(and(eq(pending.providerId, providerId), anyOf(pending.subjectId, subjectIds)))
}

export async function hasPending(db: Db, providerId: string): Promise<boolean> {
  const rows = await db
    .select({ mark: pending.mark })
    .from(pending)
    .where(eq(pending.providerId, providerId))
    .limit(1)
  return rows.length > 0
}

/** Takes decided marks out; one that was marked again meanwhile has a newer number and stays. */
export async function settlePending(
  db: Db,
  rows: Pick<Pending, 'providerId' | 'kind' | 'subjectId' | 'mark'>[],
): Promise<void> {
  if (rows.length === 0) return
  await db.execute(sql`
    delete from pending p
    using jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("providerId" uuid, kind text, "subjectId" text, mark bigint)
    where p.provider_id = r."providerId" and p.kind = r.kind and p.subject_id = r."subjectId" and p.mark = r.mark`)
}

/** Everything an entry's owner holds is marked: after a first connection, a wider direction or a moved window. */
export async function markWindowPending(
  db: Db,
  provider: { id: string; tenantId: string; memberId: string },
  window: { from: string; to: string },
): Promise<void> {
  await db.execute(sql`
    insert into pending (provider_id, kind, subject_id, tenant_id)
    select ${provider.id}::uuid, 'entry', e.id::text, ${provider.tenantId}::uuid
      from schedule_entries e join entry_assignees a on a.entry_id = e.id and a.member_id = ${provider.memberId}::uuid
      where e.deleted_at is null and e.series_id is null and e.ends_at >= ${window.from} and e.starts_at < ${window.to}
        and not exists (select 1 from mappings m where m.provider_id = ${provider.id}::uuid and m.entry_id = e.id
          and m.state <> 'retired')
    union all
    select ${provider.id}::uuid, 'external', x.external_id, ${provider.tenantId}::uuid
      from external_events x
      where x.provider_id = ${provider.id}::uuid and x.kind <> 'occurrence' and not x.deleted and x.ends_at >= ${window.from} and x.starts_at < ${window.to}
        and not exists (select 1 from mappings m where m.provider_id = x.provider_id and m.external_id = x.external_id
          and m.state <> 'retired')
    on conflict (provider_id, kind, subject_id) do update set mark = nextval('pending_mark_seq')`)
}

/** Every living pair is decided anew: a wider direction or another policy lets through what rested. */
export async function markPairsPending(db: Db, provider: { id: string; tenantId: string }): Promise<void> {
  await db.execute(sql`
    insert into pending (provider_id, kind, subject_id, tenant_id)
    select provider_id, case when entry_id is null then 'external' else 'entry' end, coalesce(entry_id::text, external_id),
      ${provider.tenantId}::uuid
    from mappings
    where provider_id = ${provider.id}::uuid and state not in ('withdrawing', 'retired')
    on conflict (provider_id, kind, subject_id) do update set mark = nextval('pending_mark_seq')`)
}

/** Events that could not be held for this reason are met again. */
export async function markUnsupportedPending(
  db: Db,
  provider: { id: string; tenantId: string },
  reason: string,
): Promise<void> {
  await db.execute(sql`
    insert into pending (provider_id, kind, subject_id, tenant_id)
    select provider_id, 'external', external_id, ${provider.tenantId}::uuid
    from mappings
    where provider_id = ${provider.id}::uuid and state = 'unsupported' and entry_id is null and reason = ${reason}
    on conflict (provider_id, kind, subject_id) do update set mark = nextval('pending_mark_seq')`)
}
