import { addDays } from '../../zones.ts'
import type { Shown } from './owner.ts'
import { weekdays, weekdayOf } from './repeat.ts'
import { dayOf, daysBetween, lastDrawnDay } from './times.ts'

/** A piece of an event within one week. */
export interface Segment {
  event: Shown
  /** Columns from 0, both included. */
  from: number
  to: number
  lane: number
  comesFromBefore: boolean
  goesOn: boolean
}

export interface Week {
  days: string[]
  segments: Segment[]
  /** How many events of each day found no lane. */
  hidden: number[]
}

export function mondayOf(day: string): string {
  return addDays(day, -weekdays.indexOf(weekdayOf(day)))
}

/** The weeks, Monday to Sunday, that a month touches. */
export function weeksOfMonth(day: string): string[][] {
  const first = `${day.slice(0, 7)}-01`
  const next = dayOf(nextMonth(first))
  const weeks: string[][] = []
  for (let monday = mondayOf(first); monday < next; monday = addDays(monday, 7)) weeks.push(daysFrom(monday))
  return weeks
}

export function daysFrom(monday: string): string[] {
  return weekdays.map((_weekday, index) => addDays(monday, index))
}

export function nextMonth(day: string): string {
  return `${addDays(`${day.slice(0, 7)}-28`, 4).slice(0, 7)}-01`
}

export function previousMonth(day: string): string {
  return `${addDays(`${day.slice(0, 7)}-01`, -1).slice(0, 7)}-01`
}

/** Long events first, whole days before times, earlier before later: so that bars lie above what begins inside them. */
export function byPlace(a: Shown, b: Shown): number {
  return (
    compare(dayOf(a.start), dayOf(b.start)) ||
    daysBetween(b.start, lastDrawnDay(b)) - daysBetween(a.start, lastDrawnDay(a)) ||
    Number(b.isAllDay) - Number(a.isAllDay) ||
    compare(a.start, b.start) ||
    compare(a.title, b.title) ||
    compare(a.id, b.id)
  )
}

/** Lays the events of a week into lanes, the first free one each. */
export function layOutWeek(days: string[], events: Shown[], lanesMax: number): Week {
  const [first = '', last = ''] = [days[0], days.at(-1)]
  const taken: boolean[][] = []
  const segments: Segment[] = []
  const hidden = days.map(() => 0)
  const touching = events.filter((event) => dayOf(event.start) <= last && lastDrawnDay(event) >= first)
  for (const event of touching.toSorted(byPlace)) {
    const from = Math.max(0, daysBetween(first, event.start))
    const to = Math.min(days.length - 1, daysBetween(first, lastDrawnDay(event)))
    const lane = freeLane(taken, from, to)
    if (lane >= lanesMax) {
      for (let column = from; column <= to; column += 1) hidden[column] = (hidden[column] ?? 0) + 1
      continue
    }
    const row = (taken[lane] ??= [])
    for (let column = from; column <= to; column += 1) row[column] = true
    const [comesFromBefore, goesOn] = [dayOf(event.start) < first, lastDrawnDay(event) > last]
    segments.push({ event, from, to, lane, comesFromBefore, goesOn })
  }
  return { days, segments, hidden }
}

function freeLane(taken: boolean[][], from: number, to: number): number {
  for (let lane = 0; ; lane += 1) {
    const row = taken[lane] ?? []
    let isFree = true
    for (let column = from; column <= to; column += 1) if (row[column]) isFree = false
    if (isFree) return lane
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
