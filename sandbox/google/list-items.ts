import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import type { Entry } from '../event-log.ts'
import { exceptionsOf } from './exceptions.ts'
import { endedWith, isPurged, masterOf } from './find-event.ts'
import { isWanted } from './list-filter.ts'
import type { Round } from './list-round.ts'
import type { ListQuery } from './query.ts'
import { tombstone } from './render.ts'
import {
  findInstance,
  instanceAt,
  isMaster,
  slotsOf,
  type Place,
  type Repeating,
  type Span,
} from './series.ts'
import { googleSwitch } from './switches.ts'
import { instantOfTime } from './times.ts'
import type { GoogleEvent } from './types.ts'

export type Item = calendar_v3.Schema$Event

/** A request for events: where, which, and how far it has come. */
export interface Listing {
  place: Place
  query: ListQuery
  round: Round
}

/**
 * What one kept event contributes to a list: nothing, itself, or the instances of a series. An instance that comes by
 * itself, because somebody touched it, leaves a null in its place: on the page before it may have been untouched.
 */
export function itemsOf(listing: Listing, entry: Entry<GoogleEvent>): Iterable<Item | null> {
  const { place, query, round } = listing
  const { event } = entry
  if (!isWanted(place.world.state, event, query)) return none
  // A sync token outlives no deletion, however soon deletions are forgotten.
  if (round.after === null && isPurged(place, event)) return none
  if (event.recurringEventId) return itemsOfInstance(listing, entry)
  if (query.singleEvents && (isMaster(event) || wasMaster(listing, entry)))
    return itemsOfSeries(listing, entry)
  return event.status === 'cancelled' ? deletedItem(listing, entry) : liveItem(listing, entry)
}

// Lists rather than generators, since most events contribute themselves alone and there are many of them.
const none: readonly Item[] = []

function itemsOfInstance(listing: Listing, entry: Entry<GoogleEvent>): readonly Item[] {
  const { place, query } = listing
  const { event } = entry
  const master = masterOf(place, event)
  if (master?.status === 'cancelled') {
    // The end of a series is told by its master alone, unless only instances are told of.
    return query.singleEvents ? deletedItem(listing, { ...entry, event: endedWith(master, event) }) : none
  }
  if (event.status !== 'cancelled') return liveItem(listing, entry)
  const isNeeded = master !== undefined && !query.singleEvents
  return isNeeded ? goneItem(listing, entry) : deletedItem(listing, entry)
}

/** A cancelled instance is an exception its series needs, whether or not deleted events are asked for. */
function goneItem({ place, query, round }: Listing, entry: Entry<GoogleEvent>): readonly Item[] {
  if (!liesOrLay(place, entry, round)) return none
  return [query.showDeleted ? entry.event : tombstone(entry.event)]
}

function deletedItem(listing: Listing, entry: Entry<GoogleEvent>): readonly Item[] {
  return tellsDeleted(listing) ? goneItem(listing, entry) : none
}

function tellsDeleted({ query, round }: Listing): boolean {
  return query.showDeleted || round.after !== null || query.updatedFromMs !== undefined
}

function liveItem({ place, round }: Listing, entry: Entry<GoogleEvent>): readonly Item[] {
  const { event } = entry
  if (lies(place, event, round)) return [event]
  if (!liesOrLay(place, entry, round)) return none
  const isToldAsGone = googleSwitch(place.world.state, 'movedOutOfWindow') === 'as cancelled'
  return [isToldAsGone ? tombstone({ ...event, status: 'cancelled' }) : event]
}

