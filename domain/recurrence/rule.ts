import { InvalidRecurrence } from './recurrence.ts'

export type Frequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Weekday = (typeof weekdays)[number]

/** A weekday, or its nth one in the month or year: `2TU`, `-1FR`. Position 0 means every one. */
export interface DayPart {
  position: number
  day: Weekday
}

/** A rule with its parts as values. Empty lists are parts that were not given. */
export interface Rule {
  frequency: Frequency
  interval: number
  months: number[]
  weekNumbers: number[]
  yearDays: number[]
  monthDays: number[]
  days: DayPart[]
  positions: number[]
  weekStart: Weekday
  end: RuleEnd
}

export type RuleEnd =
  | { kind: 'never' }
  | { kind: 'count'; count: number }
  /** `date` is the last local date that may hold a slot. */
  | { kind: 'until'; date: string }

const frequencies: readonly string[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] satisfies Frequency[]
const partNames = new Set([
  'FREQ',
  'INTERVAL',
  'COUNT',
  'UNTIL',
  'WKST',
  'BYMONTH',
  'BYWEEKNO',
  'BYYEARDAY',
  'BYMONTHDAY',
  'BYDAY',
  'BYHOUR',
  'BYMINUTE',
  'BYSECOND',
  'BYSETPOS',
])

/** The parts of an RRULE's value by name, upper case. Throws InvalidRecurrence for parts RFC 5545 does not know. */
export function rulePartsOf(text: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of text.trim().toUpperCase().split(';')) {
    if (part === '') continue
    const [name = '', value = ''] = part.split('=')
    if (!partNames.has(name)) throw new InvalidRecurrence(`The rule has a part we do not know: ${part}.`)
    if (value === '') throw new InvalidRecurrence(`The rule's part ${name} has no value.`)
    if (parts.has(name)) throw new InvalidRecurrence(`The rule says ${name} twice.`)
    parts.set(name, value)
  }
  return parts
}

/** The rule behind its parts, without its end and its time of day, which need the first occurrence to be read. */
export function ruleFrom(parts: Map<string, string>): Rule {
  const frequency = frequencyOf(parts.get('FREQ'))
  return {
    frequency,
    interval: intervalOf(parts.get('INTERVAL')),
    months: numbersOf(parts, 'BYMONTH', 1, 12),
    weekNumbers: numbersOf(parts, 'BYWEEKNO', -53, 53),
    yearDays: numbersOf(parts, 'BYYEARDAY', -366, 366),
    monthDays: numbersOf(parts, 'BYMONTHDAY', -31, 31),
    days: daysOf(parts.get('BYDAY')),
    positions: numbersOf(parts, 'BYSETPOS', -366, 366),
    weekStart: parts.has('WKST') ? weekdayOf(parts.get('WKST') ?? '') : 'MO',
    end: { kind: 'never' },
  }
}

function frequencyOf(value: string | undefined): Frequency {
  if (value === undefined) throw new InvalidRecurrence('The rule does not say how often it repeats (FREQ).')
  if (isFrequency(value)) return value
  if (['HOURLY', 'MINUTELY', 'SECONDLY'].includes(value)) {
    throw new InvalidRecurrence(
      `A calendar event cannot repeat several times a day (FREQ=${value}); daily is the shortest.`,
    )
  }
  throw new InvalidRecurrence(`The rule repeats by something we do not know: FREQ=${value}.`)
}

function isFrequency(value: string): value is Frequency {
  return frequencies.includes(value)
}

function intervalOf(value: string | undefined): number {
  if (value === undefined) return 1
  const interval = Number(value)
  if (!/^\d+$/.test(value) || interval < 1 || interval > intervalMax) {
    throw new InvalidRecurrence(`INTERVAL must be a number from 1 to ${intervalMax}, not ${value}.`)
  }
  return interval
}

/** Every 999 days is more than calendars offer; without a bound, one period could leave the calendar's last year. */
const intervalMax = 999

function numbersOf(parts: Map<string, string>, name: string, lowest: number, highest: number): number[] {
  const value = parts.get(name)
  if (value === undefined) return []
  const numbers = value.split(',').map((text) => {
    const number = Number(text)
    if (!/^[+-]?\d+$/.test(text) || number === 0 || number < lowest || number > highest) {
      throw new InvalidRecurrence(`${name} cannot be ${text}.`)
    }
    return number
  })
  return [...new Set(numbers)].sort((one, other) => one - other)
}

function daysOf(value: string | undefined): DayPart[] {
  if (value === undefined) return []
  const parts = value.split(',').map((text) => {
    const match = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text)
    if (!match) throw new InvalidRecurrence(`BYDAY cannot be ${text}.`)
    const position = Number(match[1] ?? 0)
    if ((match[1] !== undefined && position === 0) || Math.abs(position) > 53) {
      throw new InvalidRecurrence(`BYDAY cannot be ${text}.`)
    }
    return { position, day: weekdayOf(match[2] ?? '') }
  })
  return sortedDays(parts)
}

export function sortedDays(parts: DayPart[]): DayPart[] {
  const byName = new Map(parts.map((part) => [dayText(part), part]))
  return [...byName.values()].sort(
    (one, other) => one.position - other.position || weekdays.indexOf(one.day) - weekdays.indexOf(other.day),
  )
}

export function weekdayOf(text: string): Weekday {
  const day = weekdays.find((known) => known === text)
  if (!day) throw new InvalidRecurrence(`${text} is no day of the week; they are ${weekdays.join(', ')}.`)
  return day
}

export function dayText({ position, day }: DayPart): string {
  return `${position === 0 ? '' : position}${day}`
}

/** The rule's value with its keys in RFC 5545's order and defaults left out; `until` is the stamp that UNTIL carries. */
export function ruleText(rule: Rule, until: string | null): string {
  const list = (name: string, values: (number | string)[]) =>
    values.length > 0 ? [`${name}=${values.join(',')}`] : []
  return [
    `FREQ=${rule.frequency}`,
    ...(until === null ? [] : [`UNTIL=${until}`]),
    ...(rule.end.kind === 'count' ? [`COUNT=${rule.end.count}`] : []),
    ...(rule.interval === 1 ? [] : [`INTERVAL=${rule.interval}`]),
    ...list('BYMONTH', rule.months),
    ...list('BYWEEKNO', rule.weekNumbers),
    ...list('BYYEARDAY', rule.yearDays),
    ...list('BYMONTHDAY', rule.monthDays),
    ...list('BYDAY', rule.days.map(dayText)),
    ...list('BYSETPOS', rule.positions),
    ...(rule.weekStart === 'MO' ? [] : [`WKST=${rule.weekStart}`]),
  ].join(';')
}
