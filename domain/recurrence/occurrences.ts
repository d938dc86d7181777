import type { EventTime } from '../event.ts'
import { isInWindow, type SyncWindow } from '../policy.ts'
import { readRule } from './read-rule.ts'
import { remembered } from './remembered.ts'
import type { Occurrence, Series } from './recurrence.ts'
import { datesFrom, firstDate, hasDate, lastDateUntil, slotsOf, type Slots } from './slots.ts'
import { addDays, dateAt, dateOf, daysBetween, resolvedWall, spanAt, timeAt, wallOn } from './walls.ts'

/** The dates a series' rule matches; a series without a rule has its first date. */
export function ruleSlots({ time, recurrence }: Series): Slots {
  return slotsOf(recurrence.rule === null ? null : readRule(recurrence.rule, time), dateOf(time.start))
}

/** The occurrences that touch a window, in order, without those taken out. The cost is the window's, not the series' age. */
export function* occurrencesIn(series: Series, window: SyncWindow): Generator<Occurrence> {
  const { time, recurrence } = series
  const exdates = new Set(recurrence.exdates)
  // A day more on both sides: what a window cuts is decided by instants below, never by dates.
  const from = addDays(dateAt(time, window.from), -2 - daysBetween(dateOf(time.start), dateOf(time.end)))
  const to = addDays(dateAt(time, window.to), 1)
  for (const originalStart of allSlots(series, from, to)) {
    if (exdates.has(originalStart)) continue
    const occurrence = { originalStart, time: timeAt(time, originalStart) }
    if (isInWindow(occurrence.time, window)) yield occurrence
  }
}

/** Slots of the rule and beside it, merged in order; two that clocks show as one are one. */
export function* allSlots(series: Series, from: string, to: string | null): Generator<string> {
  const { time, recurrence } = series
  const beside = recurrence.rdates.filter(
    (wall) => dateOf(wall) >= from && (to === null || dateOf(wall) <= to),
  )
  let previous = ''
  for (const date of datesFrom(ruleSlots(series), from, to)) {
    const wall = wallOn(time, date)
    while (beside[0] !== undefined && beside[0] < wall) {
      previous = beside.shift() ?? ''
      yield previous
    }
    if (wall !== previous) yield wall
    previous = wall
  }
  for (const wall of beside) if (wall !== previous) yield wall
}

/** The occurrence in a slot that the series has, taken out or not. `originalStart` may be the wall time a DST gap moved. */
export function slotAt(series: Series, originalStart: string): Occurrence | undefined {
  const { time } = series
  if (originalStart.length !== time.start.length) return undefined
  const wall = time.kind === 'date' ? originalStart : resolvedWall(originalStart, time.zone)
  const isSlot = series.recurrence.rdates.includes(wall) || isRuleSlot(time, ruleSlots(series), wall)
  return isSlot ? { originalStart: wall, time: timeAt(time, wall) } : undefined
}

/** The first occurrence on a local date, taken out or not: Graph names occurrences that way. */
export function slotOn(series: Series, date: string): Occurrence | undefined {
  const wall = wallOn(series.time, date)
  if (dateOf(wall) === date && hasDate(ruleSlots(series), date)) {
    return { originalStart: wall, time: timeAt(series.time, wall) }
  }
  const beside = series.recurrence.rdates.find((slot) => dateOf(slot) === date)
  return beside === undefined ? undefined : { originalStart: beside, time: timeAt(series.time, beside) }
}

/** A zone that left out a whole day (Samoa, 2011) shows that day's slot on the next one. */
export function isRuleSlot(time: EventTime, slots: Slots, wall: string): boolean {
  const dates = time.kind === 'date' ? [wall] : [dateOf(wall), addDays(dateOf(wall), -1)]
  return dates.some((date) => wallOn(time, date) === wall && hasDate(slots, date))
}

/** When all of a series is, as RFC 3339 instants. */
export interface SeriesSpan {
  startsAt: string
  endsAt: string | null
}

/** From the start of the first slot to the end of the last; `endsAt` is null for a series without end. */
export const seriesSpan = remembered(
  (series: Series): Readonly<SeriesSpan> => {
    const { time, recurrence } = series
    const slots = ruleSlots(series)
    const first = firstDate(slots)
    const starts = [...(first === undefined ? [] : [wallOn(time, first)]), ...recurrence.rdates].sort()
    const { startsAt } = spanAt(time, starts[0] ?? time.start)
    if (slots.last === null) return { startsAt, endsAt: null }

    // The last date of a COUNT was found by counting to it.
    const last = slots.rule?.end.kind === 'count' ? slots.last : lastDateUntil(slots, slots.last)
    const ends = [...(last === undefined ? [] : [wallOn(time, last)]), ...recurrence.rdates].sort()
    return { startsAt, endsAt: spanAt(time, ends.at(-1) ?? time.start).endsAt }
  },
  ({ time, recurrence }) => JSON.stringify([time, recurrence.rule, recurrence.rdates]),
)
