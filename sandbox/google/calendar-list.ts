import type { World } from '../world.ts'
import { announce } from './channel-messages.ts'
import { nextStamp } from './etags.ts'
import { startingColors } from './palette.ts'
import { roleOf } from './roles.ts'
import type { CalendarFacts, GoogleAccount, ListEntry } from './types.ts'

type Resource = Omit<ListEntry['resource'], 'etag'>

/** The calendars an account has had in its list, in the order they came; those removed from it are marked `deleted`. */
export function listOf(world: World, email: string): readonly ListEntry[] {
  return world.state.calendarLists.get(email) ?? []
}

/** The entry of a calendar that is in an account's list now. */
export function findEntry(world: World, email: string, calendarId: string): ListEntry | undefined {
  const entry = listOf(world, email).find(({ id }) => id === calendarId)
  return entry?.resource.deleted === true ? undefined : entry
}

/** Puts a calendar into an account's list, or back into it, as it begins there. */
export function subscribe(world: World, account: GoogleAccount, calendar: CalendarFacts): ListEntry {
  const { email } = account
  const known = findEntry(world, email, calendar.id)
  return known ?? saveEntry(world, email, startingEntry(world, account, calendar))
}

/** What an entry is before its owner has changed anything about it. */
export function startingEntry(world: World, { email }: GoogleAccount, calendar: CalendarFacts): Resource {
  const isOwnPrimary = calendar.id === email
  const notifications = ['eventCreation', 'eventChange', 'eventCancellation', 'eventResponse']
  return withFacts(world, email, calendar, {
    id: calendar.id,
    ...startingColors(listOf(world, email).length),
    selected: true,
    defaultReminders: isOwnPrimary ? [{ method: 'popup', minutes: 10 }] : [],
    ...(isOwnPrimary
      ? { notificationSettings: { notifications: notifications.map((type) => ({ type, method: 'email' })) } }
      : {}),
  })
}

/** Stores an entry when it differs from what is there; `isTold` says whether an incremental list is to have it. */
export function saveEntry(world: World, email: string, resource: Resource, isTold = true): ListEntry {
  const entries = listOf(world, email)
  const known = entries.find(({ id }) => id === resource.id)
  if (known !== undefined && isSame(known.resource, resource)) return known
  const { version, etag } = nextStamp(world)
  const entry: ListEntry = {
    id: resource.id,
    version: isTold ? version : (known?.version ?? version),
    resource: { ...resource, etag },
  }
  const others = entries.map((one) => (one.id === entry.id ? entry : one))
  world.state.calendarLists.set(email, known === undefined ? [...entries, entry] : others)
  announce(world, 'calendarList', email)
  return entry
}

/**
 * Writes what a calendar says of itself, and what each may do with it, into the lists that have it. Google documents
 * that an incremental list keeps quiet about such changes; only that a calendar is out of reach is told.
 */
export function refreshLists(world: World, calendar: CalendarFacts): void {
  for (const [email] of world.state.calendarLists) {
    const entry = findEntry(world, email, calendar.id)
    if (entry === undefined) continue
    const resource = withFacts(world, email, calendar, entry.resource)
    const isLost = roleOf(world, calendar, email) === 'none'
    saveEntry(world, email, isLost ? { ...entry.resource, deleted: true } : resource, isLost)
  }
}

/** Takes a calendar that is no more out of every list. */
export function removeFromLists(world: World, calendarId: string): void {
  for (const [email] of world.state.calendarLists) {
    const entry = findEntry(world, email, calendarId)
    if (entry !== undefined) saveEntry(world, email, { ...entry.resource, deleted: true })
  }
}

/** An entry with the fields that are the calendar's and not the list's. */
export function withFacts(world: World, email: string, calendar: CalendarFacts, own: Resource): Resource {
  const { description, location } = calendar
  const { description: _description, location: _location, deleted: _deleted, ...rest } = own
  return {
    ...rest,
    kind: 'calendar#calendarListEntry',
    summary: calendar.name,
    ...(description === null ? {} : { description }),
    ...(location === null ? {} : { location }),
    timeZone: calendar.timeZone,
    accessRole: roleOf(world, calendar, email),
    ...(calendar.id === email ? { primary: true } : {}),
    ...(calendar.primary ? {} : { dataOwner: calendar.owner }),
    conferenceProperties: { allowedConferenceSolutionTypes: [...calendar.conferenceTypes] },
  }
}

function isSame(one: Resource, other: Resource): boolean {
  const text = ({ etag: _etag, ...rest }: Resource & { etag?: string }): string =>
    JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return text(one) === text(other)
}
