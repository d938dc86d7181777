import { newMicrosoftCalendarId } from '../accounts.ts'
import { eventLogOf } from '../event-log.ts'
import { alphanumeric } from '../random.ts'
import type { World } from '../world.ts'
import { coreOf, itemOf } from './ids.ts'
import { removeSubscriptionsOf } from './lifecycle.ts'
import { movesOf } from './store.ts'
import type { MicrosoftAccount, MicrosoftCalendar } from './types.ts'

/** What a move changes: the default ids alone, or the immutable ones and those of calendars too. */
export type MovedIds = 'default' | 'all'

/**
 * Moves a mailbox as Microsoft does between its servers, or, with all ids, between tenants. Old ids lead nowhere from then
 * on and delta tokens are dead; a move with all ids ends subscriptions too.
 * https://learn.microsoft.com/graph/outlook-immutable-id
 */
export function moveMailbox(world: World, account: MicrosoftAccount, ids: MovedIds): MicrosoftAccount {
  const moves = movesOf(account) + 1
  const cores = new Map<string, string>()
  const newCoreOf = (core: string): string => {
    const item = ids === 'all' ? world.random.text(itemOf(core).length, alphanumeric) : itemOf(core)
    const known = cores.get(core) ?? coreOf(item, moves)
    cores.set(core, known)
    return known
  }
  const moved = (calendar: MicrosoftCalendar): MicrosoftCalendar => {
    const id = ids === 'all' ? newMicrosoftCalendarId(world) : calendar.id
    const entries = [...calendar.log.entries].map(([core, entry]) => {
      const changed = newCoreOf(core)
      return [changed, { ...entry, event: { ...entry.event, core: changed } }] as const
    })
    return { ...calendar, id, log: eventLogOf(new Map(entries)) }
  }
  const byId = (calendars: Iterable<MicrosoftCalendar>): Map<string, MicrosoftCalendar> =>
    new Map([...calendars].map(moved).map((calendar) => [calendar.id, calendar]))

  const calendars = byId(account.calendars.values())
  // What was removed stays behind when everything becomes another.
  const removed = ids === 'all' ? new Map<string, MicrosoftCalendar>() : byId(account.removed.values())
  const homes = new Map<string, string>()
  for (const { id, log } of [...calendars.values(), ...removed.values()])
    for (const core of log.entries.keys()) homes.set(core, id)
  const transactions = new Map(
    [...account.transactions].map(([transaction, core]) => [transaction, newCoreOf(core)]),
  )
  const there = { ...account, moves, calendars, removed, homes, transactions }
  // As another state it is written down anew, without the old ids.
  world.state = { ...world.state }
  world.state.microsoft.set(account.email, there)
  if (ids === 'all') removeSubscriptionsOf(world, account.email, null)
  return there
}
