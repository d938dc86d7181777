import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import type { EventContent, EventTime, ShowAs, Visibility } from '../../domain/event.ts'
import { normaliseText } from '../../domain/event.ts'
import { allDay, InvalidTime, isKnownZone, timedFromInstants } from '../../domain/time.ts'
import { InvalidRecurrence } from '../../domain/recurrence/recurrence.ts'
import { parseRecurrence, recurrenceLines } from '../../domain/recurrence/lines.ts'
import type { Slot } from '../../domain/series.ts'
import { slotId, type Observation, type ObservedEvent, type OccurrenceRef } from '../port.ts'
import { asEitherText, bodyText } from '../text.ts'

type GoogleEvent = calendar_v3.Schema$Event

/** The name of the private property that carries a create's idempotency key. Copied when a series splits, so it proves little. */
export const keyProperty = 'calendarSyncKey'

/** One item of `events.list` in our words. */
export function observe(item: GoogleEvent, calendarZone: string): Observation {
  const externalId = item.id ?? ''
  const occurrence = occurrenceOf(item)
  if (item.status === 'cancelled') {
    if (!occurrence) return { kind: 'removed', externalId, certain: true }
    const { seriesId, slot } = occurrence
    return { kind: 'cancelled', externalId: slotId(seriesId, slot), occurrence, etag: item.etag ?? null }
  }
  try {
    return { kind: 'event', event: observedEvent(item, calendarZone) }
  } catch (error) {
    if (!(error instanceof InvalidTime)) throw error
    return { kind: 'malformed', externalId, reason: error.message, rawSize: JSON.stringify(item).length }
  }
}

export function observedEvent(item: GoogleEvent, calendarZone: string): ObservedEvent {
  const kind = isSeries(item) ? 'series' : item.recurringEventId ? 'occurrence' : 'single'
  const occurrence = occurrenceOf(item)
  const { content, problem } = contentOrProblem(item, calendarZone)
  return {
    kind,
    externalId: occurrence ? slotId(occurrence.seriesId, occurrence.slot) : (item.id ?? ''),
    occurrence,
    tells: 'some',
    overrides: [],
    etag: item.etag ?? null,
    icalUid: item.iCalUID ?? null,
    eventType: item.eventType ?? 'default',
    content,
    problem,
    readOnly: readOnlyReason(item),
    // A copy carries the property along, under an id of its own: only the event we created is named by its key.
    createKey: item.extendedProperties?.private?.[keyProperty] === item.id ? (item.id ?? null) : null,
    changedAt: item.updated ?? null,
  }
}

const isSeries = (item: GoogleEvent): boolean => (item.recurrence?.length ?? 0) > 0

/** The slot an exception or an instance stands for; its original start never moves (Events: `originalStartTime`). */
function occurrenceOf(item: GoogleEvent): OccurrenceRef | null {
  const { recurringEventId: seriesId, originalStartTime: original } = item
  const slot = original?.date ?? (original?.dateTime ? wholeSecond(original.dateTime) : undefined)
  return seriesId && slot ? { seriesId, slot, vendorId: item.id ?? null } : null
}

const wholeSecond = (instant: string): Slot => `${new Date(instant).toISOString().slice(0, 19)}Z`

/** The id Google gives the occurrence at a slot; one of a split series has it without the split's suffix. */
export function instanceId({ seriesId, slot }: OccurrenceRef): string {
  return `${seriesId.replace(/_R\d{8}(T\d{6}Z?)?$/, '')}_${slot.replaceAll(/[-:]/g, '')}`
}

/** A series whose rule we cannot hold is no malformed event: it is kept, counted, and says why. */
function contentOrProblem(
  item: GoogleEvent,
  calendarZone: string,
): Pick<ObservedEvent, 'content' | 'problem'> {
  const problem = problemOf(item, calendarZone)
  if (problem !== null) return { content: null, problem }
  try {
    return { content: contentOf(item, calendarZone), problem: null }
  } catch (error) {
    if (!(error instanceof InvalidRecurrence)) throw error
    return { content: null, problem: error.message }
  }
}

function problemOf(item: GoogleEvent, calendarZone: string): string | null {
  const zone = item.start?.timeZone ?? calendarZone
  if (item.start?.dateTime && !isKnownZone(zone))
    return `The time zone "${zone}" is not an IANA zone we know.`
  return null
}

function contentOf(item: GoogleEvent, calendarZone: string): EventContent {
  const time = timeOf(item, calendarZone)
  return {
    title: normaliseText(item.summary),
    body: bodyText(item.description, 'either'),
    location: normaliseText(item.location),
    time,
    showAs: showAsOf(item),
    visibility: visibilities.find((known) => known === item.visibility) ?? 'default',
    recurrence: isSeries(item) ? parseRecurrence(item.recurrence ?? [], time) : null,
  }
}

const visibilities: readonly Visibility[] = ['public', 'private', 'confidential']

function timeOf(item: GoogleEvent, calendarZone: string): EventTime {
  const { start, end } = item
  if (start?.date && end?.date) return allDay(start.date, end.date)
  if (start?.dateTime && end?.dateTime) {
    return timedFromInstants(start.dateTime, end.dateTime, start.timeZone ?? calendarZone)
  }
  throw new InvalidTime('The event has no start and end of one kind.')
}

function showAsOf(item: GoogleEvent): ShowAs {
  if (item.eventType === 'outOfOffice') return 'oof'
  if (item.transparency === 'transparent') return 'free'
  return item.status === 'tentative' ? 'tentative' : 'busy'
}

/** Google lets only the organizer change shared fields, and keeps some kinds of events to itself (mapping §14). */
function readOnlyReason(item: GoogleEvent): string | null {
  if (item.organizer && item.organizer.self !== true) return "It is somebody else's meeting."
  if (item.locked) return 'Google has locked this event.'
  if (item.eventType && !['default', 'outOfOffice', 'focusTime'].includes(item.eventType)) {
    return `Google keeps events of the type ${item.eventType} to itself.`
  }
  return null
}

/** What a write carries: only the fields given, in Google's words. `null` clears. */
export function requestBody(fields: Partial<EventContent>): GoogleEvent {
  const body: GoogleEvent = {}
  if (fields.title !== undefined) body.summary = fields.title
  if (fields.body !== undefined) body.description = asEitherText(fields.body)
  if (fields.location !== undefined) body.location = fields.location
  if (fields.time) Object.assign(body, timeBody(fields.time))
  if (fields.showAs) {
    body.transparency = fields.showAs === 'free' ? 'transparent' : 'opaque'
    body.status = fields.showAs === 'tentative' ? 'tentative' : 'confirmed'
  }
  if (fields.visibility) body.visibility = fields.visibility
  if (fields.recurrence !== undefined) {
    const { recurrence, time } = fields
    body.recurrence = recurrence && time ? recurrenceLines({ time, recurrence }) : []
  }
  return body
}

/** Both forms are named, so that a change between all-day and timed leaves no trace of the other one. */
function timeBody(time: EventTime): Pick<GoogleEvent, 'start' | 'end'> {
  if (time.kind === 'date') {
    const none = { dateTime: null, timeZone: null }
    return { start: { date: time.start, ...none }, end: { date: time.end, ...none } }
  }
  return {
    start: { dateTime: time.startsAt, timeZone: time.zone, date: null },
    end: { dateTime: time.endsAt, timeZone: time.zone, date: null },
  }
}
