/**
 * The events of one calendar with the order in which they last changed. It is plain data; an event is replaced on a change and never edited in place.
 */
export interface EventLog<E> {
  /** The number of the latest change. */
  sequence: number
  entries: Map<string, Entry<E>>
  /** Entries in order of first appearance. Each keeps its place, so a page can go on where the last one ended. */
  births: Entry<E>[]
  /** Changes in order. Only an id's latest change counts; older ones are left behind until a compaction. */
  changes: { sequence: number; id: string }[]
}

export interface Entry<E> {
  event: E
  sequence: number
  bornAt: number
  /** Where the event lay before changes that moved it, oldest first; kept where a vendor tells of it. */
  extents?: readonly Extent[]
  /** What the event was before changes of its times, oldest first; kept where a vendor tells of it. */
  past?: readonly Past<E>[]
}

/** A part of what an event was, and the number of the last change before which it was so. */
export interface Past<E> {
  until: number
  was: Partial<E>
}

/** A stretch of time something lay in, and the number of the change that ended it. */
export interface Extent {
  until: number
  fromMs: number
  toMs: number
}

export function createEventLog<E>(): EventLog<E> {
  return { sequence: 0, entries: new Map(), births: [], changes: [] }
}

/** A log from its entries, in whatever order they come. */
export function eventLogOf<E>(entries: Map<string, Entry<E>>): EventLog<E> {
  const born = [...entries].toSorted(([, a], [, b]) => a.bornAt - b.bornAt)
  const changes = born.map(([id, { sequence }]) => ({ sequence, id }))
  changes.sort((a, b) => a.sequence - b.sequence)
  return {
    sequence: changes.at(-1)?.sequence ?? 0,
    entries: new Map(born),
    births: born.map(([, entry]) => entry),
    changes,
  }
}

/** A log with the same events that goes its own way from here; the events themselves are never edited and are shared. */
export function copyEventLog<E>(log: EventLog<E>): EventLog<E> {
  return {
    sequence: log.sequence,
    entries: new Map(log.entries),
    births: [...log.births],
    changes: [...log.changes],
  }
}

/** Stores an event and notes the change. */
export function record<E>(
  log: EventLog<E>,
  id: string,
  event: E,
  extents?: readonly Extent[],
  past?: readonly Past<E>[],
): void {
  log.sequence += 1
  const bornAt = log.entries.get(id)?.bornAt ?? log.sequence
  const entry: Entry<E> = {
    event,
    sequence: log.sequence,
    bornAt,
    ...(extents === undefined ? {} : { extents }),
    ...(past === undefined ? {} : { past }),
  }
  log.entries.set(id, entry)
  log.births[firstAfter(log.births, bornAt - 1, (born) => born.bornAt)] = entry
  log.changes.push({ sequence: log.sequence, id })
  if (log.changes.length > 1000 && log.changes.length > log.entries.size * 2) compact(log)
}

/** The entries whose latest change lies after one number and not after another, oldest change first. */
export function* changesBetween<E>(
  log: EventLog<E>,
  after: number,
  until: number,
): Generator<{ id: string; entry: Entry<E> }> {
  for (
    let index = firstAfter(log.changes, after, (change) => change.sequence);
    index < log.changes.length;
    index += 1
  ) {
    const change = log.changes[index]
    if (change === undefined || change.sequence > until) return
    const entry = log.entries.get(change.id)
    if (entry !== undefined && entry.sequence === change.sequence) yield { id: change.id, entry }
  }
}

/** Where in a list that is in order of a number those begin whose number is larger than a given one. */
function firstAfter<T>(list: readonly T[], after: number, numberOf: (item: T) => number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = list[middle]
    if (item !== undefined && numberOf(item) <= after) low = middle + 1
    else high = middle
  }
  return low
}

function compact<E>(log: EventLog<E>): void {
  log.changes = log.changes.filter((change) => log.entries.get(change.id)?.sequence === change.sequence)
}
