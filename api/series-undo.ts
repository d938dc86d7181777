import type { Db } from '../db/connection.ts'
import { overridesChangedWith, type EntryVersion } from '../db/entry-versions.ts'
import { changeEntries } from '../db/entry-writes.ts'
import {
  continuationOf,
  giveOverrides,
  moveOverrides,
  overridesOf,
  type OverrideMove,
} from '../db/overrides.ts'
import { markEntriesPending } from '../db/pending.ts'
import { raiseNudges } from '../db/providers.ts'
import { findEntry, type ScheduleEntry } from '../db/schedule-entries.ts'
import type { EventContent } from '../domain/event.ts'
import { movedSlots, occurrenceAt, sameSlots, type Slot } from '../domain/series.ts'
import type { ApiDeps } from './dependencies.ts'
import type { EntryAuthor } from './entry-author.ts'
import { announce, type Written } from './entry-changes.ts'
import { requireEntry } from './entries-found.ts'
import { conflicting } from './problem.ts'

/** What a change of a series did beside the series: to slots it leaves out, to its changed occurrences, and by a split. */
export interface SeriesAct {
  series: ScheduleEntry
  /** The slots to be left out once the series is as it was; null when the change was silent on them. */
  leftOut(this: void, current: EventContent, undone: EventContent): Slot[] | null
  /** Changed occurrences that ended with their slots. */
  ended: OverrideMove[]
  continuation: ScheduleEntry | null
}

/** Finds what was done together with a version of a series; nothing when it stood alone. Refused where that was changed since. */
export async function findSeriesAct(
  db: Db,
  series: ScheduleEntry,
  version: EntryVersion,
): Promise<SeriesAct | null> {
  const changes = (await overridesChangedWith(db, version)).filter(({ isLast }) => isLast)
  const continuation = await continuationOf(db, version)
  const living = continuation && !continuation.deletedAt ? continuation : null
  if (living && living.version > 1)
    throw conflicting(
      'continuation-changed',
      `The entry ${living.id} continues the series since that change, and was changed by itself: delete it first, or change the series.`,
      { entryId: living.id },
    )
  const ended = changes.flatMap(({ id, before, after }) =>
    before.originalStart !== null && after.originalStart === null
      ? [{ id, originalStart: before.originalStart, deleted: before.deleted }]
      : [],
  )
  // A run writes what came in together: there each occurrence is a change of its own.
  const isOneWish = version.cause.kind !== 'provider'
  const turned = changes.filter(
    ({ before, after }) => isOneWish && after.originalStart !== null && before.deleted !== after.deleted,
  )
  if (ended.length + turned.length === 0 && !living) return null
  const overrides = await overridesOf(db, [series.id])
  const back = new Set(turned.map(({ id }) => id))
  return {
    series,
    ended,
    continuation: living,
    leftOut: (current, undone) => {
      if (turned.length === 0) return null
      const slots = overrides.flatMap(({ id, deletedAt, originalStart }) =>
        (deletedAt !== null) !== back.has(id) ? (originalStart ?? []) : [],
      )
      if (sameSlots(current, undone)) return slots
      const moved = movedSlots(current, undone, slots)
      return slots.flatMap((slot) => moved.get(slot) ?? [])
    },
  }
}

/** Brings back the changed occurrences that ended, and joins what a split took apart, once the series is as it was. */
export async function undoSeriesAct(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  { series, ended, continuation }: SeriesAct,
  written: Written,
): Promise<Written> {
  const content = (await findEntry(db, series.id))?.content ?? series.content
  const taken = new Set((await overridesOf(db, [series.id])).map(({ originalStart }) => originalStart))
  const isFree = (slot: Slot | null) => slot !== null && !taken.has(slot) && occurrenceAt(content, slot)
  const revived = ended.filter(({ originalStart }) => isFree(originalStart))
  await moveOverrides(db, revived, author.cause, author.now)
  for (const { originalStart } of revived) taken.add(originalStart)
  const joined = continuation ? await join(db, author, series.id, continuation, content, isFree) : []
  const touched = [...revived.map(({ id }) => id), ...joined]
  const marked = await markEntriesPending(db, author.tenantId, touched, null)
  const told = continuation
    ? await announce(db, deps, author, continuation.id, 'SCHEDULE_ENTRY_DELETED', marked)
    : { flipped: await raiseNudges(db, marked.toSorted(), author.now) }
  const entry = await requireEntry(db, series.id)
  return { entry, flipped: [...new Set([...written.flipped, ...told.flipped])] }
}

/** The series takes back the changed occurrences of what continued it, which is deleted. Answers those it took. */
async function join(
  db: Db,
  author: EntryAuthor,
  seriesId: string,
  continuation: ScheduleEntry,
  content: EventContent,
  isFree: (slot: Slot | null) => unknown,
): Promise<string[]> {
  const overrides = await overridesOf(db, [continuation.id])
  const slots = movedSlots(
    continuation.content,
    content,
    overrides.flatMap(({ originalStart }) => originalStart ?? []),
  )
  const given = overrides.flatMap(({ id, originalStart }) => {
    const slot = slots.get(originalStart ?? '') ?? null
    return slot !== null && isFree(slot) ? [{ id, originalStart: slot }] : []
  })
  await giveOverrides(db, seriesId, given)
  const { id, version: expectedVersion } = continuation
  const deletion = { id, expectedVersion, content: continuation.content, deleted: true }
  await changeEntries(db, [deletion], author.cause, author.now)
  return given.map((override) => override.id)
}
