import { findProvider, type Provider } from '../../db/providers.ts'
import type { Performance } from './attempts.ts'

/** A provider that reads a mailbox, of whatever tenant. */
export interface Reader {
  provider: Provider
  isAwake: boolean
  /** It holds nothing, or something that is there and about to stay. */
  isShown: boolean
}

/**
 * Whoever looks at once after a move with every id finds the calendar by what it shows of theirs. One that shows nothing of what
 * a reader holds stays "not found", and one that moves before its return was seen is another one (docs/decisions/0019).
 */
export const isToBeKnown = ({ isAwake, isShown }: Reader): boolean => isAwake && isShown

/** All that read the mailbox of this provider. */
export async function readersOf(play: Performance, { vendor, accountEmail }: Provider): Promise<Reader[]> {
  const { world, revoked } = play
  const shown = new Set(
    (await world.control.events(vendor, accountEmail ?? '')).map(({ iCalUID }) => iCalUID),
  )
  const rows = await world.database.owner<Row[]>`
    select p.id, p.tenant_id as "tenantId", p.paused or not p.enabled or p.authorization <> 'connected' as "isHalted",
      array(
        select x.ical_uid from external_events x
        where x.provider_id = p.id and not x.deleted and x.kind <> 'occurrence' and x.ical_uid is not null
      ) as held,
      array(
        select x.ical_uid from external_events x join mappings m using (provider_id, external_id) join intents i on i.mapping_id = m.id
        where x.provider_id = p.id and x.ical_uid is not null and i.kind = 'delete' and i.state in ('planned', 'sent')
      ) as going,
      exists (select 1 from cursors c where c.provider_id = p.id and c.cursor is not null)
        or not exists (
          select 1 from providers before where before.account_id = p.account_id and before.deleted_at is not null
        ) as "isTakenUp"
    from providers p where p.vendor = ${vendor} and p.account_email = ${accountEmail} and p.deleted_at is null
    order by p.id`
  const readers: Reader[] = []
  for (const { id, tenantId, isHalted, held, going, isTakenUp } of rows) {
    const provider = await world.database.tenant(tenantId, (db) => findProvider(db, id))
    const isShown = held.length === 0 || held.some((uid) => shown.has(uid) && !going.includes(uid))
    if (provider)
      readers.push({ provider, isAwake: !isHalted && !revoked.has(id), isShown: isShown && isTakenUp })
  }
  return readers
}

interface Row {
  id: string
  tenantId: string
  isHalted: boolean
  held: string[]
  going: string[]
  /** Whoever was connected here before has been through a whole round since. */
  isTakenUp: boolean
}
