import type { DayOfWeek, PatternedRecurrence, RecurrencePattern } from '@microsoft/microsoft-graph-types'
import { positionInMonth, weekdayOf, weekdays, type Ends, type Repeat, type Rhythm } from './repeat.ts'
import { dayOf, type Times } from './times.ts'

const dayNames: DayOfWeek[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const positions: Record<number, 'first' | 'second' | 'third' | 'fourth' | 'last'> = {
  1: 'first',
  2: 'second',
  3: 'third',
  4: 'fourth',
  [-1]: 'last',
}

/** Graph's recurrence in the form's words. */
export function repeatOfPattern(recurrence: PatternedRecurrence | null | undefined, times: Times): Repeat {
  const { pattern, range } = recurrence ?? {}
  if (!pattern || !range) return { kind: 'none' }
  const rhythm = rhythmOf(pattern, times)
  if (rhythm === undefined) return { kind: 'custom', text: JSON.stringify({ pattern, range }) }
  const named = pattern.daysOfWeek ?? []
  const days = rhythm === 'weekly' ? weekdays.filter((_day, index) => named.includes(nameAt(index))) : []
  return { kind: 'rule', rhythm, interval: pattern.interval ?? 1, days, ends: endsOf(range) }
}

/** The recurrence that says a rule, for a series that starts as given; nothing when it does not repeat. */
export function patternOfRepeat(repeat: Repeat, times: Times): PatternedRecurrence | null {
  const startDate = dayOf(times.start)
  if (repeat.kind === 'none') return null
  if (repeat.kind === 'custom') {
    const known: PatternedRecurrence = JSON.parse(repeat.text)
    return { ...known, range: { ...known.range, startDate } }
  }
  const pattern = { interval: repeat.interval, ...shapeOf(repeat, startDate) }
  const { ends } = repeat
  switch (ends.kind) {
    case 'never':
      return { pattern, range: { type: 'noEnd', startDate } }
    case 'on':
      return { pattern, range: { type: 'endDate', startDate, endDate: ends.date } }
    case 'after':
      return { pattern, range: { type: 'numbered', startDate, numberOfOccurrences: ends.count } }
  }
}

function shapeOf(repeat: Extract<Repeat, { kind: 'rule' }>, startDate: string): RecurrencePattern {
  const dayOfMonth = Number(startDate.slice(8, 10))
  switch (repeat.rhythm) {
    case 'daily':
      return { type: 'daily' }
    case 'weekly': {
      const daysOfWeek = repeat.days.map((day) => nameAt(weekdays.indexOf(day)))
      return { type: 'weekly', daysOfWeek, firstDayOfWeek: 'monday' }
    }
    case 'monthly':
      return { type: 'absoluteMonthly', dayOfMonth }
    case 'monthlyWeekday': {
      const daysOfWeek = [nameAt(weekdays.indexOf(weekdayOf(startDate)))]
      return { type: 'relativeMonthly', daysOfWeek, index: positions[positionInMonth(startDate)] ?? 'first' }
    }
    case 'yearly':
      return { type: 'absoluteYearly', dayOfMonth, month: Number(startDate.slice(5, 7)) }
  }
}

/** The rhythm of a pattern, unless it says something the form would lose. */
function rhythmOf(pattern: RecurrencePattern, { start }: Times): Rhythm | undefined {
  const isSameDay = pattern.dayOfMonth === Number(start.slice(8, 10))
  switch (pattern.type) {
    case 'daily':
      return 'daily'
    case 'weekly': {
      // Where a week begins matters only to a rule that skips weeks; the form begins them on Mondays.
      const skips = (pattern.interval ?? 1) > 1 && (pattern.daysOfWeek ?? []).length > 1
      return skips && pattern.firstDayOfWeek !== 'monday' ? undefined : 'weekly'
    }
    case 'absoluteMonthly':
      return isSameDay ? 'monthly' : undefined
    case 'relativeMonthly': {
      const [day, ...others] = pattern.daysOfWeek ?? []
      const isSame =
        day === nameAt(weekdays.indexOf(weekdayOf(start))) &&
        pattern.index === positions[positionInMonth(start)]
      return others.length === 0 && isSame ? 'monthlyWeekday' : undefined
    }
    case 'absoluteYearly':
      return isSameDay && pattern.month === Number(start.slice(5, 7)) ? 'yearly' : undefined
    case 'relativeYearly':
    case null:
    case undefined:
      break
  }
  return undefined
}

function endsOf(range: NonNullable<PatternedRecurrence['range']>): Ends {
  if (range.type === 'endDate') return { kind: 'on', date: range.endDate ?? '' }
  if (range.type === 'numbered') return { kind: 'after', count: range.numberOfOccurrences ?? 1 }
  return { kind: 'never' }
}

function nameAt(index: number): DayOfWeek {
  return dayNames[index] ?? 'monday'
}
