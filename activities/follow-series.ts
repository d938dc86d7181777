import type { Mapping } from '../db/mappings.ts'
import type { ScheduleEntry } from '../db/schedule-entries.ts'
import { contentFields, sameField, type EventContent } from '../domain/event.ts'
import { slotId } from '../providers/port.ts'
import type { Pair } from './load-pairs.ts'
import type { PairWork } from './pair-work.ts'

/**
 * Occurrences that the schedule changed and this calendar was not told of yet are plain ones there: what was done to their
 * series there was done to them too. They take what changed, in the fields that the schedule left as the series had them.
 */
export function followSeries(
  { overrides, overridePairs }: Pick<Pair, 'overrides' | 'overridePairs'>,
  { externalId }: Mapping,
  before: EventContent,
  fields: Partial<EventContent>,
): Pick<PairWork, 'follows' | 'events'> {
  const changed = contentFields.filter(
    (field) => field in fields && field !== 'time' && field !== 'recurrence',
  )
  if (changed.length === 0 || externalId === null) return { follows: [], events: [] }
  const follows = overrides.flatMap((override) => {
    const { id, version, content, originalStart, deletedAt } = override
    const isPlainThere = !deletedAt && originalStart && isUntold(overridePairs, override, externalId)
    const followed = changed.filter((field) => sameField(field, content, before))
    if (!isPlainThere || followed.length === 0) return []
    const taken = Object.fromEntries(followed.map((field) => [field, fields[field]]))
    return [{ id, expectedVersion: version, content: { ...content, ...taken }, deleted: false }]
  })
  const type = 'SCHEDULE_ENTRY_UPDATED' as const
  const events = follows.map(({ id, expectedVersion }) => ({
    type,
    subjectId: id,
    version: expectedVersion + 1,
  }))
  return { follows, events }
}

/** Nothing was agreed on about it: it has no pair, or one whose first write is yet to be confirmed. */
function isUntold(pairs: Mapping[], { id, originalStart }: ScheduleEntry, seriesId: string): boolean {
  const place = slotId(seriesId, originalStart ?? '')
  return pairs
    .filter(({ entryId, externalId }) => entryId === id || externalId === place)
    .every(
      ({ state, baseEntry, entryId, externalId }) =>
        state === 'creating' && baseEntry === null && entryId === id && externalId === place,
    )
}
