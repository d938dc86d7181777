import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { base32hex } from '../random.ts'
import { canExpand, hasOccurrenceAt } from '../recurrence.ts'
import { record } from '../event-log.ts'
import { mergePatch } from '../json.ts'
import { nextVersion, nowOf, type World } from '../world.ts'
import { conditionNotMet, duplicate, gone, GoogleError, invalid, notFound } from './errors.ts'
import { eventResource } from './resource.ts'
import { findInstance, isMaster, seriesOf, type Place } from './series.ts'
import { instantOfTime, normaliseTime, timeOfWall, wallOfTime } from './times.ts'
import type { GoogleAccount, GoogleCalendar, GoogleEvent } from './types.ts'

export interface Target {
  world: World
  account: GoogleAccount
  calendar: GoogleCalendar
}

const idPattern = /^[a-v0-9]{5,1024}$/

export function insertEvent(target: Target, body: unknown): GoogleEvent {
  const resource = eventResource(body)
  if (resource.created || resource.updated) throw invalid('Invalid value: created and updated are read-only.')
  if (resource.id && resource.iCalUID)
    throw invalid('Invalid value: id and iCalUID must not be given together.')
  if (resource.id && !idPattern.test(resource.id)) throw invalid('Invalid resource id value.')
  const id = resource.id || target.world.random.text(26, base32hex)
  if (target.calendar.log.entries.has(id)) throw duplicate()
  return saveEvent(target, undefined, id, resource)
}

export function patchEvent(
  target: Target,
  id: string,
  body: unknown,
  ifMatch: string | undefined,
): GoogleEvent {
  const current = existing(target, id)
  checkCondition(current, ifMatch)
  const patch = eventResource(body)
  return saveEvent(
    target,
    current,
    id,
    eventResource({ ...mergePatch({ ...current }, patch), ...fixedFields(current) }),
  )
}

export function updateEvent(
  target: Target,
  id: string,
  body: unknown,
  ifMatch: string | undefined,
): GoogleEvent {
  const current = existing(target, id)
  checkCondition(current, ifMatch)
  return saveEvent(target, current, id, { ...eventResource(body), ...fixedFields(current) })
}

export function deleteEvent(target: Target, id: string, ifMatch: string | undefined): GoogleEvent {
  const current = existing(target, id)
  if (current.status === 'cancelled') throw gone()
  checkCondition(current, ifMatch)
  return saveEvent(target, current, id, { ...current, status: 'cancelled' })
}

/** An event by id: one that is kept, cancelled ones too, or an untouched instance of a series. */
export function existing(target: Place, id: string): GoogleEvent {
  const event = target.calendar.log.entries.get(id)?.event ?? findInstance(target, id)
  if (event === undefined) throw notFound()
  const master = target.calendar.log.entries.get(event.recurringEventId ?? '')?.event
  // An occurrence does not outlive its series.
  return master?.status === 'cancelled' ? { ...event, status: 'cancelled' } : event
}

/** Fields no write can change. */
function fixedFields(current: GoogleEvent): Partial<GoogleEvent> {
  const { id, iCalUID, created, creator, organizer, recurringEventId, originalStartTime, eventType } = current
  const fixed = { id, iCalUID, created, creator, organizer, recurringEventId, originalStartTime, eventType }
  return Object.fromEntries(Object.entries(fixed).filter(([, value]) => value !== undefined))
}

function checkCondition(current: GoogleEvent, ifMatch: string | undefined): void {
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== current.etag) throw conditionNotMet()
}

/** Validates, fills in what Google fills in, and stores. */
export function saveEvent(
  target: Target,
  current: GoogleEvent | undefined,
  id: string,
  wished: WishedEvent,
): GoogleEvent {
  const { world, account, calendar } = target
  const status = wished.status ?? 'confirmed'
  const { start, end } = timesOf(calendar, wished)
  const now = new Date(nowOf(world)).toISOString()
  const isOwn = calendar.id === account.email
  const organizer = {
    email: calendar.id,
    ...(calendar.primary ? {} : { displayName: calendar.name }),
    self: true,
  }
  const event: GoogleEvent = {
    ...wished,
    kind: 'calendar#event',
    etag: `"${3_000_000_000_000_000 + nextVersion(world)}"`,
    id,
    status,
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${id} ${account.email}`).toString('base64url')}`,
    created: current?.created ?? now,
    updated: now,
    creator: current?.creator ?? { email: account.email, ...(isOwn ? { self: true } : {}) },
    organizer: current?.organizer ?? organizer,
    start,
    end,
    iCalUID: wished.iCalUID || `${id}@google.com`,
    sequence: current?.sequence ?? wished.sequence ?? 0,
    reminders: wished.reminders ?? { useDefault: true },
    eventType: wished.eventType ?? 'default',
  }
  if (event.transparency === 'opaque') delete event.transparency
  if (isMaster(event) && !canExpand(seriesOf(target, event))) throw invalid('Invalid recurrence rule.')
  if (current !== undefined) {
    event.sequence = nextSequence(current, event, wished.sequence)
    if (differsInRemindersOnly(current, event)) event.updated = current.updated
  }
  record(calendar.log, event.id, event)
  keepExceptions(target, current, event)
  return event
}

