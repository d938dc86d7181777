import type { Attendee, Calendar, DateTimeTimeZone, Event } from '@microsoft/microsoft-graph-types'
import { bodyText } from '../../microsoft/body.ts'
import type { MicrosoftAccount } from '../../microsoft/types.ts'
import { ianaZoneOf, instantOf, withOffset } from '../../zones.ts'
import type { Ask } from '../ask.ts'
import { patternOfRepeat, repeatOfPattern } from './microsoft-repeat.ts'
import type { Answer, Change, Draft, Guest, Opened, Owner, Question, Scope, Shown } from './owner.ts'
import { movedRepeat } from './repeat.ts'
import { dayOf, daysBetween, inZone, shiftedSeries, type Times } from './times.ts'

interface Collection {
  value: Event[]
  '@odata.nextLink'?: string
}

const root = '/v1.0/me'
const pagesMax = 20

/** Does what Outlook's own calendar would do, by https://learn.microsoft.com/graph/api/resources/event. */
export function microsoftOwner(ask: Ask, account: MicrosoftAccount): Owner {
  const { timeZone } = account
  const following = `accounts/${encodeURIComponent(account.email)}/following?vendor=microsoft`
  const headers = { prefer: `outlook.timezone="${timeZone}"` }
  const pathOf = (id: string): string => `${root}/events/${encodeURIComponent(id)}`
  const calendarPath = (id: string): string => `${root}/calendars/${encodeURIComponent(id)}`
  const get = (id: string): Promise<Event> =>
    ask.vendor<Event>(account, { method: 'GET', path: pathOf(id), headers })
  const viewPath = (calendarId: string, from: string, to: string): string => {
    const [startDateTime, endDateTime] = [from, to].map((day) =>
      withOffset(instantOf(`${day}T00:00:00`, timeZone), timeZone),
    )
    const query = new URLSearchParams({ startDateTime: startDateTime ?? '', endDateTime: endDateTime ?? '' })
    return `${calendarPath(calendarId)}/calendarView?${query}&$top=1000`
  }
  /** The event a change goes to: the occurrence itself, or the whole series. */
  const target = (opened: Opened, scope: Scope): string =>
    scope === 'this' ? opened.id : (opened.seriesId ?? opened.id)

  return {
    account,

    async calendars() {
      const path = `${root}/calendars?$top=100`
      const { value } = await ask.vendor<{ value: Calendar[] }>(account, { method: 'GET', path })
      return value.map(({ id, name, isDefaultCalendar }) => ({
        id: id ?? '',
        name: name ?? '',
        primary: isDefaultCalendar === true,
      }))
    },

    async all(calendarId) {
      const path = `${calendarPath(calendarId)}/events?$top=999`
      const { value } = await ask.vendor<Collection>(account, { method: 'GET', path, headers })
      return value.map((event) => shownOf(event, calendarId))
    },

    async between(calendarId, from, to) {
      const shown: Shown[] = []
      let path: string | undefined = viewPath(calendarId, from, to)
      for (let page = 0; page < pagesMax && path !== undefined; page += 1) {
        const answer: Collection = await ask.vendor<Collection>(account, { method: 'GET', path, headers })
        shown.push(...answer.value.map((event) => shownOf(event, calendarId)))
        const next = answer['@odata.nextLink']
        path = next === undefined ? undefined : pathAndQuery(next)
      }
      return shown
    },

    async open(calendarId, id) {
      const event = await get(id)
      const seriesId = event.seriesMasterId ?? null
      const series = seriesId === null ? event : await get(seriesId)
      const zone = zoneOf(series, timeZone)
      const repeat = repeatOfPattern(series.recurrence, inZone(timesOf(series), timeZone, zone.iana))
      return openedOf(event, calendarId, account, repeat)
    },

    async add(calendarId, draft) {
      const zone = { iana: timeZone, name: timeZone }
      const body = {
        ...fieldsOf(draft, []),
        ...timeFields(draft.times, zone),
        ...(draft.repeat.kind === 'none' ? {} : { recurrence: patternOfRepeat(draft.repeat, draft.times) }),
      }
      await ask.vendor<Event>(account, { method: 'POST', path: `${calendarPath(calendarId)}/events`, body })
    },

    async change(change) {
      const { opened, scope } = change
      if (scope === 'following' && opened.seriesId !== null) {
        const body = restPatch(await get(opened.id), change, account)
        await ask.control('POST', following, { id: opened.id, changes: body })
        return
      }
      const id = target(opened, scope)
      const event = await get(id)
      const body = patchOf(event, change, account)
      await ask.vendor<Event>(account, { method: 'PATCH', path: pathOf(id), body })
    },

    async remove(opened, scope) {
      if (scope === 'following' && opened.seriesId !== null) {
        await ask.control('POST', following, { id: opened.id })
        return
      }
      await ask.vendor<unknown>(account, { method: 'DELETE', path: pathOf(target(opened, scope)) })
    },

    async respond(opened, answer, scope) {
      const path = `${pathOf(target(opened, scope))}/${actionOf[answer]}`
      await ask.vendor<unknown>(account, { method: 'POST', path, body: { sendResponse: true } })
    },

    questionsOf({ id, seriesId }) {
      const label = seriesId === null ? 'This event' : 'This occurrence'
      const event: Question = { name: 'event', label, call: { method: 'GET', path: pathOf(id) } }
      if (seriesId === null) return [event]
      const series = { method: 'GET' as const, path: pathOf(seriesId) }
      return [event, { name: 'series', label: 'Its series', call: series }]
    },

    questionsAbout(calendarId, from, to) {
      const [view = '', query = ''] = viewPath(calendarId, from, to).split('?')
      return [
        {
          name: 'view',
          label: 'What is shown, each occurrence by itself',
          call: { method: 'GET', path: `${view}?${query}` },
        },
        {
          name: 'sync',
          label: 'The first page of a delta round over these days',
          call: { method: 'GET', path: `${view}/delta?${query.replace('&$top=1000', '')}` },
        },
        {
          name: 'events',
          label: 'Single events and series, ten a page',
          call: { method: 'GET', path: `${calendarPath(calendarId)}/events` },
        },
        {
          name: 'calendars',
          label: 'The list of calendars',
          call: { method: 'GET', path: `${root}/calendars` },
        },
      ]
    },
  }
}

