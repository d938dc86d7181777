import { addLatencies } from '../db/change-latencies.ts'
import { conflictPauses } from '../db/conflict-pause.ts'
import { emit, type OutboxType } from '../db/outbox.ts'
import {
  findProvider,
  recordCompletedPass,
  recordProviderError,
  type ProviderError,
} from '../db/providers.ts'
import {
  finishRun as endRun,
  findRun,
  noCounts,
  openRun as beginRun,
  type Outcome,
  type RunCounts,
  type Trigger,
} from '../db/runs.ts'
import type { RunLatency } from '../domain/latency.ts'
import type { ActivityDeps, Halted, OpenedRun, ProviderStep, RunStep } from './deps.ts'
import { isHalted } from './hold-provider.ts'
import { factId } from './idempotency-key.ts'
import { pollDelayMs } from './poll-delay.ts'

/** Why a run failed, as the vendor said it. */
export interface RunFailure {
  code: string
  message: string
  requestId: string | null
  retryAfterMs: number | null
}

export interface RunReport {
  counts: RunCounts
  /** How long the changes it carried took from when they were made; not told by older activities. */
  latency?: RunLatency | null
  nextPollMs: number
  /** How many open conflicts pause the whole provider. */
  conflicts: number
  /** Deletions are held until a person decides; told of a completed run. */
  isHeld: boolean
}

/** Opens a run under the provider's next number, so that people see it from its first moment. */
export async function openRun(
  deps: ActivityDeps,
  step: RunStep & { trigger: Trigger },
): Promise<Halted | { kind: 'gone' } | { kind: 'opened'; run: OpenedRun }> {
  const { tenantId, providerId, runId, trigger } = step
  return deps.database.tenant(tenantId, async (db) => {
    const provider = await findProvider(db, providerId)
    if (!provider) return { kind: 'gone' }
    const halted = isHalted(provider)
    if (halted) return halted
    if (await findRun(db, runId))
      return { kind: 'opened', run: { runId, number: (await findRun(db, runId))?.number ?? 0 } }
    const run = await beginRun(db, { id: runId, tenantId, providerId, trigger, startedAt: deps.now() })
    await tell(db, deps, step, 'CALENDAR_SYNC_STARTED')
    return { kind: 'opened', run: { runId, number: run.number } }
  })
}

/** Ends a run: outcome, Last Sync on a completed pass only, the provider's error, and word to the application. */
export async function finishRun(
  deps: ActivityDeps,
  step: RunStep & { outcome: Outcome; failure: RunFailure | null },
): Promise<RunReport> {
  const at = deps.now()
  return deps.database.tenant(step.tenantId, async (db) => {
    const error: ProviderError | null = step.failure && {
      code: step.failure.code,
      message: step.failure.message,
      requestId: step.failure.requestId,
      at: at.toISOString(),
    }
    let isHeld = false
    const ended = await endRun(db, step.runId, { outcome: step.outcome, error, finishedAt: at })
    if (ended) {
      if (step.outcome === 'completed') ({ isHeld } = await recordCompletedPass(db, step.providerId, at))
      if (step.outcome === 'failed') await recordProviderError(db, step.providerId, error)
      if (ended.latency) await addLatencies(db, step, ended.latency)
      if (step.outcome !== 'skipped') await tell(db, deps, step, endings[step.outcome])
    }
    const run = await findRun(db, step.runId)
    return {
      counts: run?.counts ?? noCounts,
      latency: run?.latency ?? null,
      nextPollMs: await pollDelayMs(db, deps, step.providerId),
      conflicts: (await conflictPauses(db, [step.providerId])).get(step.providerId)?.conflicts ?? 0,
      isHeld,
    }
  })
}

const endings = { completed: 'CALENDAR_SYNC_COMPLETED', failed: 'CALENDAR_SYNC_FAILED' } as const

/** A look failed outside a run: the provider's card says why until the next one that goes well. */
export async function recordFailure(
  deps: ActivityDeps,
  step: ProviderStep & { failure: RunFailure },
): Promise<void> {
  const { code, message, requestId } = step.failure
  await deps.database.tenant(step.tenantId, (db) =>
    recordProviderError(db, step.providerId, { code, message, requestId, at: deps.now().toISOString() }),
  )
}

async function tell(
  db: Parameters<typeof emit>[0],
  deps: ActivityDeps,
  step: RunStep,
  type: OutboxType,
): Promise<void> {
  const id = factId(type, step.runId)
  await emit(db, [
    {
      id,
      tenantId: step.tenantId,
      type,
      subjectId: step.runId,
      data: { providerId: step.providerId },
      at: deps.now(),
    },
  ])
}
