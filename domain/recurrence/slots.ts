import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { anchorNear, lastByCounting, lastByDividing } from './periods.ts'
import { InvalidRecurrence } from './recurrence.ts'
import { remembered } from './remembered.ts'
import { dayText, ruleText, type Rule } from './rule.ts'
import { addDays, daysBetween } from './walls.ts'

/** The dates a rule matches. Nothing here passes through a zone: a slot's time of day is the first occurrence's. */
export interface Slots {
  /** null: the first date alone. */
  rule: Rule | null
  first: string
  /** No slot lies after it; null for a series without end. */
  last: string | null
}

/** A rule that matches nothing for a century is at its end, and a COUNT that takes longer is none: searching needs a bound. */
const daysMax = 36_525
/** Days and weeks meet months and leap years in all ways within 1,461 steps, whatever their length. */
const stepsMax = 1500
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

const lastOfCount = remembered(
  (rule: Rule, first: string, count: number): string => {
    const limit = addDays(first, daysMax)
    const last =
      lastByCounting(rule, first, count) ??
      [...datesFrom({ rule, first, last: null }, first, limit).take(count)][count - 1]
    if (last === undefined || daysBetween(first, last) > daysMax)
      throw new InvalidRecurrence(
        `The rule would take more than a century for its ${count} occurrences; let it end by UNTIL or not at all.`,
      )
    return last
  },
  (rule, first) => `${ruleText(rule, null)} ${first}`,
)

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
  let giveUp = addDays(start, silenceDays(slots.rule))
  while (chunkStart <= end && chunkStart <= giveUp) {
    const chunkEnd = earlier(addDays(chunkStart, chunk - 1), end)
    for (const date of matched(slots.rule, slots.first, chunkStart, chunkEnd)) {
      yield date
      giveUp = addDays(date, silenceDays(slots.rule))
    }
    if (chunkEnd === end) return
    chunkStart = addDays(chunkEnd, 1)
    chunk = Math.min(chunk * 2, chunkDaysMax)
  }
}

export function hasDate(slots: Slots, date: string): boolean {
  return !datesFrom(slots, date, date).next().done
}

/** The first slot of a series; undefined when its rule matches nothing before its end. */
export function firstDate(slots: Slots): string | undefined {
  const counted = slots.rule && lastByCounting(slots.rule, slots.first, 1)
  if (counted) return slots.last === null || counted <= slots.last ? counted : undefined
  const [found] = datesFrom(slots, slots.first).take(1)
  return found
}

/** The last slot on or before a date: of rules that repeat evenly by division, of others searched backwards from there. */
export function lastDateUntil(slots: Slots, date: string): string | undefined {
  if (slots.rule === null) return slots.first <= date ? slots.first : undefined
  let end = slots.last === null ? date : earlier(date, slots.last)
  const divided = lastByDividing(slots.rule, slots.first, end)
  if (divided !== undefined) return divided
  const giveUp = addDays(end, -silenceDays(slots.rule))
  let chunk = chunkDays(slots.rule)
  while (end >= slots.first && end >= giveUp) {
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
  return Math.min(Math.max(31, 2 * periodDays(rule)), chunkDaysMax)
}

function silenceDays(rule: Rule): number {
  return Math.min(daysMax, stepsMax * periodDays(rule))
}

/** From one period to the next that counts, at most. */
function periodDays(rule: Rule): number {
  return { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 }[rule.frequency] * rule.interval
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

function earlier(one: string, other: string): string {
  return one < other ? one : other
}
