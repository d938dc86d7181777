import { Temporal } from 'temporal-polyfill'
import type { Rule } from './rule.ts'
import { slotsOf } from './slots.ts'

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
  const months = last === null ? null : monthsUntil(rule, first, last)
  const lengths = months === null ? lengthsForever(rule, first) : months.map((month) => month.daysInMonth)
  return [...new Set(lengths)]
}

function lengthsForever(rule: Rule, first: string): number[] {
  const step = rule.frequency === 'YEARLY' ? 1 : rule.interval
  const start = Number(first.slice(5, 7)) - 1
  // Every seventh month comes round to all twelve, every sixth to two.
  const months = lengthMax.map((_length, index) => ((start + index * step) % 12) + 1)
  return months
    .filter((month) => isNamed(rule, month))
    .flatMap((month) => (month === 2 ? [28, 29] : [lengthMax[month - 1] ?? 31]))
}

/** A century of months holds every length there is, so a longer series is one that never ends. */
const monthsMax = 1200

function monthsUntil(rule: Rule, first: string, last: string): Temporal.PlainYearMonth[] | null {
  const start = Temporal.PlainYearMonth.from(first.slice(0, 7))
  const distance = start.until(Temporal.PlainYearMonth.from(last.slice(0, 7)), {
    largestUnit: 'month',
  }).months
  if (distance > monthsMax) return null
  const step = rule.frequency === 'YEARLY' ? 1 : rule.interval
  return Array.from({ length: Math.floor(distance / step) + 1 }, (_month, index) =>
    start.add({ months: index * step }),
  ).filter((month) => {
    const isInPeriod = rule.frequency === 'MONTHLY' || (month.year - start.year) % rule.interval === 0
    return isInPeriod && isNamed(rule, month.month)
  })
}

function isNamed(rule: Rule, month: number): boolean {
  return rule.months.length === 0 || rule.months.includes(month)
}

const lengthMax = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
