import type { Db } from '../db/connection.ts'
import { changeEntries, insertEntries, lockEntry, setAssignees, setEntryStatus } from '../db/entry-writes.ts'
import { hasLived } from '../db/entry-versions.ts'
import { knownMemberIds } from '../db/members.ts'
import { emit, type OutboxType } from '../db/outbox.ts'
import { markEntriesPending } from '../db/pending.ts'
import { raiseNudges } from '../db/providers.ts'
import { assigneesOf, findEntry, findEntryByExternalRef, type ScheduleEntry } from '../db/schedule-entries.ts'
import { sameContent, type EventContent } from '../domain/event.ts'
import { occurrenceAt } from '../domain/series.ts'
import type { ApiDeps } from './dependencies.ts'
import type { EntryAuthor } from './entry-author.ts'
import { changesLeftOut, leaveOut, moveWithSeries } from './entry-overrides.ts'
import { requireEntry } from './entries-found.ts'
import type { EntryWish } from './entry-input.ts'
import { conflicting, forbidden, invalid, Problem, unprocessable } from './problem.ts'
import type { EntryAnswer } from './entry-schemas.ts'
import { etagOf } from './show-entry.ts'

/** The entry as it stands after a write, and the providers to be told now that it is committed. */
export interface Written {
  entry: EntryAnswer
  flipped: string[]
}

export async function createEntry(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  wish: EntryWish & { externalRef: string | null },
): Promise<Written> {
  await requireMembers(db, wish.assignees)
  const id = deps.newId()
  const row = { ...wish, id, tenantId: author.tenantId, ownerId: null, icalUid: null }
  const made = await insertEntries(db, [row], author.cause, author.now)
  if (made.length > 0) await leaveOut(db, deps, author, { id, ...wish }, wish.leftOut ?? [])
  if (made.length === 0) {
    const holder = wish.externalRef === null ? undefined : await findEntryByExternalRef(db, wish.externalRef)
    throw conflicting(
      'external-ref-taken',
      `The entry ${holder?.id ?? ''} has the externalRef "${wish.externalRef}" already${
        holder?.deletedAt ? ' (it is deleted: restore it)' : ''
      }. Change that one, or use another externalRef.`,
      { entryId: holder?.id ?? null },
    )
  }
  return announce(db, deps, author, id, 'SCHEDULE_ENTRY_CREATED', [])
}

/** Changes an entry that nobody changed since `ifMatch`. A wish that changes nothing makes no version. */
export async function changeEntry(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  id: string,
  ifMatch: string,
  wishFor: (current: ScheduleEntry, assignees: string[]) => EntryWish,
): Promise<Written> {
  const current = await lockAt(db, id, ifMatch)
  if (current.deletedAt) {
    throw conflicting('entry-deleted', 'The entry is deleted: restore it first.')
  }
  const before = (await assigneesOf(db, [id])).get(id) ?? []
  const wish = wishFor(current, before)
  const isReassigned = before.toSorted().join() !== wish.assignees.toSorted().join()
  if (current.seriesId !== null) refuseForOccurrence(wish, isReassigned)
  const isSame =
    sameContent(current.content, wish.content) &&
    zoneOf(current.content) === zoneOf(wish.content) &&
    current.status === wish.status &&
    !isReassigned
  const isLeftOut = wish.leftOut !== null && (await changesLeftOut(db, current, wish.leftOut))
  if (isSame && !isLeftOut) return { entry: await requireEntry(db, id), flipped: [] }

  if (isReassigned) await requireMembers(db, wish.assignees)
  const change = { id, expectedVersion: current.version, content: wish.content, deleted: false }
  await changeEntries(db, [change], author.cause, author.now)
  const moved = await moveWithSeries(db, author, current, wish.content)
  const changed = wish.leftOut ? await leaveOut(db, deps, author, { id, ...wish }, wish.leftOut) : []
  if (wish.status !== current.status) await setEntryStatus(db, id, wish.status)
  // Whoever loses the entry is marked while still assigned, whoever gains it once assigned.
  const marked = await markEntriesPending(
    db,
    author.tenantId,
    [...moved, ...changed, ...(isReassigned ? [id] : [])],
    null,
  )
  if (isReassigned) await setAssignees(db, current, wish.assignees)
  return announce(db, deps, author, id, 'SCHEDULE_ENTRY_UPDATED', marked)
}

