import { canExpand } from '../recurrence.ts'
import { nowOf } from '../world.ts'
import { keptAttendees } from './attendees.ts'
import { keptAttachments, keptConference } from './conference.ts'
import { invalid } from './errors.ts'
import { checkEventType, eventTypeOf } from './event-types.ts'
import { keptProperties } from './extended-properties.ts'
import { htmlLinkOf } from './identity.ts'
import { newEtag } from './keep-event.ts'
import { allColors } from './palette.ts'
import type { EventWish } from './read-body.ts'
import { keptReminders } from './reminders.ts'
import { isMaster, seriesOf, type Place } from './series.ts'
import { googleSwitch } from './switches.ts'
import { isSameTime, normaliseTimes } from './times.ts'
import type { GoogleAccount, GoogleEvent } from './types.ts'
import type { WriteQuery } from './write-query.ts'

/** Where somebody writes, and who. */
export interface Target extends Place {
  account: GoogleAccount
}

/** Checks a wished event, puts it into the form Google keeps, and adds what Google adds. */
export function completeEvent(
  target: Target,
  current: GoogleEvent | undefined,
  id: string,
  wished: EventWish,
  query: WriteQuery,
): GoogleEvent {
  const { world, calendar } = target
  const now = new Date(nowOf(world)).toISOString()
  const eventType = eventTypeOf(current, wished.eventType)
  const identity = identityOf(target, current, id, wished, now)
  const event: GoogleEvent = {
    ...identity,
    ...textsOf(wished),
    ...choicesOf(wished),
    ...normaliseTimes(wished, calendar.timeZone, (wished.recurrence?.length ?? 0) > 0),
    ...listsOf(target, current, wished, identity.organizer?.email ?? calendar.id),
    ...flagsOf(wished),
    ...membersOf(wished),
    ...(query.writesConference
      ? keptConference(target, current, wished.conferenceData)
      : present(current, ['conferenceData', 'hangoutLink'])),
    ...(query.writesAttachments
      ? one('attachments', keptAttachments(wished.attachments))
      : present(current, ['attachments'])),
    ...present(current, ['attendeesOmitted']),
    reminders: keptReminders(world.state, wished.reminders),
    eventType,
  }
  checkRecurrence(target, event)
  event.sequence = nextSequence(target, current, event, wished.sequence)
  checkEventType(calendar, current, event)
  return event
}

type Identity = Omit<GoogleEvent, 'status'>

/** Which event it is and whose: what no later write can change. */
function identityOf(
  { world, account, calendar }: Target,
  current: GoogleEvent | undefined,
  id: string,
  wished: EventWish,
  now: string,
): Identity {
  const self = { email: calendar.id, self: true }
  const creator = account.email === calendar.id ? self : { email: account.email }
  const organizer = calendar.primary ? self : { email: calendar.id, displayName: calendar.name, self: true }
  const from: EventWish = current ?? wished
  const { recurringEventId, originalStartTime, privateCopy, locked } = from
  return {
    kind: 'calendar#event',
    etag: newEtag(world),
    id,
    htmlLink: htmlLinkOf(id, calendar),
    created: current?.created ?? now,
    updated: now,
    creator: current?.creator ?? creator,
    organizer: from.organizer ?? organizer,
    iCalUID: current?.iCalUID ?? (wished.iCalUID || `${id}@google.com`),
    sequence: current?.sequence ?? 0,
    ...(recurringEventId && originalStartTime ? { recurringEventId, originalStartTime } : {}),
    ...(privateCopy ? { privateCopy } : {}),
    ...(locked ? { locked } : {}),
  }
}

function textsOf({ summary, description, location }: EventWish): Partial<GoogleEvent> {
  return { ...one('summary', summary), ...one('description', description), ...one('location', location) }
}

const statuses = ['confirmed', 'tentative', 'cancelled']
const visibilities = ['default', 'public', 'private', 'confidential']
const transparencies = ['opaque', 'transparent']

/** Members that can be one of a few words; the usual one is not told, but for the status. */
function choicesOf(wished: EventWish): Partial<GoogleEvent> & { status: string } {
  const choice = (name: 'visibility' | 'transparency' | 'status', choices: string[]): string => {
    const value = wished[name] || choices[0] || ''
    if (!choices.includes(value)) throw invalid(`Invalid value for: ${value} is not a valid value`, name)
    return value
  }
  const visibility = choice('visibility', visibilities)
  const transparency = choice('transparency', transparencies)
  return {
    status: choice('status', statuses),
    ...(visibility === 'default' ? {} : { visibility }),
    ...(transparency === 'opaque' ? {} : { transparency }),
    ...one('colorId', colorOf(wished)),
    ...one('eventLabelId', wished.eventLabelId),
  }
}

