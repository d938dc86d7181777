import { hasOccurrenceAt } from '../recurrence.ts'
import { keepEvent, newEtag } from './keep-event.ts'
import { isMaster, seriesOf, type Place } from './series.ts'
import { googleSwitch } from './switches.ts'
import { wallOfTime } from './times.ts'
import type { GoogleEvent } from './types.ts'

/** The changed and cancelled instances of a series. */
export function exceptionsOf({ calendar }: Pick<Place, 'calendar'>, masterId: string): GoogleEvent[] {
  const ids = calendar.exceptions.get(masterId) ?? new Set<string>()
  return [...ids].flatMap((id) => calendar.log.entries.get(id)?.event ?? [])
}

/**
 * Keeps the exceptions of a series in step with it when its start or rule has changed. An exception that is dropped
 * becomes a deleted event of its own, since the series has no such instance any more.
 */
export function keepExceptions(place: Place, before: GoogleEvent | undefined, after: GoogleEvent): void {
  const fate = googleSwitch(place.world.state, 'exceptionsOnRuleChange')
  if (before === undefined || after.status === 'cancelled') return
  if (before.status === 'cancelled') reviveExceptions(place, after)
  if (fate === 'keep all') return
  if (rhythmOf(before) === rhythmOf(after)) return
  for (const exception of exceptionsOf(place, after.id)) {
    if (fate === 'drop homeless' && hasSlotOf(place, after, exception)) continue
    dropException(place, exception, after.updated)
  }
}

/** Whoever forgot the exceptions with their series is told of them again; a gap was one all the time. */
function reviveExceptions(place: Place, { id, updated }: GoogleEvent): void {
  for (const exception of exceptionsOf(place, id)) {
    const isGap = exception.status === 'cancelled'
    keepEvent(place, isGap ? exception : { ...exception, etag: newEtag(place.world), updated })
  }
}

export function dropException(place: Place, exception: GoogleEvent, updated: string): void {
  const { originalStartTime: _start, recurringEventId, ...rest } = exception
  place.calendar.exceptions.get(recurringEventId ?? '')?.delete(exception.id)
  keepEvent(place, { ...rest, status: 'cancelled', etag: newEtag(place.world), updated })
}

/** Says whether a series still has the slot an exception stands in for. */
export function hasSlotOf(place: Place, master: GoogleEvent, { originalStartTime }: GoogleEvent): boolean {
  if (!isMaster(master) || originalStartTime === undefined) return false
  const series = seriesOf(place, master)
  const isAllDay = series.start.length === 10
  if (isAllDay !== Boolean(originalStartTime.date)) return false
  const slot = isAllDay ? originalStartTime : { ...originalStartTime, timeZone: series.zone }
  return hasOccurrenceAt(series, wallOfTime(slot, place.calendar.timeZone))
}

function rhythmOf({ start, recurrence }: GoogleEvent): string {
  return JSON.stringify([start?.date ?? start?.dateTime, start?.timeZone, recurrence])
}
