import type { Attendee, Event } from '@microsoft/microsoft-graph-types'
import { findAccount, primaryOf } from '../accounts.ts'
import { nowOf, type World } from '../world.ts'
import { addressOf, guestsOf, isSameAddress, never } from './attendees.ts'
import { storedBody } from './body.ts'
import { graphTime } from './graph-time.ts'
import { newCore } from './ids.ts'
import { findOccurrence, slotAt } from './occurrences.ts'
import { propertiesOf } from './render.ts'
import { movesOf, newChangeKey, store } from './store.ts'
import { announceChange } from './notifications.ts'
import type { MicrosoftAccount, MicrosoftCalendar, MicrosoftEvent, OccurrenceException } from './types.ts'

/** A guest's own copy of a meeting, and where it lies. */
export interface Copy {
  account: MicrosoftAccount
  calendar: MicrosoftCalendar
  event: MicrosoftEvent
}

/** What an organizer decides for everybody; all else is each guest's own. */
const shared = [
  'subject',
  'importance',
  'sensitivity',
  'location',
  'locations',
  'responseRequested',
  'allowNewTimeProposals',
  'hideAttendees',
  'isOnlineMeeting',
  'onlineMeetingProvider',
  'onlineMeeting',
] as const

const unanswered: Event = {
  showAs: 'tentative',
  responseStatus: { response: 'notResponded', time: never },
}

/** A person's event of a meeting, by the UID that all its copies share. */
export function eventOfMeeting(
  world: World,
  address: string,
  uid: string | null | undefined,
): Copy | undefined {
  const account = findAccount(world, 'microsoft', address)
  if (account?.vendor !== 'microsoft' || !uid) return undefined
  for (const calendar of account.calendars.values()) {
    for (const { event } of calendar.log.entries.values()) {
      if (!event.isDeleted && event.properties.iCalUId === uid) return { account, calendar, event }
    }
  }
  return undefined
}

/** Who is to answer anew: for the whole meeting, for the occurrences of some dates, or for nothing. */
export type Asking = 'whole' | readonly string[]

/** Puts a meeting as it is now into the calendar of a guest of this world, or brings the copy there up to date. */
export function bringCopy(world: World, meeting: MicrosoftEvent, guest: string, asking: Asking): void {
  const account = findAccount(world, 'microsoft', guest)
  if (account?.vendor !== 'microsoft') return
  const known = eventOfMeeting(world, guest, meeting.properties.iCalUId)
  const calendar = known?.calendar ?? primaryOf(account)
  if (calendar === undefined) return
  const core = known?.event.core ?? newCore(world.random, movesOf(account))
  const event = copyOf(world, meeting, guest, core, known?.event, asking)
  store(account, calendar, event)
  announceChange(world, account, calendar.id, known === undefined ? 'created' : 'updated', event)
}

/** Marks the copy of a guest as called off; it stays until its owner removes it. */
export function callOffCopy(world: World, uid: string | null | undefined, guest: string): void {
  const copy = eventOfMeeting(world, guest, uid)
  if (copy === undefined || copy.event.properties.isOrganizer !== false) return
  const properties = { ...copy.event.properties, ...calledOff(copy.event.properties), ...touched(world) }
  const event = { ...copy.event, changeKey: newChangeKey(world), properties }
  store(copy.account, copy.calendar, event)
  announceChange(world, copy.account, copy.calendar.id, 'updated', event)
}

