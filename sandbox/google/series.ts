import { occurrencesOf, type Series } from '../recurrence.ts'
import { addDays, wallTimeOf } from '../zones.ts'
import { instantOfTime, stampOfTime, timeOfWall, wallOfTime } from './times.ts'
import type { GoogleCalendar, GoogleEvent } from './types.ts'

/** Instances of a series that never ends are made up to this far ahead, as Google does not go on for ever either. */
const horizonMs = 3 * 366 * 86_400_000

export function isMaster(event: GoogleEvent): boolean {
  return (event.recurrence?.length ?? 0) > 0
}

export function seriesOf(calendar: GoogleCalendar, master: GoogleEvent): Series {
  return {
    start: wallOfTime(master.start, calendar.timeZone),
    zone: master.start?.timeZone ?? calendar.timeZone,
    lines: master.recurrence ?? [],
  }
}

/** The untouched instances of a series that overlap a span, in order. */
export function* instancesOf(
  calendar: GoogleCalendar,
  master: GoogleEvent,
  span: { from: number; to: number },
): Generator<GoogleEvent> {
  const series = seriesOf(calendar, master)
  const lengthMs =
    instantOfTime(master.end, calendar.timeZone) - instantOfTime(master.start, calendar.timeZone)
  const until = Math.min(
    span.to,
    instantOfTime(master.start, calendar.timeZone) + horizonMs,
    Number.MAX_SAFE_INTEGER,
  )
  for (const wall of occurrencesOf(series)) {
    const start = timeOfWall(wall, series.zone, calendar.timeZone)
    const startMs = instantOfTime(start, calendar.timeZone)
    if (startMs >= (span.to === Infinity ? until : span.to)) return
    if (startMs + lengthMs > span.from) yield instanceAt(calendar, master, wall)
  }
}

/** The instance an id names, untouched, if its series has an occurrence then. */
export function findInstance(calendar: GoogleCalendar, id: string): GoogleEvent | undefined {
  const parts = /^(.+)_(\d{8}(?:T\d{6}Z)?)$/.exec(id)
  const master = calendar.log.entries.get(parts?.[1] ?? '')?.event
  const stamp = parts?.[2]
  if (master === undefined || stamp === undefined || master.status === 'cancelled' || !isMaster(master))
    return undefined
  const series = seriesOf(calendar, master)
  for (const wall of occurrencesOf(series)) {
    const start = timeOfWall(wall, series.zone, calendar.timeZone)
    const candidate = stampOfTime(start)
    if (candidate === stamp) return instanceAt(calendar, master, wall)
    if (candidate.slice(0, 8) > stamp.slice(0, 8)) return undefined
  }
  return undefined
}

function instanceAt(calendar: GoogleCalendar, master: GoogleEvent, wall: string): GoogleEvent {
  const { recurrence: _recurrence, ...rest } = master
  const zone = master.start?.timeZone ?? calendar.timeZone
  const start = timeOfWall(wall, zone, calendar.timeZone)
  return {
    ...rest,
    id: `${master.id}_${stampOfTime(start)}`,
    recurringEventId: master.id,
    originalStartTime: start,
    start,
    end: endAfter(calendar, master, wall),
  }
}

/** An instance lasts as long as the series' first one: in days when all-day, in elapsed time otherwise. */
function endAfter(
  calendar: GoogleCalendar,
  master: GoogleEvent,
  wall: string,
): NonNullable<GoogleEvent['end']> {
  const zone = master.end?.timeZone ?? calendar.timeZone
  if (master.start?.date && master.end?.date) {
    const days = Math.round((Date.parse(master.end.date) - Date.parse(master.start.date)) / 86_400_000)
    return { date: addDays(wall, days) }
  }
  const lengthMs =
    instantOfTime(master.end, calendar.timeZone) - instantOfTime(master.start, calendar.timeZone)
  const start = timeOfWall(wall, master.start?.timeZone ?? calendar.timeZone, calendar.timeZone)
  return timeOfWall(
    wallTimeOf(instantOfTime(start, calendar.timeZone) + lengthMs, zone),
    zone,
    calendar.timeZone,
  )
}
