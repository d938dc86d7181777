import { nowOf } from '../world.ts'
import { htmlLinkOf } from './identity.ts'
import { instanceIdOf } from './instance-ids.ts'
import { newEtag } from './keep-event.ts'
import type { Place } from './series.ts'
import type { GoogleEvent } from './types.ts'

/** A copy has the id of the meeting, unless another event of the guest's has it. */
export function idOfCopy(guest: Place, meeting: GoogleEvent): string {
  return counterpartId(guest, meeting, isNotOwn) ?? ofInstance(freeId(guest, baseOf(meeting)), meeting)
}

/** The id of the meeting a copy is of, in the calendar of its organizer. */
export function idOfMeeting(organizer: Place, copy: GoogleEvent): string {
  return counterpartId(organizer, copy, (event) => !isNotOwn(event)) ?? copy.id
}

function isNotOwn({ organizer }: GoogleEvent): boolean {
  return organizer?.self !== true
}

/** The event of another calendar that is of the same meeting, or would be if its instance had been touched. */
function counterpartId(
  { calendar }: Place,
  event: GoogleEvent,
  isSought: (event: GoogleEvent) => boolean,
): string | undefined {
  const { entries } = calendar.log
  const isIt = (other: GoogleEvent): boolean => other.iCalUID === event.iCalUID && isSought(other)
  const same = entries.get(baseOf(event))?.event
  if (same === undefined || isIt(same)) return same === undefined ? undefined : ofInstance(same.id, event)
  for (const { event: other } of entries.values()) {
    if (other.recurringEventId === undefined && isIt(other)) return ofInstance(other.id, event)
  }
  return undefined
}

function baseOf({ id, recurringEventId }: GoogleEvent): string {
  return recurringEventId ?? id
}

function ofInstance(base: string, { recurringEventId, originalStartTime }: GoogleEvent): string {
  return recurringEventId && originalStartTime ? instanceIdOf(base, originalStartTime) : base
}

function freeId({ calendar }: Place, id: string): string {
  let free = id
  while (calendar.log.entries.has(free)) free += '0'
  return free
}

/** A guest's copy of a meeting: what is the guest's own stays, everything else follows the meeting. */
export function copyOf(
  guest: Place,
  meeting: GoogleEvent,
  id: string,
  current: GoogleEvent | undefined,
): GoogleEvent {
  const { world, calendar } = guest
  const now = new Date(nowOf(world)).toISOString()
  const { colorId: _color, source: _source, extendedProperties: _properties, ...shared } = meeting
  const copy: GoogleEvent = {
    ...shared,
    id,
    etag: newEtag(world),
    htmlLink: htmlLinkOf(id, calendar),
    created: current?.created ?? now,
    updated: now,
    creator: withSelf(meeting.creator, calendar.id),
    organizer: withSelf(meeting.organizer, calendar.id),
    ...guestListFor(meeting, calendar.id),
    ...(meeting.recurringEventId ? { recurringEventId: seriesIdOf(guest, meeting) } : {}),
    ...propertiesOf(meeting, current),
    ...ownMembers(meeting, current),
  }
  if (copy.transparency === undefined) delete copy.transparency
  return copy
}

/** The id of the copied series, which a guest of one instance alone does not have. */
function seriesIdOf(guest: Place, meeting: GoogleEvent): string {
  const { recurringEventId, originalStartTime: _start, ...rest } = meeting
  const series = { ...rest, id: recurringEventId ?? meeting.id }
  return counterpartId(guest, series, isNotOwn) ?? series.id
}

/** What is private to a copy: https://developers.google.com/workspace/calendar/api/concepts/events-calendars */
function ownMembers(meeting: GoogleEvent, current: GoogleEvent | undefined): Partial<GoogleEvent> {
  const { colorId } = current ?? {}
  const { transparency } = current ?? meeting
  return {
    reminders: current?.reminders ?? { useDefault: true },
    ...(colorId === undefined ? {} : { colorId }),
    ...({ transparency } as Partial<GoogleEvent>),
  }
}

function propertiesOf(meeting: GoogleEvent, current: GoogleEvent | undefined): Partial<GoogleEvent> {
  const own = current?.extendedProperties?.private
  const shared = meeting.extendedProperties?.shared
  if (own === undefined && shared === undefined) return {}
  const extendedProperties = {
    ...(own === undefined ? {} : { private: own }),
    ...(shared === undefined ? {} : { shared }),
  }
  return { extendedProperties }
}

function withSelf(person: GoogleEvent['organizer'], email: string): NonNullable<GoogleEvent['organizer']> {
  const { self: _self, ...rest } = person ?? {}
  return rest.email === email ? { ...rest, self: true } : rest
}

/** Where guests may not see each other, a copy names the guest alone. */
function guestListFor(meeting: GoogleEvent, email: string): Partial<GoogleEvent> {
  const rows = rowsSeenBy(meeting.attendees, email)
  if (meeting.guestsCanSeeOtherGuests !== false) return { attendees: rows }
  return { attendees: rows.filter(({ self }) => self === true), attendeesOmitted: true }
}

/** The guests with the mark at whose calendar it is. */
export function rowsSeenBy(
  rows: GoogleEvent['attendees'],
  email: string,
): NonNullable<GoogleEvent['attendees']> {
  return (rows ?? []).map(({ self: _self, ...row }) => (row.email === email ? { ...row, self: true } : row))
}
