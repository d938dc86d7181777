import { isObject, type JsonObject } from '../json.ts'
import { isIanaZone } from '../zones.ts'
import { GoogleError, invalid } from './errors.ts'

/** A free/busy query, checked. */
export interface FreeBusyQuery {
  fromMs: number
  toMs: number
  /** Nothing means UTC. */
  zone: string | undefined
  ids: string[]
  calendarsMax: number
  groupMembersMax: number
}

/** The body of a free/busy query, with Google's own complaints about it. */
export function readFreeBusyQuery(body: unknown): FreeBusyQuery {
  if (!isObject(body)) throw invalid('Invalid request body.')
  const fromMs = instantOf(body, 'timeMin')
  const toMs = instantOf(body, 'timeMax')
  if (toMs <= fromMs) {
    const place = { domain: 'calendar', locationType: 'parameter', location: 'timeMax' }
    throw new GoogleError(400, 'timeRangeEmpty', 'The specified time range is empty.', place)
  }
  return {
    fromMs,
    toMs,
    zone: zoneOf(body),
    ids: idsOf(body),
    calendarsMax: limitOf(body, 'calendarExpansionMax', 50),
    groupMembersMax: limitOf(body, 'groupExpansionMax', 100),
  }
}

function instantOf(body: JsonObject, name: string): number {
  const text = body[name]
  if (text === undefined || text === null) throw new GoogleError(400, 'required', `Required: ${name}`)
  const isComplete =
    typeof text === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i.test(text)
  const instantMs = isComplete ? Date.parse(text) : Number.NaN
  if (Number.isNaN(instantMs)) throw invalid(`Invalid value for: ${name}`)
  return instantMs
}

function zoneOf({ timeZone }: JsonObject): string | undefined {
  if (timeZone === undefined || timeZone === null) return undefined
  if (typeof timeZone !== 'string' || !isIanaZone(timeZone)) throw invalid('Invalid time zone definition.')
  return timeZone
}

function idsOf({ items }: JsonObject): string[] {
  if (items === undefined || items === null) return []
  if (!Array.isArray(items)) throw invalid('Invalid value for: items')
  return items.map((item: unknown) => {
    const id = isObject(item) ? item['id'] : undefined
    if (typeof id !== 'string' || id === '') throw invalid('Invalid value for: items')
    return id
  })
}

function limitOf(body: JsonObject, name: string, most: number): number {
  const limit = body[name]
  if (limit === undefined || limit === null) return most
  const isWithin = typeof limit === 'number' && Number.isInteger(limit) && limit > 0 && limit <= most
  if (!isWithin) throw invalid(`Invalid value for: ${name}`)
  return limit
}
