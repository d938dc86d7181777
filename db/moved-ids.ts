import { sql } from 'drizzle-orm'
import type { Db } from './connection.ts'
import { predecessorsOf } from './predecessors.ts'

/** A whole event that the vendor knows by another id from now on. */
export interface MovedId {
  from: string
  to: string
}

/**
 * What is stored under these ids, and all that speaks of it, goes by the new ones, and with a series its slots: events, pairs
 * (those of when the calendar was connected before too), marks and what could not be read. Intents, conflicts and losses hang
 * on the pair. The vendor's own ids of occurrences are forgotten, for they have changed too. One statement.
 */
export async function moveIds(db: Db, providerId: string, moves: MovedId[]): Promise<void> {
  if (moves.length === 0) return
  const whole = (column: string) => sql.raw(`split_part(${column}, '#', 1)`)
  const there = (column: string) => sql.raw(`moved.new_id || substr(${column}, length(moved.old_id) + 1)`)
  await db.execute(sql`
    with moved as (
      select r."from" as old_id, r."to" as new_id from jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as r("from" text, "to" text)
    ), pairs as (
      update mappings m set external_id = ${there('m.external_id')}
      from moved where m.provider_id = any(array(select ${providerId}::uuid union all ${predecessorsOf(providerId)}))
        and ${whole('m.external_id')} = moved.old_id
    ), marks as (
      update pending p set subject_id = ${there('p.subject_id')}
      from moved where p.provider_id = ${providerId}::uuid and p.kind = 'external' and ${whole('p.subject_id')} = moved.old_id
    ), unread as (
      update quarantine q set external_id = ${there('q.external_id')}
      from moved where q.provider_id = ${providerId}::uuid and ${whole('q.external_id')} = moved.old_id
    )
    update external_events x set external_id = ${there('x.external_id')}, vendor_id = null,
      series_external_id = case when x.series_external_id is null then null else moved.new_id end
    from moved where x.provider_id = ${providerId}::uuid and ${whole('x.external_id')} = moved.old_id`)
}
