import { findAccount, primaryOf } from '../accounts.ts'
import { nowOf, type World } from '../world.ts'
import { calendarById } from './access.ts'
import { answerOf, answersToldMax, emailsOf, ownRow, withAnswer, type Attendee } from './attendees.ts'
import { copyOf, idOfCopy, idOfMeeting, rowsSeenBy } from './copies.ts'
import { keepExceptions } from './exceptions.ts'
import { knownEvent } from './find-event.ts'
import { isSameEvent, keepEvent, newEtag } from './keep-event.ts'
import type { Place } from './series.ts'
import type { GoogleCalendar, GoogleEvent } from './types.ts'

/**
 * Brings a change of a meeting to the copies in its guests' calendars, as far as the guests have accounts in this world
 * (https://developers.google.com/workspace/calendar/api/concepts/events-calendars). What a guest deleted stays deleted
 * unless the guest is invited anew.
 */
export function tellGuests(place: Place, before: GoogleEvent | undefined, after: GoogleEvent): void {
  if (!isMeeting(after)) return
  const known = new Set(before?.status === 'cancelled' ? [] : emailsOf(before))
  const invited = new Set(after.status === 'cancelled' ? [] : emailsOf(after))
  for (const email of new Set([...known, ...invited])) {
    const calendar = email === place.calendar.id ? undefined : calendarOfGuest(place.world, email)
    if (calendar === undefined) continue
    const guest = { world: place.world, calendar }
    if (invited.has(email)) keepCopy(guest, after, !known.has(email))
    else cancelCopy(guest, after)
  }
}

/** Says whether an event is the one its guests' copies follow. */
export function isMeeting({ organizer, privateCopy }: GoogleEvent): boolean {
  return organizer?.self === true && privateCopy !== true
}

/** The calendar invitations to an address arrive in, if somebody of this world has it. */
export function calendarOfGuest(world: World, email: string): GoogleCalendar | undefined {
  const account = findAccount(world, 'google', email)
  return account?.vendor === 'google' ? primaryOf(account) : undefined
}

function keepCopy(guest: Place, meeting: GoogleEvent, isInvitedAnew: boolean): void {
  const id = idOfCopy(guest, meeting)
  const current = knownEvent(guest, id)
  if (current?.status === 'cancelled' && !isInvitedAnew) return
  const copy = copyOf(guest, meeting, id, current)
  if (current !== undefined && isSameEvent(current, copy)) return
  keepEvent(guest, copy)
  keepExceptions(guest, current, copy)
}

function cancelCopy(guest: Place, meeting: GoogleEvent): void {
  const current = knownEvent(guest, idOfCopy(guest, meeting))
  if (current === undefined || current.status === 'cancelled') return
  const updated = new Date(nowOf(guest.world)).toISOString()
  keepEvent(guest, { ...current, status: 'cancelled', etag: newEtag(guest.world), updated })
}

/** The meeting a copy is of, in its organizer's calendar; nothing when the organizer is not of this world. */
export function meetingOf(world: World, copy: GoogleEvent): { place: Place; event: GoogleEvent } | undefined {
  const organizer = copy.organizer?.email
  const calendar = organizer ? calendarById(world, organizer) : undefined
  if (calendar === undefined || copy.organizer?.self === true || copy.privateCopy === true) return undefined
  const place = { world, calendar }
  const event = knownEvent(place, idOfMeeting(place, copy))
  const isIt = event?.iCalUID === copy.iCalUID && isMeeting(event) && event.status !== 'cancelled'
  return isIt ? { place, event } : undefined
}

/** Brings what a guest did to a copy to the organizer, as far as it concerns others, and from there to them. */
export function tellOrganizer(guest: Place, copy: GoogleEvent): void {
  const meeting = meetingOf(guest.world, copy)
  if (meeting === undefined) return
  const { place, event } = meeting
  const wished = meetingAfter(event, copy, guest.calendar.id, place.calendar.id)
  if (isSameEvent(event, wished)) return
  const updated = new Date(nowOf(place.world)).toISOString()
  const after = { ...wished, etag: newEtag(place.world), updated }
  keepEvent(place, after)
  keepExceptions(place, event, after)
  tellGuests(place, event, after)
}

function meetingAfter(
  meeting: GoogleEvent,
  copy: GoogleEvent,
  guest: string,
  organizer: string,
): GoogleEvent {
  const rows = meeting.attendees ?? []
  const isGone = copy.status === 'cancelled'
  const answer: Attendee = isGone ? { responseStatus: 'declined' } : answerOf(ownRow(copy, guest))
  const answered = rows.length > answersToldMax ? rows : withAnswer(rows, guest, answer)
  if (isGone || copy.attendeesOmitted === true) return { ...meeting, attendees: answered }
  if (meeting.guestsCanModify === true) {
    return { ...meeting, ...sharedOf(copy), attendees: rowsSeenBy(copy.attendees, organizer) }
  }
  const present = emailsOf(meeting)
  const added = (copy.attendees ?? []).filter(({ email }) => !present.includes(email ?? ''))
  return { ...meeting, attendees: rowsSeenBy([...answered, ...added], organizer) }
}

const sharedTexts = ['summary', 'description', 'location', 'start', 'end', 'recurrence'] as const

/** What a guest who may change the meeting changes for everybody. */
function sharedOf(copy: GoogleEvent): Partial<GoogleEvent> {
  return Object.fromEntries(
    sharedTexts.flatMap((name) => (copy[name] === undefined ? [] : [[name, copy[name]]])),
  )
}
