import { conflictPauseOf, nextInConflict } from '../db/conflict-pause.ts'
import type { Db } from '../db/connection.ts'
import { findCursor } from '../db/cursors.ts'
import { openIntents, countOpenIntents } from '../db/intents.ts'
import { hasPending } from '../db/pending.ts'
import { clearNudge, findProvider, recordCompletedPass } from '../db/providers.ts'
import { countInRun } from '../db/runs.ts'
import type { ActivityDeps, Halted, ProviderStep, RunStep } from './deps.ts'
import { holdProvider, holdRows, unlessRevoked, type HeldProvider } from './hold-provider.ts'
import { pollDelayMs } from './poll-delay.ts'
import { isHeldAgainst, narrowStored } from './narrow-stored.ts'
import { pullRound } from './pull-round.ts'
import { isUnderOtherIds, whereverItIs } from './resolve-anew.ts'
import { settleAndPull } from './settle-and-pull.ts'
import { inTurn } from './vendor-turn.ts'

export type Looked =
  | Halted
  | { kind: 'gone' }
  /** Too many calendars of its mailbox are being asked just now: come again. */
  | { kind: 'busy' }
  /** Nothing to do: Last Sync has moved, and no other row but the cursor's. */
  | ({ kind: 'rest'; nextPollMs: number } & Paused)
  | { kind: 'work'; pulled: boolean }

export interface Paused {
  /** How many open conflicts pause the whole provider; none where only their own pairs wait. */
  conflicts: number
  /** Deletions are held until a person decides. */
  isHeld: boolean
}

/** One look in the provider's own workflow. What it finds to do becomes a run; a look that finds nothing leaves no trace. */
export async function look(deps: ActivityDeps, step: ProviderStep): Promise<Looked> {
  const held = await holdProvider(deps, step)
  if (held.kind === 'halted') await narrowHalted(deps, step)
  if (held.kind !== 'held') return held
  return inTurn<Looked>(deps, held, { kind: 'busy' }, () => lookHeld(deps, held))
}

async function lookHeld(deps: ActivityDeps, held: HeldProvider): Promise<Looked> {
  const { provider, cursor } = held
  return unlessRevoked<Looked>(deps, held, async () => {
    const unknown = await held.transaction(async (db) => {
      await clearNudge(db, provider.id)
      return openIntents(db, provider.id, 'sent', 1)
    })
    // Lost answers are settled, first rounds are made and words forgotten where people can watch: in a run.
    const isBehind = cursor.cursor === null || cursor.round !== null || !isHeldAgainst(cursor, provider)
    if (unknown.length > 0 || isBehind) return { kind: 'work', pulled: false }
    const pulled = await whereverItIs(deps, held, async (there) =>
      isUnderOtherIds(there) ? undefined : pullRound(deps, there),
    )
    if (pulled?.outcome !== 'done') return { kind: 'work', pulled: false }
    return held.transaction(async (db) => {
      const conflicts = (await conflictPauseOf(db, provider))?.conflicts ?? 0
      if (await isWork(db, provider.id, conflicts)) return { kind: 'work', pulled: true }
      const { isHeld } = await recordCompletedPass(db, provider.id, deps.now())
      return { kind: 'rest', nextPollMs: await pollDelayMs(db, deps, provider.id), conflicts, isHeld }
    })
  })
}

/** A provider that conflicts pause has work with those alone; what else is marked or planned waits until the last one ends. */
async function isWork(db: Db, providerId: string, conflicts: number): Promise<boolean> {
  if (conflicts > 0) return (await nextInConflict(db, providerId, 0, 1)).length > 0
  return (await hasPending(db, providerId)) || (await countOpenIntents(db, providerId)) > 0
}

/** A calendar that may not be asked, as one that is paused, still has its words erased when its policy no longer lets them in. */
async function narrowHalted(deps: ActivityDeps, step: ProviderStep): Promise<void> {
  const stored = await deps.database.tenant(step.tenantId, async (db) => ({
    provider: await findProvider(db, step.providerId),
    cursor: await findCursor(db, step.providerId),
  }))
  if (!stored.provider || !stored.cursor || isHeldAgainst(stored.cursor, stored.provider)) return
  const held = await holdRows(deps, step)
  if (held) await narrowStored({ ...deps, budgetMs: Number.POSITIVE_INFINITY }, held)
}

/** A run's pull: settles what is unknown, then asks the vendor what changed, for as long as the budget allows. */
export async function pull(deps: ActivityDeps, step: RunStep): Promise<'more' | 'done' | 'halted'> {
  const held = await holdProvider(deps, step)
  if (held.kind !== 'held') return 'halted'
  return inTurn<'more' | 'done' | 'halted'>(deps, held, 'more', () => pullHeld(deps, held, step), step.runId)
}

async function pullHeld(
  deps: ActivityDeps,
  held: HeldProvider,
  step: RunStep,
): Promise<'more' | 'done' | 'halted'> {
  const pulled = await unlessRevoked(deps, held, async () => {
    await held.transaction((db) => clearNudge(db, held.provider.id))
    // Before the first call to the vendor: words that are to go do not wait for one that is slow or away.
    const narrowed = await narrowStored(deps, held, step.runId)
    if (narrowed === 'more') return 'more'
    const { outcome, pages, observed } = await whereverItIs(deps, narrowed, (there) =>
      settleAndPull(deps, there, step.runId),
    )
    await held.transaction((db) => countInRun(db, step.runId, { pages, observed }))
    return outcome
  })
  return typeof pulled === 'string' ? pulled : 'halted'
}
