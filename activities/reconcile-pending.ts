import type { Db } from '../db/connection.ts'
import { conflictPauses } from '../db/conflict-pause.ts'
import { markPending, settlePending } from '../db/pending.ts'
import { findProvider } from '../db/providers.ts'
import { countInRun } from '../db/runs.ts'
import type { Cause } from '../db/schedule-entries.ts'
import { notifiedSince } from '../db/subscriptions.ts'
import { windowAt } from '../domain/policy.ts'
import type { CalendarProvider } from '../providers/port.ts'
import { applyEntries, applyPairs, countsOf, markAgain, tellOthers, waitsOf } from './apply-batch.ts'
import { holdBack, settleLosses } from './brake.ts'
import { heldBackByConflict, nextMarks } from './conflict-pause.ts'
import { decideBatch, oneAtATime, type Decided } from './decide-batch.ts'
import type { ActivityDeps, RunStep } from './deps.ts'
import { holdProvider } from './hold-provider.ts'
import type { Setting } from './pair-work.ts'

const batchSize = 500

/** Decides one batch of marked pairs and writes the decisions in one transaction; answers where the next batch begins. */
export async function reconcilePending(
  deps: ActivityDeps,
  step: RunStep & { after: number },
): Promise<{ after: number | null }> {
  const held = await holdProvider(deps, step)
  if (held.kind !== 'held') return { after: null }
  const { tenantId } = held.provider
  const result = await held.transaction((db) => reconcileBatch(db, deps, held.calendar, step))
  await deps.nudge(result.nudged.map((id) => ({ id, tenantId })))
  return { after: result.after }
}

export interface Reconciled {
  /** Where the next batch begins; null when there is none. */
  after: number | null
  /** Providers to be told, once this is committed. */
  nudged: string[]
  applied: Decided[]
}

/** One batch within a transaction of the caller's, who sees to it that nobody else works on this provider. */
export async function reconcileBatch(
  db: Db,
  deps: Pick<ActivityDeps, 'now' | 'newId'>,
  calendar: Pick<CalendarProvider, 'unsupported' | 'restoresOccurrences'>,
  step: Omit<RunStep, 'tenantId'> & { after: number },
): Promise<Reconciled> {
  const { providerId, runId } = step
  const { marks, isPaused } = await nextMarks(db, providerId, step.after, batchSize)
  // Read after its marks: a change of direction or policy that made some of them holds for their decisions.
  const provider = await findProvider(db, providerId)
  const last = marks.at(-1)
  if (!last || !provider) return { after: null, nudged: [], applied: [] }
  const now = deps.now()
  const notifiedAt = await notifiedSince(db, providerId, provider.lastSyncAt)
  const cause: Cause = {
    kind: 'provider',
    providerId,
    runId,
    ...(notifiedAt && { notifiedAt: notifiedAt.toISOString() }),
  }
  const setting: Setting = {
    provider,
    window: windowAt(now, provider.policies),
    now,
    newId: () => deps.newId(),
    unsupported: (content) => calendar.unsupported(content),
    restoresOccurrences: calendar.restoresOccurrences,
  }
  const decided = heldBackByConflict(provider, await decideBatch(db, setting, marks), isPaused)
  const { first, waiting } = oneAtATime(decided)
  const allowed = await holdBack(db, setting, first, waiting, last.mark)
  const applied = await applyEntries(db, allowed, cause, now)
  await applyPairs(db, provider, applied, now)
  await settleLosses(db, provider, applied, now)
  await countInRun(db, runId, countsOf(applied), { inbound: waitsOf(applied, provider, now) })
  await settlePending(
    db,
    applied.flatMap(({ pair }) => pair.marks),
  )
  await markAgain(db, provider, applied)
  await markPending(
    db,
    provider.tenantId,
    waiting.flatMap(({ pair }) => pair.marks),
  )
  // The last conflict ended: what it held back lies before this batch.
  const isResumed = isPaused && !(await conflictPauses(db, [providerId])).has(providerId)
  const nudged = await tellOthers(db, provider, applied, now)
  return { after: isResumed ? 0 : last.mark, nudged, applied }
}
