import { settled } from './edits.ts'
import { allSlots, ruleSlots } from './occurrences.ts'
import { ruleTextOf, settledRule } from './read-rule.ts'
import { sortedUnique, type Series } from './recurrence.ts'
import type { RuleEnd } from './rule.ts'
import { datesFrom, type Slots } from './slots.ts'
import { addDays, dateOf, timeAt, wallOn } from './walls.ts'

/** Moves a first occurrence that its rule does not match to the first slot that it does: vendors disagree on the former. */
export function startOnSlot(series: Series): Series {
  const slots = ruleSlots(series)
  const [first] = datesFrom(slots, slots.first).take(1)
  if (first === undefined || first === slots.first || slots.rule === null) return series
  return beginAt(series, slots, wallOn(series.time, first)) ?? series
}

/** The slots of a series from one on, under its rule, with what is left of COUNT; null when none is left. */
export function beginAt(series: Series, slots: Slots, slot: string): Series | null {
  const { time, recurrence } = series
  const { moved, first } = firstSlot(series, slots, slot)
  const rdates = sortedUnique([...moved, ...recurrence.rdates])
  if (first === undefined || slots.rule === null) return onlyExtra(series, rdates)
  const start = timeAt(time, wallOn(time, first))
  const rule = settledRule({ ...slots.rule, end: endFrom(slots, first) }, start)
  return unlessEmpty(
    settled({ time: start, recurrence: { ...recurrence, rule: ruleTextOf(rule, start), rdates } }),
  )
}

/**
 * A series takes its time of day from its first slot, so one that a change of clocks moved cannot be that: it becomes an
 * extra slot before the first. Where the change comes to every slot, they all have the moved time.
 */
function firstSlot(
  { time, recurrence }: Series,
  slots: Slots,
  slot: string,
): { moved: string[]; first: string | undefined } {
  const dates = datesFrom(slots, addDays(dateOf(slot), -1)).filter((date) => wallOn(time, date) >= slot)
  const [first, second] = dates.take(2)
  const isMoved = (date: string) => wallOn(time, date).slice(10) !== time.start.slice(10)
  if (first === undefined || !isMoved(first)) return { moved: [], first }
  if (second !== undefined && isMoved(second)) return { moved: [], first }
  const wall = wallOn(time, first)
  return { moved: recurrence.exdates.includes(wall) ? [] : [wall], first: second }
}

/** What is left of COUNT from a date on; UNTIL and no end stay. */
function endFrom({ rule, first }: Slots, date: string): RuleEnd {
  if (rule === null || rule.end.kind !== 'count') return rule?.end ?? { kind: 'never' }
  const before = datesFrom({ rule, first, last: null }, first).take(rule.end.count)
  return { kind: 'count', count: rule.end.count - [...before].filter((slot) => slot < date).length }
}

/** A series of extra slots alone; a single one is written as a rule that happens once. */
export function onlyExtra({ time }: Series, walls: string[]): Series | null {
  const [first, ...rdates] = walls
  if (first === undefined) return null
  const rule = rdates.length === 0 ? 'FREQ=DAILY;COUNT=1' : null
  return { time: timeAt(time, first), recurrence: { rule, exdates: [], rdates } }
}

/** A series whose every slot was taken out is no series. */
export function unlessEmpty(series: Series): Series | null {
  const exdates = new Set(series.recurrence.exdates)
  const isLeft = allSlots(series, '0001-01-01', null).some((wall) => !exdates.has(wall))
  return isLeft ? series : null
}
