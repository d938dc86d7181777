import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import type { World } from '../world.ts'
import { withOffset } from '../zones.ts'
import { calendarById } from './access.ts'
import { roleOf } from './roles.ts'
import { instancesOf, isMaster, type Place } from './series.ts'
import { instantOfTime } from './times.ts'
import type { FreeBusyQuery } from './free-busy-query.ts'
import type { GoogleAccount, GoogleCalendar, GoogleEvent } from './types.ts'

type Answer = calendar_v3.Schema$FreeBusyResponse
type OfCalendar = calendar_v3.Schema$FreeBusyCalendar

interface Span {
  fromMs: number
  toMs: number
}

/** When the calendars and the members of the groups of a query are busy; what cannot be told has an error beside it. */
export function freeBusy(world: World, account: GoogleAccount, query: FreeBusyQuery): Answer {
  const groups: NonNullable<Answer['groups']> = {}
  const wanted: string[] = []
  for (const id of query.ids) {
    const members = world.state.groups.get(id.toLowerCase())
    if (members === undefined) wanted.push(id)
    else if (members.length > query.groupMembersMax) groups[id] = { errors: [error('groupTooBig')] }
    else {
      groups[id] = { calendars: [...members] }
      wanted.push(...members)
    }
  }
  const calendars: NonNullable<Answer['calendars']> = {}
  for (const [index, id] of [...new Set(wanted)].entries())
    calendars[id] =
      index < query.calendarsMax
        ? busyOf(world, account, id, query)
        : { errors: [error('tooManyCalendarsRequested')], busy: [] }
  return {
    kind: 'calendar#freeBusy',
    timeMin: new Date(query.fromMs).toISOString(),
    timeMax: new Date(query.toMs).toISOString(),
    ...(Object.keys(groups).length === 0 ? {} : { groups }),
    calendars,
  }
}

function busyOf(world: World, account: GoogleAccount, id: string, query: FreeBusyQuery): OfCalendar {
  const calendar = calendarById(world, id === 'primary' ? account.email : id)
  if (calendar === undefined || roleOf(world, calendar, account.email) === 'none')
    return { errors: [error('notFound')], busy: [] }
  const busy = joined([...spansOf({ world, calendar }, query)]).map(({ fromMs, toMs }) => {
    return { start: withZone(fromMs, query.zone), end: withZone(toMs, query.zone) }
  })
  return { busy }
}

/** What takes time in a calendar: not what is cancelled, marked as free, or declined by whose calendar it is. */
function* spansOf(place: Place, { fromMs, toMs }: Span): Generator<Span> {
  const { calendar } = place
  for (const { event } of calendar.log.entries.values()) {
    if (event.status === 'cancelled') continue
    const master = calendar.log.entries.get(event.recurringEventId ?? '')?.event
    if (master?.status === 'cancelled') continue
    const occurrences = isMaster(event)
      ? [...instancesOf(place, event, { from: fromMs, to: toMs })].filter(
          ({ id }) => !calendar.log.entries.has(id),
        )
      : [event]
    for (const one of occurrences) {
      const span = spanOf(calendar, one)
      if (isBusy(one) && span.fromMs < toMs && span.toMs > fromMs) {
        yield { fromMs: Math.max(span.fromMs, fromMs), toMs: Math.min(span.toMs, toMs) }
      }
    }
  }
}

function spanOf({ timeZone }: GoogleCalendar, { start, end }: GoogleEvent): Span {
  return { fromMs: instantOfTime(start, timeZone), toMs: instantOfTime(end, timeZone) }
}

function isBusy({ transparency, attendees }: GoogleEvent): boolean {
  const isDeclined = (attendees ?? []).some(
    ({ self, responseStatus }) => self === true && responseStatus === 'declined',
  )
  return transparency !== 'transparent' && !isDeclined
}

/** Spans that meet or overlap become one. */
function joined(spans: Span[]): Span[] {
  const inOrder = spans.toSorted((a, b) => a.fromMs - b.fromMs)
  const result: Span[] = []
  for (const span of inOrder) {
    const last = result.at(-1)
    if (last === undefined || span.fromMs > last.toMs) result.push(span)
    else result[result.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) }
  }
  return result
}

function withZone(instantMs: number, zone: string | undefined): string {
  if (zone !== undefined) return withOffset(instantMs, zone)
  return new Date(instantMs).toISOString().replace('.000Z', 'Z')
}

function error(reason: string): calendar_v3.Schema$Error {
  return { domain: reason === 'notFound' ? 'global' : 'calendar', reason }
}