function copyOf(
  world: World,
  meeting: MicrosoftEvent,
  guest: string,
  core: string,
  known: MicrosoftEvent | undefined,
  asking: Asking,
): MicrosoftEvent {
  const isAsked = known === undefined || asking === 'whole' || known.properties.isCancelled === true
  const { iCalUId, organizer, recurrence } = meeting.properties
  const copy: MicrosoftEvent = {
    core,
    changeKey: newChangeKey(world),
    properties: {
      createdDateTime: graphTime(nowOf(world)),
      ...known?.properties,
      ...touched(world),
      ...(isAsked ? unanswered : {}),
      ...sharedOf(propertiesOf(meeting, undefined), core),
      attendees: seenBy(guest, propertiesOf(meeting, undefined)),
      isCancelled: false,
      isOrganizer: false,
      iCalUId: iCalUId ?? '',
      organizer: organizer ?? null,
      ...(recurrence === undefined ? {} : { recurrence }),
    },
    start: meeting.start,
    end: meeting.end,
    isAllDay: meeting.isAllDay,
    extendedProperties: known?.extendedProperties ?? [],
    lines: meeting.lines,
    skipsShortMonths: meeting.skipsShortMonths === true,
    exceptions: {},
    cancelled: (known?.cancelled ?? []).filter((date) => findOccurrence({ ...meeting, cancelled: [] }, date)),
    isDeleted: false,
  }
  const answered = isAsked ? undefined : known
  const asked = asking === 'whole' ? [] : asking
  return { ...copy, exceptions: exceptionsFor(world, { meeting, guest, copy, answered, asked }) }
}

interface Copying {
  meeting: MicrosoftEvent
  guest: string
  copy: MicrosoftEvent
  /** The copy before, if what was answered in it still counts. */
  answered: MicrosoftEvent | undefined
  /** The dates for which it does not. */
  asked: readonly string[]
}

/** The changed occurrences of a guest's copy: what the organizer changed, and what the guest answered of single ones. */
function exceptionsFor(world: World, copying: Copying): Record<string, OccurrenceException> {
  const { meeting, copy, answered } = copying
  const dates = new Set([
    ...Object.keys(meeting.exceptions),
    ...meeting.cancelled,
    ...Object.keys(answered?.exceptions ?? {}),
  ])
  const whole = { ...meeting, cancelled: [] }
  const present = [...dates].filter(
    (date) => !copy.cancelled.includes(date) && findOccurrence(whole, date) !== undefined,
  )
  return Object.fromEntries(present.map((date) => [date, exceptionFor(world, copying, date)]))
}

function exceptionFor(
  world: World,
  { meeting, guest, copy, answered, asked }: Copying,
  date: string,
): OccurrenceException {
  const theirs = meeting.exceptions[date]
  const own = answered?.exceptions[date]
  const seen = propertiesOf(meeting, findOccurrence(meeting, date))
  const isOn = !meeting.cancelled.includes(date)
  const isInvited = isOn && guestsOf(seen).some((address) => isSameAddress(address, guest))
  const times = theirs ?? own ?? { ...slotAt(meeting, date), isAllDay: meeting.isAllDay }
  return {
    changeKey: newChangeKey(world),
    properties: {
      ...own?.properties,
      ...(theirs === undefined ? {} : sharedOf(theirs.properties, `${copy.core}${date}`)),
      ...(theirs?.properties.attendees === undefined ? {} : { attendees: seenBy(guest, seen) }),
      ...(asked.includes(date) ? unanswered : {}),
      ...(isInvited ? {} : calledOff(copy.properties)),
      ...touched(world),
    },
    start: times.start,
    end: times.end,
    isAllDay: times.isAllDay,
    extendedProperties: own?.extendedProperties ?? copy.extendedProperties,
  }
}

/** What of an organizer's properties every guest sees. */
function sharedOf(properties: Event, copy: string): Event {
  const seen: Event = {}
  for (const name of shared)
    if (properties[name] !== undefined) Object.assign(seen, { [name]: properties[name] })
  return properties.body === undefined ? seen : { ...seen, ...storedBody(properties.body, copy) }
}

/** Guests of a meeting with hidden attendees see themselves alone. */
function seenBy(guest: string, { attendees, hideAttendees }: Event): Attendee[] {
  const all = attendees ?? []
  return hideAttendees ? all.filter((attendee) => isSameAddress(addressOf(attendee), guest)) : all
}

function calledOff({ subject }: Event): Event {
  const text = subject ?? ''
  const title = text.startsWith('Canceled: ') ? text : `Canceled: ${text}`
  return { subject: title, isCancelled: true, showAs: 'free' }
}

function touched(world: World): Event {
  return { lastModifiedDateTime: graphTime(nowOf(world)) }
}
