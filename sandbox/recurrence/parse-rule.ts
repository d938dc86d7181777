export const frequencies = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'] as const
export type Frequency = (typeof frequencies)[number]

/** A recurrence rule of RFC 5545, 3.3.10, understood; an empty list means that the part is not given. */
export interface Rule {
  frequency: Frequency
  interval: number
  count: number | null
  /** As it stood: a date, a wall time, or a time in UTC. */
  until: string | null
  firstWeekday: number
  months: number[]
  weeks: number[]
  daysOfYear: number[]
  daysOfMonth: number[]
  weekdays: { weekday: number; ordinal: number | null }[]
  hours: number[]
  minutes: number[]
  seconds: number[]
  positions: number[]
}

/** Why a rule cannot be followed. */
export class UnreadableRule extends Error {
  override readonly name = 'UnreadableRule'
}

const weekdayNames = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** Reads the value of an RRULE or EXRULE line. */
export function parseRule(text: string): Rule {
  const parts = partsOf(text)
  const numbers = (name: string, from: number, to: number): number[] =>
    (parts.get(name)?.split(',') ?? []).map((value) => wholeNumber(name, value, from, to))
  const signed = (name: string, most: number): number[] => {
    const values = numbers(name, -most, most)
    if (values.includes(0)) throw new UnreadableRule(`${name} cannot be 0.`)
    return values
  }
  const single = (name: string): number | null => numbers(name, 1, Number.MAX_SAFE_INTEGER)[0] ?? null

  const frequency = frequencies.find((one) => one === parts.get('FREQ'))
  if (frequency === undefined) throw new UnreadableRule('A rule needs a known FREQ.')
  const until = parts.get('UNTIL') ?? null
  if (until !== null && !/^\d{8}(T\d{6}Z?)?$/.test(until)) throw new UnreadableRule('UNTIL is no time.')
  const count = single('COUNT')
  if (count !== null && until !== null) throw new UnreadableRule('COUNT and UNTIL exclude each other.')
  const rule: Rule = {
    frequency,
    interval: single('INTERVAL') ?? 1,
    count,
    until,
    firstWeekday: weekdayOf(parts.get('WKST') ?? 'MO'),
    months: numbers('BYMONTH', 1, 12),
    weeks: signed('BYWEEKNO', 53),
    daysOfYear: signed('BYYEARDAY', 366),
    daysOfMonth: signed('BYMONTHDAY', 31),
    weekdays: parts.get('BYDAY')?.split(',').map(readWeekday) ?? [],
    hours: numbers('BYHOUR', 0, 23),
    minutes: numbers('BYMINUTE', 0, 59),
    seconds: numbers('BYSECOND', 0, 59),
    positions: signed('BYSETPOS', 366),
  }
  return rule
}

const knownParts = new Set([
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

function partsOf(text: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of text.trim().toUpperCase().split(';')) {
    if (part === '') continue
    const [name = '', value, ...rest] = part.split('=')
    if (!knownParts.has(name) || !value || rest.length > 0 || parts.has(name)) {
      throw new UnreadableRule(`${part} is no part of a rule.`)
    }
    parts.set(name, value)
  }
  return parts
}

function wholeNumber(name: string, text: string, from: number, to: number): number {
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= from && value <= to)) throw new UnreadableRule(`${name} cannot be ${text}.`)
  return value
}

function readWeekday(text: string): Rule['weekdays'][number] {
  const [, ordinal, name = ''] = /^([+-]?\d{1,2})?(\w\w)$/.exec(text) ?? []
  const weekday = weekdayOf(name)
  return { weekday, ordinal: ordinal === undefined ? null : nonZero(ordinal) }
}

function nonZero(ordinal: string): number {
  const value = wholeNumber('BYDAY', ordinal, -53, 53)
  if (value === 0) throw new UnreadableRule('BYDAY cannot be 0.')
  return value
}

function weekdayOf(name: string): number {
  const weekday = weekdayNames.indexOf(name)
  if (weekday < 0) throw new UnreadableRule(`${name} is no weekday.`)
  return weekday
}
