import { isObject, numberOf, textOf, textsOf, type JsonObject } from '../json.ts'
import { isIanaZone } from '../zones.ts'
import { badRequest, GoogleError, invalid, invalidParameter } from './errors.ts'
import { eventTypes, type EventType } from './event-types.ts'
import { checkSyncParameters, choiceOf, flagOf } from './parameters.ts'
import { attendeesMaxOf } from './write-query.ts'

/** An events.list request, checked. */
export interface ListQuery {
  pageSize: number
  pageToken: string | undefined
  syncToken: string | undefined
  singleEvents: boolean
  showDeleted: boolean
  orderBy: 'startTime' | 'updated' | undefined
  fromMs: number
  toMs: number
  updatedFromMs: number | undefined
  iCalUID: string | undefined
  text: string | undefined
  privateProperties: string[]
  sharedProperties: string[]
  eventTypes: EventType[]
  timeZone: string | undefined
  attendeesMax: number
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

/**
 * Reads the parameters of events.list and refuses the combinations Google refuses:
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/list
 */
export function readListQuery(input: unknown): ListQuery {
  const raw: JsonObject = isObject(input) ? input : {}
  checkSyncParameters(raw, forbiddenWithSyncToken, ['showDeleted'])
  const singleEvents = flagOf(raw, 'singleEvents')
  const orderBy = choiceOf(raw, 'orderBy', ['startTime', 'updated'] as const)
  if (orderBy === 'startTime' && !singleEvents) {
    throw badRequest('The requested ordering is not available for the particular query.')
  }
  // Two that are read and change nothing here: every invitation is shown and every guest has an address.
  flagOf(raw, 'showHiddenInvitations')
  flagOf(raw, 'alwaysIncludeEmail')
  const text = textOf(raw['q'])?.trim()
  return {
    ...readPaging(raw),
    ...readWindow(raw),
    syncToken: textOf(raw['syncToken']),
    singleEvents,
    orderBy,
    updatedFromMs: instantParameter(raw, 'updatedMin'),
    iCalUID: textOf(raw['iCalUID']),
    text: text === '' ? undefined : text,
    privateProperties: propertiesOf(raw, 'privateExtendedProperty'),
    sharedProperties: propertiesOf(raw, 'sharedExtendedProperty'),
    eventTypes: textsOf(raw['eventTypes']).flatMap(
      (type) => choiceOf({ eventTypes: type }, 'eventTypes', eventTypes) ?? [],
    ),
  }
}

type Paging = Pick<ListQuery, 'pageSize' | 'pageToken' | 'showDeleted' | 'timeZone' | 'attendeesMax'>

/** What lists of events and of the instances of one have in common. */
export function readPaging(raw: JsonObject): Paging {
  return {
    pageSize: pageSizeOf(raw['maxResults'], 250, 2500),
    pageToken: textOf(raw['pageToken']),
    showDeleted: flagOf(raw, 'showDeleted'),
    timeZone: zoneParameter(raw),
    attendeesMax: attendeesMaxOf(raw),
  }
}

export function zoneParameter(raw: JsonObject): string | undefined {
  const timeZone = textOf(raw['timeZone'])
  if (timeZone !== undefined && !isIanaZone(timeZone))
    throw invalid(`Invalid time zone definition: ${timeZone}`, 'timeZone')
  return timeZone
}

export function readWindow(raw: JsonObject): { fromMs: number; toMs: number } {
  const fromMs = instantParameter(raw, 'timeMin') ?? -Infinity
  const toMs = instantParameter(raw, 'timeMax') ?? Infinity
  if (toMs <= fromMs) {
    const place = { domain: 'calendar', locationType: 'parameter', location: 'timeMax' }
    throw new GoogleError(400, 'timeRangeEmpty', 'The specified time range is empty.', place)
  }
  return { fromMs, toMs }
}

export function pageSizeOf(value: unknown, usual: number, most: number): number {
  if (value === undefined) return usual
  const size = numberOf(value)
  if (size === undefined || size < 1 || !Number.isInteger(size)) {
    const shown = textsOf(value).join()
    throw invalidParameter(
      'maxResults',
      `Invalid value '${shown}'. Values must be within the range: [1, 2147483647]`,
    )
  }
  return Math.min(size, most)
}

function propertiesOf(raw: JsonObject, name: string): string[] {
  const pairs = textsOf(raw[name])
  const bad = pairs.find((pair) => !/^[^=]+=/.test(pair))
  if (bad === undefined) return pairs
  throw invalidParameter(
    name,
    `Invalid value '${bad}'. Values must match the following regular expression: '[^=]+=.*'`,
  )
}

function instantParameter(raw: JsonObject, name: string): number | undefined {
  const value = raw[name]
  if (value === undefined) return undefined
  const text = textOf(value) ?? ''
  const isComplete = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/i.test(text)
  const instantMs = Date.parse(text)
  if (!isComplete || Number.isNaN(instantMs)) {
    throw new GoogleError(400, 'badRequest', 'Bad Request', { locationType: 'parameter', location: name })
  }
  return Math.floor(instantMs / 1000) * 1000
}
