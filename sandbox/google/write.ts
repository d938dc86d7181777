import { mergePatch, type JsonObject } from '../json.ts'
import { base32hex } from '../random.ts'
import { nowOf } from '../world.ts'
import { completeEvent, type Target } from './complete-event.ts'
import { conditionNotMet, duplicate, gone, invalid } from './errors.ts'
import { namesEtag } from './etags.ts'
import { eventTypeOf } from './event-types.ts'
import { keepExceptions } from './exceptions.ts'
import { existing } from './find-event.ts'
import { checkGuestRights, guestWish, isGuestCopy } from './guest-rights.ts'
import { tellGuests, tellOrganizer } from './guests.ts'
import { isSameEvent, keepEvent, newEtag } from './keep-event.ts'
import { asWish, readEventBody, type EventWish } from './read-body.ts'
import { googleSwitch } from './switches.ts'
import type { GoogleEvent } from './types.ts'
import { restrictedVisibility, spreadVisibility } from './visibility-of-series.ts'
import { quietly, type WriteQuery } from './write-query.ts'

export type { Target } from './complete-event.ts'

/** An event before and after a write; both are the same state when nothing changed. */
export interface Change {
  before: GoogleEvent | undefined
  after: GoogleEvent
}

const idPattern = /^[a-v0-9]{5,1024}$/

/** Makes an event. A client may choose its id; one that was ever used is refused. */
export function insertEvent(target: Target, body: unknown, query: WriteQuery = quietly): Change {
  const read = readEventBody(body)
  const resource = asWish(withoutFixed(read))
  const { id: wishedId, iCalUID } = asWish(read)
  if (read['created'] || read['updated']) throw invalid('Invalid value: created and updated are read-only.')
  const acceptsBoth = googleSwitch(target.world.state, 'idWithUid') === 'accepted'
  if (wishedId && iCalUID && !acceptsBoth) throw invalid('Invalid resource id value.')
  if (wishedId && !idPattern.test(wishedId)) throw invalid('Invalid resource id value.')
  const id = wishedId || target.world.random.text(26, base32hex)
  if (target.calendar.log.entries.has(id)) throw duplicate()
  if (iCalUID) checkUid(target, iCalUID)
  const privateCopy = read['privateCopy'] === true ? { privateCopy: true } : {}
  const after = saveEvent(target, undefined, id, { ...resource, ...privateCopy, ...one(iCalUID) }, query)
  return { before: undefined, after }
}

function checkUid({ world, calendar }: Target, uid: string): void {
  if (googleSwitch(world.state, 'insertOfKnownUid') === 'accepted') return
  for (const { event } of calendar.log.entries.values()) {
    if (event.iCalUID === uid && event.status !== 'cancelled') throw duplicate()
  }
}

function one(iCalUID: string | null | undefined): EventWish {
  return iCalUID ? { iCalUID } : {}
}

/** Changes what a body names: objects are merged, lists replaced, null clears. */
export function patchEvent(
  target: Target,
  id: string,
  body: unknown,
  ifMatch: string | undefined,
  query: WriteQuery = quietly,
): Change {
  const current = existing(target, id)
  checkCondition(current, ifMatch)
  const read = readEventBody(body)
  eventTypeOf(current, asWish(read).eventType)
  const patch = withoutFixed(read)
  const { reminders: _reminders, ...kept } = current
  // Reminders are one value and not merged.
  const base: JsonObject = 'reminders' in patch ? { ...kept } : { ...current }
  const { sequence: _sequence, ...merged } = mergePatch(base, patch)
  const sequence = patch['sequence'] === undefined ? {} : { sequence: patch['sequence'] }
  return change(target, current, asWish({ ...withoutFixed(merged), ...sequence }), read, query)
}

/** Replaces an event; what a body does not name goes to its default. */
export function updateEvent(
  target: Target,
  id: string,
  body: unknown,
  ifMatch: string | undefined,
  query: WriteQuery = quietly,
): Change {
  const current = existing(target, id)
  checkCondition(current, ifMatch)
  const read = readEventBody(body)
  eventTypeOf(current, asWish(read).eventType)
  return change(target, current, asWish(withoutFixed(read)), read, query)
}

/** Deletes an event, or cancels an instance of a series; a second time it is gone. */
export function deleteEvent(target: Target, id: string, ifMatch: string | undefined): Change {
  const current = existing(target, id)
  if (current.status === 'cancelled') throw gone()
  checkCondition(current, ifMatch)
  const updated = new Date(nowOf(target.world)).toISOString()
  const sequence = current.sequence + (current.organizer?.self === true ? 1 : 0)
  const after = { ...current, status: 'cancelled', sequence, etag: newEtag(target.world), updated }
  store(target, current, after)
  return { before: current, after }
}

function change(
  target: Target,
  current: GoogleEvent,
  wished: EventWish,
  read: JsonObject,
  query: WriteQuery,
): Change {
  const omitted = read['attendeesOmitted'] === true
  const rows = omitted ? { ...wished, attendees: ownRowOnly(target, current, wished) } : wished
  const shown = restrictedVisibility(target, current, rows)
  const after = saveEvent(target, current, current.id, shown, query)
  spreadVisibility(target, after)
  return { before: current, after }
}

/** A caller who was shown only the own answer changes only that. */
function ownRowOnly(
  target: Target,
  current: GoogleEvent,
  wished: EventWish,
): NonNullable<EventWish['attendees']> {
  const own = (wished.attendees ?? []).filter(({ email }) => email?.toLowerCase() === target.calendar.id)
  const others = (current.attendees ?? []).filter(({ email }) => email !== target.calendar.id)
  return [...others, ...own]
}

/** Members that no write changes; some of them count when an event is made. */
const fixed = new Set(
  'kind etag id htmlLink created updated creator organizer iCalUID recurringEventId originalStartTime hangoutLink locked privateCopy attendeesOmitted endTimeUnspecified'.split(
    ' ',
  ),
)

function withoutFixed(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !fixed.has(name)))
}

function checkCondition(current: GoogleEvent, ifMatch: string | undefined): void {
  if (ifMatch !== undefined && ifMatch.trim() !== '*' && !namesEtag(ifMatch, current.etag))
    throw conditionNotMet()
}

/** Validates, fills in what Google fills in, and stores; a write that changes nothing leaves everything as it is. */
export function saveEvent(
  target: Target,
  current: GoogleEvent | undefined,
  id: string,
  wished: EventWish,
  query: WriteQuery = quietly,
): GoogleEvent {
  const counted = isGuestCopy(current) ? guestWish(target, current, wished) : wished
  const event = completeEvent(target, current, id, counted, query)
  if (isGuestCopy(current)) checkGuestRights(target, current, event)
  if (current !== undefined) {
    const keepsEtag = googleSwitch(target.world.state, 'writeWithoutChange') === 'same etag'
    if (keepsEtag && isSameEvent(current, event)) return current
    if (differsInRemindersOnly(current, event)) event.updated = current.updated
  }
  store(target, current, event)
  return event
}

function store(target: Target, before: GoogleEvent | undefined, after: GoogleEvent): void {
  keepEvent(target, after)
  keepExceptions(target, before, after)
  tellGuests(target, before, after)
  if (isGuestCopy(before)) tellOrganizer(target, after)
}

function differsInRemindersOnly(current: GoogleEvent, event: GoogleEvent): boolean {
  return (
    JSON.stringify(current.reminders) !== JSON.stringify(event.reminders) &&
    isSameEvent({ ...current, reminders: {} }, { ...event, reminders: {} })
  )
}
