/**
 * The events of one calendar with the order in which they last changed. It is plain data; an event is replaced on a change and never edited in place.
 */
export interface EventLog<E> {
  /** The number of the latest change. */
  sequence: number
  entries: Map<string, Entry<E>>
  /** Ids in order of first appearance. An id keeps its place, so a page can go on where the last one ended. */
  births: string[]
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
    births: born.map(([id]) => id),
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
  const known = log.entries.get(id)
  if (known === undefined) log.births.push(id)
  const entry = { event, sequence: log.sequence, bornAt: known?.bornAt ?? log.sequence }
  log.entries.set(id, {
    ...entry,
    ...(extents === undefined ? {} : { extents }),
    ...(past === undefined ? {} : { past }),
  })
  log.changes.push({ sequence: log.sequence, id })
  if (log.changes.length > 1000 && log.changes.length > log.entries.size * 2) compact(log)
}

/** The entries whose latest change lies after one number and not after another, oldest change first. */
export function* changesBetween<E>(
  log: EventLog<E>,
  after: number,
  until: number,
): Generator<{ id: string; entry: Entry<E> }> {
  for (let index = firstAfter(log, after); index < log.changes.length; index += 1) {
    const change = log.changes[index]
    if (change === undefined || change.sequence > until) return
    const entry = log.entries.get(change.id)
    if (entry !== undefined && entry.sequence === change.sequence) yield { id: change.id, entry }
  }
}

function firstAfter<E>(log: EventLog<E>, after: number): number {
  let low = 0
  let high = log.changes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const change = log.changes[middle]
    if (change !== undefined && change.sequence <= after) low = middle + 1
    else high = middle
  }
  return low
}

function compact<E>(log: EventLog<E>): void {
  log.changes = log.changes.filter((change) => log.entries.get(change.id)?.sequence === change.sequence)
}
