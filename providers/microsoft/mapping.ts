import type { Event as GraphEvent } from '@microsoft/microsoft-graph-types'
import type { EventContent, EventTime, ShowAs, Visibility } from '../../domain/event.ts'
import { normaliseText, sameTime } from '../../domain/event.ts'
import { allDay, InvalidTime, timedFromInstants, timedFromWall } from '../../domain/time.ts'
import { InvalidRecurrence } from '../../domain/recurrence/recurrence.ts'
import { slotOn } from '../../domain/recurrence/occurrences.ts'
import { excluding, slotOf, type Slot } from '../../domain/series.ts'
import { slotId, type Observation, type ObservedEvent, type OccurrenceRef } from '../port.ts'
import { bodyText } from '../text.ts'
import { graphRecurrence, recurrenceFromGraph } from './recurrence.ts'
import { graphZone, ianaZone, seriesZone } from './zones.ts'

/** An item as Graph really sends it: the published type leaves out what OData adds. */
export type GraphItem = GraphEvent & { '@odata.etag'?: string; '@removed'?: { reason?: string } }

/** The fixed name of our marker (one named property per mailbox): it finds a lost create, it proves nothing. */
export const keyProperty = 'String {6e2d7c1a-4b8f-4f0e-9a53-8c1d2f7b9e60} Name CalendarSyncKey'

/** One item of a delta page in our words; undefined for an occurrence, changed or not: its series tells of it. */
export function observe(item: GraphItem): Observation | undefined {
  const externalId = item.id ?? ''
  if (item['@removed']) return { kind: 'removed', externalId, certain: false }
  if (item.isCancelled) return { kind: 'removed', externalId, certain: true }
  if (item.type === 'occurrence' || item.type === 'exception' || item.isDraft) return undefined
  try {
    return { kind: 'event', event: observedEvent(item) }
  } catch (error) {
    if (!(error instanceof InvalidTime)) throw error
    return { kind: 'malformed', externalId, reason: error.message, rawSize: JSON.stringify(item).length }
  }
}

export function observedEvent(item: GraphItem): ObservedEvent {
  const occurrence = occurrenceOf(item)
  const { content, problem } = contentOrProblem(item)
  return {
    kind: item.type === 'seriesMaster' ? 'series' : occurrence ? 'occurrence' : 'single',
    externalId: occurrence ? slotId(occurrence.seriesId, occurrence.slot) : (item.id ?? ''),
    occurrence,
    tells: item.cancelledOccurrences && item.exceptionOccurrences ? 'all' : 'none',
    overrides: (item.exceptionOccurrences ?? []).filter((one) => !one.isCancelled).map(observedEvent),
    etag: item['@odata.etag'] ?? null,
    icalUid: item.iCalUId ?? null,
    eventType: null,
    content,
    problem,
    readOnly: readOnlyReason(item),
    createKey: item.transactionId ?? null,
    changedAt: item.lastModifiedDateTime ?? null,
  }
}

/** The slot an occurrence stands for, wherever it was moved to. All-day ones are told by their date alone. */
function occurrenceOf(item: GraphItem): OccurrenceRef | null {
  const { seriesMasterId: seriesId, originalStart } = item
  if (!seriesId || !originalStart) return null
  const instant = `${new Date(originalStart).toISOString().slice(0, 19)}Z`
  const slot = item.isAllDay ? dayOf(instant, item.originalStartTimeZone) : instant
  return { seriesId, slot, vendorId: item.id ?? null }
}

/** An all-day occurrence starts at midnight of the zone it was made in. */
function dayOf(instant: string, zone: string | null | undefined): Slot {
  const time = timedFromInstants(instant, instant, ianaZone(zone) ?? 'UTC')
  return time.start.slice(0, 10)
}

function contentOrProblem(item: GraphItem): Pick<ObservedEvent, 'content' | 'problem'> {
  const problem = problemOf(item)
  if (problem !== null) return { content: null, problem }
  try {
    return { content: withExclusions(contentOf(item), item), problem: null }
  } catch (error) {
    if (!(error instanceof InvalidRecurrence)) throw error
    return { content: null, problem: error.message }
  }
}

/** Graph names a deleted occurrence by its series and its date in the series' zone: `OID.{id}.2026-03-05`. */
function withExclusions(content: EventContent, item: GraphItem): EventContent {
  const { recurrence, time } = content
  if (!recurrence) return content
  const slots = (item.cancelledOccurrences ?? []).flatMap((oid): Slot[] => {
    const occurrence = slotOn({ time, recurrence }, oid.slice(-10))
    return occurrence ? [slotOf(occurrence.originalStart, time)] : []
  })
  return excluding(content, slots)
}

function problemOf(item: GraphItem): string | null {
  const zone = item.recurrence?.range?.recurrenceTimeZone || item.originalStartTimeZone
  if (!item.isAllDay && !ianaZone(zone)) return `The time zone "${zone ?? ''}" is not one CLDR knows.`
  return null
}

function contentOf(item: GraphItem): EventContent {
  const time = timeOf(item)
  const { pattern, range } = item.recurrence ?? {}
  return {
    title: normaliseText(item.subject),
    body: bodyText(item.body?.content, item.body?.contentType === 'html' ? 'html' : 'text'),
    location: normaliseText(item.location?.displayName),
    time,
    showAs: showAsIn[item.showAs ?? 'busy'] ?? 'busy',
    visibility: visibilityIn[item.sensitivity ?? 'normal'] ?? 'default',
    recurrence: pattern && range ? recurrenceFromGraph({ pattern, range }, time) : null,
  }
}

