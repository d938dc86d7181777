import { nowOf } from '../world.ts'
import type { Target } from './complete-event.ts'
import { duplicate, GoogleError } from './errors.ts'
import { restricted } from './event-types.ts'
import { exceptionsOf } from './exceptions.ts'
import { existing } from './find-event.ts'
import { tellGuests } from './guests.ts'
import { htmlLinkOf } from './identity.ts'
import { keepEvent, newEtag } from './keep-event.ts'
import type { Place } from './series.ts'
import type { GoogleEvent } from './types.ts'
import type { Change } from './write.ts'

/**
 * Moves an event with its exceptions to another calendar, which becomes its organizer. In the one it leaves nothing stays
 * but its id (https://developers.google.com/workspace/calendar/api/v3/reference/events/move).
 */
export function moveEvent(from: Target, to: Target, id: string): Change {
  const event = existing(from, id)
  if (event.recurringEventId) {
    const message = 'Cannot change the organizer of an instance.'
    throw new GoogleError(400, 'cannotChangeOrganizerOfInstance', message, { domain: 'calendar' })
  }
  if ((event.eventType ?? 'default') !== 'default') throw restricted('Only default events can be moved.')
  if (event.organizer?.self !== true || event.status === 'cancelled') {
    const message = 'Cannot change the organizer of an event that is organized elsewhere.'
    throw new GoogleError(400, 'cannotChangeOrganizer', message, { domain: 'calendar' })
  }
  if (from.calendar.id === to.calendar.id) return { before: event, after: event }
  const there = to.calendar.log.entries.get(id)?.event
  if (there !== undefined && there.status !== 'cancelled' && there.iCalUID !== event.iCalUID)
    throw duplicate()

  const exceptions = exceptionsOf(from, id)
  const after = settle(from, to, event)
  for (const exception of exceptions) settle(from, to, exception)
  tellGuests(to, event, after)
  return { before: event, after }
}

function settle(from: Target, to: Target, event: GoogleEvent): GoogleEvent {
  const { world } = from
  const updated = new Date(nowOf(world)).toISOString()
  const { calendar } = to
  const self = { email: calendar.id, self: true }
  const organizer = calendar.primary ? self : { ...self, displayName: calendar.name }
  const after = {
    ...event,
    etag: newEtag(world),
    updated,
    organizer,
    sequence: event.sequence + 1,
    htmlLink: htmlLinkOf(event.id, calendar),
    ...(event.attendees ? { attendees: event.attendees.map((row) => rowIn(row, organizer.email)) } : {}),
  }
  keepEvent(to, after)
  leave(from, event, updated)
  return after
}

function rowIn(
  { self: _self, organizer: _organizer, ...row }: NonNullable<GoogleEvent['attendees']>[number],
  email: string,
): NonNullable<GoogleEvent['attendees']>[number] {
  return row.email === email ? { ...row, self: true, organizer: true } : row
}

function leave(place: Place, { id, iCalUID, recurringEventId }: GoogleEvent, updated: string): void {
  place.calendar.exceptions.get(recurringEventId ?? '')?.delete(id)
  const etag = newEtag(place.world)
  keepEvent(place, { kind: 'calendar#event', etag, id, status: 'cancelled', updated, iCalUID, sequence: 0 })
}
