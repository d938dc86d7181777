import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { instantOf, isDate, isIanaZone, isWallTime, wallTimeOf, withOffset } from '../zones.ts'
import { invalid } from './errors.ts'

export type Time = calendar_v3.Schema$EventDateTime

const dateTimePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i

/** Brings a start or end into the form it is answered in: a date, or a time with its offset and zone. */
export function normaliseTime(time: Time, calendarZone: string): Time {
  const { date, dateTime, timeZone } = time
  if (date && dateTime) throw invalid('Invalid start/end: exactly one of date and dateTime is allowed.')
  if (date) {
    if (!isDate(date)) throw invalid(`Invalid value for: Invalid format: "${date}"`)
    return { date }
  }
  if (!dateTime) throw invalid('Start and end times must either both be date or both be dateTime.')
  if (timeZone && !isIanaZone(timeZone)) throw invalid(`Invalid time zone definition: ${timeZone}`)
  return {
    dateTime: withOffset(instantOfText(dateTime, timeZone), calendarZone),
    timeZone: timeZone || calendarZone,
  }
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

function instantOfText(dateTime: string, timeZone: string | null | undefined): number {
  if (!dateTimePattern.test(dateTime) || !isWallTime(dateTime))
    throw invalid(`Invalid value for: Invalid format: "${dateTime}"`)
  if (/(Z|[+-]\d{2}:?\d{2})$/i.test(dateTime)) return Math.floor(Date.parse(dateTime) / 1000) * 1000
  if (!timeZone) throw invalid('Missing time zone definition for start time.')
  return instantOf(dateTime.length === 16 ? `${dateTime}:00` : dateTime, timeZone)
}
