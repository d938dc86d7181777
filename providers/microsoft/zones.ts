import { findIana, findWindows } from 'windows-iana'
import { zonesAgree } from '../../domain/recurrence/zones.ts'
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

/**
 * A name Graph takes under which a series of this zone keeps its hours: the Windows name if the zone that CLDR gives for it
 * changes its clock at the same moments, else the zone's own name. Undefined when Graph has neither.
 */
export function seriesZone(zone: string, from: string): string | undefined {
  return [graphZone(zone), zone].find((name) => {
    const read = ianaZone(name)
    return read !== undefined && zonesAgree(read, zone, from, null)
  })
}