/** Every read asks for UTC (`Prefer: outlook.timezone`); the zone people made it in is `originalStartTimeZone`. */
function timeOf(item: GraphItem): EventTime {
  const start = item.start?.dateTime
  const end = item.end?.dateTime
  if (!start || !end) throw new InvalidTime('The event has no start or no end.')
  if (item.isAllDay) return allDay(start.slice(0, 10), end.slice(0, 10))
  if (item.start?.timeZone !== 'UTC')
    throw new InvalidTime(`Asked for UTC, got "${item.start?.timeZone ?? ''}".`)
  return timedFromInstants(
    `${start.slice(0, 19)}Z`,
    `${end.slice(0, 19)}Z`,
    ianaZone(item.recurrence?.range?.recurrenceTimeZone || item.originalStartTimeZone) ?? 'UTC',
  )
}

/** An update or delete there mails people or breaks the meeting: such events are only read (design: who may be written). */
function readOnlyReason(item: GraphItem): string | null {
  if (item.isOrganizer === false) return "It is somebody else's meeting."
  if ((item.attendees?.length ?? 0) > 0)
    return 'It has attendees: Microsoft would mail them about every change.'
  if (item.isOnlineMeeting) return 'It is an online meeting: a change of its body would break the join link.'
  return null
}

const showAsIn: Record<string, ShowAs> = {
  free: 'free',
  tentative: 'tentative',
  busy: 'busy',
  oof: 'oof',
  workingElsewhere: 'elsewhere',
}
const showAsOut = {
  free: 'free',
  tentative: 'tentative',
  busy: 'busy',
  oof: 'oof',
  elsewhere: 'workingElsewhere',
} as const
const visibilityIn: Record<string, Visibility> = {
  private: 'private',
  personal: 'private',
  confidential: 'confidential',
}
const visibilityOut = {
  default: 'normal',
  public: 'normal',
  private: 'private',
  confidential: 'confidential',
} as const

/** What a write carries: only the fields given, in Graph's words. */
export function requestBody(fields: Partial<EventContent>): GraphEvent {
  const body: GraphEvent = {}
  if (fields.title !== undefined) body.subject = fields.title
  if (fields.body !== undefined) body.body = { contentType: 'text', content: fields.body }
  if (fields.location !== undefined) body.location = { displayName: fields.location }
  if (fields.time) Object.assign(body, timeBody(fields.time))
  if (fields.showAs) body.showAs = showAsOut[fields.showAs]
  if (fields.visibility) body.sensitivity = visibilityOut[fields.visibility]
  if (fields.recurrence !== undefined) Object.assign(body, recurrenceBody(fields))
  return body
}

/** A series' rule goes out with its first day, in the zone the first day was written in. */
function recurrenceBody({ time, recurrence }: Partial<EventContent>): Pick<GraphEvent, 'recurrence'> {
  if (!time || !recurrence) return { recurrence: null }
  const told = graphRecurrence({ time, recurrence })
  if (told.kind !== 'exact') return {}
  const { pattern = null, range } = told.recurrence
  const zone = time.kind === 'date' ? 'UTC' : seriesZone(time.zone, time.startsAt)
  const timed = zone && time.kind === 'dateTime' ? wallTimes(time, zone) : {}
  return { ...timed, recurrence: { pattern, range: { ...range, ...(zone && { recurrenceTimeZone: zone }) } } }
}

function wallTimes(time: EventTime, timeZone: string): Pick<GraphEvent, 'isAllDay' | 'start' | 'end'> {
  const at = (dateTime: string) => ({ dateTime, timeZone })
  return { isAllDay: false, start: at(time.start), end: at(time.end) }
}

/** All-day is midnight to midnight in one zone; a timed value is wall time in the zone's Windows name. */
function timeBody(time: EventTime): Pick<GraphEvent, 'isAllDay' | 'start' | 'end'> {
  if (time.kind === 'date') {
    const midnight = (date: string) => ({ dateTime: `${date}T00:00:00`, timeZone: 'UTC' })
    return { isAllDay: true, start: midnight(time.start), end: midnight(time.end) }
  }
  const timeZone = [graphZone(time.zone), time.zone].find((zone) => meansTheSame(time, zone))
  if (timeZone) {
    return {
      isAllDay: false,
      start: { dateTime: time.start, timeZone },
      end: { dateTime: time.end, timeZone },
    }
  }
  const utc = (instant: string) => ({ dateTime: instant.replace('Z', ''), timeZone: 'UTC' })
  return { isAllDay: false, start: utc(time.startsAt), end: utc(time.endsAt) }
}

/** Several IANA zones share a Windows name, and an hour repeats each autumn: a name is used only when it names the same instants. */
function meansTheSame(time: EventTime & { kind: 'dateTime' }, graphName: string): boolean {
  const zone = ianaZone(graphName)
  return zone !== undefined && sameTime(timedFromWall(time.start, time.end, zone), time)
}

/** Why Outlook cannot hold an event like this; null when it can. Nothing is approximated. */
export function unsupportedReason({ time, recurrence }: EventContent): string | null {
  // Graph refuses an end that is not after the start (ErrorPropertyValidationFailure).
  if (time.start === time.end) return 'Outlook cannot hold an event that ends when it starts.'
  if (!recurrence) return null
  if (time.kind === 'dateTime' && !seriesZone(time.zone, time.startsAt)) {
    return `Outlook has no time zone with the clock of ${time.zone}.`
  }
  const told = graphRecurrence({ time, recurrence })
  return told.kind === 'exact' ? null : told.reason
}
