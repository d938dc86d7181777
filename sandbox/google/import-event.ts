import { base32hex } from '../random.ts'
import { hasOccurrenceAt } from '../recurrence.ts'
import { completeEvent, type Target } from './complete-event.ts'
import { duplicate, GoogleError, invalid } from './errors.ts'
import { instanceIdOf } from './instance-ids.ts'
import { restricted } from './event-types.ts'
import { keepExceptions } from './exceptions.ts'
import { isSameEvent, keepEvent } from './keep-event.ts'
import { asWish, readEventBody, type EventWish } from './read-body.ts'
import { isMaster, seriesOf } from './series.ts'
import { googleSwitch } from './switches.ts'
import { normaliseTime, wallOfTime } from './times.ts'
import type { GoogleEvent } from './types.ts'
import type { Change } from './write.ts'
import { quietly, type WriteQuery } from './write-query.ts'

/**
 * Adds a private copy of a meeting that exists elsewhere. It is known by its iCalUID, keeps its organizer, and nobody is
 * told of it. One with an original start is an exception of the series that was imported with the same iCalUID.
 */
export function importEvent(target: Target, body: unknown, query: WriteQuery = quietly): Change {
  const wish = asWish(readEventBody(body))
  if (!wish.iCalUID) throw new GoogleError(400, 'required', 'Missing iCalUID.')
  if (wish.id) throw invalid('Invalid resource id value.')
  if ((wish.eventType ?? 'default') !== 'default') throw restricted('Only default events can be imported.')
  const organizer = organizerOf(target, wish)
  checkTakesPart(target, organizer, wish)
  const { id, current, ...instance } = placeOf(target, wish)
  if (current !== undefined && googleSwitch(target.world.state, 'importOfKnownUid') === 409) throw duplicate()
  const isOwn = organizer.email === target.calendar.id
  const { organizer: _organizer, creator: _creator, locked: _locked, ...rest } = wish
  const resource: EventWish = { ...rest, ...instance, ...(isOwn ? {} : { privateCopy: true }) }
  // An import replaces whoever the organizer was.
  const before = current === undefined ? undefined : { ...current, organizer }
  const after = completeEvent(target, before, id, { ...resource, organizer }, query)
  if (current !== undefined && isSameEvent(current, after)) return { before: current, after: current }
  keepEvent(target, after)
  keepExceptions(target, current, after)
  return { before: current, after }
}

type Organizer = NonNullable<GoogleEvent['organizer']>

function organizerOf({ calendar }: Target, { organizer }: EventWish): Organizer {
  const email = organizer?.email?.toLowerCase() ?? calendar.id
  if (email !== calendar.id)
    return { email, ...(organizer?.displayName ? { displayName: organizer.displayName } : {}) }
  return calendar.primary ? { email, self: true } : { email, displayName: calendar.name, self: true }
}

function checkTakesPart({ account, calendar }: Target, organizer: Organizer, wish: EventWish): void {
  const own = [calendar.id, calendar.owner, account.email]
  const guests = (wish.attendees ?? []).flatMap(({ email }) => email?.toLowerCase() ?? [])
  if ([organizer.email ?? '', ...guests].some((email) => own.includes(email))) return
  const message =
    'The owner of the calendar must either be the organizer or an attendee of an event that is imported.'
  throw new GoogleError(400, 'participantIsNeitherOrganizerNorAttendee', message)
}

interface Placed {
  id: string
  current: GoogleEvent | undefined
  recurringEventId?: string
  originalStartTime?: NonNullable<GoogleEvent['originalStartTime']>
}

/** Which event of the calendar an import is about. */
function placeOf(target: Target, wish: EventWish): Placed {
  const { world, calendar } = target
  const known = [...calendar.log.entries.values()].find(
    ({ event }) => event.iCalUID === wish.iCalUID && event.recurringEventId === undefined,
  )?.event
  if (!wish.originalStartTime) return { id: known?.id ?? world.random.text(26, base32hex), current: known }
  if (known === undefined || !isMaster(known)) throw invalid('Invalid iCalUID value.', 'iCalUID')
  const originalStartTime = normaliseTime(wish.originalStartTime, calendar.timeZone, 'start')
  const series = seriesOf(target, known)
  const slot = originalStartTime.date ? originalStartTime : { ...originalStartTime, timeZone: series.zone }
  if (!hasOccurrenceAt(series, wallOfTime(slot, calendar.timeZone)))
    throw invalid('Invalid original start time.', 'originalStartTime')
  const id = instanceIdOf(known.id, slot)
  return {
    id,
    current: calendar.log.entries.get(id)?.event,
    recurringEventId: known.id,
    originalStartTime: slot,
  }
}
