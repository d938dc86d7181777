import { ApplicationFailure, WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client'
import type { calendarProvider } from '../workflows/calendar-provider.ts'
import { requests, type ProviderRequest } from '../workflows/provider-messages.ts'
import { startOptions, type ProviderIdentity } from '../workflows/provider-start.ts'
import type { ApiDeps } from './dependencies.ts'
import { conflicting, type Problem } from './problem.ts'
import { signalChanged } from './provider-workflow.ts'

const gapMs = 100

/**
 * Asks the provider's workflow to follow what was just committed, and waits a moment until it does: after a pause that was answered
 * nothing more is written. Where no answer comes in time, as when no worker runs, it is told by a signal, which waits for the worker.
 * Throws a Problem (409) when the workflow refuses, and what Temporal's client throws when Temporal is away.
 */
export async function askToFollow(
  deps: ApiDeps,
  provider: ProviderIdentity,
  request: ProviderRequest,
): Promise<void> {
  const deadline = Date.now() + deps.patienceMs
  while (Date.now() < deadline) {
    const answer = await askOnce(deps, provider, request, deadline)
    if (answer === 'followed') return
    if (answer === 'no answer') break
    await deps.pause(gapMs)
  }
  await signalChanged(deps, provider)
}

async function askOnce(
  { temporal }: ApiDeps,
  provider: ProviderIdentity,
  request: ProviderRequest,
  deadline: number,
): Promise<'followed' | 'again' | 'no answer'> {
  const startWorkflowOperation = new WithStartWorkflowOperation<typeof calendarProvider>(
    'calendarProvider',
    startOptions(provider),
  )
  try {
    const phase = await temporal.withDeadline(deadline, () =>
      temporal.workflow.executeUpdateWithStart(requests[request], { startWorkflowOperation }),
    )
    // It was just rolling its history.
    return phase === null ? 'again' : 'followed'
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal) throw refusal
    return 'no answer'
  }
}

/** What a workflow refuses in its own words is a state that does not allow the request. */
export function refusalOf(error: unknown): Problem | undefined {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return
  return conflicting(error.cause.type ?? 'refused', error.cause.message)
}
