import type { Db } from '../db/connection.ts'
import { changeEntries, insertEntries } from '../db/entry-writes.ts'
import { giveOverrides, lockOverride, moveOverrides, overridesOf } from '../db/overrides.ts'
import { markEntriesPending } from '../db/pending.ts'
import { assigneesOf, type ScheduleEntry } from '../db/schedule-entries.ts'
import type { EventContent } from '../domain/event.ts'
import type { Series } from '../domain/recurrence/recurrence.ts'
import { splitSeries } from '../domain/recurrence/split.ts'
import { movedSlots, occurrenceAt, overrideMoves, seriesOf, wallOf, type Slot } from '../domain/series.ts'
import type { ApiDeps } from './dependencies.ts'
import type { EntryAuthor } from './entry-author.ts'
import { announce, changeEntry, deleteEntry, lockAt, type Written } from './entry-changes.ts'
import type { EntryWish } from './entry-input.ts'
import { overrideOf } from './entry-overrides.ts'
import { conflicting, invalid, unprocessable } from './problem.ts'
import { requireEntry } from './entries-found.ts'

/** Which occurrences of a series a change is about; without one, the whole entry. */
export type Scope = { kind: 'all' } | { kind: 'this' | 'following'; slot: Slot }

export function readScope(query: { scope?: string; originalStart?: string }): Scope {
  const { scope = 'all', originalStart } = query
  if (scope === 'all') return { kind: 'all' }
  if (originalStart === undefined) throw invalid('originalStart', `must be given with scope=${scope}.`)
  return { kind: scope === 'this' ? 'this' : 'following', slot: slotIn(originalStart) }
}

/** An instant or a date, spelt as slots are. */
function slotIn(text: string): Slot {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text
  const instant = new Date(text)
  if (Number.isNaN(instant.getTime()) || !/(Z|[+-]\d{2}:\d{2})$/i.test(text))
    throw invalid('originalStart', 'must be RFC 3339 with an offset, or a date for an all-day series.')
  return `${instant.toISOString().slice(0, 19)}Z`
}

interface Change {
  id: string
  ifMatch: string
  wishFor: (current: ScheduleEntry, assignees: string[]) => EntryWish
}

/** Changes one occurrence, this and the following ones, or all. */
export async function changeInScope(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  scope: Scope,
  change: Change,
): Promise<Written> {
  if (scope.kind === 'all') return changeEntry(db, deps, author, change.id, change.ifMatch, change.wishFor)
  const series = await lockSeries(db, change.id, change.ifMatch)
  const plain = requireSlot(series, scope.slot)
  if (scope.kind === 'this') {
    const existing = await lockOverride(db, series.id, scope.slot)
    const current = { ...series, content: existing?.content ?? plain }
    const { content } = occurrenceWish(current, change)
    return writeOccurrence(db, deps, author, series, scope.slot, { existing, content, deleted: false })
  }
  const split = splitAt(series, scope.slot)
  if (!split) return changeEntry(db, deps, author, change.id, change.ifMatch, change.wishFor)
  const assignees = (await assigneesOf(db, [series.id])).get(series.id) ?? []
  const rest = { ...series.content, ...partOf(split.after) }
  const wish = change.wishFor({ ...series, content: rest }, assignees)
  return continueSeries(db, deps, author, series, split, { ...wish, rest })
}

/** Leaves out one occurrence, or ends the series before one; or deletes it all. */
export async function deleteInScope(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  scope: Scope,
  entry: { id: string; ifMatch: string | undefined },
): Promise<Written> {
  if (scope.kind === 'all') return deleteEntry(db, deps, author, entry.id, entry.ifMatch)
  const series = await lockSeries(db, entry.id, entry.ifMatch ?? '*')
  const content = requireSlot(series, scope.slot)
  if (scope.kind === 'this') {
    const existing = await lockOverride(db, series.id, scope.slot)
    return writeOccurrence(db, deps, author, series, scope.slot, {
      existing,
      content: existing?.content ?? content,
      deleted: true,
    })
  }
  const split = splitAt(series, scope.slot)
  if (!split) return deleteEntry(db, deps, author, entry.id, entry.ifMatch)
  const marked = await endBefore(db, author, series, split.before)
  return announce(db, deps, author, series.id, 'SCHEDULE_ENTRY_UPDATED', marked)
}

async function lockSeries(db: Db, id: string, ifMatch: string): Promise<ScheduleEntry> {
  const series = await lockAt(db, id, ifMatch)
  if (series.deletedAt) throw conflicting('entry-deleted', 'The entry is deleted: restore it first.')
  if (series.content.recurrence) return series
  throw unprocessable('scope', 'must be left out: the entry does not repeat.')
}

