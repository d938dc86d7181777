import { textOf, type JsonObject } from '../../json.ts'
import { addDays, isDate, isWallTime } from '../../zones.ts'
import { typedOf, type Typed } from './event-form.ts'
import type { Place } from './place.ts'
import { later, type Times } from './times.ts'

/** The form of a new event, with the times that a click or a drag on the calendar chose. */
export function newTyped(query: JsonObject, place: Place, now: string): Typed {
  return typedOf({
    title: '',
    times: timesAsked(textOf(query['start']) ?? '', textOf(query['end']) ?? '', place, now),
    location: '',
    notes: '',
    repeat: { kind: 'none' },
    isFree: false,
    isPrivate: false,
    guests: [],
  })
}

function timesAsked(start: string, end: string, place: Place, now: string): Times {
  if (start.length === 10 && isDate(start)) {
    const isLater = isDate(end) && end > start
    return { isAllDay: true, start, end: isLater ? end : addDays(start, 1) }
  }
  if (start.length === 16 && isWallTime(start)) {
    const isLater = end.length === 16 && isWallTime(end) && end > start
    return { isAllDay: false, start, end: isLater ? end : later(start, 60) }
  }
  // The next whole hour, of today when it is shown and else of the day that is.
  const hour = later(`${now.slice(0, 13)}:00`, 60)
  const begins = place.date === now.slice(0, 10) ? hour : `${place.date}T09:00`
  return { isAllDay: false, start: begins, end: later(begins, 60) }
}
