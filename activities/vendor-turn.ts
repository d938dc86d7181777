import type { Cursor } from '../db/cursors.ts'
import { endTurn, takeTurn, type VendorTurn } from '../db/vendor-turns.ts'
import { accountScope } from '../oauth/vendor-wait.ts'
import { isBackfill } from './backfill.ts'
import type { ActivityDeps } from './deps.ts'
import type { HeldProvider } from './hold-provider.ts'

/**
 * Graph serves an app four requests of a mailbox at once (https://learn.microsoft.com/graph/throttling-limits). A provider
 * calls one after the other, so three providers at once leave the fourth for a person who asks: a preview, the list of calendars.
 * Of the three, backfills take two, so that live work finds one.
 */
const most = { all: 3, backfills: 2 }
/** How long an activity may take at most: whoever died in its turn is waited for that long, unless its provider is taken over. */
const turnMs = 2 * 60_000
const askEveryMs = 100

/**
 * Works on a provider when its mailbox lets one more of its calendars call; answers `busy` when none of them is done within
 * the time an activity has. Mailboxes with few calendars, and Google, which counts no calls at once, never wait and write nothing.
 */
export async function inTurn<T>(
  deps: ActivityDeps,
  calling: Calling,
  busy: T,
  work: () => Promise<T>,
  runId?: string,
): Promise<T> {
  if (calling.provider.vendor !== 'microsoft' || calling.calendars <= most.all) return work()
  const turnId = await waitForTurn(deps, calling, runId)
  if (turnId === undefined) return busy
  try {
    return await work()
  } finally {
    await deps.database.tenant(calling.provider.tenantId, (db) => endTurn(db, turnId))
  }
}

type Calling = Pick<HeldProvider, 'provider' | 'calendars'> & { cursor: Cursor | null }

async function waitForTurn(
  deps: ActivityDeps,
  { provider, cursor }: Calling,
  runId: string | undefined,
): Promise<string | undefined> {
  const turnId = deps.newId()
  for (let waitedMs = 0; waitedMs <= deps.budgetMs; waitedMs += askEveryMs) {
    const isOurs = await deps.database.tenant(provider.tenantId, async (db) => {
      const now = deps.now()
      const turn: VendorTurn = {
        providerId: provider.id,
        tenantId: provider.tenantId,
        mailbox: accountScope(provider),
        turnId,
        isBackfill: await isBackfill(db, cursor, runId),
        until: new Date(now.getTime() + turnMs),
      }
      return takeTurn(db, turn, most, now)
    })
    if (isOurs) return turnId
    deps.heartbeat()
    await deps.pause(askEveryMs)
  }
  return undefined
}
