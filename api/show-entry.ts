import type { Mapping } from '../db/mappings.ts'
import type { ScheduleEntry } from '../db/schedule-entries.ts'
import type { EventContent } from '../domain/event.ts'
import { excludedSlots, type Slot } from '../domain/series.ts'
import { showRecurrence } from './entry-recurrence.ts'
import { showTime } from './entry-time.ts'
import type { EntryAnswer } from './entry-schemas.ts'

/** Content as the API tells it. */
export const showContent = (content: EventContent) => ({
  title: content.title,
  body: content.body,
  location: content.location,
  ...showTime(content.time),
  showAs: content.showAs,
  visibility: content.visibility,
  recurrence: showRecurrence(content, excludedSlots(content)),
})

/** An entry with who has it and where it stands in each calendar. */
export function showEntry(
  entry: ScheduleEntry,
  assignees: string[],
  pairs: Mapping[],
  leftOut: Slot[] = [],
): EntryAnswer {
  return {
    id: entry.id,
    externalRef: entry.externalRef,
    ...showContent(entry.content),
    recurrence: showRecurrence(entry.content, leftOut),
    seriesId: entry.seriesId,
    originalStart: entry.originalStart,
    splitFrom: entry.splitFrom,
    status: entry.status,
    version: entry.version,
    assignees,
    deletedAt: entry.deletedAt?.toISOString() ?? null,
    createdAt: entry.createdAt.toISOString(),
    updatedAt: entry.updatedAt.toISOString(),
    mappings: pairs.map(({ providerId, state, reason }) => ({ providerId, state, reason })),
  }
}

export const etagOf = (version: number): string => `"v${version}"`