type WishedEvent = calendar_v3.Schema$Event

function timesOf(
  calendar: GoogleCalendar,
  wished: WishedEvent,
): Required<Pick<GoogleEvent, 'start' | 'end'>> {
  if (!wished.start) throw new GoogleError(400, 'required', 'Missing start time.')
  if (!wished.end) throw new GoogleError(400, 'required', 'Missing end time.')
  const isSeries = (wished.recurrence?.length ?? 0) > 0
  if (isSeries && wished.start.dateTime && !wished.start.timeZone) {
    throw new GoogleError(400, 'required', 'Missing time zone definition for start time.')
  }
  const start = normaliseTime(wished.start, calendar.timeZone)
  const end = normaliseTime(wished.end, calendar.timeZone)
  if (Boolean(start.date) !== Boolean(end.date)) {
    throw invalid('Start and end times must either both be date or both be dateTime.')
  }
  const lengthMs = instantOfTime(end, calendar.timeZone) - instantOfTime(start, calendar.timeZone)
  // Google lets a timed event be empty, but an all-day one ends on a later day.
  if (lengthMs < 0 || (lengthMs === 0 && start.date)) {
    throw new GoogleError(400, 'timeRangeEmpty', 'The specified time range is empty.', { domain: 'calendar' })
  }
  return { start, end }
}

function nextSequence(current: GoogleEvent, event: GoogleEvent, wished: number | null | undefined): number {
  if (wished !== undefined && wished !== null && wished < current.sequence) {
    throw invalid(
      'Invalid sequence value. The specified sequence number is below the current sequence number of the resource.',
    )
  }
  const aspects = (of: GoogleEvent): string =>
    JSON.stringify([of.start, of.end, of.recurrence, of.status, of.location])
  const isMaterial = aspects(current) !== aspects(event)
  return Math.max(wished ?? 0, isMaterial ? current.sequence + 1 : current.sequence)
}

function differsInRemindersOnly(current: GoogleEvent, event: GoogleEvent): boolean {
  const without = ({ reminders: _reminders, etag: _etag, updated: _updated, ...rest }: GoogleEvent): string =>
    JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return (
    JSON.stringify(current.reminders) !== JSON.stringify(event.reminders) &&
    without(current) === without(event)
  )
}

/**
 * Keeps the exceptions of a series in step with it: an exception goes when its series goes, or when the series no
 * longer has an occurrence at its original start.
 */
function keepExceptions(target: Target, current: GoogleEvent | undefined, event: GoogleEvent): void {
  const { world, calendar } = target
  const masterId = event.recurringEventId
  if (masterId) {
    const siblings = calendar.exceptions.get(masterId) ?? new Set()
    calendar.exceptions.set(masterId, siblings.add(event.id))
    return
  }
  const ids = calendar.exceptions.get(event.id)
  if (ids === undefined || current === undefined || event.status === 'cancelled') return
  const rule = (of: GoogleEvent): string => JSON.stringify([of.start, of.recurrence])
  if (rule(current) === rule(event)) return

  const zone = event.start?.timeZone ?? calendar.timeZone
  for (const id of ids) {
    const exception = calendar.log.entries.get(id)?.event
    if (exception?.originalStartTime === undefined) continue
    const original = wallOfTime({ ...exception.originalStartTime, timeZone: zone }, calendar.timeZone)
    if (isMaster(event) && hasOccurrenceAt(seriesOf(target, event), original)) continue
    ids.delete(id)
    const { originalStartTime: _start, recurringEventId: _master, ...rest } = exception
    const etag = `"${3_000_000_000_000_000 + nextVersion(world)}"`
    record(calendar.log, id, { ...rest, status: 'cancelled', etag, updated: event.updated })
  }
}

/** Makes many plain events at once, without the checks a caller's own words need. */
export function seedEvents(target: Target, count: number, startsAtMs: number): void {
  const { world, account, calendar } = target
  const now = new Date(nowOf(world)).toISOString()
  const self = { email: account.email, self: true }
  for (let index = 0; index < count; index += 1) {
    const id = world.random.text(26, base32hex)
    const startMs = startsAtMs + index * 3_600_000
    record(calendar.log, id, {
      kind: 'calendar#event',
      etag: `"${3_000_000_000_000_000 + nextVersion(world)}"`,
      id,
      status: 'confirmed',
      htmlLink: `https://www.google.com/calendar/event?eid=${id}`,
      created: now,
      updated: now,
      summary: `Event ${index + 1}`,
      creator: self,
      organizer: self,
      start: timeOfWall(new Date(startMs).toISOString().slice(0, 19), 'UTC', 'UTC'),
      end: timeOfWall(new Date(startMs + 1_800_000).toISOString().slice(0, 19), 'UTC', 'UTC'),
      iCalUID: `${id}@google.com`,
      sequence: 0,
      reminders: { useDefault: true },
      eventType: 'default',
    })
  }
}
