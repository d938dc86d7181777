import { addDays, instantOf, wallTimeOf } from '../../zones.ts'
import {
  positionInMonth,
  weekdayOf,
  weekdays,
  type Ends,
  type Repeat,
  type Rhythm,
  type Weekday,
} from './repeat.ts'
import { clockOf, type Times } from './times.ts'

const frequencies: Record<Rhythm, string> = {
  daily: 'DAILY',
  weekly: 'WEEKLY',
  monthly: 'MONTHLY',
  monthlyWeekday: 'MONTHLY',
  yearly: 'YEARLY',
}

/** The lines of a series in the form's words; `times` are of the series' own zone. */
export function repeatOfLines(lines: string[], times: Times, zone: string): Repeat {
  if (lines.length === 0) return { kind: 'none' }
  const rules = lines.filter((line) => line.startsWith('RRULE:'))
  const custom: Repeat = { kind: 'custom', text: lines.join('\n') }
  const isPlain = rules.length === 1 && lines.every((line) => /^(RRULE|EXDATE)/.test(line))
  if (!isPlain) return custom
  const parts = new Map((rules[0] ?? '').slice(6).split(';').map(pair))
  const rhythm = rhythmOf(parts, times)
  const ends = endsOf(parts, times, zone)
  const interval = Number(parts.get('INTERVAL') ?? 1)
  if (rhythm === undefined || ends === undefined || !Number.isInteger(interval)) return custom
  const days = rhythm === 'weekly' ? daysOf(parts.get('BYDAY') ?? weekdayOf(times.start)) : []
  // Where a week begins matters only to a rule that skips weeks; the form begins them on Mondays.
  const skips = interval > 1 && (days?.length ?? 0) > 1 && (parts.get('WKST') ?? 'MO') !== 'MO'
  return days === undefined || skips ? custom : { kind: 'rule', rhythm, interval, days, ends }
}

/** The lines that say a rule; what was excepted from the series before stays excepted. */
export function linesOfRepeat(repeat: Repeat, times: Times, zone: string, before: string[] = []): string[] {
  if (repeat.kind === 'none') return []
  if (repeat.kind === 'custom') return repeat.text.split('\n')
  const { rhythm, interval, days, ends } = repeat
  const parts = [`FREQ=${frequencies[rhythm]}`]
  if (interval !== 1) parts.push(`INTERVAL=${interval}`)
  if (ends.kind === 'after') parts.push(`COUNT=${ends.count}`)
  if (ends.kind === 'on') parts.push(`UNTIL=${untilOf(ends.date, times.isAllDay, zone)}`)
  if (rhythm === 'weekly') parts.push(`BYDAY=${days.join(',')}`)
  if (rhythm === 'monthlyWeekday')
    parts.push(`BYDAY=${positionInMonth(times.start)}${weekdayOf(times.start)}`)
  return [`RRULE:${parts.join(';')}`, ...before.filter((line) => line.startsWith('EXDATE'))]
}

function pair(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=')
  return [name.toUpperCase(), value]
}

/** The rhythm of a rule, unless it has a part that the form would lose. */
function rhythmOf(parts: Map<string, string>, { start }: Times): Rhythm | undefined {
  const allowed = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST'])
  const rest = [...parts.keys()].filter((name) => !allowed.has(name)).toSorted()
  const isSameDay = (parts.get('BYMONTHDAY') ?? start.slice(8, 10)).padStart(2, '0') === start.slice(8, 10)
  const isSameMonth = (parts.get('BYMONTH') ?? start.slice(5, 7)).padStart(2, '0') === start.slice(5, 7)
  const others = rest.filter((name) => name !== 'BYMONTHDAY' && name !== 'BYMONTH')
  switch (parts.get('FREQ') ?? '') {
    case 'DAILY':
      return rest.length === 0 ? 'daily' : undefined
    case 'WEEKLY':
      return rest.every((name) => name === 'BYDAY') ? 'weekly' : undefined
    case 'MONTHLY':
      if (rest.length === 1 && parts.get('BYDAY') === `${positionInMonth(start)}${weekdayOf(start)}`)
        return 'monthlyWeekday'
      return others.length === 0 && isSameDay && !parts.has('BYMONTH') ? 'monthly' : undefined
    case 'YEARLY':
      return others.length === 0 && isSameDay && isSameMonth ? 'yearly' : undefined
    default:
      return undefined
  }
}

function endsOf(parts: Map<string, string>, { start }: Times, zone: string): Ends | undefined {
  const [until, count] = [parts.get('UNTIL'), parts.get('COUNT')]
  if (count !== undefined) return /^\d+$/.test(count) ? { kind: 'after', count: Number(count) } : undefined
  if (until === undefined) return { kind: 'never' }
  const [, year, month, day, clock] = /^(\d{4})(\d\d)(\d\d)(?:T(\d{6}))?Z?$/.exec(until) ?? []
  if (year === undefined) return undefined
  const date = `${year}-${month}-${day}`
  if (clock === undefined || !until.endsWith('Z')) return { kind: 'on', date }
  const instant = Date.parse(`${date}T${clock.slice(0, 2)}:${clock.slice(2, 4)}:${clock.slice(4)}Z`)
  const wall = wallTimeOf(instant, zone)
  // A series cut just before an occurrence does not reach that day.
  const reaches = start.length === 10 || wall.slice(11, 16) >= clockOf(start)
  return { kind: 'on', date: addDays(wall, reaches ? 0 : -1) }
}

function daysOf(list: string): Weekday[] | undefined {
  const named = list.split(',')
  const found = weekdays.filter((day) => named.includes(day))
  return found.length === named.length ? found : undefined
}

/** The end of the last day: a date for days, an instant in UTC for times. */
function untilOf(date: string, isAllDay: boolean, zone: string): string {
  if (isAllDay) return date.replaceAll('-', '')
  const end = new Date(instantOf(`${date}T23:59:59`, zone)).toISOString().slice(0, 19)
  return `${end.replaceAll(/[-:]/g, '')}Z`
}

/** The lines of a series that has passed some of its occurrences: a count counts only what is left. */
export function laterLines(lines: string[], passed: number): string[] {
  return lines.map((line) =>
    line.replace(/(?<=[:;]COUNT=)\d+/, (count) => String(Math.max(1, Number(count) - passed))),
  )
}
