import type { EventTime } from '../event.ts'
import { isRuleSlot, ruleSlots, slotAt } from './occurrences.ts'
import { readRule, ruleTextOf, settledRule } from './read-rule.ts'
import { sortedUnique, type Recurrence, type Series } from './recurrence.ts'
import { addDays, dateOf, daysBetween, wallOn } from './walls.ts'

/** Only what means something stays: exdates on slots of the rule, rdates beside it that nothing takes out. */
export function settled(series: Series): Series {
  const { time, recurrence } = series
  if (recurrence.exdates.length + recurrence.rdates.length === 0) return series
  const slots = ruleSlots(series)
  const taken = new Set(recurrence.exdates)
  const exdates = recurrence.exdates.filter((wall) => isRuleSlot(time, slots, wall))
  const rdates = recurrence.rdates.filter((wall) => !taken.has(wall) && !isRuleSlot(time, slots, wall))
  return { time, recurrence: { ...recurrence, exdates, rdates } }
}

/** Takes slots out of a series; what is no slot of it changes nothing. */
export function withoutSlots(series: Series, originalStarts: string[]): Series {
  const taken = sortedUnique(originalStarts.flatMap((start) => slotAt(series, start)?.originalStart ?? []))
  return changed(series, {
    exdates: sortedUnique([...series.recurrence.exdates, ...taken]),
  })
}

/** Takes slots back that were taken out; a start that the rule does not know becomes an extra one. */
export function withSlots(series: Series, originalStarts: string[]): Series {
  const back = new Set(originalStarts.map((start) => slotAt(series, start)?.originalStart ?? start))
  return changed(series, {
    exdates: series.recurrence.exdates.filter((slot) => !back.has(slot)),
    rdates: sortedUnique([...series.recurrence.rdates, ...back]),
  })
}

function changed(series: Series, part: Partial<Recurrence>): Series {
  return settled({ time: series.time, recurrence: { ...series.recurrence, ...part } })
}

/**
 * The series at another time of day, in another zone or some days later: exdates and rdates follow their slots by the days
 * the first occurrence moves, and so does UNTIL. The rule's own days stay as they are; slots that no longer exist fall away.
 */
export function shiftWalls(series: Series, to: EventTime): Series {
  const { recurrence } = series
  const days = daysBetween(dateOf(series.time.start), dateOf(to.start))
  const moved = (walls: string[]) => walls.map((wall) => wallOn(to, addDays(dateOf(wall), days)))
  const rule = recurrence.rule === null ? null : shiftedRule(recurrence.rule, series.time, to, days)
  return settled({
    time: to,
    recurrence: { rule, exdates: moved(recurrence.exdates), rdates: moved(recurrence.rdates) },
  })
}

function shiftedRule(text: string, from: EventTime, to: EventTime, days: number): string {
  const rule = readRule(text, from)
  const end = rule.end.kind === 'until' ? { ...rule.end, date: addDays(rule.end.date, days) } : rule.end
  return ruleTextOf(settledRule({ ...rule, end }, to), to)
}
