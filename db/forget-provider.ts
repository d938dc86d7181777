import { eq, sql } from 'drizzle-orm'
import type { EventContent } from '../domain/event.ts'
import type { Db } from './connection.ts'
import { oauthStates } from './oauth-states.ts'
import { providerCredentials } from './provider-credentials.ts'

/** Why a pair rests whose provider was deleted. */
export const disconnected = 'The provider was deleted.'

/** The tokens of a provider, and the consents under way that would bring new ones. */
export async function deleteSecrets(db: Db, providerId: string): Promise<void> {
  await db.delete(providerCredentials).where(eq(providerCredentials.providerId, providerId))
  await db.delete(oauthStates).where(eq(oauthStates.providerId, providerId))
}

/** A pair with what it still says. */
export interface StandingPair {
  id: string
  generation: number
  baseEntry: EventContent | null
  baseExternal: EventContent | null
}

/** The next pairs of a deleted provider that still hold words, or stand. */
export async function nextStanding(db: Db, providerId: string, limit: number): Promise<StandingPair[]> {
  const rows = await db.execute<{ row: StandingPair }>(sql`
    select jsonb_build_object('id', id, 'generation', generation, 'baseEntry', base_entry, 'baseExternal', base_external) as row from mappings
    where provider_id = ${providerId}::uuid
      and (state <> 'retired' or base_entry is not null or base_external is not null)
    order by id limit ${limit}`)
  return rows.map(({ row }) => row)
}

export interface RetiredPair {
  id: string
  /** Takes the place of the event's id where none is known. */
  createKey: string
  entryHash: string | null
  externalHash: string | null
}

/** Pairs end with their ids and hashes alone. One that ended before its provider did is not taken up on a return. */
export async function retirePairs(db: Db, pairs: RetiredPair[], now: Date): Promise<void> {
  await db.execute(sql`
    update mappings m set state = 'retired', base_entry = null, base_external = null, updated_at = ${now.toISOString()},
      reason = case when m.state = 'retired' then m.reason else ${disconnected} end,
      external_id = coalesce(m.external_id, p."createKey"), entry_hash = p."entryHash", external_hash = p."externalHash"
    from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as p(id uuid, "createKey" text, "entryHash" text, "externalHash" text)
    where m.id = p.id`)
}

/** What a provider alone has use for, with everything that says what its events say. Runs and their numbers stay. */
const forgotten = [
  'external_events',
  'intents',
  'conflicts',
  'quarantine',
  'losses',
  'brakes',
  'pending',
  'upkeep',
  'previews',
  'vendor_turns',
  'cursors',
]

/** Deletes the next rows of a deleted provider; true when there are no more. */
export async function forgetRows(db: Db, providerId: string, limit: number): Promise<boolean> {
  let left = limit
  for (const table of forgotten) {
    const name = sql.identifier(table)
    const gone = await db.execute(sql`
      delete from ${name} where ctid = any(array(
        select ctid from ${name} where provider_id = ${providerId}::uuid limit ${left})) returning 1`)
    left -= gone.length
    if (left <= 0) return false
  }
  return true
}
