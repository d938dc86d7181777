import type { DateTimeTimeZone, PatternedRecurrence } from '@microsoft/microsoft-graph-types'
import { isObject, textOf, type JsonObject } from '../json.ts'
import { addDays } from '../zones.ts'
import { addEvent, changeEvent, removeEvent } from './actions.ts'
import { datesOf, slotAt } from './occurrences.ts'
import type { Preferences } from './preferences.ts'
import { writable } from './properties.ts'
import { findEvent, type Found, type Mailbox } from './store.ts'
import { eventId } from './ids.ts'
import type { MicrosoftEvent, ZonedTime } from './types.ts'

/**
 * Changes an occurrence and all after it, as Outlook's own calendar does, for Graph has no word for it: the series ends on
 * the day before, and a new one with ids of its own begins. Answers the new series, or the old one if it was all of it.
 */
export function changeFollowing(
  mailbox: Mailbox,
  found: Found,
  changes: JsonObject,
  preferences: Preferences,
): MicrosoftEvent {
  const { event, calendar, occurrence } = found
  if (occurrence === undefined || isFirst(event, occurrence.date)) {
    const whole = startingWith({ ...changes, ...recurrenceAfter(event.properties.recurrence, changes) })
    return changeEvent(mailbox, seriesOf(found), whole, undefined).event
  }
  const rest = bodyFrom(event, occurrence.date)
  const body = startingWith({ ...rest, ...changes, ...recurrenceAfter(rest['recurrence'], changes) })
  // Only what can be made anew may end.
  const begun = addEvent(mailbox, calendar, body, preferences)
  endBefore(mailbox, found, occurrence.date)
  return begun
}

/** Deletes an occurrence and all after it: the series ends on the day before, or is deleted if it was all of it. */
export function removeFollowing(mailbox: Mailbox, found: Found): void {
  const { event, occurrence } = found
  if (occurrence === undefined || isFirst(event, occurrence.date))
    removeEvent(mailbox, seriesOf(found), undefined)
  else endBefore(mailbox, found, occurrence.date)
}

/** A change that names a pattern only keeps what is left of the range. */
function recurrenceAfter(rest: unknown, { recurrence }: JsonObject): JsonObject {
  if (!isObject(recurrence) || !isObject(rest)) return {}
  return { recurrence: { ...rest, ...recurrence } }
}

/** The range of a series begins on the day of its start, which may just have been changed. */
function startingWith(body: JsonObject): JsonObject {
  const { start, recurrence } = body
  const startDate = isObject(start) ? textOf(start['dateTime'])?.slice(0, 10) : undefined
  if (!isObject(recurrence) || !isObject(recurrence['range']) || startDate === undefined) return body
  return { ...body, recurrence: { ...recurrence, range: { ...recurrence['range'], startDate } } }
}

function seriesOf({ event, calendar }: Found): Found {
  return { event, calendar, occurrence: undefined }
}

function isFirst(event: MicrosoftEvent, date: string): boolean {
  return date <= event.start.wall.slice(0, 10)
}

function endBefore(mailbox: Mailbox, { event }: Found, date: string): void {
  const { pattern, range } = event.properties.recurrence ?? {}
  const endDate = addDays(date, -1)
  const recurrence = { pattern, range: { type: 'endDate', startDate: range?.startDate, endDate } }
  changeEvent(mailbox, findEvent(mailbox.account, eventId(event.core, false)), { recurrence }, undefined)
}

/** What a caller would send to make the rest of a series from a day on. */
function bodyFrom(event: MicrosoftEvent, date: string): JsonObject {
  const { properties, isAllDay, extendedProperties } = event
  const kept = writable.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]]))
  const { start, end } = slotAt(event, date)
  return {
    ...Object.fromEntries(kept),
    ...(properties.body === undefined ? {} : { body: properties.body }),
    ...(properties.locations === undefined ? {} : { locations: properties.locations }),
    ...(properties.attendees === undefined ? {} : { attendees: properties.attendees }),
    ...(properties.isOnlineMeeting ? { isOnlineMeeting: true } : {}),
    singleValueExtendedProperties: extendedProperties,
    isAllDay,
    start: timeOf(start),
    end: timeOf(end),
    recurrence: recurrenceFrom(event, date),
  }
}

function recurrenceFrom(event: MicrosoftEvent, date: string): PatternedRecurrence {
  const { pattern, range } = event.properties.recurrence ?? {}
  let before = 0
  if (range?.type === 'numbered')
    for (const day of datesOf(event, event.start.wall)) if (day < date) before += 1
  const left = Math.max(1, (range?.numberOfOccurrences ?? 0) - before)
  const { recurrenceTimeZone: _zone, ...rest } = range ?? {}
  return {
    pattern: pattern ?? null,
    range: { ...rest, startDate: date, ...(range?.type === 'numbered' ? { numberOfOccurrences: left } : {}) },
  }
}

function timeOf({ wall, zone }: ZonedTime): DateTimeTimeZone {
  return { dateTime: wall, timeZone: zone }
}
