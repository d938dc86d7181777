import { parseRecurrence } from '../../../domain/recurrence/lines.ts'
import { occurrencesIn } from '../../../domain/recurrence/occurrences.ts'
import { InvalidRecurrence, type Series } from '../../../domain/recurrence/recurrence.ts'
import { firstAt, slotsIn } from '../series.ts'

/** A rule in floating time and the dates it means: the first ten by 2060, and the first six of a year far from its start. */
export interface FloatingCase {
  start: string
  rule: string
  first: string[]
  in2045: string[]
}

/** A series in a zone and the instants its occurrences start at in a window. */
export interface ZonedCase {
  zone: string
  start: string
  lines: string[]
  from: string
  to: string
  starts: string[]
}

/** The cases as `recurrence.py` prints them, one JSON object a line. */
export function readCases(text: string): { floating: FloatingCase[]; zoned: ZonedCase[] } {
  const cases = text
    .split('\n')
    .filter(Boolean)
    .map((line): FloatingCase | ZonedCase => JSON.parse(line))
  return {
    floating: cases.filter((one) => 'rule' in one),
    zoned: cases.filter((one) => 'lines' in one),
  }
}

/** What we say to a case, in the case's own form, so that the two can be held side by side. */
export function ourFloating(asked: FloatingCase): FloatingCase {
  const series = seriesOrNone([`RRULE:${asked.rule}`], asked.start)
  if (!series) return { ...asked, first: [], in2045: [] }
  const window = { from: `${asked.start}T00:00:00Z`, to: '2061-01-01T00:00:00Z' }
  const first = occurrencesIn(series, window)
    .take(10)
    .map((occurrence) => occurrence.originalStart)
  return {
    ...asked,
    first: [...first].filter((date) => date <= '2060-12-31'),
    in2045: slotsIn(series, '2045-01-01', '2046-01-01')
      .filter((date) => date.startsWith('2045'))
      .slice(0, 6),
  }
}

/** A rule that means no date at all is refused; the oracle answers it with none. */
function seriesOrNone(lines: string[], start: string, zone?: string): Series | null {
  const time = firstAt(start, zone)
  try {
    return { time, recurrence: parseRecurrence(lines, time) }
  } catch (error) {
    const isEmpty =
      error instanceof InvalidRecurrence && /never matches|ends \(UNTIL\) before/.test(error.message)
    if (!isEmpty) throw error
    return null
  }
}

export function ourZoned(asked: ZonedCase): ZonedCase {
  const series = seriesOrNone(asked.lines, asked.start, asked.zone)
  const starts = series
    ? [...occurrencesIn(series, asked)].flatMap(({ time }) =>
        time.kind === 'dateTime' ? [time.startsAt] : [],
      )
    : []
  return { ...asked, starts }
}
