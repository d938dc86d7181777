import { occurrencesOf, type Series } from '../recurrence.ts'
import { addDays, instantOf, wallTimeOf } from '../zones.ts'
import type { MicrosoftEvent, OccurrenceException, ZonedTime } from './types.ts'

/** One occurrence of a series: untouched, or an exception. */
export interface Occurrence {
  /** The date it was made for, which is what its id names. */
  date: string
  originalStartMs: number
  start: ZonedTime
  end: ZonedTime
  exception: OccurrenceException | undefined
}

export interface Span {
  fromMs: number
  toMs: number
}

/** The live occurrences of a series that overlap a span. */
export function* occurrencesIn(master: MicrosoftEvent, span: Span): Generator<Occurrence> {
  for (const date of Object.keys(master.exceptions)) {
    const occurrence = occurrenceAt(master, date)
    if (overlaps(occurrence, span)) yield occurrence
  }
  for (const date of datesOf(master)) {
    const occurrence = occurrenceAt(master, date)
    if (occurrence.originalStartMs >= span.toMs) return
    const isOther = date in master.exceptions || master.cancelled.includes(date)
    if (!isOther && overlaps(occurrence, span)) yield occurrence
  }
}

/** The occurrence a date names, unless the series has none then or it was deleted. */
export function findOccurrence(master: MicrosoftEvent, date: string): Occurrence | undefined {
  if (master.cancelled.includes(date)) return undefined
  for (const candidate of datesOf(master)) {
    if (candidate === date) return occurrenceAt(master, date)
    if (candidate > date) return undefined
  }
  return undefined
}

/** The dates on which the occurrences before and after the given one take place now. */
export function neighbours(
  master: MicrosoftEvent,
  date: string,
): { before: string | undefined; after: string | undefined } {
  let before: string | undefined
  for (const candidate of datesOf(master)) {
    if (master.cancelled.includes(candidate) || candidate === date) continue
    const day = (master.exceptions[candidate]?.start.wall ?? candidate).slice(0, 10)
    if (candidate > date) return { before, after: day }
    before = day
  }
  return { before, after: undefined }
}

export function overlaps(times: { start: ZonedTime; end: ZonedTime }, span: Span): boolean {
  return instant(times.start) < span.toMs && instant(times.end) > span.fromMs
}

export function instant(time: ZonedTime): number {
  return instantOf(time.wall, time.zone)
}

export function seriesOf(master: MicrosoftEvent): Series {
  const start = master.isAllDay ? master.start.wall.slice(0, 10) : master.start.wall
  return { start, zone: master.start.zone, lines: master.lines ?? [] }
}

function* datesOf(master: MicrosoftEvent): Generator<string> {
  for (const wall of occurrencesOf(seriesOf(master))) yield wall.slice(0, 10)
}

function occurrenceAt(master: MicrosoftEvent, date: string): Occurrence {
  const start = { ...master.start, wall: `${date}${master.start.wall.slice(10)}` }
  const originalStartMs = instant(start)
  const exception = master.exceptions[date]
  const end = exception?.end ?? { ...master.end, wall: endWall(master, date, originalStartMs) }
  return { date, originalStartMs, start: exception?.start ?? start, end, exception }
}

function endWall(master: MicrosoftEvent, date: string, startMs: number): string {
  if (master.isAllDay) {
    const days = Math.round(
      (Date.parse(`${master.end.wall}Z`) - Date.parse(`${master.start.wall}Z`)) / 86_400_000,
    )
    return `${addDays(date, days)}T00:00:00`
  }
  return wallTimeOf(startMs + instant(master.end) - instant(master.start), master.end.zone)
}
