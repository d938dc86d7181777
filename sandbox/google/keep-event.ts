import { record, type Entry, type Past } from '../event-log.ts'
import { nextVersion, type World } from '../world.ts'
import { announce } from './channel-messages.ts'
import { etagOf } from './etags.ts'
import type { Place } from './series.ts'
import type { GoogleEvent } from './types.ts'

/** A sync token older than this many changes of one event's times may miss an occurrence that was lost. */
const pastMax = 200

/** Stores an event as it is now, and tells the calendar's channels. */
export function keepEvent({ world, calendar }: Place, event: GoogleEvent): void {
  const { log, exceptions } = calendar
  const past = pastAfter(log.entries.get(event.id), event, log.sequence)
  record(log, event.id, event, undefined, past)
  const masterId = event.recurringEventId
  if (masterId) exceptions.set(masterId, (exceptions.get(masterId) ?? new Set()).add(event.id))
  announce(world, 'events', calendar.id)
}

export function newEtag(world: World): string {
  return etagOf(nextVersion(world))
}

/** Says whether two states of an event tell the same, whenever and however often they were written. */
export function isSameEvent(a: GoogleEvent, b: GoogleEvent): boolean {
  return textOf(a) === textOf(b)
}

function textOf(event: GoogleEvent): string {
  const { etag: _etag, updated: _updated, ...rest } = event
  return stableText(rest)
}

/** JSON that does not depend on the order of members. */
export function stableText(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}

function pastAfter(
  known: Entry<GoogleEvent> | undefined,
  event: GoogleEvent,
  sequence: number,
): readonly Past<GoogleEvent>[] | undefined {
  if (known === undefined) return undefined
  const was = timesOf(known.event)
  if (stableText(was) === stableText(timesOf(event))) return known.past
  return [...(known.past ?? []), { until: sequence, was }].slice(-pastMax)
}

function timesOf({ id, start, end, recurrence }: GoogleEvent): Partial<GoogleEvent> {
  return {
    id,
    ...(start ? { start } : {}),
    ...(end ? { end } : {}),
    ...(recurrence ? { recurrence } : {}),
  }
}
