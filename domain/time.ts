import { Temporal } from 'temporal-polyfill'
import type { EventTime } from './event.ts'

/** A time that names no moment we can be sure of: the event is refused with this reason, never guessed. */
export class InvalidTime extends Error {
  override readonly name = 'InvalidTime'
}

/** Minutes a zone database entry may be asked for: every IANA name the runtime knows, whatever its case. */
export function isKnownZone(zone: string): boolean {
  return canonicalZones.has(zone) || resolveZone(zone) !== undefined
}

const canonicalZones = new Set<string>()

function resolveZone(zone: string): string | undefined {
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
    canonicalZones.add(zone)
    return known
  } catch {
    return undefined
  }
}

/** Whether two names mean one zone: aliases such as Asia/Calcutta and Asia/Kolkata do. */
export function sameZone(one: string, other: string): boolean {
  return one === other || (resolveZone(one) ?? one) === (resolveZone(other) ?? other)
}

/** A timed value from wall times in a zone. A time in a DST gap moves forward by the gap, an ambiguous one is the first. */
export function timedFromWall(start: string, end: string, zone: string): EventTime {
  const from = zoned(start, zone)
  const to = zoned(end, zone)
  return timedFromZoned(from, to, zone)
}

/** A timed value from two instants (RFC 3339), labelled with the zone people made it in. */
export function timedFromInstants(startsAt: string, endsAt: string, zone: string): EventTime {
  if (!isKnownZone(zone)) throw new InvalidTime(`The time zone "${zone}" is not an IANA zone we know.`)
  const from = instant(startsAt).toZonedDateTimeISO(zone)
  const to = instant(endsAt).toZonedDateTimeISO(zone)
  return timedFromZoned(from, to, zone)
}

/** An all-day value. Vendors and files say "the same day" for one day; the end here is exclusive and at least a day later. */
export function allDay(start: string, end: string): EventTime {
  const from = plainDate(start)
  const to = plainDate(end)
  if (Temporal.PlainDate.compare(from, to) >= 0) {
    throw new InvalidTime(`An all-day event must end after it starts: ${start} to ${end}.`)
  }
  return { kind: 'date', start: from.toString(), end: to.toString() }
}

/** The instants a window or a sort needs; an all-day event spans its dates in UTC, widened nowhere. */
export function span(time: EventTime): { startsAt: string; endsAt: string } {
  if (time.kind === 'dateTime') return { startsAt: time.startsAt, endsAt: time.endsAt }
  return { startsAt: `${time.start}T00:00:00Z`, endsAt: `${time.end}T00:00:00Z` }
}

function timedFromZoned(from: Temporal.ZonedDateTime, to: Temporal.ZonedDateTime, zone: string): EventTime {
  if (Temporal.ZonedDateTime.compare(from, to) > 0) {
    throw new InvalidTime(
      `An event must not end before it starts: ${from.toInstant().toString()} to ${to.toInstant().toString()}.`,
    )
  }
  return {
    kind: 'dateTime',
    start: from.toPlainDateTime().toString({ smallestUnit: 'second' }),
    end: to.toPlainDateTime().toString({ smallestUnit: 'second' }),
    zone,
    startsAt: from.toInstant().toString({ smallestUnit: 'second' }),
    endsAt: to.toInstant().toString({ smallestUnit: 'second' }),
  }
}

function zoned(wall: string, zone: string): Temporal.ZonedDateTime {
  if (!isKnownZone(zone)) throw new InvalidTime(`The time zone "${zone}" is not an IANA zone we know.`)
  try {
    return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone)
  } catch {
    throw new InvalidTime(`"${wall}" is not a wall time like 2026-03-05T09:00:00.`)
  }
}

function instant(text: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text)
  } catch {
    throw new InvalidTime(`"${text}" is not an RFC 3339 time with an offset.`)
  }
}

function plainDate(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' })
  } catch {
    throw new InvalidTime(`"${text}" is not a date like 2026-03-05.`)
  }
}
