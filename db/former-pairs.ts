import { sql } from 'drizzle-orm'
import type { Db } from './connection.ts'
import { disconnected } from './forget-provider.ts'
import type { Mapping } from './mappings.ts'
import { predecessorsOf } from './predecessors.ts'

/** What stands for the id of an event whose create had no known outcome: the key that the event tells, where it came to be. */
export const keyed = (createKey: string): string => `key:${createKey}`
export const keyIn = (externalId: string | null): string | undefined =>
  externalId?.startsWith('key:') ? externalId.slice('key:'.length) : undefined

/** A pair of a deleted provider of the same calendar: ids, and hashes of what both sides last agreed on. */
export type FormerPair = Pick<Mapping, 'id' | 'entryId' | 'externalId' | 'origin' | 'generation'> & {
  entryHash: string | null
  externalHash: string | null
}

/** What stood between these events or entries and this calendar when it was connected before; the newest first. */
export async function formerPairs(
  db: Db,
  providerId: string,
  wanted: { externalIds: string[]; entryIds: string[] },
): Promise<FormerPair[]> {
  const { externalIds, entryIds } = wanted
  if (externalIds.length + entryIds.length === 0) return []
  const rows = await db.execute<FormerPair>(sql`
    select m.id, m.entry_id as "entryId", m.external_id as "externalId", m.origin, m.generation,
      m.entry_hash as "entryHash", m.external_hash as "externalHash"
    from mappings m where m.provider_id in (${predecessorsOf(providerId)})
      and m.reason = ${disconnected} and m.entry_id is not null
      and (m.external_id = any(${sql.param(externalIds)}::text[]) or m.entry_id = any(${sql.param(entryIds)}::uuid[]))
    order by m.updated_at desc`)
  return [...rows]
}
