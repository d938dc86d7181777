import { allAccounts } from '../accounts.ts'
import type { Log } from '../log.ts'
import { nowOf, type World } from '../world.ts'

/** A text that differs whenever the pages may show something else than before; cheap, since open pages ask often. */
export function stampOf(world: World): string {
  const { state, requests, mail, delivery, faults, snapshots, counters } = world
  const call = newestOf(requests)
  const parts = [
    counters.version,
    counters.epoch,
    allAccounts(world).map(({ calendars }) => calendars.size),
    [call?.number, call?.record.status],
    newestOf(delivery.log)?.number,
    newestOf(mail)?.number,
    faults.list().map(({ id, seen, fired }) => [id, seen, fired]),
    snapshots.size,
    [state.switches.size, state.channels.size, state.subscriptions.size],
    // The line that says what time it is moves with the minute.
    [Math.floor(nowOf(world) / 60_000), world.clock.isFrozen()],
  ]
  return JSON.stringify(parts)
}

function newestOf<T>(log: Log<T>): { number: number; record: T } | undefined {
  for (const newest of log.newest()) return newest
  return undefined
}
