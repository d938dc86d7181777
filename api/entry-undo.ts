import type { Db } from '../db/connection.ts'
import { findEntryVersion, type EntryVersion } from '../db/entry-versions.ts'
import { knownMemberIds } from '../db/members.ts'
import { assigneesOf, findEntry, type Cause, type ScheduleEntry } from '../db/schedule-entries.ts'
import { undoing, withFields, type EntryState, type HistoryField } from '../domain/history.ts'
import { occurrenceAt } from '../domain/series.ts'
import type { ApiDeps } from './dependencies.ts'
import type { EntryAuthor } from './entry-author.ts'
import { changeEntry, deleteEntry, lockAt, restoreEntry, slotGone, type Written } from './entry-changes.ts'
import { stateOf } from './entry-history.ts'
import { conflicting, unprocessable } from './problem.ts'
import { findSeriesAct, undoSeriesAct } from './series-undo.ts'

/**
 * Takes one change of an entry back, as an edit like any other: the fields it changed become what they were before it. Refused
 * when one of them was changed again since, and when there is nothing to go back to.
 */
export async function undoChange(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  id: string,
  ifMatch: string | undefined,
  version: number,
): Promise<Written> {
  const current = await lockAt(db, id, ifMatch ?? '*')
  const by = { ...author, cause: undoCause(author.cause, version) }
  const after = await findEntryVersion(db, id, version)
  if (!after)
    throw unprocessable('version', `must be a version of the entry: it has 1 to ${current.version}.`)
  const before = await stateBefore(db, current, after)
  const assignees = current.seriesId ? null : ((await assigneesOf(db, [id])).get(id) ?? [])
  const now: EntryState = { ...current, deleted: current.deletedAt !== null, assignees }
  const undo = undoing(before, stateOf(after), now)
  if (undo.kind === 'changed-since') throw changedSince(undo.fields, version)

  const fields = undo.kind === 'undo' ? undo.fields : []
  if (fields.includes('deleted')) {
    const bringOrTake = before.deleted ? deleteEntry : restoreEntry
    return bringOrTake(db, deps, by, id, undefined)
  }
  if (fields.includes('originalStart')) throw movedWithSeries(current)
  const act = current.seriesId === null ? await findSeriesAct(db, current, after) : null
  if (fields.length === 0 && !act) throw await nothingToUndo(db, id, version)
  await requireAssignees(db, fields, before)

  const content = withFields(current.content, before.content, fields)
  const wish = {
    content,
    status: fields.includes('status') ? (before.status ?? current.status) : current.status,
    leftOut: act?.leftOut(current.content, content) ?? null,
  }
  const written = await changeEntry(db, deps, by, id, '*', (_entry, members) => ({
    ...wish,
    assignees: fields.includes('assignees') ? (before.assignees ?? members) : members,
  }))
  return act ? undoSeriesAct(db, deps, by, act, written) : written
}

const undoCause = (cause: Cause, undoes: number): Cause =>
  cause.kind === 'provider' ? cause : { ...cause, undoes }

/** What the entry was before a version. A changed occurrence was what its series shows there. */
async function stateBefore(db: Db, entry: ScheduleEntry, after: EntryVersion): Promise<EntryState> {
  if (after.version > 1) {
    const before = await findEntryVersion(db, entry.id, after.version - 1)
    if (before) return stateOf(before)
  }
  if (entry.seriesId === null) {
    const why = entry.splitFrom
      ? `It continues the entry ${entry.splitFrom}: undo the change of that one which split it.`
      : 'To take it away, delete the entry.'
    throw conflicting('nothing-before', `Version ${after.version} made the entry. ${why}`)
  }
  const series = await findEntry(db, entry.seriesId)
  const slot = entry.originalStart
  const content = series && slot !== null ? occurrenceAt(series.content, slot) : undefined
  if (!content) throw slotGone()
  return { ...stateOf(after), content, deleted: false }
}

const changedSince = (fields: HistoryField[], version: number) =>
  conflicting(
    'changed-since',
    `${fields.join(', ')} changed again since version ${version}: undo the newer change first, or change the entry to what it is to be.`,
    { fields },
  )

/** The change is not there any more, or its words are gone for good. */
async function nothingToUndo(db: Db, id: string, version: number) {
  const erased = await findEntryVersion(db, id, Math.max(version - 1, 1))
  if (erased?.erasedAt)
    return conflicting(
      'words-erased',
      `What the entry said before version ${version} was erased, because a calendar's policy no longer lets it in. It cannot be brought back.`,
    )
  return conflicting(
    'nothing-to-undo',
    `The change of version ${version} is not there any more: the entry already is as it was before it.`,
  )
}

const movedWithSeries = ({ seriesId }: ScheduleEntry) =>
  conflicting('moved-with-series', 'The occurrence moved with its series: undo the change of the series.', {
    entryId: seriesId,
  })

/** Somebody who left the tenant since cannot be assigned again. */
async function requireAssignees(db: Db, fields: HistoryField[], before: EntryState): Promise<void> {
  if (!fields.includes('assignees') || !before.assignees) return
  const known = new Set(await knownMemberIds(db, before.assignees))
  const gone = before.assignees.filter((memberId) => !known.has(memberId))
  if (gone.length === 0) return
  throw conflicting(
    'assignee-inactive',
    'Somebody who was assigned is no active member any more: change the assignees instead.',
    { memberIds: gone },
  )
}
