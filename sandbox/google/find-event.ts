import { nowOf } from '../world.ts'
import { notFound } from './errors.ts'
import { isInstanceId } from './instance-ids.ts'
import { findInstance, type Place } from './series.ts'
import { googleSwitch } from './switches.ts'
import type { GoogleEvent } from './types.ts'

/** An event by id: one that is kept, deleted ones too while they are remembered, or an untouched instance of a series. */
export function existing(place: Place, id: string): GoogleEvent {
  const event = knownEvent(place, id)
  if (event === undefined || isPurged(place, event)) throw notFound()
  const master = masterOf(place, event)
  return master?.status === 'cancelled' ? endedWith(master, event) : event
}

/** An exception whose series was deleted: it does not outlive it, and ended when it did. */
export function endedWith({ etag, updated }: GoogleEvent, exception: GoogleEvent): GoogleEvent {
  return exception.status === 'cancelled' ? exception : { ...exception, status: 'cancelled', etag, updated }
}

/**
 * The same with those that have been forgotten. An exception that was dropped stands no longer for its slot, so when the
 * series has the slot again, it is as if nobody had touched it.
 */
export function knownEvent(place: Place, id: string): GoogleEvent | undefined {
  const kept = place.calendar.log.entries.get(id)?.event
  if (kept === undefined) return findInstance(place, id)
  const isDropped = kept.status === 'cancelled' && !kept.recurringEventId && isInstanceId(id)
  return isDropped ? (findInstance(place, id) ?? kept) : kept
}

/** The series of an instance, if the calendar has it; a guest of one instance has not. */
export function masterOf({ calendar }: Pick<Place, 'calendar'>, event: GoogleEvent): GoogleEvent | undefined {
  return calendar.log.entries.get(event.recurringEventId ?? '')?.event
}

/**
 * Says whether a deleted event has been forgotten; its id stays taken all the same. A cancelled instance is remembered as
 * long as its series.
 */
export function isPurged(place: Place, event: GoogleEvent): boolean {
  if (event.status !== 'cancelled') return false
  const days = googleSwitch(place.world.state, 'deletedRememberedDays')
  const master = masterOf(place, event)
  if (days === 'ever' || (master !== undefined && master.status !== 'cancelled')) return false
  return nowOf(place.world) - Date.parse(event.updated) > days * 86_400_000
}
