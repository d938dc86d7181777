import { sql } from 'drizzle-orm'
import type { Backlog } from '../domain/health.ts'
import type { Db } from './connection.ts'

/**
 * What of a provider waits, in one statement. A mark bears no time of its own: the one that was made first is as old as the
 * change it is about, by the entry's version or by when the vendor's event was seen.
 */
export async function backlogOf(db: Db, providerId: string): Promise<Backlog> {
  const [row] = await db.execute<{
    writes: number
    oldest_write: string | null
    marks: number
    oldest_change: string | null
  }>(sql`
    select
      (select count(*)::int from pending where provider_id = ${providerId}::uuid) as marks,
      (select coalesce(e.updated_at, x.observed_at)
        from (select * from pending where provider_id = ${providerId}::uuid order by mark limit 1) p
        left join schedule_entries e on e.id = case when p.kind = 'entry' then p.subject_id::uuid end
        left join external_events x on x.provider_id = p.provider_id and p.kind = 'external' and x.external_id = p.subject_id
      ) as oldest_change,
      count(*)::int as writes, min(created_at) as oldest_write
    from intents where provider_id = ${providerId}::uuid and state in ('planned', 'sent')`)
  return {
    writes: row?.writes ?? 0,
    oldestWriteAt: dateOf(row?.oldest_write),
    marks: row?.marks ?? 0,
    oldestChangeAt: dateOf(row?.oldest_change),
  }
}

const dateOf = (text: string | null | undefined): Date | null => (text ? new Date(text) : null)
