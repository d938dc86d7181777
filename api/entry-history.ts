import type { Static } from 'typebox'
import { namesOfApiKeys } from '../db/api-keys.ts'
import type { Db } from '../db/connection.ts'
import {
  findEntryVersion,
  listEntryVersions,
  overrideChangesAt,
  type EntryVersion as VersionRow,
} from '../db/entry-versions.ts'
import { findProviders } from '../db/providers.ts'
import { findRuns } from '../db/runs.ts'
import type { Cause, ScheduleEntry } from '../db/schedule-entries.ts'
import { changedBetween, type EntryState } from '../domain/history.ts'
import type { EntryVersion, HistoryCause } from './history-schemas.ts'
import { showContent } from './show-entry.ts'

/** An entry as a version has it, for comparing. */
export const stateOf = ({ content, deleted, status, assignees, originalStart }: VersionRow): EntryState => ({
  content,
  deleted,
  status,
  assignees,
  originalStart,
})

/** A page of an entry's versions, oldest first, each with what it changed and who or what made it. */
export async function readHistory(
  db: Db,
  entry: Pick<ScheduleEntry, 'id' | 'seriesId'>,
  page: { after: number; limit: number },
): Promise<{ version: number; shown: Static<typeof EntryVersion> }[]> {
  const rows = await listEntryVersions(db, entry.id, page)
  const previous = page.after > 0 ? await findEntryVersion(db, entry.id, page.after) : undefined
  const causes = await describeCauses(
    db,
    rows.map(({ cause }) => cause),
  )
  const moments = rows.map(({ at }) => at)
  const acts = new Set(
    (entry.seriesId === null ? await overrideChangesAt(db, entry.id, moments) : []).map(actKey),
  )
  return rows.map((row, index) => {
    const before = rows[index - 1] ?? previous
    const changed: string[] = before ? changedBetween(stateOf(before), stateOf(row)) : []
    if (before && acts.has(actKey(row))) changed.push('occurrences')
    return { version: row.version, shown: { ...showVersion(row), changed, cause: causes(row.cause) } }
  })
}

const actKey = ({ at, cause }: Pick<VersionRow, 'at' | 'cause'>): string =>
  [
    at.getTime(),
    ...Object.entries(cause)
      .map(([name, value]) => `${name}=${value}`)
      .toSorted(),
  ].join()

const showVersion = (row: VersionRow) => ({
  version: row.version,
  deleted: row.deleted,
  at: row.at.toISOString(),
  status: row.status,
  assignees: row.assignees,
  originalStart: row.originalStart,
  wordsErasedAt: row.erasedAt?.toISOString() ?? null,
  ...showContent(row.content),
})

/** Causes with the names people know: of the key, of the calendar and its owner, and of the run with what had it start. */
async function describeCauses(
  db: Db,
  causes: Cause[],
): Promise<(cause: Cause) => Static<typeof HistoryCause>> {
  const fromProviders = causes.flatMap((cause) => (cause.kind === 'provider' ? [cause] : []))
  const keyIds = causes.flatMap((cause) => (cause.kind === 'api-key' ? [cause.id] : []))
  const names = await namesOfApiKeys(db, [...new Set(keyIds)])
  const providerIds = [...new Set(fromProviders.map(({ providerId }) => providerId))]
  const providers = new Map((await findProviders(db, providerIds)).map((row) => [row.id, row]))
  const runIds = [...new Set(fromProviders.flatMap(({ runId }) => runId ?? []))]
  const runs = new Map((await findRuns(db, runIds)).map((row) => [row.id, row]))
  return (cause) => {
    if (cause.kind === 'session') return cause
    if (cause.kind === 'api-key') return { ...cause, name: names.get(cause.id) ?? null }
    const provider = providers.get(cause.providerId)
    const run = runs.get(cause.runId ?? '')
    return {
      ...cause,
      name: provider?.name ?? null,
      memberId: provider?.memberId ?? null,
      run: run ? { number: run.number, trigger: run.trigger } : null,
    }
  }
}
