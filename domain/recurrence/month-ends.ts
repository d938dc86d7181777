import { Temporal } from 'temporal-polyfill'
import type { Rule } from './rule.ts'
import { slotsOf } from './slots.ts'
import { dateOf } from './walls.ts'

/**
 * One spelling for days near the end of a month. "The 31st, or the last day before it" (Exchange's reading of day 31) is the
 * last of 28, 29, 30, 31; where every month in question ends there, it is the month's last day, -1; and in months that
 * are all equally long a day counted from the end is one counted from the beginning.
 */
export function monthEnds(rule: Rule, first: string): Rule {
  const { monthDays } = rule
  if (rule.frequency !== 'MONTHLY' && rule.frequency !== 'YEARLY') return rule
  if (!monthDays.some((day) => day < 0 || day > 28)) return rule
  const lengths = monthLengths(rule, first)
  return fromTheBeginning(clamped(rule, lengths), lengths)
}

function clamped(rule: Rule, lengths: number[]): Rule {
  const { monthDays, days, positions } = rule
  const top = monthDays.at(-1) ?? 0
  const tail = [28, 29, 30, 31].filter((day) => day <= top)
  const isClamped =
    isWithinOneMonth(rule) &&
    days.length === 0 &&
    positions.length === 1 &&
    positions[0] === -1 &&
    monthDays.every((day) => day > 0) &&
    tail.length > 0 &&
    tail.every((day) => monthDays.includes(day))
  if (!isClamped) return rule
  if (lengths.every((length) => top >= length)) return { ...rule, monthDays: [-1], positions: [] }
  if (lengths.every((length) => top <= length)) return { ...rule, monthDays: [top], positions: [] }
  return { ...rule, monthDays: tail }
}

function fromTheBeginning(rule: Rule, lengths: number[]): Rule {
  const [length] = lengths
  if (lengths.length !== 1 || length === undefined) return rule
  const days = rule.monthDays.map((day) => (day < 0 ? length + 1 + day : day)).filter((day) => day > 0)
  // Days that no such month has are left to be refused as a rule that never matches.
  return days.length === 0
    ? rule
    : { ...rule, monthDays: [...new Set(days)].sort((one, other) => one - other) }
}

/** BYSETPOS picks inside one month: of a monthly rule, or of a yearly one that names a single month. */
export function isWithinOneMonth(rule: Rule): boolean {
  if (rule.yearDays.length + rule.weekNumbers.length > 0) return false
  return rule.frequency === 'MONTHLY' || (rule.frequency === 'YEARLY' && rule.months.length === 1)
}

/** How long the months are that the rule looks at: to its last slot when it ends, else whatever they can be. Each once. */
export function monthLengths(rule: Rule, first: string): number[] {
  const { last } = slotsOf(rule, first)
  const start = Temporal.PlainYearMonth.from(dateOf(first).slice(0, 7))
  const isNamed = (month: number) => rule.months.length === 0 || rule.months.includes(month)
  const lengths = new Set<number>()
  if (last === null) {
    for (const month of monthsForever(rule, start.month).filter(isNamed)) {
      lengths.add(lengthMax[month - 1] ?? 31)
      if (month === 2) lengths.add(28)
    }
    return [...lengths]
  }
  const end = Temporal.PlainYearMonth.from(last.slice(0, 7))
  const step = rule.frequency === 'YEARLY' ? 1 : rule.interval
  for (
    let month = start;
    Temporal.PlainYearMonth.compare(month, end) <= 0;
    month = month.add({ months: step })
  ) {
    const isInPeriod = rule.frequency === 'MONTHLY' || (month.year - start.year) % rule.interval === 0
    if (isInPeriod && isNamed(month.month)) lengths.add(month.daysInMonth)
  }
  return [...lengths]
}

const lengthMax = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The months a rule without end comes to: every seventh month comes round to all, every sixth to two. */
function monthsForever(rule: Rule, first: number): number[] {
  const step = rule.frequency === 'YEARLY' ? 1 : rule.interval
  return lengthMax.map((_length, index) => ((first - 1 + index * step) % 12) + 1)
}
