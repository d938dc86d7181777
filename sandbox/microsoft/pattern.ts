import type {
  DayOfWeek,
  PatternedRecurrence,
  RecurrencePattern,
  RecurrenceRange,
} from '@microsoft/microsoft-graph-types'
import { ianaZoneOf, windowsZoneOf } from '../zones.ts'
import { invalidRequest, propertyValidationFailure } from './errors.ts'
import { unknownZone } from './preferences.ts'
import { isSameZone } from './times.ts'
import type { ZonedTime } from './types.ts'

const occurrencesMax = 999
const noDate = '0001-01-01'

/**
 * A recurrence as Graph keeps and answers it: the members its type uses as they were sent, all others as the stand-ins
 * Graph has for them, though their values are checked too.
 */
export function keptRecurrence(sent: PatternedRecurrence, start: ZonedTime): PatternedRecurrence {
  const { pattern, range } = sent
  if (!pattern?.type || !range?.type)
    throw invalidRequest('The recurrence must have a pattern and a range with a type.')
  checkPattern(pattern)
  checkRange(range, start)
  return { pattern: keptPattern(pattern), range: keptRange(range, start) }
}

function checkPattern(pattern: RecurrencePattern): void {
  const { type, month, dayOfMonth, daysOfWeek } = pattern
  checkBetween('Interval', pattern.interval, 1, occurrencesMax)
  const usesDay = type === 'absoluteMonthly' || type === 'absoluteYearly'
  const usesMonth = type === 'absoluteYearly' || type === 'relativeYearly'
  const isDay = isBetween(dayOfMonth ?? 0, usesDay ? 1 : 0, 31)
  // Whichever of the two is wrong, Graph says the same.
  if (!isDay || !isBetween(month ?? 0, usesMonth ? 1 : 0, 12))
    throw invalidRequest('DayOfMonth should be between 1 and 31')
  const usesDays = type === 'weekly' || type === 'relativeMonthly' || type === 'relativeYearly'
  if (usesDays && (daysOfWeek ?? []).length === 0)
    throw invalidRequest('DaysOfWeek must name at least one day.')
}

function checkRange(range: RecurrenceRange, start: ZonedTime): void {
  const { type, startDate, endDate, numberOfOccurrences, recurrenceTimeZone } = range
  if (!startDate || startDate !== start.wall.slice(0, 10)) {
    throw invalidRequest("The recurrence range's startDate must be the date of the event's start.")
  }
  if (type === 'endDate' && (!endDate || endDate < startDate))
    throw invalidRequest('The recurrence range must end after it starts.')
  const countMin = type === 'numbered' ? 1 : 0
  checkBetween('NumberOfOccurrences', numberOfOccurrences ?? 0, countMin, occurrencesMax)
  if (!recurrenceTimeZone) return
  const zone = ianaZoneOf(recurrenceTimeZone)
  if (zone === undefined) throw unknownZone(recurrenceTimeZone)
  if (!isSameZone({ zone }, start)) throw propertyValidationFailure()
}

function checkBetween(name: string, value: number | null | undefined, least: number, most: number): void {
  if (!isBetween(value ?? 0, least, most))
    throw invalidRequest(`${name} should be between ${least} and ${most}`)
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most
}

function keptPattern(sent: RecurrencePattern): RecurrencePattern {
  const { type } = sent
  const isYearly = type === 'absoluteYearly' || type === 'relativeYearly'
  const isAbsolute = type === 'absoluteMonthly' || type === 'absoluteYearly'
  const isRelative = type === 'relativeMonthly' || type === 'relativeYearly'
  const days = isRelative || type === 'weekly' ? { daysOfWeek: sent.daysOfWeek ?? [] } : {}
  return {
    type: type ?? 'daily',
    interval: sent.interval ?? 1,
    month: isYearly ? (sent.month ?? 0) : 0,
    dayOfMonth: isAbsolute ? (sent.dayOfMonth ?? 0) : 0,
    ...days,
    firstDayOfWeek: type === 'weekly' ? (sent.firstDayOfWeek ?? 'sunday') : 'sunday',
    index: isRelative ? (sent.index ?? 'first') : 'first',
  }
}

function keptRange(sent: RecurrenceRange, start: ZonedTime): RecurrenceRange {
  return {
    type: sent.type ?? 'noEnd',
    startDate: start.wall.slice(0, 10),
    endDate: sent.type === 'endDate' ? (sent.endDate ?? noDate) : noDate,
    recurrenceTimeZone: windowsZoneOf(start.zone),
    numberOfOccurrences: sent.type === 'numbered' ? (sent.numberOfOccurrences ?? 0) : 0,
  }
}

const dayCodes: Record<DayOfWeek, string> = {
  sunday: 'SU',
  monday: 'MO',
  tuesday: 'TU',
  wednesday: 'WE',
  thursday: 'TH',
  friday: 'FR',
  saturday: 'SA',
}

/** A kept recurrence in the words of RFC 5545, for people and for comparison. */
export function linesOf({ pattern, range }: PatternedRecurrence, skipsShortMonths: boolean): string[] {
  const parts = [...frequencyParts(pattern ?? {}, skipsShortMonths), `INTERVAL=${pattern?.interval ?? 1}`]
  if (range?.type === 'endDate') parts.push(`UNTIL=${(range.endDate ?? '').replaceAll('-', '')}`)
  if (range?.type === 'numbered') parts.push(`COUNT=${range.numberOfOccurrences ?? 0}`)
  return [`RRULE:${parts.join(';')}`]
}

function frequencyParts(pattern: RecurrencePattern, skipsShortMonths: boolean): string[] {
  const days = `BYDAY=${(pattern.daysOfWeek ?? []).map((day) => dayCodes[day]).join(',')}`
  const month = `BYMONTH=${pattern.month ?? 1}`
  const position = { first: 1, second: 2, third: 3, fourth: 4, last: -1 }[pattern.index ?? 'first']
  switch (pattern.type ?? 'daily') {
    case 'daily':
      return ['FREQ=DAILY']
    case 'weekly':
      return ['FREQ=WEEKLY', days, `WKST=${dayCodes[pattern.firstDayOfWeek ?? 'sunday']}`]
    case 'absoluteMonthly':
      return ['FREQ=MONTHLY', ...dayOfMonthParts(pattern, skipsShortMonths)]
    case 'absoluteYearly':
      return ['FREQ=YEARLY', month, ...dayOfMonthParts(pattern, skipsShortMonths)]
    case 'relativeMonthly':
      return ['FREQ=MONTHLY', days, `BYSETPOS=${position}`]
    case 'relativeYearly':
      return ['FREQ=YEARLY', month, days, `BYSETPOS=${position}`]
  }
}

/** A month too short for the day has it on its last day, which RFC 5545 says as the last of several. */
function dayOfMonthParts(pattern: RecurrencePattern, skipsShortMonths: boolean): string[] {
  const day = pattern.dayOfMonth ?? 1
  if (day <= 28 || skipsShortMonths) return [`BYMONTHDAY=${day}`]
  const candidates = [28, 29, 30, 31].filter((candidate) => candidate <= day)
  return [`BYMONTHDAY=${candidates.join(',')}`, 'BYSETPOS=-1']
}