const actionOf: Record<Answer, string> = {
  own: 'accept',
  none: 'accept',
  accepted: 'accept',
  tentative: 'tentativelyAccept',
  declined: 'decline',
}

interface Zone {
  iana: string
  /** As the author spelt it. */
  name: string
}

/** The zone an event was made in; a name nobody knows is taken for the account's. */
function zoneOf(event: Event, accountZone: string): Zone {
  const name = event.originalStartTimeZone ?? accountZone
  const iana = ianaZoneOf(name)
  return iana === undefined ? { iana: accountZone, name: accountZone } : { iana, name }
}

function pathAndQuery(link: string): string {
  const { pathname, search } = new URL(link)
  return `${pathname}${search}`
}

/** The times as they were answered, on the wall of the account's zone. */
function timesOf({ start, end, isAllDay }: Event): Times {
  const wall = (time: DateTimeTimeZone | null | undefined): string => (time?.dateTime ?? '').slice(0, 16)
  return isAllDay
    ? { isAllDay: true, start: dayOf(wall(start)), end: dayOf(wall(end)) }
    : { isAllDay: false, start: wall(start), end: wall(end) }
}

function timeFields({ isAllDay, start, end }: Times, zone: Zone): Event {
  const time = (wall: string): DateTimeTimeZone => ({
    dateTime: isAllDay ? `${dayOf(wall)}T00:00:00` : `${wall}:00`,
    timeZone: zone.name,
  })
  return { isAllDay, start: time(start), end: time(end) }
}

function shownOf(event: Event, calendarId: string): Shown {
  return {
    ...timesOf(event),
    calendarId,
    id: event.id ?? '',
    title: event.subject ?? '',
    location: event.location?.displayName ?? '',
    kind: kindOf(event.type),
    isFree: event.showAs === 'free',
    isPrivate: event.sensitivity === 'private' || event.sensitivity === 'confidential',
    answer: event.isOrganizer === false ? answerOf(event.responseStatus?.response) : 'own',
  }
}

function kindOf(type: Event['type']): Shown['kind'] {
  if (type === 'occurrence' || type === 'exception') return 'occurrence'
  return type === 'seriesMaster' ? 'series' : 'single'
}

