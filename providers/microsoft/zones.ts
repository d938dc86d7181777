import { Temporal } from 'temporal-polyfill'
import { findIana, findWindows } from 'windows-iana'
import { isKnownZone } from '../../domain/time.ts'

/** The IANA zone behind a name that Graph uses: Windows names by CLDR, IANA names as they are; undefined for custom ones. */
export function ianaZone(name: string | null | undefined): string | undefined {
  if (!name) return 'UTC'
  if (name === 'UTC') return 'UTC'
  const [mapped] = findIana(name)
  if (mapped) return mapped
  return isKnownZone(name) ? name : undefined
}

/** The Windows name Graph accepts most widely; the IANA name where CLDR has none. */
export function graphZone(zone: string): string {
  const [mapped] = findWindows(zone)
  return mapped ?? zone
}

/** How far ahead two zones must keep the same clock for a series of one to be told in the other. */
const yearsAhead = 5

/**
 * A name Graph takes under which a series of this zone keeps its hours: the Windows name if the zone that CLDR gives for it
 * changes its clock at the same moments, else the zone's own name. Undefined when Graph has neither.
 */
export function seriesZone(zone: string, from: string): string | undefined {
  return [graphZone(zone), zone].find((name) => {
    const read = ianaZone(name)
    return read !== undefined && keepSameClock(read, zone, from)
  })
}

function keepSameClock(one: string, other: string, from: string): boolean {
  if (one === other) return true
  const until = Temporal.Instant.from(from).add({ hours: 24 * 365 * yearsAhead })
  return clockChanges(one, from, until) === clockChanges(other, from, until)
}

function clockChanges(zone: string, from: string, until: Temporal.Instant): string {
  const seen: string[] = []
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.from(from).toZonedDateTimeISO(zone)
  while (at && Temporal.Instant.compare(at.toInstant(), until) < 0) {
    seen.push(`${at.epochMilliseconds} ${at.offset}`)
    at = at.getTimeZoneTransition('next')
  }
  return seen.join()
}
