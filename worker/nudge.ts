import type { Client } from '@temporalio/client'
import type { Database } from '../db/connection.ts'
import { takeNudgeBack, takeStandingNudges } from '../db/providers.ts'
import { nudged } from '../workflows/provider-messages.ts'
import { calendarProviderId } from '../workflows/ids.ts'

export interface NudgedProvider {
  id: string
  tenantId: string
}

/** Signals each provider whose hint flipped. A hint without its signal is taken back, so that the next one signals again. */
export function nudger(client: Client, database: Database) {
  return async function nudge(providers: NudgedProvider[]): Promise<void> {
    for (const { id, tenantId } of providers) {
      try {
        await client.workflow.getHandle(calendarProviderId(id)).signal(nudged)
      } catch {
        await database.tenant(tenantId, (db) => takeNudgeBack(db, id))
      }
    }
  }
}

const standsTooLongMs = 10_000

/** Signals again what stands too long: somebody died between the row and the signal. Answers how many. */
export async function resignal(client: Client, database: Database, now: Date): Promise<number> {
  const before = new Date(now.getTime() - standsTooLongMs)
  const standing = await database.system((db) => takeStandingNudges(db, before, now))
  for (const { id } of standing) {
    // A provider without a workflow is revived by maintenance, not here.
    await client.workflow
      .getHandle(calendarProviderId(id))
      .signal(nudged)
      .catch(() => {})
  }
  return standing.length
}
