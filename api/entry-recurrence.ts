import type { EventContent, EventTime } from '../domain/event.ts'
import { parseRecurrence, recurrenceLines } from '../domain/recurrence/lines.ts'
import { InvalidRecurrence, type Recurrence } from '../domain/recurrence/recurrence.ts'
import { excludedSlots, excluding, occurrenceAt, seriesOf, slotOf, type Slot } from '../domain/series.ts'
import { unprocessable } from './problem.ts'

/** A rule as it was sent, and the slots it leaves out: those are kept as overrides, never in the rule. */
export function readRecurrence(
  lines: string[] | null,
  time: EventTime,
): { recurrence: Recurrence | null; leftOut: Slot[] } {
  if (lines === null) return { recurrence: null, leftOut: [] }
  const recurrence = naming(() => parseRecurrence(lines, time))
  const content = { ...plain, time, recurrence }
  requireFirst(content)
  return { recurrence: { ...recurrence, exdates: [] }, leftOut: excludedSlots(content) }
}

/** The rule an entry keeps when only its time changes: it must still have the new first day. */
export function keptRecurrence(content: EventContent, time: EventTime): Recurrence | null {
  if (content.recurrence === null) return null
  requireFirst({ ...content, time })
  return content.recurrence
}

/** The lines of a series, with the slots that it leaves out; null for a single entry. */
export function showRecurrence(content: EventContent, leftOut: Slot[]): string[] | null {
  const series = seriesOf(excluding(content, leftOut))
  return series && recurrenceLines(series)
}

const plain: Omit<EventContent, 'time' | 'recurrence'> = {
  title: '',
  body: '',
  location: '',
  showAs: 'busy',
  visibility: 'default',
}

/** Calendars disagree on whether a first day off the rule counts, so there is none. */
function requireFirst(content: EventContent): void {
  if (naming(() => occurrenceAt(content, slotOf(content.time.start, content.time)))) return
  throw unprocessable(
    'recurrence',
    'must match start: the rule has no occurrence on the first day. Move start to the first one.',
  )
}

function naming<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InvalidRecurrence)) throw error
    throw unprocessable('recurrence', `cannot be kept: ${error.message}`)
  }
}
