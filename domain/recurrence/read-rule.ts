import { Temporal } from 'temporal-polyfill'
import type { EventTime } from '../event.ts'
import { canonical, explicit } from './canonical.ts'
import { refuseUnclear } from './limits.ts'
import { InvalidRecurrence } from './recurrence.ts'
import { ruleFrom, rulePartsOf, ruleText, type Rule, type RuleEnd } from './rule.ts'
import { datesFrom, lastDateUntil, slotsOf } from './slots.ts'
import { addDays, dateOf, instantOf, resolvedWall, utcStamp, wallAt, wallOn } from './walls.ts'

/**
 * The one spelling of an RRULE's value for a series with this first occurrence; UNTIL is the last slot's start (UTC, or
 * a date for an all-day series). Throws InvalidRecurrence with a reason for people.
 */
export function canonicalRule(text: string, time: EventTime): string {
  const parts = rulePartsOf(text)
  refuseTimeOfDay(parts, time)
  const rule = ruleFrom(parts)
  refuseUnclear(rule)
  return ruleTextOf(settledRule({ ...rule, end: endOf(parts, time) }, time), time)
}

/** The canonical form of a rule, ending on its very last slot. Throws InvalidRecurrence when there is none at all. */
export function settledRule(rule: Rule, time: EventTime): Rule {
  const first = dateOf(time.start)
  const plain = explicit(rule, first)
  return canonical({ ...plain, end: settledEnd(plain, first) }, first)
}

/** A rule in canonical form, as its parts. */
export function readRule(text: string, time: EventTime): Rule {
  const parts = rulePartsOf(text)
  return { ...ruleFrom(parts), end: endOf(parts, time) }
}

export function ruleTextOf(rule: Rule, time: EventTime): string {
  const until = rule.end.kind === 'until' ? utcStamp(time, wallOn(time, rule.end.date)) : null
  return ruleText(rule, until)
}

/** The time of day is the first occurrence's; a rule may only repeat it. */
function refuseTimeOfDay(parts: Map<string, string>, time: EventTime): void {
  if (time.kind === 'date') return
  const [hour, minute, second] = time.start.slice(11).split(':').map(Number)
  const own = { BYHOUR: hour, BYMINUTE: minute, BYSECOND: second }
  for (const [name, value] of Object.entries(own)) {
    const asked = parts.get(name)
    if (asked !== undefined && (!/^\d+$/.test(asked) || Number(asked) !== value)) {
      throw new InvalidRecurrence(
        `All occurrences start at the same time of day; the rule asks for others (${name}=${asked}). Make one series for each.`,
      )
    }
  }
}

function endOf(parts: Map<string, string>, time: EventTime): RuleEnd {
  const count = parts.get('COUNT')
  const until = parts.get('UNTIL')
  if (count !== undefined && until !== undefined)
    throw new InvalidRecurrence('A rule ends by COUNT or by UNTIL, not by both.')
  if (count !== undefined) return { kind: 'count', count: countOf(count) }
  return until === undefined ? { kind: 'never' } : { kind: 'until', date: lastDate(until, time) }
}

/** Finding the last slot of a COUNT means walking to it, so there is a bound: 10,000 days are 27 years. */
const countMax = 10_000

function countOf(value: string): number {
  const count = Number(value)
  if (!/^\d+$/.test(value) || count < 1 || count > countMax) {
    throw new InvalidRecurrence(
      `COUNT must be a number from 1 to ${countMax}, not ${value}; let the rule end by UNTIL or not at all.`,
    )
  }
  return count
}

/** The last date that may hold a slot: UNTIL is inclusive, in UTC, in the series' own time or a whole date. */
function lastDate(until: string, time: EventTime): string {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(until)
  if (!match) throw new InvalidRecurrence(`UNTIL cannot be ${until}.`)
  const [, year, month, day, hour, minute, second, utc] = match
  const date = validDate(`${year}-${month}-${day}`)
  if (time.kind === 'date' || hour === undefined) return date

  const wall = `${date}T${hour}:${minute}:${second}`
  const instant = utc ? `${wall}Z` : instantOf(resolvedWall(wall, time.zone), time.zone)
  const local = dateOf(wallAt(instant, time.zone))
  const slot = instantOf(wallOn(time, local), time.zone)
  return Date.parse(slot) <= Date.parse(instant) ? local : addDays(local, -1)
}

function validDate(text: string): string {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString()
  } catch {
    throw new InvalidRecurrence(`There is no date ${text}.`)
  }
}

function settledEnd(rule: Rule, first: string): RuleEnd {
  if (rule.end.kind === 'until') {
    const last = lastDateUntil(slotsOf(rule, first), rule.end.date)
    if (last === undefined)
      throw new InvalidRecurrence('The rule ends (UNTIL) before it first matches, so nothing is left of it.')
    return { kind: 'until', date: last }
  }
  if (datesFrom(slotsOf({ ...rule, end: { kind: 'never' } }, first), first).next().done)
    throw new InvalidRecurrence('The rule never matches a date, so the event would not happen at all.')
  // A COUNT that would never be reached is refused here, when the rule is read, and not when somebody asks for its dates.
  slotsOf(rule, first)
  return rule.end
}
