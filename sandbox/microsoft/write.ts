import type { Event } from '@microsoft/microsoft-graph-types'
import { record } from '../event-log.ts'
import { windowsZoneOf } from '../zones.ts'
import { nextVersion, nowOf, type World } from '../world.ts'
import { storedBody } from './body.ts'
import {
  changeKeyConflict,
  GraphError,
  itemNotFound,
  invalidRequest,
  propertyValidationFailure,
} from './errors.ts'
import { extentsAfter } from './extents.ts'
import { eventId, newCore, readEventId } from './ids.ts'
import { findOccurrence, neighbours, type Occurrence } from './occurrences.ts'
import { linesOf } from './pattern.ts'
import type { Preferences } from './preferences.ts'
import { etagOf } from './render.ts'
import { microsoftSwitch } from './switches.ts'
import { checkTimes, eventBody, extendedProperties, writable, zonedTime, type EventBody } from './resource.ts'
import type {
  ExtendedProperty,
  MicrosoftAccount,
  MicrosoftCalendar,
  MicrosoftEvent,
  ZonedTime,
} from './types.ts'

export interface Mailbox {
  world: World
  account: MicrosoftAccount
}

export interface Found {
  calendar: MicrosoftCalendar
  event: MicrosoftEvent
  occurrence: Occurrence | undefined
}

export function createEvent(
  { world, account }: Mailbox,
  calendar: MicrosoftCalendar,
  sent: unknown,
  preferences: Preferences,
  importedUid?: string,
): MicrosoftEvent {
  const body = eventBody(sent)
  refuseRepeat(world, account, body, preferences)
  const start = zonedTime(body.start)
  const end = zonedTime(body.end)
  const isAllDay = body.isAllDay ?? false
  checkTimes(start, end, isAllDay)
  const core = newCore(world.random)
  const event: MicrosoftEvent = {
    core,
    changeKey: newChangeKey(world),
    properties: {
      ...newProperties(world, account, body),
      ...chosenProperties(body),
      ...(importedUid === undefined ? {} : { iCalUId: importedUid }),
    },
    start,
    end,
    isAllDay,
    extendedProperties: extendedProperties(body),
    lines: body.recurrence ? recurrenceLines(body, start) : null,
    exceptions: {},
    cancelled: [],
    isDeleted: false,
  }
  store(account, calendar, event)
  if (body.transactionId) account.transactions.set(body.transactionId, core)
  return event
}

function refuseRepeat(
  world: World,
  account: MicrosoftAccount,
  body: EventBody,
  preferences: Preferences,
): void {
  const used = account.transactions.get(body.transactionId ?? '')
  if (used === undefined) return
  const message =
    "Your request can't be completed. The TransactionId specified in the request has already been used to create a different event."
  const status = microsoftSwitch(world.state, 'duplicateTransactionStatus')
  const extra = { '@event.existingEventId': eventId(used, preferences.immutableIds) }
  throw new GraphError(status, 'ErrorDuplicateTransactionId', message, { extra })
}

export function store(account: MicrosoftAccount, calendar: MicrosoftCalendar, event: MicrosoftEvent): void {
  const { log } = calendar
  const extents = extentsAfter(log.entries.get(event.core), event, log.sequence + 1)
  record(log, event.core, event, extents)
  account.homes.set(event.core, calendar.id)
}

export function newProperties(world: World, account: MicrosoftAccount, body: Event): Event {
  const now = graphTime(nowOf(world))
  const uid = `040000008200E00074C5B7101A82E008${world.random.text(48, '0123456789ABCDEF')}`
  return {
    createdDateTime: now,
    lastModifiedDateTime: now,
    categories: [],
    transactionId: body.transactionId ?? null,
    reminderMinutesBeforeStart: 15,
    isReminderOn: true,
    hasAttachments: false,
    subject: '',
    importance: 'normal',
    sensitivity: 'normal',
    isCancelled: false,
    isOrganizer: true,
    responseRequested: true,
    showAs: 'busy',
    onlineMeetingUrl: null,
    isOnlineMeeting: false,
    onlineMeetingProvider: 'unknown',
    allowNewTimeProposals: true,
    isDraft: false,
    hideAttendees: false,
    iCalUId: uid,
    body: storedBody(undefined),
    location: { displayName: '', locationType: 'default', uniqueIdType: 'unknown' },
    locations: [],
    attendees: [],
    organizer: { emailAddress: { name: account.email, address: account.email } },
    responseStatus: { response: 'organizer', time: '0001-01-01T00:00:00Z' },
  }
}

/** The properties of a write that take effect, with what the server makes of them. */
function chosenProperties(body: EventBody): Event {
  const chosen: Record<string, unknown> = {}
  for (const name of writable) if (body[name] !== undefined) chosen[name] = body[name]
  if (body.body !== undefined) chosen['body'] = storedBody(body.body)
  if (body.location && body.locations === undefined) {
    chosen['location'] = { locationType: 'default', uniqueIdType: 'unknown', ...body.location }
    chosen['locations'] = body.location.displayName ? [chosen['location']] : []
  }
  if (body.attendees) {
    const status = { response: 'none', time: '0001-01-01T00:00:00Z' }
    chosen['attendees'] = body.attendees.map((attendee) => ({ type: 'required', ...attendee, status }))
  }
  if (body.isOnlineMeeting && !body.onlineMeetingProvider)
    chosen['onlineMeetingProvider'] = 'teamsForBusiness'
  return chosen
}

