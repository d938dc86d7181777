import { isObject, numberOf, textOf, textsOf, type JsonObject } from '../json.ts'
import { isIanaZone } from '../zones.ts'
import { badRequest, GoogleError, invalid } from './errors.ts'

/** An events.list request, checked. */
export interface ListQuery {
  pageSize: number
  pageToken: string | undefined
  syncToken: string | undefined
  singleEvents: boolean
  showDeleted: boolean
  orderBy: string | undefined
  fromMs: number
  toMs: number
  updatedFromMs: number | undefined
  iCalUID: string | undefined
  text: string | undefined
  privateProperties: string[]
  sharedProperties: string[]
  eventTypes: string[]
  timeZone: string | undefined
}

const forbiddenWithSyncToken = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'timeMin',
  'timeMax',
  'updatedMin',
]

/** Reads the parameters of events.list and refuses the combinations Google refuses. */
export function readListQuery(input: unknown): ListQuery {
  const raw: JsonObject = isObject(input) ? input : {}
  const syncToken = textOf(raw['syncToken'])
  if (syncToken !== undefined) {
    const forbidden = forbiddenWithSyncToken.find((name) => raw[name] !== undefined)
    if (forbidden !== undefined)
      throw badRequest(`Sync token cannot be used with the parameter ${forbidden}.`)
    if (raw['showDeleted'] === 'false') throw badRequest('Sync token cannot be used with showDeleted=false.')
  }
  const singleEvents = raw['singleEvents'] === 'true'
  const orderBy = textOf(raw['orderBy'])
  if (orderBy !== undefined && orderBy !== 'updated' && !(orderBy === 'startTime' && singleEvents)) {
    throw badRequest('The requested ordering is not available for the particular query.')
  }
  const fromMs = instantParameter(raw, 'timeMin') ?? -Infinity
  const toMs = instantParameter(raw, 'timeMax') ?? Infinity
  if (toMs <= fromMs) {
    const place = { domain: 'calendar', locationType: 'parameter', location: 'timeMax' }
    throw new GoogleError(400, 'timeRangeEmpty', 'The specified time range is empty.', place)
  }
  const timeZone = textOf(raw['timeZone'])
  if (timeZone !== undefined && !isIanaZone(timeZone))
    throw invalid(`Invalid time zone definition: ${timeZone}`)
  return {
    pageSize: pageSizeOf(raw['maxResults'], 250, 2500),
    pageToken: textOf(raw['pageToken']),
    syncToken,
    singleEvents,
    showDeleted: raw['showDeleted'] === 'true',
    orderBy,
    fromMs,
    toMs,
    updatedFromMs: instantParameter(raw, 'updatedMin'),
    iCalUID: textOf(raw['iCalUID']),
    text: textOf(raw['q'])?.toLowerCase(),
    privateProperties: textsOf(raw['privateExtendedProperty']),
    sharedProperties: textsOf(raw['sharedExtendedProperty']),
    eventTypes: textsOf(raw['eventTypes']),
    timeZone,
  }
}

export function pageSizeOf(value: unknown, usual: number, most: number): number {
  if (value === undefined) return usual
  const size = numberOf(value)
  if (size === undefined || size < 1 || !Number.isInteger(size)) {
    const message = `Invalid value '${textsOf(value).join()}'. Values must be within the range: [1, 2147483647]`
    throw new GoogleError(400, 'invalidParameter', message, {
      locationType: 'parameter',
      location: 'maxResults',
    })
  }
  return Math.min(size, most)
}

function instantParameter(raw: JsonObject, name: string): number | undefined {
  const text = textOf(raw[name])
  if (text === undefined) return undefined
  const isComplete = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/i.test(text)
  const instantMs = Date.parse(text)
  if (!isComplete || Number.isNaN(instantMs)) {
    throw new GoogleError(400, 'badRequest', 'Bad Request', { locationType: 'parameter', location: name })
  }
  return Math.floor(instantMs / 1000) * 1000
}
