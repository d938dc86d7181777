import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { instantOfTime } from '../../google/times.ts'
import { mergePatch } from '../../json.ts'
import type { GoogleAccount } from '../../google/types.ts'
import { instantOf, wallTimeOf, withOffset } from '../../zones.ts'
import type { Ask } from '../ask.ts'
import { NotHere } from '../not-here.ts'
import { restOf, splitLines } from './google-following.ts'
import { linesOfRepeat, repeatOfLines } from './google-repeat.ts'
import type { Answer, Change, Draft, Guest, Opened, Owner, Question, Scope, Shown } from './owner.ts'
import { movedRepeat } from './repeat.ts'
import { daysBetween, inZone, shiftedSeries, type Times } from './times.ts'

type Event = calendar_v3.Schema$Event
type EventList = calendar_v3.Schema$Events

interface Split {
  /** The lines of the series that ends. */
  earlier: string[]
  /** The series that begins, before what is to change in it. */
  rest: Event
}

const root = '/calendar/v3'
const pagesMax = 8

/** Does what Google Calendar's own page would do, by https://developers.google.com/workspace/calendar/api/v3/reference. */
export function googleOwner(ask: Ask, account: GoogleAccount): Owner {
  const { timeZone } = account
  const eventsOf = (calendarId: string): string =>
    `${root}/calendars/${encodeURIComponent(calendarId)}/events`
  const pathOf = (calendarId: string, id: string): string =>
    `${eventsOf(calendarId)}/${encodeURIComponent(id)}`
  const get = (calendarId: string, id: string): Promise<Event> =>
    ask.vendor<Event>(account, { method: 'GET', path: pathOf(calendarId, id) })
  const listPath = (calendarId: string, from: string, to: string): string => {
    const [timeMin, timeMax] = [from, to].map((day) =>
      withOffset(instantOf(`${day}T00:00:00`, timeZone), timeZone),
    )
    const query = new URLSearchParams({ timeMin: timeMin ?? '', timeMax: timeMax ?? '', timeZone })
    return `${eventsOf(calendarId)}?${query}&singleEvents=true&orderBy=startTime&maxResults=2500`
  }
  const mailQuery = (tells: boolean): string => (tells ? '?sendUpdates=all' : '')

  /** The event a change goes to: the occurrence itself, or the whole series. */
  const target = (opened: Opened, scope: Scope): string =>
    scope === 'this' ? opened.id : (opened.seriesId ?? opened.id)

  /** A series in two at an occurrence; nothing at its first one, where all of it is meant. */
  const splitOf = async ({ calendarId, id, seriesId }: Opened): Promise<Split | null> => {
    if (seriesId === null) return null
    const [{ originalStartTime: originalStart }, master] = await Promise.all([
      get(calendarId, id),
      get(calendarId, seriesId),
    ])
    if (!originalStart || instantOfTime(originalStart, timeZone) <= instantOfTime(master.start, timeZone))
      return null
    const before = `${pathOf(calendarId, seriesId)}/instances?showDeleted=true&maxResults=2500`
    const { items = [] } = await ask.vendor<EventList>(account, { method: 'GET', path: before })
    const startMs = instantOfTime(originalStart, timeZone)
    const passed = items.filter((one) => instantOfTime(one.originalStartTime, timeZone) < startMs).length
    const zone = zoneOf(master, account)
    const { earlier, later } = splitLines(master.recurrence ?? [], { originalStart, passed, zone })
    const lengthMs = instantOfTime(master.end, timeZone) - instantOfTime(master.start, timeZone)
    const end = originalStart.date
      ? { date: wallTimeOf(Date.parse(originalStart.date) + lengthMs + 43_200_000, 'UTC').slice(0, 10) }
      : { dateTime: new Date(startMs + lengthMs).toISOString(), timeZone: zone }
    const rest = { ...master, start: originalStart, end, recurrence: later }
    return { earlier, rest }
  }
  const shorten = async ({ calendarId, seriesId }: Opened, recurrence: string[]): Promise<void> => {
    const path = pathOf(calendarId, seriesId ?? '')
    await ask.vendor<Event>(account, { method: 'PATCH', path, body: { recurrence } })
  }

  return {
    account,

    async calendars() {
      const path = `${root}/users/me/calendarList`
      const { items = [] } = await ask.vendor<calendar_v3.Schema$CalendarList>(account, {
        method: 'GET',
        path,
      })
      return items.map(({ id, summary, summaryOverride, primary }) => ({
        id: id ?? '',
        name: summaryOverride ?? summary ?? '',
        primary: primary === true,
      }))
    },

    async all(calendarId) {
      const path = `${eventsOf(calendarId)}?maxResults=2500`
      const { items = [] } = await ask.vendor<EventList>(account, { method: 'GET', path })
      return items
        .filter(({ status }) => status !== 'cancelled')
        .map((event) => shownOf(event, calendarId, account))
    },

    async between(calendarId, from, to) {
      const shown: Shown[] = []
      let token = ''
      for (let page = 0; page < pagesMax; page += 1) {
        const path = `${listPath(calendarId, from, to)}${token}`
        const { items, nextPageToken } = await ask.vendor<EventList>(account, { method: 'GET', path })
        shown.push(...(items ?? []).map((event) => shownOf(event, calendarId, account)))
        if (!nextPageToken) break
        token = `&pageToken=${encodeURIComponent(nextPageToken)}`
      }
      return shown
    },

    async open(calendarId, id) {
      const event = await get(calendarId, id)
      // The API still knows what was deleted; no screen of Google's shows it.
      if (event.status === 'cancelled') throw new NotHere('This event was deleted.')
      const seriesId = event.recurringEventId ?? null
      const series = seriesId === null ? event : await get(calendarId, seriesId)
      const zone = zoneOf(series, account)
      const repeat = repeatOfLines(series.recurrence ?? [], timesOf(series, zone), zone)
      return openedOf(event, calendarId, account, repeat)
    },

    async add(calendarId, draft, tellsGuests) {
      const { repeat, times } = draft
      const lines = linesOfRepeat(repeat, times, timeZone)
      const body = {
        ...fieldsOf(draft, []),
        ...(times.isAllDay
          ? { start: { date: times.start }, end: { date: times.end } }
          : {
              start: { dateTime: `${times.start}:00`, timeZone },
              end: { dateTime: `${times.end}:00`, timeZone },
            }),
        ...(lines.length === 0 ? {} : { recurrence: lines }),
      }
      const path = `${eventsOf(calendarId)}${mailQuery(tellsGuests)}`
      await ask.vendor<Event>(account, { method: 'POST', path, body })
    },

    async change(change, tellsGuests) {
      const { opened, scope } = change
      const split = scope === 'following' ? await splitOf(opened) : null
      if (split !== null) {
        const { calendarId } = opened
        const patch = mergePatch({ ...restOf(split.rest) }, { ...restPatch(split.rest, change, account) })
        const path = `${eventsOf(calendarId)}${mailQuery(tellsGuests)}`
        await ask.vendor<Event>(account, { method: 'POST', path, body: patch })
        await shorten(opened, split.earlier)
        return
      }
      const id = target(opened, scope)
      const event = await get(opened.calendarId, id)
      const body = patchOf(event, change, account)
      const path = `${pathOf(opened.calendarId, id)}${mailQuery(tellsGuests)}`
      await ask.vendor<Event>(account, { method: 'PATCH', path, body })
    },

    async remove(opened, scope, tellsGuests) {
      const split = scope === 'following' ? await splitOf(opened) : null
      if (split !== null) {
        await shorten(opened, split.earlier)
        return
      }
      const path = `${pathOf(opened.calendarId, target(opened, scope))}${mailQuery(tellsGuests)}`
      await ask.vendor<unknown>(account, { method: 'DELETE', path })
    },

    async respond(opened, answer) {
      const { attendees = [] } = await get(opened.calendarId, opened.id)
      const body = {
        attendees: attendees.map((guest) =>
          guest.self || guest.email === account.email
            ? { ...guest, responseStatus: statusOf[answer] }
            : guest,
        ),
      }
      const path = `${pathOf(opened.calendarId, opened.id)}?sendUpdates=all`
      await ask.vendor<Event>(account, { method: 'PATCH', path, body })
    },

    questionsOf({ calendarId, id, seriesId }) {
      const event: Question = {
        name: 'event',
        label: seriesId === null ? 'This event' : 'This occurrence',
        call: { method: 'GET', path: pathOf(calendarId, id) },
      }
      if (seriesId === null) return [event]
      const series = { method: 'GET' as const, path: pathOf(calendarId, seriesId) }
      return [event, { name: 'series', label: 'Its series', call: series }]
    },

    questionsAbout(calendarId, from, to) {
      const all = `${eventsOf(calendarId)}?showDeleted=true&maxResults=250`
      return [
        {
          name: 'view',
          label: 'What is shown, each occurrence by itself',
          call: { method: 'GET', path: listPath(calendarId, from, to) },
        },
        {
          name: 'sync',
          label: 'The first page of a full sync: series and exceptions',
          call: { method: 'GET', path: all },
        },
        {
          name: 'calendars',
          label: 'The list of calendars',
          call: { method: 'GET', path: `${root}/users/me/calendarList` },
        },
      ]
    },
  }
}

const statusOf: Record<Answer, string> = {
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

function zoneOf(event: Event, account: GoogleAccount): string {
  return event.start?.timeZone || account.timeZone
}

/** The times of an event on the wall of a zone. */
function timesOf({ start, end }: Event, zone: string): Times {
  if (start?.date) return { isAllDay: true, start: start.date, end: end?.date ?? start.date }
  const wall = (text: string | null | undefined): string =>
    wallTimeOf(Date.parse(text ?? ''), zone).slice(0, 16)
  return { isAllDay: false, start: wall(start?.dateTime), end: wall(end?.dateTime ?? start?.dateTime) }
}

function shownOf(event: Event, calendarId: string, account: GoogleAccount): Shown {
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

function openedOf(event: Event, calendarId: string, account: GoogleAccount, repeat: Draft['repeat']): Opened {
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
function fieldsOf(draft: Partial<Draft>, guests: calendar_v3.Schema$EventAttendee[]): Event {
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
function patchOf(event: Event, { opened, changes, scope }: Change, account: GoogleAccount): Event {
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
function restPatch(rest: Event, { opened, changes }: Change, account: GoogleAccount): Event {
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
