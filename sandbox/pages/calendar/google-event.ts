import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import type { GoogleAccount } from '../../google/types.ts'
import { wallTimeOf } from '../../zones.ts'
import { linesOfRepeat, repeatOfLines } from './google-repeat.ts'
import type { Answer, Change, Draft, Guest, Opened, Shown } from './owner.ts'
import { movedRepeat } from './repeat.ts'
import { daysBetween, inZone, shiftedSeries, type Times } from './times.ts'

type Event = calendar_v3.Schema$Event

export const statusOf: Record<Answer, string> = {
  own: 'accepted',
  none: 'needsAction',
  accepted: 'accepted',
  tentative: 'tentative',
  declined: 'declined',
}

function answerOf(status: string | null | undefined): Answer {
  if (status === 'accepted' || status === 'tentative' || status === 'declined') return status
  return 'none'
}

export function zoneOf(event: Event, account: GoogleAccount): string {
  return event.start?.timeZone || account.timeZone
}

/** The times of an event on the wall of a zone. */
export function timesOf({ start, end }: Event, zone: string): Times {
  if (start?.date) return { isAllDay: true, start: start.date, end: end?.date ?? start.date }
  const wall = (text: string | null | undefined): string =>
    wallTimeOf(Date.parse(text ?? ''), zone).slice(0, 16)
  return { isAllDay: false, start: wall(start?.dateTime), end: wall(end?.dateTime ?? start?.dateTime) }
}

export function shownOf(event: Event, calendarId: string, account: GoogleAccount): Shown {
  return {
    ...timesOf(event, account.timeZone),
    calendarId,
    id: event.id ?? '',
    title: event.summary ?? '',
    location: event.location ?? '',
    kind: kindOf(event),
    isFree: event.transparency === 'transparent',
    isPrivate: event.visibility === 'private' || event.visibility === 'confidential',
    answer: ownAnswer(event, account),
  }
}

function kindOf({ recurringEventId, recurrence }: Event): Shown['kind'] {
  if (recurringEventId) return 'occurrence'
  return (recurrence?.length ?? 0) > 0 ? 'series' : 'single'
}

function ownAnswer(event: Event, account: GoogleAccount): Answer {
  if (event.organizer?.self) return 'own'
  const own = event.attendees?.find((guest) => guest.self || guest.email === account.email)
  return own === undefined ? 'own' : answerOf(own.responseStatus)
}

export function openedOf(
  event: Event,
  calendarId: string,
  account: GoogleAccount,
  repeat: Draft['repeat'],
): Opened {
  const shown = shownOf(event, calendarId, account)
  const guests: Guest[] = (event.attendees ?? []).map(({ email, responseStatus }) => ({
    email: email ?? '',
    answer: answerOf(responseStatus),
  }))
  return {
    calendarId,
    id: shown.id,
    seriesId: event.recurringEventId ?? null,
    draft: {
      title: shown.title,
      times: { isAllDay: shown.isAllDay, start: shown.start, end: shown.end },
      location: shown.location,
      notes: (event.description ?? '').replaceAll('\r\n', '\n'),
      repeat,
      isFree: shown.isFree,
      isPrivate: shown.isPrivate,
      guests: guests.map(({ email }) => email),
    },
    guests,
    organizer: event.organizer?.email ?? '',
    answer: shown.answer,
  }
}

/** The fields without times and rule, as far as they are given. */
export function fieldsOf(draft: Partial<Draft>, guests: calendar_v3.Schema$EventAttendee[]): Event {
  const known = new Map(guests.map((guest) => [guest.email?.toLowerCase(), guest]))
  return {
    ...(draft.title === undefined ? {} : { summary: draft.title }),
    ...(draft.location === undefined ? {} : { location: draft.location }),
    ...(draft.notes === undefined ? {} : { description: draft.notes }),
    ...(draft.isFree === undefined ? {} : { transparency: draft.isFree ? 'transparent' : 'opaque' }),
    ...(draft.isPrivate === undefined ? {} : { visibility: draft.isPrivate ? 'private' : 'default' }),
    ...(draft.guests === undefined
      ? {}
      : { attendees: draft.guests.map((email) => known.get(email.toLowerCase()) ?? { email }) }),
  }
}

/** What a patch of the event, or of the series of the opened occurrence, has to say. */
export function patchOf(event: Event, { opened, changes, scope }: Change, account: GoogleAccount): Event {
  const zone = zoneOf(event, account)
  const current = timesOf(event, zone)
  const before = inZone(opened.draft.times, account.timeZone, zone)
  const after = inZone(changes.times ?? opened.draft.times, account.timeZone, zone)
  const isOfSeries = scope !== 'this' && opened.seriesId !== null
  const times = isOfSeries ? shiftedSeries(current, before, after) : after
  const repeats = (event.recurrence?.length ?? 0) > 0
  const moved = movedRepeat(opened.draft.repeat, daysBetween(current.start, times.start))
  const repeat = changes.repeat ?? moved
  const isRuleMeant = changes.repeat !== undefined || (repeats && changes.times !== undefined)
  const lines = linesOfRepeat(repeat, times, zone, event.recurrence ?? [])
  return {
    ...fieldsOf(changes, event.attendees ?? []),
    ...(changes.times === undefined && changes.repeat === undefined ? {} : patchTimes(times, zone)),
    ...(isRuleMeant ? { recurrence: lines.length === 0 ? null : lines } : {}),
  }
}

/** What changes in the rest of a series: its times are those of the opened occurrence. */
export function restPatch(rest: Event, { opened, changes }: Change, account: GoogleAccount): Event {
  const zone = zoneOf(rest, account)
  const before = inZone(opened.draft.times, account.timeZone, zone)
  const after = inZone(changes.times ?? opened.draft.times, account.timeZone, zone)
  const days = daysBetween(before.start, after.start)
  const moved = movedRepeat(repeatOfLines(rest.recurrence ?? [], timesOf(rest, zone), zone), days)
  const repeat = changes.repeat ?? moved
  return {
    ...fieldsOf(changes, rest.attendees ?? []),
    ...(changes.times === undefined ? {} : patchTimes(after, zone)),
    ...(changes.repeat === undefined && days === 0
      ? {}
      : { recurrence: linesOfRepeat(repeat, after, zone, rest.recurrence ?? []) }),
  }
}

/** A patch merges into what is there, so the other form of a time is taken away by null. */
function patchTimes({ isAllDay, start, end }: Times, timeZone: string): Event {
  const time = (wall: string): calendar_v3.Schema$EventDateTime =>
    isAllDay
      ? { date: wall, dateTime: null, timeZone: null }
      : { date: null, dateTime: `${wall}:00`, timeZone }
  return { start: time(start), end: time(end) }
}
