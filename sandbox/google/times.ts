import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { instantOf, isDate, isIanaZone, isWallTime, wallTimeOf, withOffset } from '../zones.ts'
import { GoogleError, invalid } from './errors.ts'

export type Time = calendar_v3.Schema$EventDateTime

const dateTimePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i
const mixed = 'Start and end times must either both be date or both be dateTime.'

/** Brings a start or end into the form it is answered in: a date, or a time with its offset and zone. */
export function normaliseTime(time: Time, calendarZone: string, member: 'start' | 'end'): Time {
  const { date, dateTime, timeZone } = time
  if (date && dateTime)
    throw invalid(`Invalid ${member} time: exactly one of date and dateTime is allowed.`, member)
  if (date) {
    if (!isDate(date) || !isTold(date)) throw badFormat(date, `${member}.date`)
    return { date }
  }
  if (!dateTime) throw new GoogleError(400, 'required', `Missing ${member} time.`)
  if (timeZone && !isIanaZone(timeZone))
    throw invalid(`Invalid time zone definition for ${member} time.`, `${member}.timeZone`)
  return {
    dateTime: withOffset(instantOfText(dateTime, timeZone, member), calendarZone),
    timeZone: timeZone || calendarZone,
  }
}

/** The start and end of an event in the form they are answered in, the end not before the start. */
export function normaliseTimes(
  wished: { start?: Time | null; end?: Time | null },
  calendarZone: string,
  isSeries: boolean,
): { start: Time; end: Time } {
  const [start, end] = (['start', 'end'] as const).map((member) => {
    const time = wished[member]
    if (!time) throw new GoogleError(400, 'required', `Missing ${member} time.`)
    if (isSeries && time.dateTime && !time.timeZone)
      throw new GoogleError(400, 'required', `Missing time zone definition for ${member} time.`)
    return normaliseTime(time, calendarZone, member)
  })
  if (start === undefined || end === undefined || Boolean(start.date) !== Boolean(end.date))
    throw invalid(mixed)
  const lengthMs = instantOfTime(end, calendarZone) - instantOfTime(start, calendarZone)
  // Google lets a timed event be empty, but an all-day one ends on a later day.
  if (lengthMs < 0 || (lengthMs === 0 && start.date)) {
    throw new GoogleError(400, 'timeRangeEmpty', 'The specified time range is empty.', { domain: 'calendar' })
  }
  return { start, end }
}

/** The instant a start or end stands for; a date begins at midnight of the calendar's zone. */
export function instantOfTime(time: Time | undefined, calendarZone: string): number {
  if (time?.date) return instantOf(`${time.date}T00:00:00`, calendarZone)
  return Date.parse(time?.dateTime ?? '')
}

/** The wall time of a start or end in its own zone, or its date. */
export function wallOfTime(time: Time | undefined, calendarZone: string): string {
  if (time?.date) return time.date
  return wallTimeOf(Date.parse(time?.dateTime ?? ''), time?.timeZone || calendarZone)
}

/** A wall time (or date) written as a start or end. */
export function timeOfWall(wall: string, zone: string, calendarZone: string): Time {
  if (wall.length === 10) return { date: wall }
  return { dateTime: withOffset(instantOf(wall, zone), calendarZone), timeZone: zone }
}

/** The part of an instance's id that names its original start. */
export function stampOfTime(time: Time): string {
  if (time.date) return time.date.replaceAll('-', '')
  return `${new Date(Date.parse(time.dateTime ?? '')).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

/** Says whether two starts are the same slot of a series, in whatever zone they are written. */
export function isSameTime(a: Time | undefined, b: Time | undefined): boolean {
  if (a?.date || b?.date) return a?.date === b?.date
  return Date.parse(a?.dateTime ?? '') === Date.parse(b?.dateTime ?? '')
}

function instantOfText(dateTime: string, timeZone: string | null | undefined, member: string): number {
  if (!dateTimePattern.test(dateTime) || !isWallTime(dateTime) || !isTold(dateTime))
    throw badFormat(dateTime, `${member}.dateTime`)
  if (/(Z|[+-]\d{2}:?\d{2})$/i.test(dateTime)) {
    const instantMs = Date.parse(dateTime)
    if (Number.isNaN(instantMs)) throw badFormat(dateTime, `${member}.dateTime`)
    return Math.floor(instantMs / 1000) * 1000
  }
  if (!timeZone) throw new GoogleError(400, 'required', `Missing time zone definition for ${member} time.`)
  return instantOf(dateTime.length === 16 ? `${dateTime}:00` : dateTime, timeZone)
}

/** No zone carries these years beyond four digits. */
function isTold(text: string): boolean {
  const year = Number(text.slice(0, 4))
  return year >= 1 && year <= 9998
}

function badFormat(text: string, location: string): GoogleError {
  return invalid(`Invalid value for: Invalid format: "${text}"`, location)
}
