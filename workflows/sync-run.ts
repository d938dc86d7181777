import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setWorkflowOptions,
  upsertMemo,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import type { Vendor } from '../domain/event.ts'
import type { Activities, RunFailure, RunReport } from '../activities/index.ts'
import { searchAttributes, taskQueues } from './ids.ts'
import { pinned } from './pinned.ts'
import { pausedByConflicts } from './provider-details.ts'
import { renderLatency } from './run-latency.ts'

export interface SyncRunInput {
  runId: string
  tenantId: string
  providerId: string
  vendor: Vendor
  trigger: 'connect' | 'webhook' | 'poll' | 'manual'
  /** The look that started this run has pulled already. */
  pulled: boolean
}

export type SyncRunResult =
  /** `conflicts`: how many pause the whole provider. `isHeld`: deletions wait for a person. */
  | { outcome: 'completed'; nextPollMs: number; conflicts?: number; isHeld?: boolean }
  | { outcome: 'failed'; failure: RunFailure }
  | { outcome: 'skipped' }

const roundsMax = 10
/** In the Temporal Web UI, say. Its provider goes on: it backs off and looks again. */
const wasCancelled: RunFailure = {
  code: 'cancelled',
  message: 'Somebody cancelled the run.',
  requestId: null,
  retryAfterMs: null,
}

/** One sync pass: pull what the vendor changed, decide, push what we decided, settle. */
export async function syncRun(input: SyncRunInput): Promise<SyncRunResult> {
  const { runId, providerId, tenantId } = input
  const vendorWork = proxyActivities<Activities>({
    taskQueue: taskQueues[input.vendor],
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '10 seconds',
    scheduleToCloseTimeout: '30 minutes',
    retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds', maximumAttempts: 8 },
  })
  const ourWork = proxyActivities<Activities>({
    taskQueue: taskQueues.workflows,
    startToCloseTimeout: '1 minute',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
  })

  let failure: RunFailure | null = null
  let skipped = false
  let cancelled: unknown = null
  try {
    let pull = !input.pulled
    for (let round = 0; round < roundsMax; round++) {
      if (pull) {
        setCurrentDetails('Asking the vendor what changed.')
        skipped = (await untilDone(() => vendorWork.pull({ providerId, tenantId, runId }))) === 'halted'
        if (skipped) break
      }
      setCurrentDetails('Deciding what each change means.')
      let after = 0
      while (true) {
        const decided = await ourWork.reconcilePending({ providerId, tenantId, runId, after })
        if (decided.after === null) break
        after = decided.after
      }
      setCurrentDetails('Writing what was decided to the vendor.')
      const pushed = await untilDone(() => vendorWork.push({ providerId, tenantId, runId }))
      skipped = pushed === 'halted'
      if (pushed !== 'moved') break
      // The vendor's side moved under a write: look and decide again.
      pull = true
    }
  } catch (error) {
    cancelled = CancellationScope.current().consideredCancelled ? error : null
    failure = cancelled ? wasCancelled : describeFailure(error)
  }

  const outcome = failure ? 'failed' : skipped ? 'skipped' : 'completed'
  const report = await CancellationScope.nonCancellable(() =>
    ourWork.finishRun({ providerId, tenantId, runId, outcome, failure }),
  )
  upsertSearchAttributes([{ key: searchAttributes.outcome, value: outcome }])
  upsertMemo({ outcome, ...report.counts })
  setCurrentDetails(renderReport(outcome, report, failure))
  if (cancelled) throw cancelled
  if (failure) return { outcome: 'failed', failure }
  const { nextPollMs, conflicts, isHeld } = report
  return skipped ? { outcome: 'skipped' } : { outcome: 'completed', nextPollMs, conflicts, isHeld }
}

setWorkflowOptions(pinned, syncRun)

async function untilDone<T extends string>(step: () => Promise<T>): Promise<Exclude<T, 'more'>> {
  while (true) {
    const outcome = await step()
    if (outcome !== 'more') return outcome as Exclude<T, 'more'>
  }
}

/** The vendor's code, message and request id, as the activity failed with them. */
export function describeFailure(error: unknown): RunFailure {
  if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure) {
    const [details] = error.cause.details ?? []
    const facts = typeof details === 'object' && details !== null ? details : {}
    return {
      code: 'code' in facts && typeof facts.code === 'string' ? facts.code : (error.cause.type ?? 'failed'),
      message: error.cause.message,
      requestId: 'requestId' in facts && typeof facts.requestId === 'string' ? facts.requestId : null,
      retryAfterMs:
        'retryAfterMs' in facts && typeof facts.retryAfterMs === 'number' ? facts.retryAfterMs : null,
    }
  }
  if (error instanceof ActivityFailure) {
    return {
      code: 'timeout',
      message: 'The step did not finish in time.',
      requestId: null,
      retryAfterMs: null,
    }
  }
  if (error instanceof ChildWorkflowFailure) {
    if (isCancellation(error)) return wasCancelled
    return {
      code: 'run-stopped',
      message: 'The run was stopped from outside.',
      requestId: null,
      retryAfterMs: null,
    }
  }
  throw error
}

function renderReport(outcome: string, report: RunReport, failure: RunFailure | null): string {
  const counted = Object.entries(report.counts).map(([name, value]) => `| ${name} | ${value} |`)
  const lines = [...counted, ...renderLatency(report.latency ?? {})]
  const reason = failure ? `\n\n**${failure.code}** ${failure.message} ${failure.requestId ?? ''}` : ''
  const pause = report.conflicts > 0 ? `\n\n${pausedByConflicts(report.conflicts)}` : ''
  return [`**${outcome}**${reason}${pause}`, '', '| | |', '|---|---|', ...lines].join('\n')
}
