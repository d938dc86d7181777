import { sql } from 'drizzle-orm'
import type { Db } from './connection.ts'
import { pending, type Pending } from './pending.ts'
import type { Provider } from './providers.ts'

/** Open conflicts that pause the whole provider, as its policy (`pauseScope`) says. */
export interface ConflictPause {
  conflicts: number
  /** When the oldest of them was detected. */
  since: Date
}

/** What pauses these providers, by provider; one that nothing pauses is not named. */
export async function conflictPauses(db: Db, providerIds: string[]): Promise<Map<string, ConflictPause>> {
  if (providerIds.length === 0) return new Map()
  const rows = await db.execute<{ id: string; conflicts: number; since: string }>(sql`
    select p.id, count(*)::int as conflicts, min(c.detected_at) as since
    from providers p join conflicts c on c.provider_id = p.id and c.resolved_at is null
    where p.id = any(${sql.param(providerIds)}::uuid[]) and p.policies ->> 'pauseScope' = 'provider'
    group by p.id`)
  return new Map(rows.map(({ id, conflicts, since }) => [id, { conflicts, since: new Date(since) }]))
}

/** What pauses a provider that was just read; one whose conflicts pause their own pairs alone costs no statement. */
export async function conflictPauseOf(
  db: Db,
  { id, policies }: Pick<Provider, 'id' | 'policies'>,
): Promise<ConflictPause | undefined> {
  return policies.pauseScope === 'provider' ? (await conflictPauses(db, [id])).get(id) : undefined
}

/** The next marks of pairs in conflict after a number, oldest first: all that a paused provider decides. */
export async function nextInConflict(
  db: Db,
  providerId: string,
  after: number,
  limit: number,
): Promise<Pending[]> {
  return db
    .select()
    .from(pending)
    .where(
      sql`${pending.providerId} = ${providerId}::uuid and ${pending.mark} > ${after} and ${pending.subjectId} in (
        select unnest(array[m.entry_id::text, m.external_id]) from conflicts c join mappings m on m.id = c.mapping_id
        where c.provider_id = ${providerId}::uuid and c.resolved_at is null)`,
    )
    .orderBy(pending.mark)
    .limit(limit)
}
