import { settled } from './edits.ts'
import { allSlots, ruleSlots, slotAt } from './occurrences.ts'
import { ruleTextOf, settledRule } from './read-rule.ts'
import type { RuleEnd } from './rule.ts'
import { InvalidRecurrence, type Series } from './recurrence.ts'
import { datesFrom, lastDateUntil, type Slots } from './slots.ts'
import { addDays, dateOf, timeAt, wallOn } from './walls.ts'

/**
 * "This and following": `before` ends at the slot before the given one, `after` starts there with what is left of COUNT;
 * null where nothing is left. Throws InvalidRecurrence when the series has no such slot.
 */
export function splitSeries(
  series: Series,
  originalStart: string,
): { before: Series | null; after: Series | null } {
  const slot = slotAt(series, originalStart)?.originalStart
  if (slot === undefined)
    throw new InvalidRecurrence(`The series has no occurrence that starts at ${originalStart}.`)
  const slots = ruleSlots(series)
  return { before: beforeSlot(series, slots, slot), after: fromSlot(series, slots, slot) }
}

function beforeSlot(series: Series, slots: Slots, slot: string): Series | null {
  const { time, recurrence } = series
  const part = {
    exdates: recurrence.exdates.filter((wall) => wall < slot),
    rdates: recurrence.rdates.filter((wall) => wall < slot),
  }
  const last = lastDateBefore(series, slots, slot)
  if (last === undefined) return onlyExtra(series, part.rdates)
  if (slots.rule === null) return onlyExtra(series, [...firstUnlessTaken(series), ...part.rdates])
  const rule = settledRule({ ...slots.rule, end: { kind: 'until', date: last } }, time)
  return unlessEmpty(settled({ time, recurrence: { rule: ruleTextOf(rule, time), ...part } }))
}

function fromSlot(series: Series, slots: Slots, slot: string): Series | null {
  const { time, recurrence } = series
  const rdates = recurrence.rdates.filter((wall) => wall >= slot)
  const first = firstDateFrom(series, slots, slot)
  if (first === undefined) return onlyExtra(series, rdates)
  if (slots.rule === null) return onlyExtra(series, [...firstUnlessTaken(series), ...rdates])
  const start = timeAt(time, wallOn(time, first))
  const rule = settledRule({ ...slots.rule, end: endFrom(slots, first) }, start)
  const exdates = recurrence.exdates.filter((wall) => wall >= slot)
  return unlessEmpty(settled({ time: start, recurrence: { rule: ruleTextOf(rule, start), exdates, rdates } }))
}

/** What is left of COUNT from a slot on; UNTIL and no end stay. */
function endFrom({ rule, first }: Slots, date: string): RuleEnd {
  if (rule === null || rule.end.kind !== 'count') return rule?.end ?? { kind: 'never' }
  const before = datesFrom({ rule, first, last: null }, first).take(rule.end.count)
  return { kind: 'count', count: rule.end.count - [...before].filter((slot) => slot < date).length }
}

function lastDateBefore({ time }: Series, slots: Slots, slot: string): string | undefined {
  let date = lastDateUntil(slots, dateOf(slot))
  while (date !== undefined && wallOn(time, date) >= slot) date = lastDateUntil(slots, addDays(date, -1))
  return date
}

function firstDateFrom({ time }: Series, slots: Slots, slot: string): string | undefined {
  return datesFrom(slots, addDays(dateOf(slot), -1)).find((date) => wallOn(time, date) >= slot)
}

function firstUnlessTaken({ time, recurrence }: Series): string[] {
  return recurrence.exdates.includes(time.start) ? [] : [time.start]
}

/** A series of extra slots alone; a single one is written as a rule that happens once. */
function onlyExtra({ time }: Series, walls: string[]): Series | null {
  const [first, ...rdates] = walls
  if (first === undefined) return null
  const rule = rdates.length === 0 ? 'FREQ=DAILY;COUNT=1' : null
  return unlessEmpty({ time: timeAt(time, first), recurrence: { rule, exdates: [], rdates } })
}

/** A series whose every slot was taken out is no series. */
function unlessEmpty(series: Series): Series | null {
  const exdates = new Set(series.recurrence.exdates)
  const isLeft = allSlots(series, dateOf(series.time.start), null).some((wall) => !exdates.has(wall))
  return isLeft ? series : null
}
