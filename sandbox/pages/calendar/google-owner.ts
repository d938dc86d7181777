import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { instantOfTime } from '../../google/times.ts'
import type { GoogleAccount } from '../../google/types.ts'
import { instantOf, withOffset } from '../../zones.ts'
import type { Ask } from '../ask.ts'
import { NotHere } from '../not-here.ts'
import { fieldsOf, openedOf, patchOf, restPatch, shownOf, statusOf, timesOf, zoneOf } from './google-event.ts'
import { laterLines, linesOfRepeat, repeatOfLines } from './google-repeat.ts'
import type { Opened, Owner, Question, Scope, Shown } from './owner.ts'

type Event = calendar_v3.Schema$Event
type EventList = calendar_v3.Schema$Events

const root = '/calendar/v3'
const pagesMax = 8

/** Does what Google Calendar's own page would do, by https://developers.google.com/workspace/calendar/api/v3/reference. */
export function googleOwner(ask: Ask, account: GoogleAccount): Owner {
  const { timeZone } = account
  const following = `accounts/${encodeURIComponent(account.email)}/following?vendor=google`
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

  /** What is left of a series from an occurrence on, before anything changes in it; nothing at its first one, where all of it is meant. */
  const restOf = async ({ calendarId, id, seriesId }: Opened): Promise<Event | null> => {
    if (seriesId === null) return null
    const [{ originalStartTime: start }, master] = await Promise.all([
      get(calendarId, id),
      get(calendarId, seriesId),
    ])
    if (!start || instantOfTime(start, timeZone) <= instantOfTime(master.start, timeZone)) return null
    const before = `${pathOf(calendarId, seriesId)}/instances?showDeleted=true&maxResults=2500`
    const { items = [] } = await ask.vendor<EventList>(account, { method: 'GET', path: before })
    const startMs = instantOfTime(start, timeZone)
    const passed = items.filter((one) => instantOfTime(one.originalStartTime, timeZone) < startMs).length
    const inZoneOfSeries = { ...start, ...(start.date ? {} : { timeZone: zoneOf(master, account) }) }
    const recurrence = laterLines(master.recurrence ?? [], passed)
    return { ...master, start: inZoneOfSeries, end: inZoneOfSeries, recurrence }
  }
  const follow = async ({ calendarId, id }: Opened, tells: boolean, changes?: Event): Promise<void> => {
    const sendUpdates = tells ? 'all' : 'none'
    await ask.control('POST', following, {
      id,
      calendar: calendarId,
      sendUpdates,
      ...(changes ? { changes } : {}),
    })
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
      const rest = scope === 'following' ? await restOf(opened) : null
      if (rest !== null) {
        await follow(opened, tellsGuests, restPatch(rest, change, account))
        return
      }
      const id = target(opened, scope)
      const event = await get(opened.calendarId, id)
      const body = patchOf(event, change, account)
      const path = `${pathOf(opened.calendarId, id)}${mailQuery(tellsGuests)}`
      await ask.vendor<Event>(account, { method: 'PATCH', path, body })
    },

    async remove(opened, scope, tellsGuests) {
      if (scope === 'following' && opened.seriesId !== null) {
        await follow(opened, tellsGuests)
        return
      }
      const path = `${pathOf(opened.calendarId, target(opened, scope))}${mailQuery(tellsGuests)}`
      await ask.vendor<unknown>(account, { method: 'DELETE', path })
    },

    async respond(opened, answer, scope) {
      const id = target(opened, scope)
      const { attendees = [] } = await get(opened.calendarId, id)
      const body = {
        attendees: attendees.map((guest) =>
          guest.self || guest.email === account.email
            ? { ...guest, responseStatus: statusOf[answer] }
            : guest,
        ),
      }
      const path = `${pathOf(opened.calendarId, id)}?sendUpdates=all`
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
