import type { RecurrencePattern, WeekIndex } from '@microsoft/microsoft-graph-types'
import { monthLengths } from '../../domain/recurrence/month-ends.ts'
import { weekdays, type Rule, type Weekday } from '../../domain/recurrence/rule.ts'
import { dayNames, indexes } from './pattern-words.ts'

export type PatternAnswer =
  | { kind: 'exact'; pattern: RecurrencePattern }
  /** Graph has no words for it. The reason is for people. */
  | { kind: 'unsupported'; reason: string }

/** A rule in canonical form as one of Graph's six patterns, or why there is none. */
export function patternOf(rule: Rule, first: string): PatternAnswer {
  const reason = whyNoInterval(rule) ?? whyNoFrame(rule)
  if (reason !== null) return unsupported(reason)
  const { interval } = rule
  switch (rule.frequency) {
    case 'DAILY':
      return exact({ type: 'daily', interval })
    case 'WEEKLY':
      return exact({
        type: 'weekly',
        interval,
        daysOfWeek: rule.days.map(({ day }) => dayNames[day]),
        firstDayOfWeek: dayNames[rule.weekStart],
      })
    case 'MONTHLY':
    case 'YEARLY':
      return dayInMonth(rule, first)
  }
}

/** The bounds Exchange documents: 999 days, 99 weeks, months or years. */
function whyNoInterval({ frequency, interval }: Rule): string | null {
  const most = frequency === 'DAILY' ? 999 : 99
  return interval > most
    ? `Outlook cannot wait longer than ${most} days, weeks, months or years between two occurrences.`
    : null
}

function whyNoFrame(rule: Rule): string | null {
  const { frequency, months } = rule
  if (rule.weekNumbers.length > 0) return 'Outlook cannot repeat by the number of the week in the year.'
  if (rule.yearDays.length > 0) return 'Outlook cannot repeat by the number of the day in the year.'
  if (frequency === 'YEARLY' && months.length !== 1) {
    return months.length === 0
      ? 'Outlook cannot count days within a year without naming the month.'
      : 'Outlook cannot repeat yearly in several months.'
  }
  if (frequency !== 'YEARLY' && months.length > 0)
    return 'Outlook cannot limit a repetition to some months of the year.'
  if (frequency === 'WEEKLY' && rule.positions.length > 0)
    return 'Outlook cannot pick single days among the days of a week.'
  if (frequency === 'DAILY' && rule.days.length + rule.monthDays.length > 0)
    return `Outlook cannot repeat every ${rule.interval} days and on certain days only.`
  return null
}

function dayInMonth(rule: Rule, first: string): PatternAnswer {
  const { days, monthDays } = rule
  if (days.length > 0 && monthDays.length > 0)
    return unsupported('Outlook cannot combine a weekday with a day of the month, such as Friday the 13th.')
  return days.length > 0 ? nthWeekday(rule) : nthDay(rule, first)
}

function nthDay(rule: Rule, first: string): PatternAnswer {
  const { monthDays, positions } = rule
  const [day = 0] = monthDays
  const top = monthDays.at(-1) ?? 0
  if (positions.length > 0) {
    const isClamped =
      positions.join() === '-1' && monthDays.join() === [28, 29, 30, 31].slice(0, top - 27).join()
    return isClamped ? absolute(rule, top) : unsupported(positionsReason)
  }
  if (monthDays.length > 1)
    return unsupported('Outlook cannot repeat on several days of the month in one series.')
  if (day === -1) return relative(rule, [...weekdays], 'last')
  if (day < 0)
    return unsupported('Outlook cannot count days from the end of the month, except for the last one.')
  // Where a month is too short, Exchange takes its last day and the rule none.
  const isEverywhere = monthLengths(rule, first).every((length) => day <= length)
  if (isEverywhere) return absolute(rule, day)
  return unsupported(
    `Outlook cannot leave out the months without a day ${day}: it would take their last day instead.`,
  )
}

function nthWeekday(rule: Rule): PatternAnswer {
  const { days, positions } = rule
  const [part] = days
  if (positions.length > 0) {
    const index = positions.length === 1 ? indexes.get(positions[0] ?? 0) : undefined
    const isPlain = days.every(({ position }) => position === 0)
    return index && isPlain
      ? relative(
          rule,
          days.map(({ day }) => day),
          index,
        )
      : unsupported(positionsReason)
  }
  if (part === undefined || days.length > 1)
    return unsupported('Outlook cannot repeat on several weekdays of the month in one series.')
  const index = indexes.get(part.position)
  if (index) return relative(rule, [part.day], index)
  return unsupported(
    `Outlook cannot repeat on ${whichOf(part.position)} ${capital(dayNames[part.day])} of a month.`,
  )
}

const positionsReason =
  'Outlook can pick the first to fourth or the last of some weekdays in a month, nothing else.'

function whichOf(position: number): string {
  if (position === 0) return 'every'
  return position > 0 ? `the ${position}th` : `the ${nth(-position)} to last`
}

function nth(position: number): string {
  return ['first', 'second', 'third', 'fourth', 'fifth'][position - 1] ?? `${position}th`
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

function absolute({ frequency, interval, months }: Rule, dayOfMonth: number): PatternAnswer {
  const [month = 0] = months
  return exact(
    frequency === 'YEARLY'
      ? { type: 'absoluteYearly', interval, dayOfMonth, month }
      : { type: 'absoluteMonthly', interval, dayOfMonth },
  )
}

function relative(rule: Rule, days: Weekday[], index: WeekIndex): PatternAnswer {
  const { frequency, interval, months } = rule
  const [month = 0] = months
  const daysOfWeek = days.map((day) => dayNames[day])
  return exact(
    frequency === 'YEARLY'
      ? { type: 'relativeYearly', interval, daysOfWeek, index, month }
      : { type: 'relativeMonthly', interval, daysOfWeek, index },
  )
}

function exact(pattern: RecurrencePattern): PatternAnswer {
  return { kind: 'exact', pattern }
}

function unsupported(reason: string): PatternAnswer {
  return { kind: 'unsupported', reason }
}
