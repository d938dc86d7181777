import {
  calendarDay,
  dayNumber,
  dayOfYear,
  daysInMonth,
  daysInYear,
  weekOfYear,
  type CalendarDay,
} from './calendar-day.ts'
import type { Rule } from './parse-rule.ts'

/**
 * A rule with what it leaves unsaid taken from the series' start: its day of the month, its weekday. Where weeks are
 * named without weekdays, every day of the week is meant, as other implementations have it.
 */
export function completeDays(rule: Rule, start: CalendarDay): Rule {
  const names = [rule.weeks, rule.daysOfYear, rule.daysOfMonth, rule.weekdays]
  if (names.some((list) => list.length > 0)) return rule
  switch (rule.frequency) {
    case 'YEARLY': {
      const months = rule.months.length > 0 ? rule.months : [start.month]
      return { ...rule, months, daysOfMonth: [start.dayOfMonth] }
    }
    case 'MONTHLY':
      return { ...rule, daysOfMonth: [start.dayOfMonth] }
    case 'WEEKLY':
      return { ...rule, weekdays: [{ weekday: start.weekday, ordinal: null }] }
    case 'DAILY':
    case 'HOURLY':
    case 'MINUTELY':
    case 'SECONDLY':
      return rule
  }
}

/** Says whether a rule allows a day; which days are asked about is for the rule's frequency and interval to say. */
export function allowsDay(rule: Rule, number: number): boolean {
  const day = calendarDay(number)
  if (rule.months.length > 0 && !rule.months.includes(day.month)) return false
  if (rule.daysOfMonth.length > 0 && !isDayOfMonth(rule, day)) return false
  if (rule.weekdays.length > 0 && !isWeekday(rule, day)) return false
  if (rule.daysOfYear.length > 0) {
    const fromFront = dayOfYear(day)
    const fromEnd = fromFront - daysInYear(day.year) - 1
    if (!rule.daysOfYear.includes(fromFront) && !rule.daysOfYear.includes(fromEnd)) return false
  }
  if (rule.weeks.length > 0) {
    const { week, fromEnd } = weekOfYear(number, rule.firstWeekday)
    if (!rule.weeks.includes(week) && !rule.weeks.includes(fromEnd)) return false
  }
  return true
}

function isDayOfMonth({ daysOfMonth }: Rule, { year, month, dayOfMonth }: CalendarDay): boolean {
  if (daysOfMonth.includes(dayOfMonth)) return true
  return daysOfMonth.includes(dayOfMonth - daysInMonth(year, month) - 1)
}

function isWeekday(rule: Rule, day: CalendarDay): boolean {
  return rule.weekdays.some(({ weekday, ordinal }) => {
    if (weekday !== day.weekday) return false
    const span = ordinal === null ? undefined : spanOfOrdinals(rule, day)
    if (ordinal === null || span === undefined) return true
    return ordinal > 0
      ? Math.floor((day.number - span.first) / 7) + 1 === ordinal
      : Math.floor((span.last - day.number) / 7) + 1 === -ordinal
  })
}

/** What the second Tuesday is the second of: a month, or a year that names no months. Elsewhere a number means nothing. */
function spanOfOrdinals(
  { frequency, months }: Rule,
  { year, month }: CalendarDay,
): { first: number; last: number } | undefined {
  if (frequency === 'MONTHLY' || (frequency === 'YEARLY' && months.length > 0))
    return { first: dayNumber(year, month, 1), last: dayNumber(year, month + 1, 1) - 1 }
  if (frequency === 'YEARLY') return { first: dayNumber(year, 1, 1), last: dayNumber(year + 1, 1, 1) - 1 }
  return undefined
}
