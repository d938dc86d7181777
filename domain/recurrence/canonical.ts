import { Temporal } from 'temporal-polyfill'
import { isWithinOneMonth, monthEnds } from './month-ends.ts'
import { weekdayOf } from './periods.ts'
import { sortedDays, weekdays, type Rule, type Weekday } from './rule.ts'

/**
 * One spelling for all rules that mean the same: what DTSTART implies is written out, so that a rule can be compared
 * without it, and of several frequencies that say the same the plainest is chosen. A rule that ends must end on its last slot.
 */
export function canonical(rule: Rule, first: string): Rule {
  const steps = [
    explicit,
    daysOfMonths,
    withoutAllMonths,
    nthDays,
    monthEnds,
    asYearly,
    asMonthly,
    asWeekly,
    asDaily,
  ]
  const plain = steps.reduce((form, step) => step(form, first), rule)
  return { ...plain, weekStart: weekStartOf(plain, first) }
}

/** What DTSTART implies: its weekday, its day of the month, its month (RFC 5545 §3.3.10). */
export function explicit(rule: Rule, first: string): Rule {
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

/** Every day that is the nth of a month is the nth of every month. */
function daysOfMonths(rule: Rule): Rule {
  const isDaily = rule.frequency === 'DAILY' && rule.interval === 1
  return isDaily && rule.monthDays.length > 0 ? { ...rule, frequency: 'MONTHLY' } : rule
}

/** All twelve months are no limit; for a yearly rule they are its days' frame (`1MO` of each month) and stay. */
function withoutAllMonths(rule: Rule): Rule {
  return rule.months.length === 12 && rule.frequency !== 'YEARLY' ? { ...rule, months: [] } : rule
}

/** The second of the Tuesdays is `2TU`, the first or last of all days is the first or last day of the month. */
function nthDays(rule: Rule): Rule {
  const { days, positions } = rule
  if (!isWithinOneMonth(rule) || positions.length === 0 || rule.monthDays.length > 0) return rule
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

/** Every twelve months is every year, and every month limited to some months is those months of every year. */
function asYearly(rule: Rule, first: string): Rule {
  if (rule.frequency !== 'MONTHLY') return rule
  if (rule.interval % 12 === 0) {
    const months = [Temporal.PlainDate.from(first).month]
    return { ...rule, frequency: 'YEARLY', interval: rule.interval / 12, months }
  }
  const sameSet = rule.positions.length === 0 || rule.months.length === 1
  return rule.interval === 1 && rule.months.length > 0 && sameSet ? { ...rule, frequency: 'YEARLY' } : rule
}

function asMonthly(rule: Rule): Rule {
  if (rule.frequency !== 'YEARLY' || rule.interval > 1 || rule.positions.length > 0) return rule
  if (rule.yearDays.length + rule.weekNumbers.length > 0) return rule
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
 * of all week starts that mean the same the most usual is taken.
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
  return usualWeekStarts.find((day) => split(day) === split(rule.weekStart)) ?? rule.weekStart
}

const usualWeekStarts = ['MO', 'SU', 'SA', 'TU', 'WE', 'TH', 'FR'] as const

function weekdayOfDate(date: string): Weekday {
  // `weekdayOf` is 0 to 6, and there are seven weekdays.
  return weekdays[weekdayOf(date)]!
}
