import { Temporal } from 'temporal-polyfill'
import { InvalidRecurrence } from './recurrence.ts'
import { sortedDays, weekdays, type Rule, type Weekday } from './rule.ts'

/**
 * One spelling for all rules that mean the same: what DTSTART implies is written out, so that a rule can be compared
 * without it, and of several frequencies that say the same the plainest is chosen.
 */
export function canonical(rule: Rule, first: string): Rule {
  const steps = [withoutAllMonths, nthDays, lastDayOfMonth, asYearly, asMonthly, asWeekly, asDaily]
  const plain = steps.reduce((form, step) => step(form, first), explicit(rule, first))
  return { ...plain, weekStart: weekStartOf(plain, first) }
}

function explicit(rule: Rule, first: string): Rule {
  const date = Temporal.PlainDate.from(first)
  const hasDays =
    rule.days.length + rule.monthDays.length + rule.yearDays.length + rule.weekNumbers.length > 0
  if (hasDays || rule.frequency === 'DAILY') return rule
  switch (rule.frequency) {
    case 'WEEKLY':
      return { ...rule, days: [{ position: 0, day: weekdayOfDate(first) }] }
    case 'MONTHLY':
      return { ...rule, monthDays: [date.day] }
    case 'YEARLY':
      return {
        ...rule,
        months: rule.months.length > 0 ? rule.months : [date.month],
        monthDays: [date.day],
      }
  }
}

/** All twelve months are no limit; for a yearly rule they are its days' frame (`1MO` of each month) and stay. */
function withoutAllMonths(rule: Rule): Rule {
  return rule.months.length === 12 && rule.frequency !== 'YEARLY' ? { ...rule, months: [] } : rule
}

/** The second of the Tuesdays is `2TU`, the first or last of all days is the first or last day of the month. */
function nthDays(rule: Rule): Rule {
  const { days, positions } = rule
  if (!picksInOneMonth(rule) || positions.length === 0 || rule.monthDays.length > 0) return rule
  if (days.some((part) => part.position !== 0)) return rule
  const [only] = days
  if (days.length === 1 && only && positions.every((position) => Math.abs(position) <= 5)) {
    return {
      ...rule,
      days: sortedDays(positions.map((position) => ({ position, day: only.day }))),
      positions: [],
    }
  }
  if (days.length === 7 && positions.every((position) => Math.abs(position) <= 31)) {
    return { ...rule, days: [], monthDays: positions, positions: [] }
  }
  return rule
}

/** "The 31st or the last day before it" is written as the last of 28, 29, 30, 31; where a month's end is meant, it is day -1. */
function lastDayOfMonth(rule: Rule): Rule {
  const { monthDays, positions } = rule
  const isClamped =
    picksInOneMonth(rule) && rule.days.length === 0 && positions.length === 1 && positions[0] === -1
  const top = monthDays.at(-1) ?? 0
  if (!isClamped || top < 28 || !monthDays.every((day) => day > 0)) return rule
  const tail = [28, 29, 30, 31].filter((day) => day <= top)
  if (!tail.every((day) => monthDays.includes(day))) return rule

  const lengths = monthLengths(rule.months)
  if (lengths.every((length) => top >= length)) return { ...rule, monthDays: [-1], positions: [] }
  if (lengths.every((length) => top <= length)) return { ...rule, monthDays: [top], positions: [] }
  return { ...rule, monthDays: tail }
}

/** How long the months can be that a rule names; all of them when it names none. */
function monthLengths(months: number[]): number[] {
  const lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  const named = months.length > 0 ? months : lengths.map((_length, index) => index + 1)
  return named.flatMap((month) => (month === 2 ? [28, 29] : [lengths[month - 1] ?? 31]))
}

/** BYSETPOS picks inside one month: of a monthly rule, or of a yearly one that names a single month. */
function picksInOneMonth(rule: Rule): boolean {
  const frame = rule.yearDays.length + rule.weekNumbers.length
  return (
    frame === 0 && (rule.frequency === 'MONTHLY' || (rule.frequency === 'YEARLY' && rule.months.length === 1))
  )
}

/** Every twelve months is every year, and every month limited to some months is those months of every year. */
function asYearly(rule: Rule, first: string): Rule {
  if (rule.frequency !== 'MONTHLY') return rule
  if (rule.interval % 12 === 0) {
    const month = Temporal.PlainDate.from(first).month
    if (rule.months.length > 0 && !rule.months.includes(month)) throw new InvalidRecurrence(noSlots)
    return { ...rule, frequency: 'YEARLY', interval: rule.interval / 12, months: [month] }
  }
  const sameSet = rule.positions.length === 0 || rule.months.length === 1
  return rule.interval === 1 && rule.months.length > 0 && sameSet ? { ...rule, frequency: 'YEARLY' } : rule
}

export const noSlots = 'The rule never matches a date, so the event would not happen at all.'

function asMonthly(rule: Rule): Rule {
  if (rule.interval > 1 || rule.positions.length > 0) return rule
  if (rule.frequency === 'DAILY' && rule.monthDays.length > 0) {
    return rule.months.length === 0 || rule.months.length === 12
      ? { ...rule, frequency: 'MONTHLY', months: [] }
      : { ...rule, frequency: 'YEARLY' }
  }
  if (rule.frequency !== 'YEARLY' || rule.yearDays.length + rule.weekNumbers.length > 0) return rule
  const everyMonth = rule.months.length === 12 || (rule.months.length === 0 && rule.monthDays.length > 0)
  return everyMonth ? { ...rule, frequency: 'MONTHLY', months: [] } : rule
}

/** Weekdays without a number and nothing else to limit them but months: every week has them. */
function asWeekly(rule: Rule): Rule {
  const isPlain =
    rule.interval === 1 &&
    rule.days.length > 0 &&
    rule.days.every((part) => part.position === 0) &&
    rule.positions.length + rule.monthDays.length + rule.yearDays.length + rule.weekNumbers.length === 0
  return isPlain ? { ...rule, frequency: 'WEEKLY' } : rule
}

function asDaily(rule: Rule): Rule {
  const isEveryDay =
    rule.frequency === 'WEEKLY' &&
    rule.interval === 1 &&
    rule.days.length === 7 &&
    rule.positions.length === 0
  return isEveryDay ? { ...rule, frequency: 'DAILY', days: [] } : rule
}

/**
 * Where a week begins matters when weeks are skipped and the rule's days fall on both sides of that day, seen from DTSTART;
 * of all week starts that mean the same the first from Monday on is taken.
 */
function weekStartOf(rule: Rule, first: string): Weekday {
  if (rule.weekNumbers.length > 0) return rule.weekStart
  if (rule.frequency !== 'WEEKLY') return 'MO'
  if (rule.positions.length > 0) return rule.weekStart
  if (rule.interval === 1) return 'MO'
  const split = (weekStart: Weekday) => {
    const from = (day: Weekday) => (weekdays.indexOf(day) - weekdays.indexOf(weekStart) + 7) % 7
    return rule.days.map(({ day }) => from(day) < from(weekdayOfDate(first))).join()
  }
  return weekdays.find((day) => split(day) === split(rule.weekStart)) ?? rule.weekStart
}

export function weekdayOfDate(date: string): Weekday {
  // `dayOfWeek` is 1 to 7, and there are seven weekdays.
  return weekdays[Temporal.PlainDate.from(date).dayOfWeek - 1]!
}
