import type { Db } from '../db/connection.ts'
import { pairsOfEntries } from '../db/mappings.ts'
import { assigneesOf, findEntry, type ScheduleEntry } from '../db/schedule-entries.ts'
import { forbidden } from './problem.ts'
import type { EntryAnswer } from './schemas.ts'
import { showEntry } from './show-entry.ts'

/** Entries with their assignees and pairs, in as many statements for one as for many. */
export async function showEntries(db: Db, entries: ScheduleEntry[]): Promise<EntryAnswer[]> {
  const ids = entries.map((entry) => entry.id)
  const assignees = await assigneesOf(db, ids)
  const pairs = await pairsOfEntries(db, ids)
  const pairsByEntry = Map.groupBy(pairs, (pair) => pair.entryId)
  return entries.map((entry) =>
    showEntry(entry, assignees.get(entry.id) ?? [], pairsByEntry.get(entry.id) ?? []),
  )
}

/** One entry of the tenant, living or deleted; what is foreign or absent is forbidden alike. */
export async function requireEntry(db: Db, id: string): Promise<EntryAnswer> {
  const entry = await findEntry(db, id)
  const [shown] = entry ? await showEntries(db, [entry]) : []
  if (!shown) throw forbidden()
  return shown
}