function requireSlot(series: ScheduleEntry, slot: Slot): EventContent {
  const plain = occurrenceAt(series.content, slot)
  if (plain) return plain
  throw unprocessable('originalStart', 'must be where an occurrence of the series stands by its rule.')
}

/** What one occurrence may be changed to: it has no rule and no assignees of its own. */
function occurrenceWish(current: ScheduleEntry, { wishFor }: Change): EntryWish {
  const single = { ...current, content: { ...current.content, recurrence: null } }
  const wish = wishFor(single, [])
  if (wish.content.recurrence)
    throw unprocessable('recurrence', 'must be left out: one occurrence has no rule.')
  if (wish.assignees.length > 0)
    throw unprocessable('assignees', 'must be left out: an occurrence has those of its series.')
  return wish
}

async function writeOccurrence(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  series: ScheduleEntry,
  slot: Slot,
  wish: { existing: ScheduleEntry | undefined; content: EventContent; deleted: boolean },
): Promise<Written> {
  const { existing, content, deleted } = wish
  const type = deleted ? 'SCHEDULE_ENTRY_DELETED' : 'SCHEDULE_ENTRY_UPDATED'
  if (existing) {
    if (deleted && existing.deletedAt) return { entry: await requireEntry(db, existing.id), flipped: [] }
    const change = { id: existing.id, expectedVersion: existing.version, content, deleted }
    await changeEntries(db, [change], author.cause, author.now)
    return announce(db, deps, author, existing.id, type, [])
  }
  const row = overrideOf(deps, author, series, slot, { content, deleted })
  if (!row)
    throw unprocessable('originalStart', 'must be where an occurrence of the series stands by its rule.')
  await insertEntries(db, [row], author.cause, author.now)
  return announce(db, deps, author, row.id, deleted ? type : 'SCHEDULE_ENTRY_CREATED', [])
}

interface Split {
  before: Series
  after: Series
}

/** The two parts of a series; nothing when all of it lies behind the slot. */
function splitAt({ content }: ScheduleEntry, slot: Slot): Split | null {
  const series = seriesOf(content)
  const wall = wallOf(slot, content.time)
  const parts = series && wall ? splitSeries(series, wall) : null
  return parts?.before && parts.after ? { before: parts.before, after: parts.after } : null
}

const partOf = ({ time, recurrence }: Series): Pick<EventContent, 'time' | 'recurrence'> => ({
  time,
  recurrence,
})

/** The series ends before the split, and a new one continues it, with the changes and with the overrides from there on. */
async function continueSeries(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  series: ScheduleEntry,
  split: Split,
  wish: EntryWish & { rest: EventContent },
): Promise<Written> {
  const id = deps.newId()
  const { tenantId } = author
  const row = { ...wish, id, tenantId, externalRef: null, ownerId: null, icalUid: null, splitFrom: series.id }
  await insertEntries(db, [row], author.cause, author.now)
  const later = (await overridesOf(db, [series.id])).flatMap(({ id: override, originalStart }) =>
    originalStart !== null && occurrenceAt(wish.rest, originalStart) ? [{ id: override, originalStart }] : [],
  )
  const slots = movedSlots(
    wish.rest,
    wish.content,
    later.map(({ originalStart }) => originalStart),
  )
  const given = later.flatMap(({ id: override, originalStart }) => {
    const slot = slots.get(originalStart)
    return slot ? [{ id: override, originalStart: slot }] : []
  })
  await giveOverrides(db, id, given)
  const marked = await endBefore(db, author, series, split.before)
  const others = await markEntriesPending(
    db,
    tenantId,
    given.map((override) => override.id),
    null,
  )
  const ended = await announce(db, deps, author, series.id, 'SCHEDULE_ENTRY_UPDATED', marked)
  const made = await announce(db, deps, author, id, 'SCHEDULE_ENTRY_CREATED', others)
  return { entry: made.entry, flipped: [...new Set([...ended.flipped, ...made.flipped])] }
}

async function endBefore(
  db: Db,
  author: EntryAuthor,
  series: ScheduleEntry,
  before: Series,
): Promise<string[]> {
  const content = { ...series.content, ...partOf(before) }
  const change = { id: series.id, expectedVersion: series.version, content, deleted: false }
  await changeEntries(db, [change], author.cause, author.now)
  const moves = overrideMoves(series.content, content, await overridesOf(db, [series.id]))
  await moveOverrides(db, moves, author.cause, author.now)
  return markEntriesPending(
    db,
    author.tenantId,
    moves.map(({ id }) => id),
    null,
  )
}
