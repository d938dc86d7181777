import type { DateTimeTimeZone, Event } from '@microsoft/microsoft-graph-types'
import { markLasting } from '../json-bytes.ts'
import { Remembered } from '../remembered.ts'
import { wallTimeOf, windowsZoneOf } from '../zones.ts'
import { bodyText, previewOf } from './body.ts'
import { eventId } from './ids.ts'
import { instant, type Occurrence } from './occurrences.ts'
import type { Preferences } from './preferences.ts'
import { occurrenceUid, unsetProperties, type Property, type PropertyName } from './properties.ts'
import type { MicrosoftEvent, ZonedTime } from './types.ts'

export type RenderedEvent = Event & {
  '@odata.etag': string
  '@odata.type'?: string
  uid?: string | null
  occurrenceId?: string | null
}

/**
 * An event as Graph answers it: a single one, a series master, or an occurrence in full. What is answered for an event is
 * shared by those who prefer it the same way, and never edited.
 */
export function render(
  event: MicrosoftEvent,
  preferences: Preferences,
  occurrence?: Occurrence,
): RenderedEvent {
  return occurrence === undefined
    ? shownOf(event, preferences).bare
    : renderAnew(event, preferences, occurrence)
}

/** The same where it stands among things of other types. */
export function renderTyped(event: MicrosoftEvent, preferences: Preferences): RenderedEvent {
  const remembered = shownOf(event, preferences)
  remembered.typed ??= lasting({ '@odata.type': '#microsoft.graph.event', ...remembered.bare })
  return remembered.typed
}

/** How an event was shown last: most callers of a mailbox prefer the same. */
interface Shown {
  preferences: Preferences
  bare: RenderedEvent
  typed: RenderedEvent | null
}

const shown = new Remembered<MicrosoftEvent, { last: Shown | null }>(5_000)

function shownOf(event: MicrosoftEvent, preferences: Preferences): Shown {
  const remembered = shown.of(event, () => ({ last: null }))
  if (remembered.last !== null && arePreferredAlike(remembered.last.preferences, preferences))
    return remembered.last
  remembered.last = { preferences, bare: lasting(renderAnew(event, preferences, undefined)), typed: null }
  return remembered.last
}

/** Says whether events are rendered the same for two callers; how many come on a page is no matter here. */
function arePreferredAlike(one: Preferences, other: Preferences): boolean {
  return (
    one.zone?.name === other.zone?.name &&
    one.immutableIds === other.immutableIds &&
    one.textBodies === other.textBodies
  )
}

function lasting(rendered: RenderedEvent): RenderedEvent {
  markLasting(rendered)
  return rendered
}

function renderAnew(
  event: MicrosoftEvent,
  preferences: Preferences,
  occurrence: Occurrence | undefined,
): RenderedEvent {
  const { changeKey, isAllDay } = occurrence?.exception ?? event
  const { start, end } = occurrence ?? event
  const id = eventId(event.core, preferences.immutableIds, occurrence?.date)
  const has = <N extends PropertyName>(name: N): Property<N> => propertyOf(event, occurrence, name)
  const body = has('body')
  // Member by member, since lists are made of this.
  return {
    '@odata.etag': etagOf(changeKey),
    id,
    createdDateTime: has('createdDateTime'),
    lastModifiedDateTime: has('lastModifiedDateTime'),
    changeKey,
    categories: has('categories'),
    transactionId: has('transactionId'),
    originalStartTimeZone: originalZone(start),
    originalEndTimeZone: originalZone(end),
    iCalUId: has('iCalUId'),
    uid: event.properties.iCalUId ?? null,
    reminderMinutesBeforeStart: has('reminderMinutesBeforeStart'),
    isReminderOn: has('isReminderOn'),
    hasAttachments: has('hasAttachments'),
    subject: has('subject'),
    bodyPreview: has('bodyPreview') || previewOf(body),
    importance: has('importance'),
    sensitivity: has('sensitivity'),
    isAllDay,
    isCancelled: has('isCancelled'),
    isOrganizer: has('isOrganizer'),
    responseRequested: has('responseRequested'),
    showAs: has('showAs'),
    webLink: webLink(id),
    onlineMeetingUrl: has('onlineMeetingUrl'),
    isOnlineMeeting: has('isOnlineMeeting'),
    onlineMeetingProvider: has('onlineMeetingProvider'),
    allowNewTimeProposals: has('allowNewTimeProposals'),
    isDraft: has('isDraft'),
    hideAttendees: has('hideAttendees'),
    responseStatus: has('responseStatus'),
    body: preferences.textBodies ? { contentType: 'text', content: bodyText(body) } : body,
    start: renderTime(start, isAllDay, preferences),
    end: renderTime(end, isAllDay, preferences),
    location: has('location'),
    locations: has('locations'),
    recurrence: occurrence === undefined && event.lines !== null ? has('recurrence') : null,
    attendees: has('attendees'),
    organizer: has('organizer'),
    onlineMeeting: has('onlineMeeting'),
    ...placeInSeries(event, occurrence, preferences),
  }
}

