import { calendarDay, dayNumber, weekStart } from './calendar-day.ts'
import { allowsDay, completeDays } from './days-of-rule.ts'
import type { Rule } from './parse-rule.ts'

/** A moment on the wall clock: seconds since the beginning of 1970 as if every day had 24 hours. */
export type WallSeconds = number

const daySeconds = 86_400

/** The calendar repeats every 400 years; a rule that is silent for so long never speaks again. */
const silenceMaxDays = 146_097
const lastDay = dayNumber(9999, 12, 31)

/**
 * The moments of a rule in order, none before the series' start. With `from`, those before it may be left out, and a rule
 * without COUNT is then not followed through all the time before.
 */
export function* followRule(
  wished: Rule,
  start: WallSeconds,
  until: WallSeconds,
  from: WallSeconds,
): Generator<WallSeconds> {
  const startDay = Math.floor(start / daySeconds)
  const rule = completeDays(wished, calendarDay(startDay))
  const skipTo = rule.count === null ? Math.max(from, start) : start
  const periods = isSubDaily(rule) ? shortPeriods(rule, start, skipTo) : longPeriods(rule, start, skipTo)
  let left = rule.count ?? Infinity
  let lastMatch = Math.floor(skipTo / daySeconds)
  for (const { firstDay, moments } of periods) {
    if (firstDay > Math.min(lastDay, until / daySeconds) || firstDay - lastMatch > silenceMaxDays) return
    for (const moment of chosenBy(rule.positions, moments)) {
      if (moment < start) continue
      if (moment > until || left === 0) return
      left -= 1
      lastMatch = Math.floor(moment / daySeconds)
      yield moment
    }
  }
}

interface Period {
  firstDay: number
  moments: WallSeconds[]
}

/** The years, months, weeks or days of a rule, each with the moments it has in them. */
function* longPeriods(rule: Rule, start: WallSeconds, skipTo: WallSeconds): Generator<Period> {
  const times = timesOfDay(rule, start)
  for (let index = periodsBefore(rule, start, skipTo); ; index += 1) {
    const { first, last } = daysOfPeriod(rule, start, index)
    const moments: WallSeconds[] = []
    for (let day = first; day <= last; day += 1) {
      if (allowsDay(rule, day)) for (const time of times) moments.push(day * daySeconds + time)
    }
    yield { firstDay: first, moments }
  }
}

function daysOfPeriod(rule: Rule, start: WallSeconds, index: number): { first: number; last: number } {
  const startDay = Math.floor(start / daySeconds)
  const { year, month } = calendarDay(startDay)
  const steps = index * rule.interval
  if (rule.frequency === 'YEARLY') {
    return { first: dayNumber(year + steps, 1, 1), last: dayNumber(year + steps + 1, 1, 1) - 1 }
  }
  if (rule.frequency === 'MONTHLY') {
    return { first: dayNumber(year, month + steps, 1), last: dayNumber(year, month + steps + 1, 1) - 1 }
  }
  if (rule.frequency === 'WEEKLY') {
    const first = weekStart(startDay, rule.firstWeekday) + steps * 7
    return { first, last: first + 6 }
  }
  return { first: startDay + steps, last: startDay + steps }
}

/** How many periods are over for sure before a moment; one is kept back, since a moment may lie on a border. */
function periodsBefore({ frequency, interval }: Rule, start: WallSeconds, moment: WallSeconds): number {
  const startDay = Math.floor(start / daySeconds)
  const day = Math.floor(moment / daySeconds)
  const [a, b] = [calendarDay(startDay), calendarDay(day)]
  const passed = {
    YEARLY: b.year - a.year,
    MONTHLY: (b.year - a.year) * 12 + b.month - a.month,
    WEEKLY: Math.floor((day - startDay) / 7),
    DAILY: day - startDay,
  }
  const periods = frequency in passed ? passed[frequency as keyof typeof passed] : 0
  return Math.max(0, Math.floor(periods / interval) - 1)
}

/** The hours, minutes or seconds of a rule; a day it does not allow is passed over as a whole. */
function* shortPeriods(rule: Rule, start: WallSeconds, skipTo: WallSeconds): Generator<Period> {
  const unit = rule.frequency === 'HOURLY' ? 3600 : rule.frequency === 'MINUTELY' ? 60 : 1
  const step = unit * rule.interval
  const begin = start - (start % unit)
  const past = (moment: WallSeconds): WallSeconds => begin + Math.ceil((moment - begin) / step) * step
  let moment = begin + Math.max(0, Math.floor((skipTo - begin) / step)) * step
  for (;;) {
    const day = Math.floor(moment / daySeconds)
    if (!allowsDay(rule, day)) {
      yield { firstDay: day, moments: [] }
      moment = past((day + 1) * daySeconds)
      continue
    }
    yield { firstDay: day, moments: momentsWithin(rule, start, moment, unit) }
    moment += step
  }
}

function momentsWithin(rule: Rule, start: WallSeconds, moment: WallSeconds, unit: number): WallSeconds[] {
  const allows = (list: number[], value: number): boolean => list.length === 0 || list.includes(value)
  const [hour, minute, second] = clockOf(moment)
  if (!allows(rule.hours, hour)) return []
  if (unit <= 60 && !allows(rule.minutes, minute)) return []
  if (unit === 1) return allows(rule.seconds, second) ? [moment] : []
  const [, startMinute, startSecond] = clockOf(start)
  const minutes = unit === 60 ? [0] : orElse(rule.minutes, startMinute)
  const seconds = orElse(rule.seconds, startSecond)
  return minutes.flatMap((extra) => seconds.map((rest) => moment + extra * 60 + rest))
}

function timesOfDay(rule: Rule, start: WallSeconds): number[] {
  const [hour, minute, second] = clockOf(start)
  const seconds = orElse(rule.seconds, second)
  const minutes = orElse(rule.minutes, minute)
  return orElse(rule.hours, hour).flatMap((h) =>
    minutes.flatMap((m) => seconds.map((s) => h * 3600 + m * 60 + s)),
  )
}

function orElse(list: number[], usual: number): number[] {
  return list.length === 0 ? [usual] : list.toSorted((a, b) => a - b)
}

function clockOf(moment: WallSeconds): [number, number, number] {
  const time = moment - Math.floor(moment / daySeconds) * daySeconds
  return [Math.floor(time / 3600), Math.floor(time / 60) % 60, time % 60]
}

function isSubDaily({ frequency }: Rule): boolean {
  return frequency === 'HOURLY' || frequency === 'MINUTELY' || frequency === 'SECONDLY'
}

/** BYSETPOS: the first, the last, … of what a period has. */
function chosenBy(positions: number[], moments: WallSeconds[]): WallSeconds[] {
  if (positions.length === 0) return moments
  const chosen = positions.flatMap((position) => moments.at(position > 0 ? position - 1 : position) ?? [])
  return [...new Set(chosen)].toSorted((a, b) => a - b)
}