function colorOf({ colorId }: EventWish): string | undefined {
  if (!colorId) return undefined
  if (!Object.hasOwn(allColors().event, colorId)) throw invalid('Invalid color id.', 'colorId')
  return colorId
}

function listsOf(
  { calendar }: Target,
  current: GoogleEvent | undefined,
  wished: EventWish,
  organizer: string,
): Partial<GoogleEvent> {
  const attendees = keptAttendees(wished.attendees, {
    self: calendar.id,
    organizer,
    current: current?.attendees ?? [],
  })
  const { recurrence } = wished
  return {
    ...(attendees.length === 0 ? {} : { attendees }),
    ...(recurrence && recurrence.length > 0 ? { recurrence } : {}),
  }
}

/** What guests may do; told where it is not the usual. */
function flagsOf(wished: EventWish): Partial<GoogleEvent> {
  return {
    ...(wished.anyoneCanAddSelf === true ? { anyoneCanAddSelf: true } : {}),
    ...(wished.guestsCanInviteOthers === false ? { guestsCanInviteOthers: false } : {}),
    ...(wished.guestsCanModify === true ? { guestsCanModify: true } : {}),
    ...(wished.guestsCanSeeOtherGuests === false ? { guestsCanSeeOtherGuests: false } : {}),
  }
}

function membersOf(wished: EventWish): Partial<GoogleEvent> {
  const { source, gadget } = wished
  if (source?.url && !/^https?:\/\//i.test(source.url)) throw invalid('Invalid source URL.', 'source.url')
  return {
    ...one('extendedProperties', keptProperties(wished.extendedProperties)),
    ...(source?.url ? { source } : {}),
    ...one('gadget', gadget),
    ...one('workingLocationProperties', wished.workingLocationProperties),
    ...one('outOfOfficeProperties', wished.outOfOfficeProperties),
    ...one('focusTimeProperties', wished.focusTimeProperties),
    ...one('birthdayProperties', wished.birthdayProperties),
  }
}

function one<N extends keyof GoogleEvent>(name: N, value: GoogleEvent[N] | null): Partial<GoogleEvent> {
  return value === undefined || value === null || value === '' ? {} : { [name]: value }
}

function present(event: GoogleEvent | undefined, names: (keyof GoogleEvent)[]): Partial<GoogleEvent> {
  const entries = names.flatMap((name) => (event?.[name] === undefined ? [] : [[name, event[name]]]))
  return Object.fromEntries(entries)
}

const linePattern = /^(RRULE|EXRULE|RDATE|EXDATE)[;:]/i
const subDaily = /^(RRULE|EXRULE)[^:]*:.*FREQ=(SECONDLY|MINUTELY|HOURLY)/i

function checkRecurrence(target: Target, event: GoogleEvent): void {
  if (!isMaster(event)) return
  if (event.recurringEventId) throw invalid('An instance of a recurring event cannot recur.', 'recurrence')
  const lines = event.recurrence ?? []
  const refusesSubDaily = googleSwitch(target.world.state, 'subDailyRules') === 'refused'
  const isBad = (line: string): boolean => !linePattern.test(line) || (refusesSubDaily && subDaily.test(line))
  if (lines.some(isBad) || !canExpand(seriesOf(target, event)))
    throw invalid('Invalid recurrence rule.', 'recurrence')
}

/** The number of material revisions: https://developers.google.com/workspace/calendar/api/v3/reference/events#sequence */
function nextSequence(
  { world, calendar }: Target,
  current: GoogleEvent | undefined,
  event: GoogleEvent,
  wished: number | null | undefined,
): number {
  if (current === undefined) return Math.max(wished ?? 0, 0)
  if (wished !== undefined && wished !== null && wished < current.sequence) {
    if (googleSwitch(world.state, 'lowerSequence') === 'refused') {
      const rest = 'The specified sequence number is below the current sequence number of the resource.'
      throw invalid(`Invalid sequence value. ${rest}`, 'sequence')
    }
  }
  const isMaterial =
    !isSameTime(current.start, event.start) ||
    !isSameTime(current.end, event.end) ||
    JSON.stringify([current.recurrence, current.status, current.location]) !==
      JSON.stringify([event.recurrence, event.status, event.location])
  const isOrganizer = (event.organizer?.email ?? calendar.id) === calendar.id
  return Math.max(wished ?? 0, current.sequence + (isMaterial && isOrganizer ? 1 : 0))
}
