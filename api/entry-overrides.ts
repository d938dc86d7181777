import type { Db } from '../db/connection.ts'
import { changeEntries, insertEntries } from '../db/entry-writes.ts'
import { moveOverrides, overridesOf } from '../db/overrides.ts'
import type { ScheduleEntry } from '../db/schedule-entries.ts'
import type { EventContent } from '../domain/event.ts'
import { occurrenceAt, overrideMoves, type Slot } from '../domain/series.ts'
import type { ApiDeps } from './dependencies.ts'
import type { EntryAuthor } from './entry-author.ts'

/** A series as it is to be, with what its overrides share with it. */
export interface SeriesWish {
  id: string
  content: EventContent
  status: string
}

/** Overrides go with the slots of their series; answers those that moved or ended. */
export async function moveWithSeries(
  db: Db,
  author: EntryAuthor,
  before: ScheduleEntry,
  after: EventContent,
): Promise<string[]> {
  if (before.content.recurrence === null) return []
  const moves = overrideMoves(before.content, after, await overridesOf(db, [before.id]))
  await moveOverrides(db, moves, author.cause, author.now)
  return moves.map(({ id }) => id)
}

/** Whether a series is to leave out other slots than it does. */
export async function changesLeftOut(db: Db, series: ScheduleEntry, slots: Slot[]): Promise<boolean> {
  if (series.content.recurrence === null) return slots.length > 0
  const overrides = await overridesOf(db, [series.id])
  const before = overrides.flatMap((row) => (row.deletedAt ? (row.originalStart ?? []) : []))
  return before.toSorted().join() !== slots.toSorted().join()
}

/** Makes a series leave out these slots and no others; answers the overrides that say so now. */
export async function leaveOut(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  series: SeriesWish,
  slots: Slot[],
): Promise<string[]> {
  if (series.content.recurrence === null) return []
  const wanted = new Set(slots)
  const overrides = await overridesOf(db, [series.id])
  const changes = overrides.filter(
    ({ originalStart, deletedAt }) => wanted.has(originalStart ?? '') !== (deletedAt !== null),
  )
  await changeEntries(
    db,
    changes.map(({ id, version, content, deletedAt }) => ({
      id,
      expectedVersion: version,
      content,
      deleted: deletedAt === null,
    })),
    author.cause,
    author.now,
  )
  const known = new Set(overrides.map(({ originalStart }) => originalStart))
  const added = [...wanted].filter((slot) => !known.has(slot))
  const rows = added.flatMap((slot) => overrideOf(deps, author, series, slot, { deleted: true }) ?? [])
  await insertEntries(db, rows, author.cause, author.now)
  return [...changes, ...rows].map(({ id }) => id)
}

/** A new override of a slot: what the series shows there, with these changes. Nothing when the series has no such slot. */
export function overrideOf(
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  series: SeriesWish,
  slot: Slot,
  wish: { content?: EventContent; deleted: boolean },
) {
  const content = wish.content ?? occurrenceAt(series.content, slot)
  if (!content) return undefined
  return {
    id: deps.newId(),
    tenantId: author.tenantId,
    externalRef: null,
    content,
    status: series.status,
    ownerId: null,
    icalUid: null,
    override: { seriesId: series.id, originalStart: slot, deleted: wish.deleted },
    assignees: [],
  }
}
