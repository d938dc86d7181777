import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { dayText, weekdays, type Rule } from './rule.ts'
import { addDays } from './walls.ts'

/** The dates a rule matches. Nothing here passes through a zone: a slot's time of day is the first occurrence's. */
export interface Slots {
  /** null: the first date alone. */
  rule: Rule | null
  first: string
  /** No slot lies after it; null for a series without end. */
  last: string | null
}

/** A rule that matches nothing for this long is at its end: searching on would have no bound. */
const silenceYears = 100
const lastYear = 9999

/** Resolves where a rule ends, once: a COUNT costs its length here and nothing later. */
export function slotsOf(rule: Rule | null, first: string): Slots {
  if (rule === null) return { rule, first, last: first }
  switch (rule.end.kind) {
    case 'never':
      return { rule, first, last: null }
    case 'until':
      return { rule, first, last: rule.end.date }
    case 'count':
      return { rule, first, last: lastOfCount(rule, first, rule.end.count) }
  }
}

function lastOfCount(rule: Rule, first: string, count: number): string {
  if (isEveryInterval(rule)) return addDays(first, (count - 1) * rule.interval)
  let last = first
  let left = count
  for (const date of datesFrom({ rule, first, last: null }, first)) {
    last = date
    left -= 1
    if (left === 0) break
  }
  return last
}

function isEveryInterval(rule: Rule): boolean {
  return rule.frequency === 'DAILY' && rule.days.length + rule.months.length + rule.monthDays.length === 0
}

/** The dates from `from` to `to` (inclusive) in order, read lazily and only near there, whatever the series' age. */
export function* datesFrom(slots: Slots, from: string, to: string | null = null): Generator<string> {
  const start = from > slots.first ? from : slots.first
  const bounds = [to, slots.last].filter((bound) => bound !== null)
  if (slots.rule === null) {
    if (start <= slots.first && bounds.every((bound) => slots.first <= bound)) yield slots.first
    return
  }
  const end = bounds.reduce((one, other) => (one < other ? one : other), `${lastYear}-12-31`)
  let chunk = chunkDays(slots.rule)
  let chunkStart = start
  let silentSince = start
  while (chunkStart <= end && yearOf(chunkStart) - yearOf(silentSince) <= silenceYears) {
    const chunkEnd = earlier(addDays(chunkStart, chunk - 1), end)
    for (const date of matched(slots.rule, slots.first, chunkStart, chunkEnd)) {
      yield date
      silentSince = date
    }
    if (chunkEnd === end) return
    chunkStart = addDays(chunkEnd, 1)
    chunk = Math.min(chunk * 2, chunkDaysMax)
  }
}

export function hasDate(slots: Slots, date: string): boolean {
  return !datesFrom(slots, date, date).next().done
}

/** The last slot on or before a date, searched backwards from there. */
export function lastDateUntil(slots: Slots, date: string): string | undefined {
  if (slots.rule === null) return slots.first <= date ? slots.first : undefined
  let end = slots.last === null ? date : earlier(date, slots.last)
  const giveUp = yearOf(end) - silenceYears
  let chunk = chunkDays(slots.rule)
  while (end >= slots.first && yearOf(end) >= giveUp) {
    const start = addDays(end, 1 - chunk)
    const from = start > slots.first ? start : slots.first
    const found = matched(slots.rule, slots.first, from, end).at(-1)
    if (found !== undefined) return found
    end = addDays(from, -1)
    chunk = Math.min(chunk * 2, chunkDaysMax)
  }
  return undefined
}

const chunkDaysMax = 3660

/** Dates are asked of the library in spans: a month or some periods first, then longer ones. */
function chunkDays(rule: Rule): number {
  const periodDays = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 }[rule.frequency]
  return Math.min(Math.max(31, 2 * periodDays * rule.interval), chunkDaysMax)
}

/** All dates in a span. The library starts at the period the span begins in, so it never walks there from the first one. */
function matched(rule: Rule, first: string, from: string, to: string): string[] {
  const expansion = new RRuleTemporal({
    ...partsOf(rule),
    dtstart: Temporal.ZonedDateTime.from(`${anchorNear(rule, first, from)}T00:00:00[UTC]`),
    temporal: Temporal,
    cache: false,
    maxIterations: 100_000,
  })
  const midnight = (date: string) => new Date(`${date}T00:00:00Z`)
  return expansion
    .between(midnight(from), midnight(to), true)
    .map((slot) => new Date(slot.epochMilliseconds).toISOString().slice(0, 10))
}

function partsOf(rule: Rule) {
  return {
    freq: rule.frequency,
    interval: rule.interval,
    wkst: rule.weekStart,
    ...(rule.months.length > 0 && { byMonth: rule.months }),
    ...(rule.weekNumbers.length > 0 && { byWeekNo: rule.weekNumbers }),
    ...(rule.yearDays.length > 0 && { byYearDay: rule.yearDays }),
    ...(rule.monthDays.length > 0 && { byMonthDay: rule.monthDays }),
    ...(rule.days.length > 0 && { byDay: rule.days.map(dayText) }),
    ...(rule.positions.length > 0 && { bySetPos: rule.positions }),
  }
}

/**
 * The first day of the period that holds `from`, counted in whole intervals from the period of the first slot. A rule in
 * canonical form takes nothing from its DTSTART but this phase.
 */
export function anchorNear(rule: Rule, first: string, from: string): string {
  const start = periodStart(rule, Temporal.PlainDate.from(first))
  const near = Temporal.PlainDate.from(from > first ? from : first)
  const unit = ({ DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months', YEARLY: 'years' } as const)[
    rule.frequency
  ]
  const passed = start.until(near, { largestUnit: unit })[unit]
  return start.add({ [unit]: Math.floor(passed / rule.interval) * rule.interval }).toString()
}

function periodStart(rule: Rule, date: Temporal.PlainDate): Temporal.PlainDate {
  switch (rule.frequency) {
    case 'DAILY':
      return date
    case 'WEEKLY':
      return date.subtract({
        days: (date.dayOfWeek - 1 - weekdays.indexOf(rule.weekStart) + 7) % 7,
      })
    case 'MONTHLY':
      return date.with({ day: 1 })
    case 'YEARLY':
      return date.with({ month: 1, day: 1 })
  }
}

function yearOf(date: string): number {
  return Number(date.slice(0, 4))
}

function earlier(one: string, other: string): string {
  return one < other ? one : other
}
