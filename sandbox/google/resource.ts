import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { isObject, type JsonObject } from '../json.ts'
import { invalid } from './errors.ts'

/** Says whether the fields the sandbox reads have their types; all other fields are kept as they came. */
function isEventResource(json: JsonObject): json is JsonObject & calendar_v3.Schema$Event {
  const texts = [
    'id',
    'status',
    'iCalUID',
    'summary',
    'description',
    'location',
    'recurringEventId',
    'colorId',
  ]
  if (texts.some((name) => !isAbsentOr(json[name], 'string'))) return false
  if (!isAbsentOr(json['sequence'], 'number')) return false
  if (!isTime(json['start']) || !isTime(json['end']) || !isTime(json['originalStartTime'])) return false
  return isListOf(json['recurrence'], isRecurrenceLine) && isListOf(json['attendees'], hasEmail)
}

/** The body of a write as an event, or Google's complaint about it. */
export function eventResource(body: unknown): JsonObject & calendar_v3.Schema$Event {
  if (!isObject(body)) throw invalid('Invalid request body.')
  if (!isEventResource(body)) throw invalid('Invalid value in the request body.')
  const status = body.status
  if (status && !['confirmed', 'tentative', 'cancelled'].includes(status)) {
    throw invalid(`Invalid value for status: ${status}`)
  }
  return body
}

function isAbsentOr(value: unknown, type: 'string' | 'number'): boolean {
  return value === undefined || value === null || typeof value === type
}

function isTime(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (!isObject(value)) return false
  return ['date', 'dateTime', 'timeZone'].every((name) => isAbsentOr(value[name], 'string'))
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.every(isItem))
}

/** Rules finer than a day are not accepted. */
function isRecurrenceLine(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^(RRULE|EXRULE|RDATE|EXDATE)[;:]/.test(value) &&
    !/FREQ=(SECONDLY|MINUTELY|HOURLY)/.test(value)
  )
}

function hasEmail(value: unknown): boolean {
  return isObject(value) && typeof value['email'] === 'string'
}
