import type { Event as GraphEvent } from '@microsoft/microsoft-graph-types'
import type { EventContent, EventTime, ShowAs, Visibility } from '../../domain/event.ts'
import { normaliseText, sameTime } from '../../domain/event.ts'
import { allDay, InvalidTime, timedFromInstants, timedFromWall } from '../../domain/time.ts'
import type { Observation, ObservedEvent } from '../port.ts'
import { bodyText } from '../text.ts'
import { graphZone, ianaZone } from './zones.ts'

/** An item as Graph really sends it: the published type leaves out what OData adds. */
export type GraphItem = GraphEvent & { '@odata.etag'?: string; '@removed'?: { reason?: string } }

/** The fixed name of our marker (one named property per mailbox): it finds a lost create, it proves nothing. */
export const keyProperty = 'String {6e2d7c1a-4b8f-4f0e-9a53-8c1d2f7b9e60} Name CalendarSyncKey'

/** One item of a delta page in our words; undefined for an occurrence, which its master stands for. */
export function observe(item: GraphItem): Observation | undefined {
  const externalId = item.id ?? ''
  if (item['@removed']) return { kind: 'removed', externalId, certain: false }
  if (item.isCancelled) return { kind: 'removed', externalId, certain: true }
  if (item.type === 'occurrence' || item.isDraft) return undefined
  try {
    return { kind: 'event', event: observedEvent(item) }
  } catch (error) {
    if (!(error instanceof InvalidTime)) throw error
    return { kind: 'malformed', externalId, reason: error.message, rawSize: JSON.stringify(item).length }
  }
}

export function observedEvent(item: GraphItem): ObservedEvent {
  const problem = problemOf(item)
  return {
    kind: item.type === 'seriesMaster' ? 'series' : item.type === 'exception' ? 'occurrence' : 'single',
    externalId: item.id ?? '',
    etag: item['@odata.etag'] ?? null,
    icalUid: item.iCalUId ?? null,
    content: problem === null ? contentOf(item) : null,
    problem,
    readOnly: readOnlyReason(item),
    createKey: item.transactionId ?? null,
  }
}

/** A series that a delta page shows only by its occurrences: its master lies outside the window. */
export function seriesSeenByOccurrence(masterId: string): ObservedEvent {
  return {
    kind: 'series',
    externalId: masterId,
    etag: null,
    icalUid: null,
    content: null,
    problem: seriesProblem,
    readOnly: null,
    createKey: null,
  }
}

const seriesProblem = 'A repeating event: series are not synchronised yet.'

function problemOf(item: GraphItem): string | null {
  if (item.type === 'seriesMaster') return seriesProblem
  if (item.type === 'exception')
    return 'A changed occurrence of a repeating event: series are not synchronised yet.'
  const zone = item.originalStartTimeZone
  if (!item.isAllDay && !ianaZone(zone)) return `The time zone "${zone ?? ''}" is not one CLDR knows.`
  return null
}

function contentOf(item: GraphItem): EventContent {
  return {
    title: normaliseText(item.subject),
    body: bodyText(item.body?.content, item.body?.contentType === 'html' ? 'html' : 'text'),
    location: normaliseText(item.location?.displayName),
    time: timeOf(item),
    showAs: showAsIn[item.showAs ?? 'busy'] ?? 'busy',
    visibility: visibilityIn[item.sensitivity ?? 'normal'] ?? 'default',
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
    ianaZone(item.originalStartTimeZone) ?? 'UTC',
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
  return body
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
