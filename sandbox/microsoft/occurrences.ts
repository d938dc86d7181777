import { Remembered } from '../remembered.ts'
import { addDays, instantOf, wallTimeOf } from '../zones.ts'
import { datesFrom, isDateOf } from './pattern-dates.ts'
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
  /** What only touches the span from outside lies in it too. */
  includesEdges?: boolean
}

/** The live occurrences of a series that overlap a span. */
export function* occurrencesIn(master: MicrosoftEvent, span: Span): Generator<Occurrence> {
  for (const date of Object.keys(master.exceptions)) {
    const occurrence = occurrenceAt(master, date)
    if (overlaps(occurrence, span)) yield occurrence
  }
  const lengthMs = Math.max(0, instant(master.end) - instant(master.start))
  // A day each way, since the span is in UTC and the dates are not.
  const from = new Date(Math.max(span.fromMs - lengthMs, earliestMs)).toISOString().slice(0, 10)
  for (const date of datesOf(master, addDays(from, -1))) {
    const occurrence = occurrenceAt(master, date)
    if (occurrence.originalStartMs > span.toMs) return
    const isOther = date in master.exceptions || master.cancelled.includes(date)
    if (!isOther && overlaps(occurrence, span)) yield occurrence
  }
}

const earliestMs = Date.parse('1601-01-02T00:00:00Z')

/** The occurrence a date names, unless the series has none then or it was deleted. */
export function findOccurrence(master: MicrosoftEvent, date: string): Occurrence | undefined {
  const { recurrence } = master.properties
  if (master.cancelled.includes(date) || !recurrence) return undefined
  return isDateOf(recurrence, shortMonthsOf(master), date) ? occurrenceAt(master, date) : undefined
}

/** The changed occurrences of a series, by the date they were made for. */
export function exceptionsOf(master: MicrosoftEvent): Occurrence[] {
  return Object.keys(master.exceptions)
    .toSorted()
    .map((date) => occurrenceAt(master, date))
}

/** The days on which the occurrences before and after the given one take place now, in the zone of the series. */
export function neighbours(
  master: MicrosoftEvent,
  date: string,
): { before: string | undefined; after: string | undefined } {
  let before: string | undefined
  for (const candidate of datesOf(master, master.start.wall)) {
    if (master.cancelled.includes(candidate) || candidate === date) continue
    const moved = master.exceptions[candidate]?.start
    const day = moved === undefined ? candidate : dayIn(master.start.zone, moved)
    if (candidate > date) return { before, after: day }
    before = day
  }
  return { before, after: undefined }
}

/** The day of a time in another zone than its own. */
export function dayIn(zone: string, time: ZonedTime): string {
  return (time.zone === zone ? time.wall : wallTimeOf(instant(time), zone)).slice(0, 10)
}

export function overlaps(times: { start: ZonedTime; end: ZonedTime }, span: Span): boolean {
  const [startMs, endMs] = [instant(times.start), instant(times.end)]
  if (span.includesEdges) return startMs <= span.toMs && endMs >= span.fromMs
  return startMs < span.toMs && endMs > span.fromMs
}

const spans = new Remembered<MicrosoftEvent, Span>(50_000)

/** Says whether a single event lies in a span; where it lies is found out once. */
export function lies(event: MicrosoftEvent, span: Span): boolean {
  const { fromMs, toMs } = spans.of(event, () => ({ fromMs: instant(event.start), toMs: instant(event.end) }))
  if (span.includesEdges) return fromMs <= span.toMs && toMs >= span.fromMs
  return fromMs < span.toMs && toMs > span.fromMs
}

export function instant(time: ZonedTime): number {
  return instantOf(time.wall, time.zone)
}

/** The dates of a series on or after a day, those of changed and deleted occurrences among them. */
export function datesOf(master: MicrosoftEvent, from: string): Iterable<string> {
  const { recurrence } = master.properties
  return recurrence ? datesFrom(recurrence, shortMonthsOf(master), from.slice(0, 10)) : []
}

function shortMonthsOf(master: MicrosoftEvent): 'lastDay' | 'skipped' {
  return master.skipsShortMonths === true ? 'skipped' : 'lastDay'
}

function occurrenceAt(master: MicrosoftEvent, date: string): Occurrence {
  const exception = master.exceptions[date]
  return { date, exception, ...slotAt(master, date), ...timesOf(exception) }
}

function timesOf(exception: OccurrenceException | undefined): Partial<Occurrence> {
  return exception === undefined ? {} : { start: exception.start, end: exception.end }
}

/** When an occurrence would take place if nobody had moved it. */
export function slotAt(
  master: MicrosoftEvent,
  date: string,
): Pick<Occurrence, 'originalStartMs' | 'start' | 'end'> {
  const start = { ...master.start, wall: `${date}${master.start.wall.slice(10)}` }
  const originalStartMs = instant(start)
  return { originalStartMs, start, end: { ...master.end, wall: endWall(master, date, originalStartMs) } }
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