function refuseForOccurrence({ content }: EntryWish, isReassigned: boolean): void {
  if (content.recurrence) throw unprocessable('recurrence', 'must be left out: one occurrence has no rule.')
  if (isReassigned)
    throw unprocessable('assignees', 'must be left out: an occurrence has those of its series.')
}

/** The same moment told in another zone is a change people see. */
const zoneOf = ({ time }: EventContent): string | null => (time.kind === 'dateTime' ? time.zone : null)

/** Deletes an entry, leaving a tombstone; one that is deleted already stays as it is. */
export async function deleteEntry(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  id: string,
  ifMatch: string | undefined,
): Promise<Written> {
  const current = await lockAt(db, id, ifMatch ?? '*')
  if (current.deletedAt) return { entry: await requireEntry(db, id), flipped: [] }
  const change = { id, expectedVersion: current.version, content: current.content, deleted: true }
  await changeEntries(db, [change], author.cause, author.now)
  return announce(db, deps, author, id, 'SCHEDULE_ENTRY_DELETED', [])
}

/** Brings a deleted entry back as it was. */
export async function restoreEntry(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  id: string,
  ifMatch: string | undefined,
): Promise<Written> {
  const current = await lockAt(db, id, ifMatch ?? '*')
  if (!current.deletedAt) return { entry: await requireEntry(db, id), flipped: [] }
  const content = await contentBack(db, current)
  const change = { id, expectedVersion: current.version, content, deleted: false }
  await changeEntries(db, [change], author.cause, author.now)
  return announce(db, deps, author, id, 'SCHEDULE_ENTRY_UPDATED', [])
}

/** A slot that never had content of its own shows again what its series shows there. */
async function contentBack(db: Db, { id, seriesId, originalStart, content }: ScheduleEntry) {
  if (seriesId === null) return content
  const series = await findEntry(db, seriesId)
  if (!series || series.deletedAt)
    throw conflicting('series-deleted', 'The series is deleted: restore it first.', { entryId: seriesId })
  const plain = originalStart === null ? undefined : occurrenceAt(series.content, originalStart)
  if (!plain) throw slotGone()
  return (await hasLived(db, id)) ? content : plain
}

export const slotGone = (): Problem =>
  conflicting(
    'slot-gone',
    'The series has no occurrence there any more: undo the change of the series that took it away.',
  )

/** Marks the work, writes the event and raises the hints: all in the transaction that made the change. */
export async function announce(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  id: string,
  type: OutboxType,
  marked: string[],
): Promise<Written> {
  const providers = new Set([...marked, ...(await markEntriesPending(db, author.tenantId, [id], null))])
  const entry = await requireEntry(db, id)
  const data = { version: entry.version }
  await emit(db, [{ id: deps.newId(), tenantId: author.tenantId, type, subjectId: id, data, at: author.now }])
  // Always in the same order, so that two changes at once never wait for each other.
  const flipped = await raiseNudges(db, [...providers].toSorted(), author.now)
  return { entry, flipped }
}

/** The entry at the version the caller saw, held until the transaction ends. */
export async function lockAt(db: Db, id: string, ifMatch: string): Promise<ScheduleEntry> {
  const entry = await lockEntry(db, id)
  if (!entry) throw forbidden()
  const tags = ifMatch.split(',').map((tag) => tag.trim())
  if (tags.includes('*') || tags.includes(etagOf(entry.version))) return entry
  throw new Problem(
    412,
    'entry-moved-on',
    'The entry changed meanwhile',
    `The entry is at ${etagOf(entry.version)}: read it again, then change it with that If-Match.`,
    { facts: { version: entry.version } },
  )
}

async function requireMembers(db: Db, ids: string[]): Promise<void> {
  const known = new Set(await knownMemberIds(db, ids))
  const unknown = ids.findIndex((id) => !known.has(id))
  if (unknown >= 0) throw invalid(`assignees.${unknown}`, 'must name an active member of the tenant.')
}
