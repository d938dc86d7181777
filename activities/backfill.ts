import type { Db } from '../db/connection.ts'
import type { Cursor } from '../db/cursors.ts'
import { findRun } from '../db/runs.ts'

/** The first import and what it leads to, and every other round over all of the calendar. */
export async function isBackfill(db: Db, cursor: Cursor | null, runId: string | undefined): Promise<boolean> {
  if (!cursor || cursor.cursor === null || cursor.round?.kind === 'full') return true
  return runId !== undefined && (await findRun(db, runId))?.trigger === 'connect'
}
