import type { Event, DateTimeTimeZone } from '@microsoft/microsoft-graph-types'
import { isObject, type JsonObject } from '../json.ts'
import { ianaZoneOf, instantOf, isWallTime, wallTimeOf } from '../zones.ts'
import { GraphError, propertyValidationFailure, undeserializable } from './errors.ts'
import { unknownZone } from './preferences.ts'
import type { ExtendedProperty, ZonedTime } from './types.ts'

/** Properties a write can set; the rest of the resource is the server's and is ignored when sent. */
export const writable = [
  'subject',
  'body',
  'location',
  'locations',
  'attendees',
  'showAs',
  'sensitivity',
  'importance',
  'categories',
  'isReminderOn',
  'reminderMinutesBeforeStart',
  'recurrence',
  'responseRequested',
  'allowNewTimeProposals',
  'hideAttendees',
  'isOnlineMeeting',
  'onlineMeetingProvider',
] as const

const special = ['start', 'end', 'isAllDay', 'transactionId', 'singleValueExtendedProperties']
const ignored =
  'id changeKey createdDateTime lastModifiedDateTime iCalUId uid organizer originalStartTimeZone originalEndTimeZone bodyPreview type seriesMasterId occurrenceId originalStart isCancelled isOrganizer isDraft responseStatus webLink onlineMeeting onlineMeetingUrl hasAttachments cancelledOccurrences extensions attachments'.split(
    ' ',
  )
const known = new Set<string>([...writable, ...special, ...ignored])

const choices: Record<string, string[]> = {
  showAs: ['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown'],
  sensitivity: ['normal', 'personal', 'private', 'confidential'],
  importance: ['low', 'normal', 'high'],
}
const types: Record<string, string> = {
  subject: 'string',
  transactionId: 'string',
  isAllDay: 'boolean',
  isReminderOn: 'boolean',
  reminderMinutesBeforeStart: 'number',
  isOnlineMeeting: 'boolean',
  responseRequested: 'boolean',
  allowNewTimeProposals: 'boolean',
  hideAttendees: 'boolean',
}

export type EventBody = JsonObject & Event

/** The body of a write as an event, or Graph's complaint about it. */
export function eventBody(body: unknown): EventBody {
  if (!isObject(body)) throw undeserializable('Unable to deserialize the post body of the request.')
  const unknown = Object.keys(body).find((name) => !known.has(name) && !name.includes('@'))
  if (unknown !== undefined) {
    throw undeserializable(`The property '${unknown}' does not exist on type 'microsoft.graph.event'.`)
  }
  if (!isEventBody(body)) throw undeserializable('Cannot convert a value of the event to its expected type.')
  return body
}

function isEventBody(body: JsonObject): body is EventBody {
  const isTyped = Object.entries(types).every(
    ([name, type]) => isAbsent(body[name]) || typeof body[name] === type,
  )
  const isChosen = Object.entries(choices).every(
    ([name, values]) => isAbsent(body[name]) || values.includes(String(body[name])),
  )
  const objects = ['start', 'end', 'body', 'location', 'recurrence'].every(
    (name) => isAbsent(body[name]) || isObject(body[name]),
  )
  const lists = ['attendees', 'categories', 'locations', 'singleValueExtendedProperties'].every(
    (name) => isAbsent(body[name]) || Array.isArray(body[name]),
  )
  const guests = body['attendees']
  const areGuests = !Array.isArray(guests) || guests.every(isObject)
  return isTyped && isChosen && objects && lists && areGuests
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

/** A start or end with its zone understood. */
export function zonedTime(time: DateTimeTimeZone | null | undefined): ZonedTime {
  const { dateTime, timeZone } = time ?? {}
  if (typeof dateTime !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?$/.test(dateTime)) {
    throw undeserializable('The value of a start or end is no valid dateTime.')
  }
  if (typeof timeZone !== 'string' || timeZone === '') throw unknownZone('')
  const zone = ianaZoneOf(timeZone)
  if (zone === undefined) throw unknownZone(timeZone)
  const text = dateTime.replace(/Z$/, '')
  const wall = text.length === 16 ? `${text}:00` : text.slice(0, 19)
  if (!isWallTime(wall)) throw undeserializable('The value of a start or end is no valid dateTime.')
  return {
    wall: dateTime.endsWith('Z') ? wallTimeOf(instantOf(wall, 'UTC'), zone) : wall,
    zone,
    zoneName: timeZone,
  }
}

/** Checks what must hold between start, end and the all-day flag. */
export function checkTimes(start: ZonedTime, end: ZonedTime, isAllDay: boolean): void {
  if (isAllDay) {
    const isMidnight = start.wall.endsWith('T00:00:00') && end.wall.endsWith('T00:00:00')
    if (!isMidnight || start.zone !== end.zone) {
      const message =
        "Your request can't be completed. The Event.Start property for an all-day event needs to be set to midnight."
      throw new GraphError(400, 'ErrorPropertyValidationFailure', message)
    }
  }
  if (instantOf(end.wall, end.zone) <= instantOf(start.wall, start.zone)) throw propertyValidationFailure()
}

export function extendedProperties(body: EventBody): ExtendedProperty[] {
  return (body.singleValueExtendedProperties ?? []).flatMap(({ id, value }) =>
    typeof id === 'string' && typeof value === 'string' ? [{ id, value }] : [],
  )
}
