import type { PatternedRecurrence, RecurrencePattern } from '@microsoft/microsoft-graph-types'
import { isDate } from '../zones.ts'
import { invalidRequest } from './errors.ts'

const days: Record<string, string> = {
  sunday: 'SU',
  monday: 'MO',
  tuesday: 'TU',
  wednesday: 'WE',
  thursday: 'TH',
  friday: 'FR',
  saturday: 'SA',
}
const positions: Record<string, number> = { first: 1, second: 2, third: 3, fourth: 4, last: -1 }

/** The recurrence in RFC 5545 words, for expansion. */
export function linesOf(recurrence: PatternedRecurrence, start: string): string[] {
  const { pattern, range } = recurrence
  if (!pattern?.type || !range?.type) throw invalidRequest('The recurrence must have a pattern and a range.')
  const interval = pattern.interval ?? 0
  if (!Number.isInteger(interval) || interval < 1)
    throw invalidRequest('The interval must be greater than zero.')
  const parts = [...frequency(pattern), `INTERVAL=${interval}`]

  if (!range.startDate || range.startDate !== start.slice(0, 10)) {
    throw invalidRequest("The recurrence range's startDate must be the date of the event's start.")
  }
  if (range.type === 'endDate') {
    if (!range.endDate || !isDate(range.endDate) || range.endDate < range.startDate) {
      throw invalidRequest('The recurrence range must end after it starts.')
    }
    parts.push(`UNTIL=${range.endDate.replaceAll('-', '')}`)
  } else if (range.type === 'numbered') {
    const count = range.numberOfOccurrences ?? 0
    if (!Number.isInteger(count) || count < 1 || count > 999) {
      throw invalidRequest('NumberOfOccurrences should be between 1 and 999.')
    }
    parts.push(`COUNT=${count}`)
  }
  return [`RRULE:${parts.join(';')}`]
}

function frequency(pattern: RecurrencePattern): string[] {
  switch (pattern.type) {
    case 'daily':
      return ['FREQ=DAILY']
    case 'weekly':
      return [
        'FREQ=WEEKLY',
        `BYDAY=${daysOf(pattern).join(',')}`,
        `WKST=${days[pattern.firstDayOfWeek ?? 'sunday'] ?? 'SU'}`,
      ]
    case 'absoluteMonthly':
      return ['FREQ=MONTHLY', ...dayOfMonth(pattern)]
    case 'absoluteYearly':
      return ['FREQ=YEARLY', monthOf(pattern), ...dayOfMonth(pattern)]
    case 'relativeMonthly':
      return ['FREQ=MONTHLY', ...nthDay(pattern)]
    case 'relativeYearly':
      return ['FREQ=YEARLY', monthOf(pattern), ...nthDay(pattern)]
    case null:
    case undefined:
      break
  }
  throw invalidRequest('The type of the recurrence pattern is unknown.')
}

/** Exchange falls back to the last day of a month that is too short. */
function dayOfMonth(pattern: RecurrencePattern): string[] {
  const day = pattern.dayOfMonth ?? 0
  if (!Number.isInteger(day) || day < 1 || day > 31)
    throw invalidRequest('DayOfMonth should be between 1 and 31')
  if (day <= 28) return [`BYMONTHDAY=${day}`]
  const candidates = [28, 29, 30, 31].filter((candidate) => candidate <= day)
  return [`BYMONTHDAY=${candidates.join(',')}`, 'BYSETPOS=-1']
}

function monthOf(pattern: RecurrencePattern): string {
  const month = pattern.month ?? 0
  if (!Number.isInteger(month) || month < 1 || month > 12)
    throw invalidRequest('Month should be between 1 and 12')
  return `BYMONTH=${month}`
}

function nthDay(pattern: RecurrencePattern): string[] {
  return [`BYDAY=${daysOf(pattern).join(',')}`, `BYSETPOS=${positions[pattern.index ?? 'first'] ?? 1}`]
}

function daysOf(pattern: RecurrencePattern): string[] {
  const named = (pattern.daysOfWeek ?? []).flatMap((day) => days[day] ?? [])
  if (named.length === 0) throw invalidRequest('DaysOfWeek must name at least one day.')
  return named
}

/** The recurrence as it is answered: members its type does not use are there with the vendor's stand-ins. */
export function echoed(recurrence: PatternedRecurrence, zoneName: string): PatternedRecurrence {
  const { pattern, range } = recurrence
  return {
    pattern: { month: 0, dayOfMonth: 0, firstDayOfWeek: 'sunday', index: 'first', ...pattern },
    range: { recurrenceTimeZone: zoneName, numberOfOccurrences: 0, endDate: '0001-01-01', ...range },
  }
}
