import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { isWritten, markLasting } from '../json-bytes.ts'
import { lacksAccess, type Access } from './access.ts'
import { findEntry } from './calendar-list.ts'
import { withZone } from './render.ts'
import { isAtLeast, type Role } from './roles.ts'
import type { GoogleCalendar } from './types.ts'
import type { Target } from './write.ts'

type Item = calendar_v3.Schema$Event

/** A page of a calendar's events as somebody sees it, with what the page says of the calendar. */
export function seenPage(
  { world, account, calendar, role }: Target & Access,
  page: calendar_v3.Schema$Events,
  zone: string | undefined,
): calendar_v3.Schema$Events {
  const entry = findEntry(world, account.email, calendar.id)
  const shownZone = zone ?? zoneOf(calendar)
  const seesAll = isAtLeast(role, 'writer') && shownZone === undefined
  if (seesAll) markKept(calendar, page.items ?? [])
  return {
    ...page,
    ...(calendar.description === null ? {} : { description: calendar.description }),
    accessRole: role,
    defaultReminders: entry?.resource.defaultReminders ?? [],
    ...(seesAll ? {} : { items: (page.items ?? []).map((item) => seenBy(role, withZone(item, shownZone))) }),
  }
}

/** Whoever sees an event as it is kept gets the bytes that were written for the last one: what is kept is never edited. */
function markKept(calendar: GoogleCalendar, items: Item[]): void {
  if (isWritten(items)) return
  for (const item of items) {
    if (calendar.log.entries.get(item.id ?? '')?.event === item) markLasting(item)
  }
}

/** The zone a calendar's events are written in when nobody asks for one, where it is not the one they are kept in. */
export function zoneOf(calendar: GoogleCalendar): string | undefined {
  return calendar.hasMoved ? calendar.timeZone : undefined
}

/** Nobody changes what they may not read. */
export function refuseHidden({ world, role }: Target & Access, event: Item): void {
  if (seenBy(role, event) !== event) throw lacksAccess(world, 'writer')
}

/** What somebody of a role at a calendar sees of an event there. */
export function seenBy(role: Role, event: Item): Item {
  if (isAtLeast(role, 'writer')) return event
  const isPrivate = event.visibility === 'private' || event.visibility === 'confidential'
  if (isAtLeast(role, 'reader') && !isPrivate) return event
  return event.status === 'cancelled' ? only(event, ofCancelled) : { ...only(event, ofHidden), ...asPrivate }
}

/** When an event is and that it is, and nothing of what it is about. */
const ofHidden =
  'kind etag id status created updated start end transparency recurrence recurringEventId originalStartTime iCalUID sequence eventType'
const ofCancelled = 'kind etag id status recurringEventId originalStartTime'
const asPrivate = { visibility: 'private' }

function only(event: Item, names: string): Item {
  const shown = names.split(' ')
  return Object.fromEntries(Object.entries(event).filter(([name]) => shown.includes(name)))
}
