import { Temporal } from 'temporal-polyfill'
import { findIana, findWindows } from 'windows-iana'

const known = new Map<string, boolean>()

/** Says whether a name is a zone of the IANA database, whatever its case. */
export function isIanaZone(name: string): boolean {
  const remembered = known.get(name)
  if (remembered !== undefined) return remembered
  let valid = true
  try {
    // An offset such as +02:00 is accepted by Intl too, but a calendar's zone needs rules.
    valid =
      /^[A-Za-z]/.test(name) &&
      new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions() !== undefined
  } catch {
    valid = false
  }
  known.set(name, valid)
  return valid
}

/** The IANA zone of a Windows or IANA name, or nothing when it is neither. */
export function ianaZoneOf(name: string): string | undefined {
  if (isIanaZone(name)) return name
  return findIana(name)[0]
}

/** The Windows name of an IANA zone; Microsoft answers with the IANA name when Windows has none. */
export function windowsZoneOf(iana: string): string {
  if (isUtc(iana)) return 'UTC'
  return findWindows(iana)[0] ?? iana
}

export function isUtc(zone: string): boolean {
  return zone === 'UTC' || zone === 'Etc/UTC' || zone === 'Etc/GMT' || zone === 'GMT'
}

/** The instant of a wall time; a time skipped by the clocks moves forward, a repeated one is the first. */
export function instantOf(wall: string, zone: string): number {
  const asUtc = Date.parse(`${wall.slice(0, 19)}Z`)
  if (isUtc(zone)) return asUtc
  const before = offsetAt(asUtc - dayMs, zone)
  if (before === offsetAt(asUtc + dayMs, zone)) return asUtc - before
  return Temporal.PlainDateTime.from(wall.slice(0, 19)).toZonedDateTime(zone).epochMilliseconds
}

/** What the clock on the wall says at an instant, as YYYY-MM-DDTHH:MM:SS. */
export function wallTimeOf(instantMs: number, zone: string): string {
  const offsetMs = isUtc(zone) ? 0 : offsetAt(instantMs, zone)
  return new Date(instantMs + offsetMs).toISOString().slice(0, 19)
}

const dayMs = 86_400_000
const daysRememberedMax = 20_000

/** The offset of each zone through days (in UTC) on which it does not change. */
const offsets = new Map<string, Map<number, number>>()

/** How far the clocks of a zone are ahead of UTC at an instant; asking again is cheap. */
function offsetAt(instantMs: number, zone: string): number {
  const days = offsets.get(zone) ?? new Map<number, number>()
  offsets.set(zone, days)
  const day = Math.floor(instantMs / dayMs)
  const remembered = days.get(day)
  if (remembered !== undefined) return remembered
  const offset = computedOffset(day * dayMs, zone)
  if (offset !== computedOffset((day + 1) * dayMs, zone)) return computedOffset(instantMs, zone)
  if (days.size >= daysRememberedMax) days.clear()
  days.set(day, offset)
  return offset
}

function computedOffset(instantMs: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6
}

/** An instant written in RFC 3339 with the offset a zone has then. */
export function withOffset(instantMs: number, zone: string): string {
  if (isUtc(zone)) return `${new Date(instantMs).toISOString().slice(0, 19)}Z`
  const wall = wallTimeOf(instantMs, zone)
  const offsetMinutes = Math.round((Date.parse(`${wall}Z`) - instantMs) / 60_000)
  if (offsetMinutes === 0) return `${wall}Z`
  const size = Math.abs(offsetMinutes)
  const hours = String(Math.floor(size / 60)).padStart(2, '0')
  return `${wall}${offsetMinutes < 0 ? '-' : '+'}${hours}:${String(size % 60).padStart(2, '0')}`
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Says whether a text is a calendar date that exists. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text
}

/** Says whether a text begins with a day and a time of day that exist, such as 2026-03-05T09:00:00. */
export function isWallTime(text: string): boolean {
  return isDate(text.slice(0, 10)) && /^T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(?!\d)/.test(text.slice(10))
}