/** The instances of a series, and in an incremental list those it no longer has. */
function* itemsOfSeries(listing: Listing, entry: Entry<GoogleEvent>): Generator<Item | null> {
  const { place, query, round } = listing
  const { event: master } = entry
  const isLive = master.status !== 'cancelled'
  const told = new Set<string>()
  if (isLive && !isMaster(master)) {
    yield* liveItem(listing, entry)
    told.add(master.id)
  }
  if (isLive || tellsDeleted(listing)) {
    for (const wall of isMaster(master) ? slotsOf(place, master, spanOf(round)) : []) {
      const instance = instanceAt(place.calendar, master, wall)
      told.add(instance.id)
      if (isTouched(place, master.id, instance.id)) yield null
      else yield isLive || query.showDeleted ? instance : tombstone(instance)
    }
  }
  if (round.after === null) return
  yield* lostInstances(listing, entry, told)
  if (!isLive) yield* lostExceptions(listing, master, round.after)
}

/** What a follower of instances knows by an earlier state of a series and must forget. */
function* lostInstances(
  { place, round }: Listing,
  { event, past = [] }: Entry<GoogleEvent>,
  told: Set<string>,
): Generator<Item | null> {
  const gone = { ...event, status: 'cancelled' }
  for (const { until, was } of past) {
    if (until < round.since) continue
    const earlier: Repeating = { id: event.id, ...was }
    if (!isMaster(earlier)) {
      if (!told.has(event.id) && lies(place, earlier, round)) yield tombstone(gone)
      told.add(event.id)
      continue
    }
    for (const wall of slotsOf(place, earlier, spanOf(round))) {
      const instance = instanceAt(place.calendar, { ...gone, ...was }, wall)
      if (told.has(instance.id)) continue
      told.add(instance.id)
      yield isHeld(place, instance.id) ? null : tombstone(instance)
    }
  }
}

/** The exceptions of a deleted series; one that changed after the token too comes by itself. */
function* lostExceptions(listing: Listing, master: GoogleEvent, after: number): Generator<Item | null> {
  const { entries } = listing.place.calendar.log
  for (const { id } of exceptionsOf(listing.place, master.id)) {
    const entry = entries.get(id)
    if (entry === undefined || entry.sequence > after) yield null
    else yield* deletedItem(listing, { ...entry, event: endedWith(master, entry.event) })
  }
}

/** Says whether somebody changed or cancelled an instance, which then is an event of its own. */
function isTouched({ calendar }: Place, masterId: string, id: string): boolean {
  return calendar.log.entries.get(id)?.event.recurringEventId === masterId
}

/** Says whether an id is told of elsewhere: by an exception, or by the later part of a series that was split. */
function isHeld(place: Place, id: string): boolean {
  const kept = place.calendar.log.entries.get(id)?.event
  if (kept?.recurringEventId) return true
  const instance = findInstance(place, id)
  return instance !== undefined && instance.status !== 'cancelled'
}

function wasMaster({ round }: Listing, { past = [] }: Entry<GoogleEvent>): boolean {
  return round.after !== null && past.some(({ until, was }) => until >= round.since && isMaster(was))
}

/** Says whether something lies in the window of a round, or did when the round's token was given out. */
function liesOrLay(place: Place, { event, past = [] }: Entry<GoogleEvent>, round: Round): boolean {
  if (lies(place, event, round) || event.start === undefined) return true
  if (round.after === null) return false
  if (past.some(({ until, was }) => until >= round.since && lies(place, { id: event.id, ...was }, round)))
    return true
  // Before it was touched an instance lay where its series has it.
  const { originalStartTime } = event
  return (
    originalStartTime !== undefined &&
    lies(place, { ...event, start: originalStartTime, end: originalStartTime }, round)
  )
}

/** Says whether a single event overlaps the window of a round, or any instance of a series does. */
function lies(place: Place, event: Repeating, round: Round): boolean {
  const span = spanOf(round)
  if (span.from === -Infinity && span.to === Infinity) return true
  if (isMaster(event)) return !slotsOf(place, event, span).next().done
  const { timeZone } = place.calendar
  const startMs = instantOfTime(event.start, timeZone)
  const endMs = Math.max(instantOfTime(event.end, timeZone), startMs + 1)
  return startMs < span.to && endMs > span.from
}

function spanOf({ fromMs, toMs }: Round): Span {
  return { from: fromMs, to: toMs }
}
