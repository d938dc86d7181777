import type { EventTime } from '../../domain/event.ts'
import { parseRecurrence } from '../../domain/recurrence/lines.ts'
import { occurrencesIn } from '../../domain/recurrence/occurrences.ts'
import type { Series } from '../../domain/recurrence/recurrence.ts'
import { addDays } from '../../domain/recurrence/walls.ts'
import { allDay, timedFromWall } from '../../domain/time.ts'

/** A first occurrence of an hour at a wall time in a zone, or of a day when `start` is a date. */
export function firstAt(start: string, zone = 'Europe/Berlin'): EventTime {
  if (start.length === 10) return allDay(start, addDays(start, 1))
  const end = new Date(Date.parse(`${start}Z`) + 3_600_000).toISOString().slice(0, 19)
  return timedFromWall(start, end, zone)
}

/** A series from its RRULE and further lines. */
export function seriesOf(rule: string, start: string, zone?: string, ...lines: string[]): Series {
  const time = firstAt(start, zone)
  return { time, recurrence: parseRecurrence([`RRULE:${rule}`, ...lines], time) }
}

/** The slots a series shows between two dates of the year-month-day form. */
export function slotsIn(series: Series, from: string, to: string): string[] {
  const window = { from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` }
  return [...occurrencesIn(series, window)].map((occurrence) => occurrence.originalStart)
}

/** The first `count` dates of a series. */
export function firstDates(series: Series, count: number): string[] {
  const window = { from: `${series.time.start.slice(0, 10)}T00:00:00Z`, to: '2100-01-01T00:00:00Z' }
  return occurrencesIn(series, window)
    .map((occurrence) => occurrence.originalStart.slice(0, 10))
    .take(count)
    .toArray()
}
