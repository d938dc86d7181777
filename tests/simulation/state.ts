import type { Provider } from '../../db/providers.ts'
import type { Performance } from './attempts.ts'
import type { StagedWorld } from './stage.ts'

/** What stands in the database and at the vendor, to see whether anything was written in between. */
export async function stateOf(
  play: Performance,
  provider: Provider,
): Promise<{ rows: string; events: string }> {
  const { owner } = play.world.database
  const tables = await owner<{ name: string }[]>`
    select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'tenant_id' order by table_name`
  const versions = tables.map(
    ({ name }) =>
      `select '${name}' as name, string_agg(ctid::text || xmin::text, ',' order by ctid) as rows from ${name} where tenant_id = $1`,
  )
  const rows = await owner.unsafe(versions.join(' union all '), [play.tenantId])
  const events = await play.world.control.events(provider.vendor, provider.accountEmail ?? '')
  return { rows: JSON.stringify(rows), events: JSON.stringify(events) }
}

/** The version of every row of every tenant, to see whether anything at all was written in between. */
export async function everyRow({ database: { owner } }: Pick<StagedWorld, 'database'>): Promise<string> {
  const tables = await owner<{ name: string }[]>`
    select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by tablename`
  const versions = tables.map(
    ({ name }) =>
      `select '${name}' as name, string_agg(ctid::text || xmin::text, ',' order by ctid) as rows from ${name}`,
  )
  return JSON.stringify(await owner.unsafe(versions.join(' union all ')))
}
