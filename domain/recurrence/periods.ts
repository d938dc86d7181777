import { weekdays, type Rule } from './rule.ts'
import { addDays, daysBetween } from './walls.ts'

/**
 * The first day of the period that holds `from`, counted in whole intervals from the period of the first slot. A rule in
 * canonical form takes nothing from its DTSTART but this phase.
 */
export function anchorNear(rule: Rule, first: string, from: string): string {
  const near = from > first ? from : first
  const { interval } = rule
  switch (rule.frequency) {
    case 'DAILY':
      return addDays(first, wholeSteps(daysBetween(first, near), interval))
    case 'WEEKLY': {
      const week = weekOf(rule, first)
      return addDays(week, wholeSteps(daysBetween(week, near), 7 * interval))
    }
    case 'MONTHLY': {
      const start = monthNumber(first)
      return firstOfMonth(start + wholeSteps(monthNumber(near) - start, interval))
    }
    case 'YEARLY': {
      const start = yearOf(first)
      return firstOfMonth((start + wholeSteps(yearOf(near) - start, interval)) * 12)
    }
  }
}

function wholeSteps(distance: number, step: number): number {
  return Math.floor(distance / step) * step
}

/** The first day of the week a date lies in, as the rule begins weeks. */
function weekOf(rule: Rule, date: string): string {
  return addDays(date, -offsetInWeek(rule, weekdayOf(date)))
}

/** 0 for Monday. */
export function weekdayOf(date: string): number {
  return (new Date(date).getUTCDay() + 6) % 7
}

function offsetInWeek(rule: Rule, weekday: number): number {
  return (weekday - weekdays.indexOf(rule.weekStart) + 7) % 7
}

function yearOf(date: string): number {
  return Number(date.slice(0, 4))
}

function monthNumber(date: string): number {
  return yearOf(date) * 12 + Number(date.slice(5, 7)) - 1
}

function firstOfMonth(number: number): string {
  const year = String(Math.floor(number / 12)).padStart(4, '0')
  return `${year}-${String((number % 12) + 1).padStart(2, '0')}-01`
}

/** The date of the nth slot of rules that have equally many in each period; undefined for others, which must be walked. */
export function lastByCounting(rule: Rule, first: string, count: number): string | undefined {
  if (rule.months.length + rule.monthDays.length + rule.positions.length > 0) return undefined
  if (rule.frequency === 'DAILY' && rule.days.length === 0) return addDays(first, (count - 1) * rule.interval)
  if (rule.frequency !== 'WEEKLY') return undefined

  const offsets = rule.days
    .map(({ day }) => offsetInWeek(rule, weekdays.indexOf(day)))
    .sort((one, other) => one - other)
  const before = offsets.filter((offset) => offset < offsetInWeek(rule, weekdayOf(first))).length
  const index = before + count - 1
  const weeks = Math.floor(index / offsets.length) * rule.interval
  return addDays(weekOf(rule, first), 7 * weeks + (offsets[index % offsets.length] ?? 0))
}

/** The last slot on or before a date, of the same rules; undefined for others, and where there is none. */
export function lastByDividing(rule: Rule, first: string, date: string): string | undefined {
  const earliest = lastByCounting(rule, first, 1)
  if (earliest === undefined || date < earliest) return undefined
  const { interval } = rule
  if (rule.frequency === 'DAILY') return addDays(first, wholeSteps(daysBetween(first, date), interval))

  const week = anchorNear(rule, first, date)
  const offsets = rule.days.map(({ day }) => offsetInWeek(rule, weekdays.indexOf(day)))
  const reached = offsets.filter((offset) => addDays(week, offset) <= date)
  // A week that has no slot by then leaves it to the one before it that counts.
  return reached.length > 0
    ? addDays(week, Math.max(...reached))
    : addDays(week, Math.max(...offsets) - 7 * interval)
}
