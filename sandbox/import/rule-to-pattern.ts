import type {
  PatternedRecurrence,
  RecurrencePattern,
  DayOfWeek,
  WeekIndex,
} from '@microsoft/microsoft-graph-types'
import { addDays, wallTimeOf } from '../zones.ts'
import { Unusable, type ImportedEvent } from './types.ts'

const days: Record<string, DayOfWeek> = {
  SU: 'sunday',
  MO: 'monday',
  TU: 'tuesday',
  WE: 'wednesday',
  TH: 'thursday',
  FR: 'friday',
  SA: 'saturday',
}
const indexes: Record<string, WeekIndex> = { 1: 'first', 2: 'second', 3: 'third', 4: 'fourth', '-1': 'last' }

/** The rule of a series in Microsoft's words; what those cannot say is refused, never approximated. */
export function patternOf(event: ImportedEvent): PatternedRecurrence {
  const rules = event.lines.filter((line) => /^RRULE/i.test(line))
  const others = event.lines.filter((line) => /^(RDATE|EXRULE)/i.test(line))
  const [rule, second] = rules
  if (rule === undefined || second !== undefined || others.length > 0) {
    throw new Unusable('Microsoft has no words for RDATE or several rules')
  }
  const parts = new Map(
    rule
      .slice(rule.indexOf(':') + 1)
      .toUpperCase()
      .split(';')
      .map((part): [string, string] => {
        const [name = '', value = ''] = part.split('=')
        return [name, value]
      }),
  )
  const startDate = event.start.wall.slice(0, 10)
  const interval = Number(parts.get('INTERVAL') ?? 1)
  return {
    pattern: { interval, ...frequencyOf(parts, startDate) },
    range: { startDate, ...rangeOf(parts, event) },
  }
}

function frequencyOf(parts: Map<string, string>, startDate: string): RecurrencePattern {
  const allowed = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST']
  const only = (...more: string[]): boolean =>
    [...parts.keys()].every((name) => [...allowed, ...more].includes(name))
  const dayOfMonth = Number(parts.get('BYMONTHDAY') ?? startDate.slice(8, 10))
  const month = Number(parts.get('BYMONTH') ?? startDate.slice(5, 7))
  const isPlainDay = Number.isInteger(dayOfMonth) && dayOfMonth > 0
  switch (parts.get('FREQ') ?? '') {
    case 'DAILY':
      if (only()) return { type: 'daily' }
      break
    case 'WEEKLY':
      if (only('BYDAY')) {
        const weekday = new Date(`${startDate}T00:00:00Z`).getUTCDay()
        const named = (parts.get('BYDAY') ?? Object.keys(days)[weekday] ?? '').split(',')
        const daysOfWeek = named.flatMap((day) => days[day] ?? [])
        const firstDayOfWeek = days[parts.get('WKST') ?? 'MO'] ?? 'monday'
        if (daysOfWeek.length === named.length) return { type: 'weekly', daysOfWeek, firstDayOfWeek }
      }
      break
    case 'MONTHLY':
      if (only('BYMONTHDAY') && isPlainDay && dayOfMonth <= 28) return { type: 'absoluteMonthly', dayOfMonth }
      if (only('BYDAY', 'BYSETPOS')) return { type: 'relativeMonthly', ...nthDay(parts) }
      break
    case 'YEARLY':
      if (only('BYMONTH', 'BYMONTHDAY') && isPlainDay && Number.isInteger(month)) {
        return { type: 'absoluteYearly', month, dayOfMonth }
      }
      if (only('BYMONTH', 'BYDAY', 'BYSETPOS') && Number.isInteger(month)) {
        return { type: 'relativeYearly', month, ...nthDay(parts) }
      }
      break
    default:
  }
  throw new Unusable('Microsoft has no pattern for its rule')
}

function nthDay(parts: Map<string, string>): Pick<RecurrencePattern, 'daysOfWeek' | 'index'> {
  const named = (parts.get('BYDAY') ?? '')
    .split(',')
    .map((day) => /^([+-]?\d+)?(SU|MO|TU|WE|TH|FR|SA)$/.exec(day))
  const [first] = named
  const position = parts.get('BYSETPOS') ?? (named.length === 1 ? first?.[1] : undefined)
  const index = indexes[String(Number(position))]
  const daysOfWeek = named.flatMap((match) => days[match?.[2] ?? ''] ?? [])
  const isMixed = parts.has('BYSETPOS') && named.some((match) => match?.[1] !== undefined)
  if (index === undefined || daysOfWeek.length !== named.length || isMixed) {
    throw new Unusable('Microsoft has no pattern for its rule')
  }
  return { daysOfWeek, index }
}

function rangeOf(parts: Map<string, string>, event: ImportedEvent): PatternedRecurrence['range'] {
  const count = parts.get('COUNT')
  if (count !== undefined) return { type: 'numbered', numberOfOccurrences: Number(count) }
  const until = parts.get('UNTIL')
  if (until === undefined) return { type: 'noEnd' }
  const date = `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}`
  if (until.length === 8) return { type: 'endDate', endDate: date }
  const time = `${until.slice(9, 11)}:${until.slice(11, 13)}:${until.slice(13, 15)}`
  const wall = until.endsWith('Z')
    ? wallTimeOf(Date.parse(`${date}T${time}Z`), event.start.zone)
    : `${date}T${time}`
  // The end date counts whole days, so an end before the day's occurrence is an end the day before.
  const isBeforeStart = wall.slice(11) < event.start.wall.slice(11)
  return { type: 'endDate', endDate: isBeforeStart ? addDays(wall, -1) : wall.slice(0, 10) }
}
