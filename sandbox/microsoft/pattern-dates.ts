import type { DayOfWeek, PatternedRecurrence, RecurrencePattern } from '@microsoft/microsoft-graph-types'

/** What a month too short for its day does: the last day stands in, or there is no occurrence. */
export type ShortMonths = 'lastDay' | 'skipped'

const dayMs = 86_400_000
/** Outlook knows no later day. */
const lastDate = '4500-08-31'
const weekdays: DayOfWeek[] = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/**
 * The dates of a recurrence on or after a day, in order. The pattern is walked period by period from the one before that
 * day, so that a series that began long ago costs no more than a new one; only a numbered one is counted from its start.
 */
export function* datesFrom(
  { pattern, range }: PatternedRecurrence,
  shortMonths: ShortMonths,
  from: string,
): Generator<string> {
  if (!pattern || !range?.startDate) return
  const first = dayOf(range.startDate)
  const wanted = Math.max(first, dayOf(from))
  const isNumbered = range.type === 'numbered'
  const last = dayOf(range.type === 'endDate' && range.endDate ? range.endDate : lastDate)
  let left = isNumbered ? (range.numberOfOccurrences ?? 0) : Number.POSITIVE_INFINITY
  const startPeriod = isNumbered ? 0 : Math.max(0, periodOf(pattern, first, wanted) - 1)
  for (let period = startPeriod; periodStart(pattern, first, period) <= last; period += 1) {
    for (const day of daysIn(pattern, first, period, shortMonths)) {
      if (day < first) continue
      if (day > last || left === 0) return
      left -= 1
      if (day >= wanted) yield dateOf(day)
    }
  }
}

/** Says whether a recurrence has an occurrence on a day. */
export function isDateOf(recurrence: PatternedRecurrence, shortMonths: ShortMonths, date: string): boolean {
  const [next] = datesFrom(recurrence, shortMonths, date).take(1)
  return next === date
}

/** The number of the period a day lies in. */
function periodOf(pattern: RecurrencePattern, first: number, day: number): number {
  const interval = pattern.interval ?? 1
  switch (pattern.type ?? 'daily') {
    case 'daily':
      return Math.floor((day - first) / interval)
    case 'weekly':
      return Math.floor((day - weekStart(pattern, first)) / (7 * interval))
    case 'absoluteMonthly':
    case 'relativeMonthly':
      return Math.floor((monthNumber(day) - monthNumber(first)) / interval)
    case 'absoluteYearly':
    case 'relativeYearly':
      return Math.floor((yearNumber(day) - yearNumber(first)) / interval)
  }
}

function periodStart(pattern: RecurrencePattern, first: number, period: number): number {
  const step = period * (pattern.interval ?? 1)
  switch (pattern.type ?? 'daily') {
    case 'daily':
      return first + step
    case 'weekly':
      return weekStart(pattern, first) + 7 * step
    case 'absoluteMonthly':
    case 'relativeMonthly':
      return monthStart(monthNumber(first) + step)
    case 'absoluteYearly':
    case 'relativeYearly':
      return monthStart((yearNumber(first) + step) * 12 + (pattern.month ?? 1) - 1)
  }
}

/** The days of one period that match, in order. */
function daysIn(
  pattern: RecurrencePattern,
  first: number,
  period: number,
  shortMonths: ShortMonths,
): number[] {
  const start = periodStart(pattern, first, period)
  switch (pattern.type ?? 'daily') {
    case 'daily':
      return [start]
    case 'weekly':
      return Array.from({ length: 7 }, (_, index) => start + index).filter((day) => isNamed(pattern, day))
    case 'absoluteMonthly':
    case 'absoluteYearly': {
      const length = monthStart(monthNumber(start) + 1) - start
      const day = pattern.dayOfMonth ?? 1
      if (day > length && shortMonths === 'skipped') return []
      return [start + Math.min(day, length) - 1]
    }
    case 'relativeMonthly':
    case 'relativeYearly':
      return nthOf(pattern, start)
  }
}

/** Of all the named weekdays of a month together the first, second, third, fourth or last one. */
function nthOf(pattern: RecurrencePattern, start: number): number[] {
  const length = monthStart(monthNumber(start) + 1) - start
  const days = Array.from({ length }, (_, index) => start + index).filter((day) => isNamed(pattern, day))
  const index = { first: 0, second: 1, third: 2, fourth: 3, last: -1 }[pattern.index ?? 'first']
  const day = days.at(index)
  return day === undefined ? [] : [day]
}

function isNamed(pattern: RecurrencePattern, day: number): boolean {
  const name = weekdays[weekdayOf(day)]
  return name !== undefined && (pattern.daysOfWeek ?? []).includes(name)
}

function weekStart(pattern: RecurrencePattern, day: number): number {
  const firstDay = weekdays.indexOf(pattern.firstDayOfWeek ?? 'sunday')
  return day - ((weekdayOf(day) - firstDay + 7) % 7)
}

/** Days are counted from 1 January 1970, a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

function dayOf(date: string): number {
  return Math.round(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / dayMs)
}

function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

function yearNumber(day: number): number {
  return new Date(day * dayMs).getUTCFullYear()
}

/** Months are counted from the year 0. */
function monthNumber(day: number): number {
  const date = new Date(day * dayMs)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function monthStart(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1) / dayMs
}
