import type { State } from '../state.ts'
import type { ListQuery } from './query.ts'
import { googleSwitch } from './switches.ts'
import type { GoogleEvent } from './types.ts'

/** Says whether an event is one of those a list asks for, whenever it is. */
export function isWanted(state: State, event: GoogleEvent, query: ListQuery): boolean {
  if (query.iCalUID !== undefined && event.iCalUID !== query.iCalUID) return false
  const types: readonly string[] = query.eventTypes
  if (types.length > 0 && !types.includes(event.eventType ?? 'default')) return false
  if (query.updatedFromMs !== undefined && Date.parse(event.updated) < query.updatedFromMs) return false
  if (query.text !== undefined && !hasWords(event, query.text)) return false
  const { extendedProperties } = event
  return (
    hasProperties(state, extendedProperties?.private, query.privateProperties) &&
    hasProperties(state, extendedProperties?.shared, query.sharedProperties)
  )
}

/** Every word must occur, in whatever order; what stands in quotes is one. */
function hasWords(event: GoogleEvent, text: string): boolean {
  const words = text.toLowerCase().match(/"[^"]+"|\S+/g) ?? []
  const searched = searchedTexts(event).join('\n').toLowerCase()
  return words.every((word) => searched.includes(word.replaceAll('"', '')))
}

/** Where Google looks: https://developers.google.com/workspace/calendar/api/v3/reference/events/list#q */
function searchedTexts(event: GoogleEvent): string[] {
  const { customLocation, officeLocation } = event.workingLocationProperties ?? {}
  const guests = (event.attendees ?? []).flatMap(({ displayName, email }) => [displayName, email])
  const texts = [
    event.summary,
    event.description,
    event.location,
    ...guests,
    event.organizer?.displayName,
    event.organizer?.email,
    officeLocation?.buildingId,
    officeLocation?.deskId,
    officeLocation?.label,
    customLocation?.label,
  ]
  return texts.flatMap((one) => one ?? [])
}

function hasProperties(
  state: State,
  properties: Record<string, string> | null | undefined,
  wanted: string[],
): boolean {
  if (wanted.length === 0) return true
  const has = (pair: string): boolean => {
    const at = pair.indexOf('=')
    return properties?.[pair.slice(0, at)] === pair.slice(at + 1)
  }
  return googleSwitch(state, 'repeatedPropertyFilters') === 'all' ? wanted.every(has) : wanted.some(has)
}
