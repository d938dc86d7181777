import type { Db } from '../db/connection.ts'
import { pairsOfEntries } from '../db/mappings.ts'
import { overridesOf } from '../db/overrides.ts'
import { assigneesOf, findEntry, type ScheduleEntry } from '../db/schedule-entries.ts'
import type { Slot } from '../domain/series.ts'
import { forbidden } from './problem.ts'
import type { EntryAnswer } from './entry-schemas.ts'
import { showEntry } from './show-entry.ts'

/** Entries with their assignees and pairs, in as many statements for one as for many. */
export async function showEntries(db: Db, entries: ScheduleEntry[]): Promise<EntryAnswer[]> {
  const ids = entries.map((entry) => entry.id)
  const assignees = await assigneesOf(db, ids)
  const pairs = await pairsOfEntries(db, ids)
  const pairsByEntry = Map.groupBy(pairs, (pair) => pair.entryId)
  const leftOut = await leftOutOf(db, entries)
  return entries.map((entry) =>
    showEntry(
      entry,
      assignees.get(entry.id) ?? [],
      pairsByEntry.get(entry.id) ?? [],
      leftOut.get(entry.id) ?? [],
    ),
  )
}

/** The slots that these series leave out, by series. */
async function leftOutOf(db: Db, entries: ScheduleEntry[]): Promise<Map<string, Slot[]>> {
  const series = entries.flatMap((entry) => (entry.content.recurrence ? entry.id : []))
  const leftOut = new Map<string, Slot[]>()
  for (const { seriesId, originalStart, deletedAt } of await overridesOf(db, series)) {
    if (deletedAt === null || seriesId === null || originalStart === null) continue
    leftOut.set(seriesId, [...(leftOut.get(seriesId) ?? []), originalStart])
  }
  return leftOut
}

/** One entry of the tenant, living or deleted; what is foreign or absent is forbidden alike. */
export async function requireEntry(db: Db, id: string): Promise<EntryAnswer> {
  const entry = await findEntry(db, id)
  const [shown] = entry ? await showEntries(db, [entry]) : []
  if (!shown) throw forbidden()
  return shown
}