function webLink(id: string): string {
  return `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(id)}&exvsurl=1&path=/calendar/item`
}

/** A property of an event or an occurrence: its own, its series', or what it is when nobody ever set it. */
export function propertyOf<N extends PropertyName>(
  event: MicrosoftEvent,
  occurrence: Occurrence | undefined,
  name: N,
): Property<N> {
  const own = occurrence?.exception?.properties[name]
  if (own !== undefined) return own
  const value = event.properties[name]
  return value === undefined ? unsetProperties[name] : value
}

/** The properties of an event or an occurrence, those too that nobody ever set. */
export function propertiesOf(event: MicrosoftEvent, occurrence: Occurrence | undefined): Event {
  return { ...unsetProperties, ...event.properties, ...occurrence?.exception?.properties }
}

/** An untouched occurrence as delta gives it: without anything its master tells already. */
export function renderThin(
  event: MicrosoftEvent,
  preferences: Preferences,
  occurrence: Occurrence,
): RenderedEvent {
  if (occurrence.exception !== undefined) {
    return { '@odata.type': '#microsoft.graph.event', ...render(event, preferences, occurrence) }
  }
  return {
    '@odata.type': '#microsoft.graph.event',
    '@odata.etag': etagOf(event.changeKey),
    id: eventId(event.core, preferences.immutableIds, occurrence.date),
    seriesMasterId: eventId(event.core, preferences.immutableIds),
    type: 'occurrence',
    start: renderTime(occurrence.start, event.isAllDay, preferences),
    end: renderTime(occurrence.end, event.isAllDay, preferences),
  }
}

export function etagOf(changeKey: string): string {
  return `W/"${changeKey}"`
}

export function occurrenceId(masterId: string, date: string): string {
  return `OID.${masterId}.${date}`
}

function placeInSeries(
  event: MicrosoftEvent,
  occurrence: Occurrence | undefined,
  preferences: Preferences,
): Partial<RenderedEvent> {
  if (occurrence === undefined) {
    const type = event.lines === null ? 'singleInstance' : 'seriesMaster'
    return { type, seriesMasterId: null, occurrenceId: null }
  }
  const masterId = eventId(event.core, preferences.immutableIds)
  return {
    type: occurrence.exception === undefined ? 'occurrence' : 'exception',
    seriesMasterId: masterId,
    occurrenceId: occurrenceId(masterId, occurrence.date),
    originalStart: new Date(occurrence.originalStartMs).toISOString().replace('.000Z', 'Z'),
    iCalUId: occurrenceUid(event.properties.iCalUId ?? '', occurrence.date),
  }
}

/** An all-day event is midnight to midnight whatever zone is asked for. */
function renderTime(time: ZonedTime, isAllDay: boolean, preferences: Preferences): DateTimeTimeZone {
  const { iana, name } = preferences.zone ?? utc
  const isThere = isAllDay || time.zone === iana
  const wall = isThere ? time.wall : wallTimeOf(instant(time), iana)
  return { dateTime: `${wall}.0000000`, timeZone: name }
}

const utc = { iana: 'UTC', name: 'UTC' }

/** The zone an event was made in, as Outlook names it: a Windows name wherever there is one. */
export function originalZone(time: ZonedTime): string {
  return time.zoneName === time.zone ? windowsZoneOf(time.zone) : time.zoneName
}
