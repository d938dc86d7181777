import { dayOf } from './times.ts'

/** The days of a week as RFC 5545 names them, from Monday on. */
export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Weekday = (typeof weekdays)[number]

export const weekdayNames: Record<Weekday, string> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
}

/** The rules the form can say; `monthlyWeekday` is "on the second Tuesday". */
export const rhythms = ['daily', 'weekly', 'monthly', 'monthlyWeekday', 'yearly'] as const
export type Rhythm = (typeof rhythms)[number]

export type Ends = { kind: 'never' } | { kind: 'on'; date: string } | { kind: 'after'; count: number }

export type Repeat =
  | { kind: 'none' }
  /** A rule the form has no words for; it is shown and left as it is. */
  | { kind: 'custom'; text: string }
  | { kind: 'rule'; rhythm: Rhythm; interval: number; days: Weekday[]; ends: Ends }

export function weekdayOf(day: string): Weekday {
  const index = (new Date(`${dayOf(day)}T00:00:00Z`).getUTCDay() + 6) % 7
  return weekdays[index] ?? 'MO'
}

/** Which of its weekday in the month a day is; the fifth counts as the last, -1. */
export function positionInMonth(day: string): number {
  const position = Math.ceil(Number(day.slice(8, 10)) / 7)
  return position === 5 ? -1 : position
}

/** A weekly rule follows its series to other days: moved from Tuesday to Wednesday it says Wednesday. */
export function movedRepeat(repeat: Repeat, days: number): Repeat {
  if (repeat.kind !== 'rule' || repeat.rhythm !== 'weekly' || days % 7 === 0) return repeat
  const moved = repeat.days.map((day) => weekdays[(((weekdays.indexOf(day) + days) % 7) + 7) % 7] ?? day)
  return { ...repeat, days: weekdays.filter((day) => moved.includes(day)) }
}

/** The rule in a sentence: "every 2 weeks on Monday and Friday, until 2026-06-30". */
export function describeRepeat(repeat: Repeat): string {
  if (repeat.kind === 'none') return 'does not repeat'
  if (repeat.kind === 'custom') return repeat.text
  const { rhythm, interval, days, ends } = repeat
  const units = { daily: 'day', weekly: 'week', monthly: 'month', monthlyWeekday: 'month', yearly: 'year' }
  const every = interval === 1 ? `every ${units[rhythm]}` : `every ${interval} ${units[rhythm]}s`
  const list = new Intl.ListFormat('en').format(days.map((day) => weekdayNames[day]))
  const on = rhythm === 'weekly' && days.length > 0 ? ` on ${list}` : ''
  const weekday = rhythm === 'monthlyWeekday' ? ' on the same weekday' : ''
  const until = ends.kind === 'on' ? `, until ${ends.date}` : ''
  const times = ends.kind === 'after' ? `, ${ends.count} times` : ''
  return `${every}${on}${weekday}${until}${times}`
}
