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
