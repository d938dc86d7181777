import { setTimeout as pause } from 'node:timers/promises'
import { WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client'
import type { Provider } from '../db/providers.ts'
import { findRun, type Run } from '../db/runs.ts'
import { adviceWhenHalted } from '../domain/phases.ts'
import { syncNow } from '../workflows/provider-messages.ts'
import { calendarProviderId, syncRunId } from '../workflows/ids.ts'
import type { ApiDeps } from './dependencies.ts'
import { conflicting, unavailable, type Problem } from './problem.ts'
import { requireProvider } from './provider-found.ts'
import { refusalOf } from './provider-request.ts'
import { signalChanged, startProviderWorkflow } from './provider-workflow.ts'

/** A person waits for the answer: this long in all, then they are told to come again. */
const patienceMs = 5_000
const gapMs = 150

/** Asks the provider's workflow for a run and answers it; while one is under way, that one. */
export async function syncProvider(deps: ApiDeps, tenantId: string, id: string): Promise<Run> {
  const provider = await requireProvider(deps, tenantId, id)
  const refusal = whyNot(provider)
  if (refusal) throw refusal

  const asked = deps.now()
  const deadline = Date.now() + patienceMs
  let announced = false
  while (Date.now() < deadline) {
    const answer = await askForRun(deps, provider, deadline)
    if (answer.kind === 'run') {
      const run = await deps.database.tenant(tenantId, (db) => findRun(db, answer.runId))
      // A run that ended before it was asked for has not seen what the person wants to see.
      if (run && (run.outcome === null || run.startedAt >= asked)) return run
    }
    // The row says it may run and the workflow has not read that yet: it is told once, and asked again.
    if (answer.kind === 'refused' && !announced) {
      announced = true
      await signalChanged(deps, provider)
    }
    await pause(gapMs)
  }
  throw unavailable('sync-not-started', 'The sync did not start in time. Ask again in a few seconds.', 3)
}

/**
 * The run as it is when it has ended, or after so many seconds. The run's own workflow is waited for, not an update of its provider: of
 * those a workflow takes ten at a time.
 */
export async function untilEnded({ temporal, database }: ApiDeps, run: Run, seconds: number): Promise<Run> {
  await temporal
    .withDeadline(Date.now() + seconds * 1_000, () =>
      temporal.workflow.getHandle(syncRunId(run.providerId, run.number)).result(),
    )
    // How it ended is in the database; one that has not ended goes on.
    .catch(() => {})
  return (await database.tenant(run.tenantId, (db) => findRun(db, run.id))) ?? run
}

type Answer = { kind: 'run'; runId: string } | { kind: 'refused' } | { kind: 'again' }

async function askForRun(deps: ApiDeps, provider: Provider, deadline: number): Promise<Answer> {
  const { temporal } = deps
  try {
    const opened = await temporal.withDeadline(deadline, () =>
      temporal.workflow.getHandle(calendarProviderId(provider.id)).executeUpdate(syncNow),
    )
    return opened ? { kind: 'run', runId: opened.runId } : { kind: 'again' }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      await startProviderWorkflow(deps, provider)
      return { kind: 'again' }
    }
    if (refusalOf(error)) return { kind: 'refused' }
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return { kind: 'again' }
    throw error
  }
}

function whyNot(provider: Provider): Problem | undefined {
  const refuse = (slug: string, detail: string) => conflicting(slug, detail)
  if (provider.authorization === 'unauthorized') {
    return refuse('unauthorized', adviceWhenHalted.unauthorized)
  }
  if (!provider.enabled) return refuse('disabled', 'The provider is disabled: enable it first.')
  if (provider.paused) return refuse('paused', adviceWhenHalted.paused)
  if (provider.authorization === 'reauthorization-required') {
    return refuse('reauthorization-required', adviceWhenHalted['reauthorization-required'])
  }
  return undefined
}
