import { Temporal } from 'temporal-polyfill'
import { sameField, type EventContent, type EventTime } from './event.ts'
import { seriesSpan } from './recurrence/occurrences.ts'
import { slotAt, slotOn } from './recurrence/occurrences.ts'
import type { Series } from './recurrence/recurrence.ts'
import type { SyncWindow } from './policy.ts'
import { span, timedFromWall } from './time.ts'

/**
 * A slot of a series: where an occurrence stands by the rule, wherever it was moved to. An instant in RFC 3339 (UTC, whole
 * seconds) for a timed series, a date for an all-day one (Google `originalStartTime`, Graph `originalStart`).
 */
export type Slot = string

/** Later than anything a calendar shows: the end of a series that has none. */
export const endless = '9999-12-31T00:00:00Z'

export function seriesOf(content: EventContent): Series | null {
  return content.recurrence && { time: content.time, recurrence: content.recurrence }
}

/** From the first start to the last end; a series without end lasts for ever. */
export function spanOf(content: EventContent): { startsAt: string; endsAt: string } {
  const series = seriesOf(content)
  if (!series) return span(content.time)
  const { startsAt, endsAt } = seriesSpan(series)
  return { startsAt, endsAt: endsAt ?? endless }
}

/** Whether an event happens in a window; a series does when it reaches into it. */
export function reachesInto(content: EventContent, window: SyncWindow): boolean {
  const { startsAt, endsAt } = spanOf(content)
  return Date.parse(endsAt) >= Date.parse(window.from) && Date.parse(startsAt) < Date.parse(window.to)
}

/** What a series shows at a slot as long as nobody changed it; null when its rule has no such slot. */
export function occurrenceAt(content: EventContent, slot: Slot): EventContent | null {
  const series = seriesOf(content)
  const wall = series && wallOf(slot, series.time)
  // A slot in the hour that clocks skip goes by the time its rule names, and is found by its day.
  const occurrence = series && wall ? (slotAt(series, wall) ?? slotOn(series, wall.slice(0, 10))) : undefined
  if (!occurrence || slotOf(occurrence.originalStart, content.time) !== slot) return null
  return { ...content, time: occurrence.time, recurrence: null }
}

/** The slots that a series leaves out by itself (EXDATE). */
export function excludedSlots(content: EventContent): Slot[] {
  return (content.recurrence?.exdates ?? []).map((wall) => slotOf(wall, content.time))
}

/** The same series without a word on what it leaves out: that is said slot by slot. */
export function withoutExclusions(content: EventContent): EventContent {
  const { recurrence } = content
  return recurrence && recurrence.exdates.length > 0
    ? { ...content, recurrence: { ...recurrence, exdates: [] } }
    : content
}

/** The same series leaving out these slots; those its rule does not have are not named. */
export function excluding(content: EventContent, slots: Slot[]): EventContent {
  const { recurrence, time } = content
  if (!recurrence) return content
  const walls = slots
    .filter((slot) => occurrenceAt(content, slot))
    .flatMap((slot) => wallOf(slot, time) ?? [])
  return { ...content, recurrence: { ...recurrence, exdates: [...new Set(walls)].toSorted() } }
}

/** A wall time of a series' zone (or a date) as a slot. */
export function slotOf(wall: string, time: EventTime): Slot {
  if (time.kind === 'date') return wall.slice(0, 10)
  const timed = timedFromWall(wall, wall, time.zone)
  return timed.kind === 'dateTime' ? timed.startsAt : wall
}

/** A slot as a wall time of a series' zone, or a date; undefined when it is of the other kind. */
export function wallOf(slot: Slot, time: EventTime): string | undefined {
  if (time.kind === 'date') return slot.length === 10 ? slot : undefined
  if (slot.length === 10) return undefined
  return Temporal.Instant.from(slot)
    .toZonedDateTimeISO(time.zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
}

/**
 * Where the slots went when a series moved: each stays on its day if the series still has one there, at whatever time; else
 * it moves by as many days as the series' first day did; else it is gone (null).
 */
export function movedSlots(before: EventContent, after: EventContent, slots: Slot[]): Map<Slot, Slot | null> {
  const moved = new Map<Slot, Slot | null>()
  const taken = new Set<Slot>()
  const days = Temporal.PlainDate.from(before.time.start.slice(0, 10)).until(
    after.time.start.slice(0, 10),
  ).days
  for (const shift of days === 0 ? [0] : [0, days]) {
    for (const slot of slots) {
      const target = moved.get(slot) ? null : slotOnDay(after, dayOf(slot, before.time), shift)
      if (!target || taken.has(target)) continue
      moved.set(slot, target)
      taken.add(target)
    }
  }
  for (const slot of slots) if (!moved.has(slot)) moved.set(slot, null)
  return moved
}

function slotOnDay(after: EventContent, day: string | undefined, shift: number): Slot | null {
  if (day === undefined) return null
  const date = Temporal.PlainDate.from(day).add({ days: shift }).toString()
  const wall = after.time.kind === 'date' ? date : `${date}T${after.time.start.slice(11)}`
  const slot = slotOf(wall, after.time)
  return occurrenceAt(after, slot) ? slot : null
}

const dayOf = (slot: Slot, time: EventTime): string | undefined =>
  slot.length === 10 ? slot : wallOf(slot, time)?.slice(0, 10)

/** Where the overrides of a series go when it changes; nothing for those that stay. A series that ends being one has none. */
export function overrideMoves(
  before: EventContent,
  after: EventContent,
  overrides: { id: string; originalStart: Slot | null }[],
): { id: string; originalStart: Slot | null }[] {
  if (sameSlots(before, after)) return []
  const moved = movedSlots(
    before,
    after,
    overrides.flatMap((override) => override.originalStart ?? []),
  )
  return overrides.flatMap(({ id, originalStart }) => {
    const target = originalStart === null ? null : (moved.get(originalStart) ?? null)
    return target === originalStart ? [] : [{ id, originalStart: target }]
  })
}

/** Whether two versions of a series have the same slots, by time and rule. */
export const sameSlots = (one: EventContent, other: EventContent): boolean =>
  sameField('time', one, other) && sameField('recurrence', one, other)
