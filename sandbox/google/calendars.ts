import { createEventLog } from '../event-log.ts'
import type { World } from '../world.ts'
import { refreshLists, removeFromLists, subscribe } from './calendar-list.ts'
import { announceEnd } from './channel-messages.ts'
import { etagOf, nextStamp } from './etags.ts'
import type { CalendarFacts, GoogleAccount, GoogleCalendar } from './types.ts'

/** A calendar of an account with the given id and name, known to nobody yet. */
export function calendarOf(
  owner: { email: string; timeZone: string },
  id: string,
  facts: Partial<CalendarFacts>,
): GoogleCalendar {
  return {
    name: id,
    primary: id === owner.email,
    timeZone: owner.timeZone,
    etag: etagOf(0),
    owner: owner.email,
    description: null,
    location: null,
    conferenceTypes: ['hangoutsMeet'],
    eventLabels: [],
    opensChannels: true,
    hasMoved: false,
    accessVersion: 0,
    ...facts,
    id,
    log: createEventLog(),
    exceptions: new Map(),
  }
}

/** Makes a calendar of an account's own and puts it into its list. */
export function makeCalendar(
  world: World,
  owner: GoogleAccount,
  id: string,
  facts: Partial<CalendarFacts>,
): GoogleCalendar {
  const calendar = calendarOf(owner, id, { ...facts, etag: nextStamp(world).etag })
  owner.calendars.set(id, calendar)
  subscribe(world, owner, calendar)
  return calendar
}

export function newCalendarId(world: World): string {
  return `c_${world.random.text(26, '0123456789abcdef')}@group.calendar.google.com`
}

/** Changes what a calendar says of itself; nothing happens, not even to its etag, when that is what it says already. */
export function changeCalendar(
  world: World,
  calendar: GoogleCalendar,
  change: Partial<Omit<CalendarFacts, 'id' | 'etag'>>,
): GoogleCalendar {
  const text = ({ log: _log, exceptions: _exceptions, ...facts }: GoogleCalendar): string =>
    JSON.stringify(facts)
  const moves = change.timeZone !== undefined && change.timeZone !== calendar.timeZone
  const wished = { ...calendar, ...change, hasMoved: calendar.hasMoved || moves }
  if (text(wished) === text(calendar)) return calendar
  const changed = { ...wished, etag: nextStamp(world).etag }
  world.state.google.get(calendar.owner)?.calendars.set(calendar.id, changed)
  refreshLists(world, changed)
  return changed
}

/** Notes that who may see a calendar has changed: the sync tokens of its events are void, and lists show the new roles. */
export function changeAccess(world: World, calendar: GoogleCalendar): void {
  const changed = { ...calendar, accessVersion: nextStamp(world).version }
  world.state.google.get(calendar.owner)?.calendars.set(calendar.id, changed)
  refreshLists(world, changed)
}

/** Ends a secondary calendar for everybody who has it. */
export function removeCalendar(world: World, { id, owner }: CalendarFacts): void {
  world.state.google.get(owner)?.calendars.delete(id)
  world.state.removedCalendars.set(id, owner)
  world.state.acls.delete(id)
  removeFromLists(world, id)
  announceEnd(world, 'events', id)
  announceEnd(world, 'acl', id)
}
