import { Temporal } from 'temporal-polyfill'
import type { EventTime } from '../event.ts'
import { InvalidTime, isKnownZone, span, timedFromInstants } from '../time.ts'

/** `2026-03-05`, the local date on which a wall time or an all-day value lies. */
export function dateOf(wall: string): string {
  return wall.slice(0, 10)
}

const dayMs = 86_400_000

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10)
}

export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / dayMs
}

/** The slot on a date: the date itself, or the series' time of day there, moved forward where the zone leaves it out. */
export function wallOn(time: EventTime, date: string): string {
  if (time.kind === 'date') return date
  return resolvedWall(`${date}${time.start.slice(10)}`, time.zone)
}

/** A wall time as clocks in the zone really show it. */
export function resolvedWall(wall: string, zone: string): string {
  return clockText(Temporal.PlainDateTime.from(wall).toZonedDateTime(zone))
}

/** An occurrence starting at `wall`: as many days or as much time as the first one takes (RFC 5545 §3.8.5.3). */
export function timeAt(first: EventTime, wall: string): EventTime {
  if (first.kind === 'date') {
    return { kind: 'date', start: wall, end: addDays(wall, daysBetween(first.start, first.end)) }
  }
  const startsAt = Temporal.PlainDateTime.from(wall).toZonedDateTime(first.zone).toInstant()
  const lengthMs = Date.parse(first.endsAt) - Date.parse(first.startsAt)
  return timedFromInstants(
    startsAt.toString(),
    startsAt.add({ milliseconds: lengthMs }).toString(),
    first.zone,
  )
}

/** When the occurrence that starts at `wall` begins and ends, as RFC 3339 instants (UTC). */
export function spanAt(first: EventTime, wall: string): { startsAt: string; endsAt: string } {
  if (first.kind === 'date') return span(timeAt(first, wall))
  const startsAt = wall === first.start ? first.startsAt : instantOf(wall, first.zone)
  const lengthMs = Date.parse(first.endsAt) - Date.parse(first.startsAt)
  const endsAt = new Date(Date.parse(startsAt) + lengthMs)
  return { startsAt, endsAt: `${endsAt.toISOString().slice(0, 19)}Z` }
}

/** The date in the series' zone at an instant; all-day series are compared in UTC, as windows are. */
export function dateAt(time: EventTime, instant: string): string {
  const zone = time.kind === 'date' ? 'UTC' : time.zone
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString()
}

/** What clocks in the zone show at an instant. */
export function wallAt(instant: string, zone: string): string {
  return clockText(Temporal.Instant.from(instant).toZonedDateTimeISO(zone))
}

function clockText(moment: Temporal.ZonedDateTime): string {
  return moment.toPlainDateTime().toString({ smallestUnit: 'second' })
}

/** The UTC instant of a wall time, RFC 3339; of two passes of an hour the first. */
export function instantOf(wall: string, zone: string): string {
  if (!isKnownZone(zone)) throw new InvalidTime(`The time zone "${zone}" is not an IANA zone we know.`)
  const instant = Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).toInstant()
  return instant.toString({ smallestUnit: 'second' })
}

/** `20260305T080000Z`: the instant a slot starts at; a date for an all-day series. */
export function utcStamp(time: EventTime, wall: string): string {
  if (time.kind === 'date') return compact(wall)
  return compact(instantOf(wall, time.zone))
}

export function compact(text: string): string {
  return text.replaceAll(/[-:]/g, '')
}
