import type { DateTimeTimeZone } from '@microsoft/microsoft-graph-types'
import { ianaZoneOf, instantOf, isWallTime, wallTimeOf, windowsZoneOf } from '../zones.ts'
import { propertyValidationFailure, undeserializable } from './errors.ts'
import { unknownZone } from './preferences.ts'
import type { ZonedTime } from './types.ts'

const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?$/

/** Outlook knows no earlier and no later time. */
const [earliest, latest] = ['1601-01-01T00:00:00', '4500-09-01T00:00:00']

/** A start or end with its zone understood; the zone is required and is a Windows or an IANA name. */
export function zonedTime(time: DateTimeTimeZone | null | undefined): ZonedTime {
  const { dateTime, timeZone } = time ?? {}
  if (!dateTime) throw propertyValidationFailure()
  if (!form.test(dateTime)) throw undeserializable('The value of a start or end is no valid dateTime.')
  const zone = ianaZoneOf(timeZone ?? '')
  if (!timeZone || zone === undefined) throw unknownZone(timeZone ?? '')
  const text = dateTime.replace(/Z$/, '')
  const wall = text.length === 16 ? `${text}:00` : text.slice(0, 19)
  if (!isWallTime(wall)) throw undeserializable('The value of a start or end is no valid dateTime.')
  if (wall < earliest || wall > latest) throw propertyValidationFailure()
  const isUtcTime = dateTime.endsWith('Z')
  return { wall: isUtcTime ? wallTimeOf(instantOf(wall, 'UTC'), zone) : wall, zone, zoneName: timeZone }
}

/** Checks what must hold between start, end and the all-day flag. */
export function checkTimes(start: ZonedTime, end: ZonedTime, isAllDay: boolean): void {
  if (isAllDay) {
    const isMidnight = start.wall.endsWith('T00:00:00') && end.wall.endsWith('T00:00:00')
    if (!isMidnight || !isSameZone(start, end)) throw propertyValidationFailure()
  }
  if (instantOf(end.wall, end.zone) <= instantOf(start.wall, start.zone)) throw propertyValidationFailure()
}

/** A Windows name stands for several IANA zones, so two zones are compared by their Windows names. */
export function isSameZone(one: { zone: string }, other: { zone: string }): boolean {
  return one.zone === other.zone || windowsZoneOf(one.zone) === windowsZoneOf(other.zone)
}
