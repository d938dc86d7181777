import { sql, type SQL } from 'drizzle-orm'
import { endAfter, type Database, type Db } from './connection.ts'

/** A provider's rows apart: the same queries read and write the copies, and PostgreSQL refuses them every other table. */
export interface Shadow {
  transaction<T>(this: void, work: (db: Db) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Copies what a look of this provider reads and writes into temporary tables of a connection of its own. There they stand
 * before the real ones, which nothing waits for: the copy is one snapshot, and all that follows is a read-only transaction,
 * in which only temporary tables may be written (https://www.postgresql.org/docs/current/sql-set-transaction.html).
 */
export async function openShadow(
  database: Database,
  provider: { id: string; tenantId: string; memberId: string },
): Promise<Shadow> {
  const apart = database.apart()
  try {
    await apart.tenant(provider.tenantId, (db) => copyRows(db, provider))
  } catch (error) {
    await apart.close()
    throw error
  }
  return {
    transaction: (work) =>
      apart.tenant(provider.tenantId, async (db) => {
        await db.execute(sql`set transaction read only`)
        return work(db)
      }),
    close: () => apart.close(),
  }
}

/** Which rows of each table are copied. Of the others' calendars only those of the same member matter to a decision. */
const copied: Record<string, SQL> = {
  providers: sql`where id in (select id from ours)`,
  cursors: sql`where provider_id = (select id from this)`,
  external_events: sql`where provider_id in (select id from ours)`,
  mappings: sql`where provider_id in (select id from ours)`,
  pending: sql`where provider_id = (select id from this)`,
  intents: sql`where provider_id = (select id from this) and (kind = 'create' or state in ('planned', 'sent'))`,
  conflicts: sql`where provider_id = (select id from this) and resolved_at is null`,
  quarantine: sql`where provider_id = (select id from this)`,
  losses: sql`where provider_id = (select id from this)`,
  brakes: sql`where provider_id = (select id from this) and decision is null`,
  schedule_entries: sql`where id in (select id from entries)`,
  entry_assignees: sql`where entry_id in (select id from entries)`,
  entry_versions: sql`where false`,
  outbox: sql`where false`,
  runs: sql`where false`,
}

/** Columns that number their rows: the copy has a sequence of its own, for a number taken cannot be given back. */
const numbered = [
  { table: 'pending', column: 'mark', sequence: 'pending_mark_seq' },
  { table: 'intents', column: 'seq', sequence: 'intents_seq_seq' },
  { table: 'losses', column: 'seq', sequence: 'losses_seq_seq' },
  { table: 'outbox', column: 'seq', sequence: 'outbox_seq_seq' },
]

async function copyRows(db: Db, provider: { id: string; memberId: string }): Promise<void> {
  // A large calendar takes its time and holds nobody up: nothing is locked. Memory is taken before the first copy.
  await db.execute(sql`select ${endAfter(60)}, set_config('temp_buffers', '64MB', false)`)
  const tables = Object.keys(copied)
  await db.execute(
    sql.raw(
      tables.map((name) => `create temp table ${name} (like public.${name} including all);`).join('\n'),
    ),
  )
  const copies = Object.entries(copied).map(
    ([name, rows]) =>
      sql`${sql.raw(`copied_${name}`)} as (insert into ${sql.raw(`pg_temp.${name}`)} select * from ${sql.raw(`public.${name}`)} ${rows})`,
  )
  await db.execute(sql`
    with this as (select ${provider.id}::uuid as id),
    ours as (select id from public.providers where member_id = ${provider.memberId}::uuid),
    held as (
      select entry_id as id from public.entry_assignees where member_id = ${provider.memberId}::uuid
      union
      select id from public.schedule_entries where owner_id = ${provider.memberId}::uuid
      union
      select entry_id from public.mappings where provider_id in (select id from ours) and entry_id is not null
    ),
    entries as (
      select id from held union select id from public.schedule_entries where series_id in (select id from held)
    ),
    ${sql.join(copies, sql`, `)}
    select 1`)
  for (const { table, column, sequence } of numbered) {
    await db.execute(sql.raw(`create temp sequence ${sequence}`))
    await db.execute(
      sql.raw(
        `select setval('pg_temp.${sequence}', greatest((select max(${column}) from pg_temp.${table}), 1));
         alter table pg_temp.${table} alter ${column} set default nextval('pg_temp.${sequence}');`,
      ),
    )
  }
  await db.execute(sql.raw(tables.map((name) => `analyze pg_temp.${name};`).join('\n')))
}
