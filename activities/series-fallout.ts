import type { ExternalEvent } from '../db/external-events.ts'
import type { EventContent } from '../domain/event.ts'
import { excludedSlots, occurrenceAt, type Slot } from '../domain/series.ts'
import { slotId, type CalendarProvider, type ObservedEvent } from '../providers/port.ts'

/** What a new word on a series means for its occurrences, by the ids of their slots. */
export interface Fallout {
  /** The vendor shows plain occurrences there again; nobody decided so. */
  dropped: string[]
  /** The series leaves them out now, and our copies of them still live. */
  cancelled: string[]
  /** To be decided anew. */
  marked: string[]
}

/**
 * What happened to the occurrences of a series that was seen. Google tells each changed occurrence by itself and the slots
 * left out (EXDATE) with the series; Graph tells all of them with the series, and drops them all when its rule changes.
 */
export function falloutOf(
  calendar: Pick<CalendarProvider, 'restoresOccurrences'>,
  before: EventContent | null,
  event: ObservedEvent,
  after: EventContent,
  known: ExternalEvent[],
): Fallout {
  const is = new Set(excludedSlots(after))
  const told = new Set(event.overrides.map((override) => override.occurrence?.slot))
  const fallout: Fallout = { dropped: [], cancelled: [], marked: [] }

  for (const row of known) {
    const slot = row.originalStart ?? ''
    if (told.has(slot)) continue
    if (is.has(slot)) {
      if (!row.deleted) fallout.cancelled.push(row.externalId)
    } else if (event.tells === 'all' || !occurrenceAt(after, slot)) fallout.dropped.push(row.externalId)
  }
  const { reappeared, leftOut } = slotsMoved(before, event.externalId, after)
  // Outlook has no way to bring back one deleted occurrence: one that is there again was dropped with a rule.
  if (!calendar.restoresOccurrences) fallout.dropped.push(...reappeared)
  fallout.marked.push(...reappeared, ...leftOut, ...fallout.dropped)
  return fallout
}

/** The slots that a series shows again, and those that it newly leaves out, by their ids. */
export function slotsMoved(
  before: EventContent | null,
  seriesId: string,
  after: EventContent,
): { reappeared: string[]; leftOut: string[] } {
  const was = new Set(before ? excludedSlots(before) : [])
  const is = new Set(excludedSlots(after))
  const id = (slot: Slot) => slotId(seriesId, slot)
  return {
    reappeared: [...was].filter((slot) => !is.has(slot)).map(id),
    leftOut: [...is].filter((slot) => !was.has(slot)).map(id),
  }
}