function answerOf(response: string | null | undefined): Answer {
  if (response === 'accepted' || response === 'declined') return response
  if (response === 'organizer') return 'own'
  return response === 'tentativelyAccepted' ? 'tentative' : 'none'
}

function openedOf(
  event: Event,
  calendarId: string,
  account: MicrosoftAccount,
  repeat: Draft['repeat'],
): Opened {
  const { id, title, location, isFree, isPrivate, answer } = shownOf(event, calendarId)
  const guests: Guest[] = (event.attendees ?? []).flatMap(({ emailAddress, status }) => {
    const email = emailAddress?.address
    return email ? [{ email, answer: answerOf(status?.response) }] : []
  })
  return {
    calendarId,
    id,
    seriesId: event.seriesMasterId ?? null,
    draft: {
      title,
      times: timesOf(event),
      location,
      notes: bodyText(event.body).replaceAll('\r\n', '\n'),
      repeat,
      isFree,
      isPrivate,
      guests: guests.map(({ email }) => email),
    },
    guests,
    organizer: event.organizer?.emailAddress?.address ?? account.email,
    answer,
  }
}

/** The properties without times and rule, as far as they are given. */
function fieldsOf(draft: Partial<Draft>, guests: Attendee[]): Event {
  const known = new Map(guests.map((guest) => [guest.emailAddress?.address?.toLowerCase(), guest]))
  return {
    ...(draft.title === undefined ? {} : { subject: draft.title }),
    ...(draft.location === undefined ? {} : { location: { displayName: draft.location } }),
    ...(draft.notes === undefined ? {} : { body: { contentType: 'text' as const, content: draft.notes } }),
    ...(draft.isFree === undefined ? {} : { showAs: draft.isFree ? ('free' as const) : ('busy' as const) }),
    ...(draft.isPrivate === undefined
      ? {}
      : { sensitivity: draft.isPrivate ? ('private' as const) : ('normal' as const) }),
    ...(draft.guests === undefined
      ? {}
      : {
          attendees: draft.guests.map(
            (address) => known.get(address.toLowerCase()) ?? { emailAddress: { address, name: address } },
          ),
        }),
  }
}

/** What changes in the rest of a series; it begins at the opened occurrence. */
function restPatch(event: Event, { opened, changes }: Change, { timeZone }: MicrosoftAccount): Event {
  const zone = zoneOf(event, timeZone)
  const before = inZone(opened.draft.times, timeZone, zone.iana)
  const after = inZone(changes.times ?? opened.draft.times, timeZone, zone.iana)
  const moved = movedRepeat(opened.draft.repeat, daysBetween(before.start, after.start))
  const isMoved = moved !== opened.draft.repeat
  const recurrence = patternOfRepeat(changes.repeat ?? moved, after)
  return {
    ...fieldsOf(changes, event.attendees ?? []),
    ...(changes.times === undefined && changes.repeat === undefined ? {} : timeFields(after, zone)),
    ...(changes.repeat === undefined ? {} : { recurrence }),
    // How often it still comes is known where it is split.
    ...(changes.repeat === undefined && isMoved
      ? { recurrence: { pattern: recurrence?.pattern ?? null } }
      : {}),
  }
}

/** What a patch of the event, or of the series of the opened occurrence, has to say. */
function patchOf(event: Event, { opened, changes, scope }: Change, { timeZone }: MicrosoftAccount): Event {
  const zone = zoneOf(event, timeZone)
  const current = inZone(timesOf(event), timeZone, zone.iana)
  const before = inZone(opened.draft.times, timeZone, zone.iana)
  const after = inZone(changes.times ?? opened.draft.times, timeZone, zone.iana)
  const isOfSeries = scope !== 'this' && opened.seriesId !== null
  const times = isOfSeries ? shiftedSeries(current, before, after) : after
  const repeats = event.type === 'seriesMaster'
  const repeat = changes.repeat ?? movedRepeat(opened.draft.repeat, daysBetween(current.start, times.start))
  const isRuleMeant = changes.repeat !== undefined || (repeats && changes.times !== undefined)
  return {
    ...fieldsOf(changes, event.attendees ?? []),
    ...(changes.times === undefined && changes.repeat === undefined ? {} : timeFields(times, zone)),
    ...(isRuleMeant ? { recurrence: patternOfRepeat(repeat, times) } : {}),
  }
}
