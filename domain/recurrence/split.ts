import { beginAt, onlyExtra, unlessEmpty } from './beginnings.ts'
import { settled } from './edits.ts'
import { ruleSlots, slotAt } from './occurrences.ts'
import { ruleTextOf, settledRule } from './read-rule.ts'
import { InvalidRecurrence, type Series } from './recurrence.ts'
import { lastDateUntil, type Slots } from './slots.ts'
import { addDays, dateOf, wallOn } from './walls.ts'

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
  if (slots.rule === null && slot <= time.start)
    return onlyExtra(series, [...firstUnlessTaken(series), ...rdates])
  const exdates = recurrence.exdates.filter((wall) => wall >= slot)
  return beginAt({ time, recurrence: { ...recurrence, exdates, rdates } }, slots, slot)
}

function lastDateBefore({ time }: Series, slots: Slots, slot: string): string | undefined {
  let date = lastDateUntil(slots, dateOf(slot))
  while (date !== undefined && wallOn(time, date) >= slot) date = lastDateUntil(slots, addDays(date, -1))
  return date
}

function firstUnlessTaken({ time, recurrence }: Series): string[] {
  return recurrence.exdates.includes(time.start) ? [] : [time.start]
}
