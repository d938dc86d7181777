import type { Location } from '@microsoft/microsoft-graph-types'

/** The place of an event that has none. */
export const nowhere: Location = {
  displayName: '',
  locationType: 'default',
  uniqueIdType: 'unknown',
  address: {},
  coordinates: {},
}

export interface KeptLocations {
  location: Location
  locations: Location[]
}

/**
 * The places of a write as Outlook keeps them: a single place becomes the list, a list becomes a single place that names
 * them all, and the server adds what it knows of each.
 */
export function keptLocations(
  sent: Location | null | undefined,
  sentList: Location[] | null | undefined,
): KeptLocations {
  const list = (sentList ?? (sent ? [sent] : [])).filter(isSomewhere)
  const [first, second] = list
  if (first === undefined) return { location: nowhere, locations: [] }
  const displayName = sent?.displayName || list.map(nameOf).join('; ')
  const whole = second === undefined ? first : { displayName }
  return {
    location: {
      locationType: 'default',
      uniqueId: displayName,
      uniqueIdType: 'private',
      ...whole,
      displayName,
    },
    locations: list.map((place) => ({ locationType: 'default', uniqueIdType: 'unknown', ...place })),
  }
}

function isSomewhere(place: Location): boolean {
  return Object.entries(place).some(([name, value]) => name in meaningful && Boolean(value))
}

const meaningful = { displayName: true, address: true, coordinates: true, locationUri: true, uniqueId: true }

function nameOf({ displayName, address }: Location): string {
  return displayName || [address?.street, address?.city].filter(Boolean).join(', ')
}