/** An event by either spelling of its id, an occurrence by its own. */
export function findEvent(account: MicrosoftAccount, id: string, within?: MicrosoftCalendar): Found {
  const { core, date } = readEventId(id)
  const calendar = account.calendars.get(account.homes.get(core) ?? '')
  const event = calendar?.log.entries.get(core)?.event
  if (calendar === undefined || event === undefined || event.isDeleted) throw itemNotFound()
  if (within !== undefined && within.id !== calendar.id) throw itemNotFound()
  if (date === undefined) return { calendar, event, occurrence: undefined }
  const occurrence = event.lines === null ? undefined : findOccurrence(event, date)
  if (occurrence === undefined) throw itemNotFound()
  return { calendar, event, occurrence }
}

export function patchEvent(
  mailbox: Mailbox,
  found: Found,
  sent: unknown,
  ifMatch: string | undefined,
): Found {
  const { event, occurrence, calendar } = found
  checkCondition(found, ifMatch)
  const body = eventBody(sent)
  const own = occurrence?.exception ?? event
  const start = body.start ? zonedTime(body.start) : (occurrence ?? event).start
  const end = body.end ? zonedTime(body.end) : (occurrence ?? event).end
  const isAllDay = body.isAllDay ?? own.isAllDay
  checkTimes(start, end, isAllDay)
  const changed = {
    changeKey: newChangeKey(mailbox.world),
    properties: {
      ...own.properties,
      ...chosenProperties(body),
      lastModifiedDateTime: graphTime(nowOf(mailbox.world)),
    },
    start,
    end,
    isAllDay,
    extendedProperties: mergedProperties(own.extendedProperties, extendedProperties(body)),
  }
  if (occurrence !== undefined) {
    checkBoundaries(event, occurrence, start)
    const exceptions = { ...event.exceptions, [occurrence.date]: changed }
    const master = { ...event, exceptions, changeKey: newChangeKey(mailbox.world) }
    store(mailbox.account, calendar, master)
    return { calendar, event: master, occurrence: { ...occurrence, start, end, exception: changed } }
  }
  const next = { ...event, ...changed, ...recurrenceAfter(event, body, start, end) }
  store(mailbox.account, calendar, next)
  return { calendar, event: next, occurrence: undefined }
}

/** What a patch does to the rule of a series; a new rule or time drops what was changed in single occurrences. */
function recurrenceAfter(
  event: MicrosoftEvent,
  body: EventBody,
  start: ZonedTime,
  end: ZonedTime,
): Pick<MicrosoftEvent, 'lines' | 'exceptions' | 'cancelled'> {
  const { lines, exceptions, cancelled } = event
  if (body.recurrence === null) return { lines: null, exceptions: {}, cancelled: [] }
  if (body.recurrence !== undefined)
    return { lines: recurrenceLines(body, start), exceptions: {}, cancelled: [] }
  const isMoved =
    start.wall !== event.start.wall || end.wall !== event.end.wall || start.zone !== event.start.zone
  if (lines === null || !isMoved) return { lines, exceptions, cancelled }
  // Graph wants start, end and recurrence together when a series changes its zone or its first day.
  const isSameDay = start.wall.slice(0, 10) === event.start.wall.slice(0, 10)
  if (start.zone !== event.start.zone || !isSameDay) throw propertyValidationFailure()
  return { lines, exceptions: {}, cancelled: [] }
}

function recurrenceLines(body: EventBody, start: ZonedTime): string[] | null {
  if (!body.recurrence) return null
  const zoneName = body.recurrence.range?.recurrenceTimeZone
  if (zoneName) {
    // A Windows name stands for several IANA zones, so the two are compared as Windows names.
    const { zone } = zonedTime({ dateTime: start.wall, timeZone: zoneName })
    if (windowsZoneOf(zone) !== windowsZoneOf(start.zone)) throw propertyValidationFailure()
  }
  return linesOf(body.recurrence, start.wall)
}

function checkBoundaries(master: MicrosoftEvent, occurrence: Occurrence, start: ZonedTime): void {
  const day = start.wall.slice(0, 10)
  const { before, after } = neighbours(master, occurrence.date)
  if ((before !== undefined && day <= before) || (after !== undefined && day >= after)) {
    const message = 'Cannot modify the occurrence: it would cross or overlap an adjacent occurrence.'
    throw new GraphError(400, 'ErrorOccurrenceCrossingBoundary', message)
  }
}

export function deleteEvent(mailbox: Mailbox, found: Found, ifMatch: string | undefined): void {
  const { event, occurrence, calendar } = found
  checkCondition(found, ifMatch)
  const changeKey = newChangeKey(mailbox.world)
  if (occurrence === undefined) {
    store(mailbox.account, calendar, { ...event, changeKey, isDeleted: true })
    return
  }
  const { [occurrence.date]: _gone, ...exceptions } = event.exceptions
  store(mailbox.account, calendar, {
    ...event,
    changeKey,
    exceptions,
    cancelled: [...event.cancelled, occurrence.date],
  })
}

function checkCondition({ event, occurrence }: Found, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*') return
  const { changeKey } = occurrence?.exception ?? event
  if (ifMatch !== etagOf(changeKey) && ifMatch !== `"${changeKey}"`) throw changeKeyConflict()
}

function mergedProperties(current: ExtendedProperty[], sent: ExtendedProperty[]): ExtendedProperty[] {
  return [...current.filter(({ id }) => !sent.some((property) => property.id === id)), ...sent]
}

export function newChangeKey(world: World): string {
  return Buffer.from(`sandbox${String(nextVersion(world)).padStart(11, '0')}`).toString('base64')
}

/** An instant with the seven digits Graph writes. */
export function graphTime(instantMs: number): string {
  return new Date(instantMs).toISOString().replace('Z', '0000Z')
}

export function requireBody(body: unknown): void {
  if (body === undefined || body === null) throw invalidRequest('Empty Payload. JSON content expected.')
}
