/** A day as rules look at it. Days are counted from 1 January 1970. */
export interface CalendarDay {
  number: number
  year: number
  /** From 1. */
  month: number
  dayOfMonth: number
  /** From 0 for Sunday. */
  weekday: number
}

const dayMs = 86_400_000

export function dayNumber(year: number, month: number, dayOfMonth: number): number {
  return Math.floor(Date.UTC(year, month - 1, dayOfMonth) / dayMs)
}

/** The reckoning of days in eras of 400 years that begin in March, so that a leap day ends a year. */
export function calendarDay(number: number): CalendarDay {
  const sinceMarch0 = number + 719_468
  const era = Math.floor(sinceMarch0 / 146_097)
  const dayOfEra = sinceMarch0 - era * 146_097
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return {
    number,
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    weekday: (((number + 4) % 7) + 7) % 7,
  }
}

export function daysInMonth(year: number, month: number): number {
  return dayNumber(year, month + 1, 1) - dayNumber(year, month, 1)
}

export function dayOfYear({ number, year }: CalendarDay): number {
  return number - dayNumber(year, 1, 1) + 1
}

export function daysInYear(year: number): number {
  return dayNumber(year + 1, 1, 1) - dayNumber(year, 1, 1)
}

/** The first day of the week a day lies in. */
export function weekStart(number: number, firstWeekday: number): number {
  // 1 January 1970 was a Thursday.
  return number - ((((number + 4 - firstWeekday) % 7) + 7) % 7)
}

/** The week of a day, counted from the front and from the back of its year; week 1 is the first with four days in the year. */
export function weekOfYear(number: number, firstWeekday: number): { week: number; fromEnd: number } {
  const start = weekStart(number, firstWeekday)
  // The year of a week is the one its fourth day lies in.
  const { year } = calendarDay(start + 3)
  const first = weekStart(dayNumber(year, 1, 4), firstWeekday)
  const next = weekStart(dayNumber(year + 1, 1, 4), firstWeekday)
  return { week: (start - first) / 7 + 1, fromEnd: (start - next) / 7 }
}
