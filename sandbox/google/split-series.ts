import { mergePatch } from '../json.ts'
import { parseRule } from '../recurrence/parse-rule.ts'
import { occurrencesOf, type Series } from '../recurrence.ts'
import { addDays, instantOf } from '../zones.ts'
import { completeEvent, type Target } from './complete-event.ts'
import { gone, invalid } from './errors.ts'
import { dropException, exceptionsOf, hasSlotOf } from './exceptions.ts'
import { existing, masterOf } from './find-event.ts'
import { splitIdOf } from './instance-ids.ts'
import { keepEvent, newEtag } from './keep-event.ts'
import { asWish, readEventBody, type EventWish } from './read-body.ts'
import { tellGuests } from './guests.ts'
import { instanceAt, seriesOf } from './series.ts'
import { instantOfTime, wallOfTime, type Time } from './times.ts'
import type { GoogleEvent } from './types.ts'
import { deleteEvent, patchEvent, saveEvent, type Change } from './write.ts'
import { quietly, type WriteQuery } from './write-query.ts'

/**
 * Does what Google's pages do for "this and following events": the series ends before an instance, and a new one with the
 * change begins there, under an id that is made from the old one. Instances keep their ids, since both series name them
 * alike; exceptions from there on go over to the new series where it still has their slot. A change of the first instance
 * is a change of all of them.
 *
 * @param body the members that change, as in a patch of the instance
 */
export function splitSeries(
  target: Target,
  instanceId: string,
  body: unknown,
): { ended: Change; begun: Change } {
  const { master, originalStartTime, isFirst } = placeIn(target, instanceId)
  if (isFirst) {
    const whole = patchEvent(target, master.id, body, undefined)
    return { ended: whole, begun: whole }
  }
  const { timeZone } = target.calendar
  const parts = partsOf(target, master, originalStartTime)
  const rest = restOf(target, master, originalStartTime, parts.later, body)
  // Only what can be made may end anything.
  completeEvent(target, undefined, rest.id, rest.wished, asItWas)
  const startMs = instantOfTime(originalStartTime, timeZone)
  const following = exceptionsOf(target, master.id).filter(
    (one) => instantOfTime(one.originalStartTime, timeZone) >= startMs,
  )
  // An exception in the very place is taken up by the new series.
  for (const one of following) if (one.id === instanceId) dropException(target, one, master.updated)
  const begun = saveEvent(target, undefined, rest.id, rest.wished, asItWas)
  const others = following.filter(({ id }) => id !== instanceId)
  // They change hands before the old series ends, which would drop them.
  const handed = others.flatMap((one) => handOver(target, one, begun) ?? [])
  const ended = patchEvent(target, master.id, { recurrence: parts.earlier }, undefined)
  for (const one of handed) tellGuests(target, one, one)
  return { ended, begun: { before: undefined, after: begun } }
}

/** Deletes an instance and all after it: the series ends before it, or is deleted if the instance is its first. */
export function endSeries(target: Target, instanceId: string): Change {
  const { master, originalStartTime, isFirst } = placeIn(target, instanceId)
  if (isFirst) return deleteEvent(target, master.id, undefined)
  const { earlier } = partsOf(target, master, originalStartTime)
  return patchEvent(target, master.id, { recurrence: earlier }, undefined)
}

function placeIn(
  target: Target,
  instanceId: string,
): { master: GoogleEvent; originalStartTime: Time; isFirst: boolean } {
  const instance = existing(target, instanceId)
  const master = masterOf(target, instance)
  const { originalStartTime } = instance
  if (master === undefined || !originalStartTime) throw invalid('Only a recurring event can be split.')
  if (instance.status === 'cancelled') throw gone()
  const { timeZone } = target.calendar
  const isFirst = instantOfTime(originalStartTime, timeZone) <= instantOfTime(master.start, timeZone)
  return { master, originalStartTime, isFirst }
}

/** What a split leaves as it is goes over whole. */
const asItWas: WriteQuery = { ...quietly, writesConference: true, writesAttachments: true }

function restOf(
  target: Target,
  master: GoogleEvent,
  originalStart: Time,
  recurrence: string[],
  body: unknown,
): { id: string; wished: EventWish } {
  const id = splitIdOf(master.id, originalStart)
  const { start, end } = instanceAt(target.calendar, master, wallIn(target, master, originalStart))
  const { sequence: _sequence, organizer: _organizer, ...untouched } = master
  const wished = asWish(mergePatch({ ...untouched, start, end, recurrence }, readEventBody(body)))
  return { id, wished: { ...wished, iCalUID: `${id}@google.com` } }
}

/** The slot of a start in the zone of its series. */
function wallIn(target: Target, master: GoogleEvent, start: Time): string {
  const { zone } = seriesOf(target, master)
  return wallOfTime(start.date ? start : { ...start, timeZone: zone }, target.calendar.timeZone)
}

function handOver(target: Target, exception: GoogleEvent, master: GoogleEvent): GoogleEvent | undefined {
  if (!hasSlotOf(target, master, exception)) {
    dropException(target, exception, master.updated)
    return undefined
  }
  target.calendar.exceptions.get(exception.recurringEventId ?? '')?.delete(exception.id)
  const { updated, iCalUID } = master
  const handed = { ...exception, recurringEventId: master.id, iCalUID, etag: newEtag(target.world), updated }
  keepEvent(target, handed)
  return handed
}

/** The lines of a series before a start and from it on. */
function partsOf(target: Target, master: GoogleEvent, start: Time): { earlier: string[]; later: string[] } {
  const series = seriesOf(target, master)
  const wall = wallIn(target, master, start)
  const until = untilBefore(wall, series)
  const earlier: string[] = []
  const later: string[] = []
  for (const line of series.lines) {
    if (!/^RRULE/i.test(line)) {
      earlier.push(line)
      later.push(line)
      continue
    }
    const { count } = parseRule(line.slice(line.indexOf(':') + 1))
    const passed = count === null ? 0 : [...slotsBefore({ ...series, lines: [line] }, wall)].length
    earlier.push(`${withoutEnd(line)};UNTIL=${until}`)
    later.push(count === null ? line : `${withoutEnd(line)};COUNT=${Math.max(1, count - passed)}`)
  }
  return { earlier, later }
}

function* slotsBefore(series: Series, wall: string): Generator<string> {
  for (const slot of occurrencesOf(series)) {
    if (slot >= wall) return
    yield slot
  }
}

/**
 * The last moment of the day before, as Google's pages write it: a date, or a time in UTC. A series with several instances
 * a day ends right before.
 */
function untilBefore(wall: string, series: Series): string {
  if (wall.length === 10) return addDays(wall, -1).replaceAll('-', '')
  const midnight = `${wall.slice(0, 10)}T00:00:00`
  const isFirstOfDay = occurrencesOf(series, midnight).next().value === wall
  const instantMs = instantOf(isFirstOfDay ? midnight : wall, series.zone) - 1000
  return `${new Date(instantMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function withoutEnd(line: string): string {
  return line.replaceAll(/;(UNTIL|COUNT)=[^;]*/gi, '').replace(/:(UNTIL|COUNT)=[^;]*;/i, ':')
}
