import { sql } from 'drizzle-orm'
import type { Db } from './connection.ts'
import { assigneesIn } from './entry-versions.ts'
import { markEntriesPending } from './pending.ts'
import type { Cause } from './schedule-entries.ts'
import { hasWords, wordless } from './wordless.ts'

export interface Forgotten {
  /** Entries that changed by it, with their new version. */
  entries: { id: string; version: number }[]
  /** Providers that hold copies of them. */
  providerIds: string[]
}

/**
 * These events no longer enter with their words: what was stored of them goes, in a constant number of statements. Entries
 * that came from them take a version without words, their older versions keep who and when; bases, conflicts and settled
 * writes lose theirs. An entry whose original shows its words in another calendar of the member keeps them.
 */
export async function forgetWords(
  db: Db,
  provider: { id: string; tenantId: string },
  externalIds: string[],
  cause: Cause,
  now: Date,
): Promise<Forgotten> {
  if (externalIds.length === 0) return { entries: [], providerIds: [] }
  const ids = await entriesFrom(db, provider.id, externalIds)
  await forgetInPairs(db, provider.id, externalIds, ids)
  const at = now.toISOString()
  const by = JSON.stringify(cause)
  await db.execute(sql`
    update entry_versions set content = content || ${wordless}::jsonb, erased_at = ${at}
    where entry_id = any(${sql.param(ids)}::uuid[]) and ${hasWords(sql`content`)}`)
  await db.execute(sql`
    update schedule_entries set content = content || ${wordless}::jsonb
    where id = any(${sql.param(ids)}::uuid[]) and deleted_at is not null and ${hasWords(sql`content`)}`)
  const entries = await db.execute<{ id: string; version: number }>(sql`
    with changed as (
      update schedule_entries set content = content || ${wordless}::jsonb, version = version + 1,
        changed_by = ${by}::jsonb, updated_at = ${at}
      where id = any(${sql.param(ids)}::uuid[]) and deleted_at is null and ${hasWords(sql`content`)}
      returning id, version, tenant_id, content, status, original_start
    ), versions as (
      insert into entry_versions (entry_id, version, tenant_id, content, deleted, status, assignees, original_start, cause, at)
      select id, version, tenant_id, content, false, status, ${assigneesIn(sql`changed.id`)}, original_start, ${by}::jsonb, ${at}
      from changed
    )
    select id, version from changed`)
  const providerIds = await markEntriesPending(db, provider.tenantId, ids, null)
  return { entries: [...entries], providerIds }
}

/** The entries that these events brought, with the changed occurrences of those that are series. */
async function entriesFrom(db: Db, providerId: string, externalIds: string[]): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    with brought as (
      select m.entry_id as id from mappings m
      where m.provider_id = ${providerId}::uuid and m.external_id = any(${sql.param(externalIds)}::text[])
        and m.origin = 'external' and m.entry_id is not null
        and not exists (
          select 1 from mappings o join external_events x on x.provider_id = o.provider_id and x.external_id = o.external_id
          where o.entry_id = m.entry_id and o.provider_id <> m.provider_id and o.origin = 'external'
            and o.state in ('active', 'conflict') and x.enters_as = 'full' and not x.deleted)
    )
    select id from schedule_entries where id in (select id from brought)
    union
    select id from schedule_entries where series_id in (select id from brought)`)
  return rows.map((row) => row.id)
}

/** What pairs, conflicts and settled writes still say. A base elsewhere stays until its copy has taken the new words. */
async function forgetInPairs(
  db: Db,
  providerId: string,
  externalIds: string[],
  entryIds: string[],
): Promise<void> {
  const events = sql`any(${sql.param(externalIds)}::text[])`
  const entries = sql`any(${sql.param(entryIds)}::uuid[])`
  await db.execute(sql`
    update mappings set base_entry = base_entry || ${wordless}::jsonb, base_external = base_external || ${wordless}::jsonb
    where origin = 'external' and provider_id = ${providerId}::uuid and (external_id = ${events} or entry_id = ${entries})
      and (${hasWords(sql`base_entry`)} or ${hasWords(sql`base_external`)})`)
  await db.execute(sql`
    update conflicts set base = base || ${wordless}::jsonb, schedule = schedule || ${wordless}::jsonb,
      external = case when provider_id = ${providerId}::uuid or resolved_at is not null
        then external || ${wordless}::jsonb else external end
    where entry_id = ${entries} or mapping_id in (
      select id from mappings where provider_id = ${providerId}::uuid and external_id = ${events} and origin = 'external')`)
  // A copy that is gone takes no new words any more.
  await db.execute(sql`
    update external_events x set content = x.content || ${wordless}::jsonb
    from mappings m where m.entry_id = ${entries} and x.provider_id = m.provider_id and x.external_id = m.external_id
      and x.deleted and ${hasWords(sql`x.content`)}`)
  await db.execute(sql`
    update intents set fields = '{}'::jsonb, projection = projection || ${wordless}::jsonb
    where mapping_id in (select id from mappings where entry_id = ${entries})
      and state in ('done', 'failed', 'dropped') and ${hasWords(sql`projection`)}`)
  // A create that the vendor refused for now is sent without them, or keeps none when it is dropped.
  await db.execute(sql`
    update intents set fields = fields || ${wordless}::jsonb, projection = projection || ${wordless}::jsonb
    where mapping_id in (select id from mappings where entry_id = ${entries})
      and kind = 'create' and state = 'planned' and ${hasWords(sql`projection`)}`)
}
