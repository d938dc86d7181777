import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  executeChild,
  log,
  makeContinueAsNewFunc,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow'
import type { Vendor } from '../domain/event.ts'
import {
  adviceWhenGone,
  adviceWhenHalted,
  follow,
  isHalted,
  phaseAtRest,
  type Phase,
} from '../domain/phases.ts'
import { retryDelayMs } from '../domain/polls.ts'
import type { Activities, OpenedRun, RunFailure } from '../activities/index.ts'
import { disconnect } from './disconnect.ts'
import { searchAttributes, syncRunId, taskQueues } from './ids.ts'
import { priorityOf } from './priority.ts'
import { renderDetails, timerSummary } from './provider-details.ts'
import {
  changed,
  nudged,
  providerStatus,
  requests,
  syncNow,
  type ProviderRequest,
  type Waiting,
} from './provider-messages.ts'
import { initialState, type ProviderState } from './provider-state.ts'
import { describeFailure, syncRun, type SyncRunInput } from './sync-run.ts'

export interface ProviderInput {
  tenantId: string
  providerId: string
  vendor: Vendor
  /** The operator-given name, for people who read the Temporal Web UI. */
  name: string
  /** Looks after which the history is rolled; the server's own suggestion comes first where it is earlier. */
  rollAfterLooks?: number
  state?: ProviderState
}

/** How a look or a run went well. Those of before the brake was told say nothing of it. */
interface Rested {
  nextPollMs: number
  conflicts?: number
  isHeld?: boolean
}

const defaultRollAfterLooks = 2_000
/** An idle calendar is answered at once; after this many looks in a row a chatty one waits, so that its changes gather. */
const burstLooks = 5
const burstWindowMs = 5_000
const gatherMs = 1_000

/** One connected calendar for as long as it is connected. */
export async function calendarProvider(input: ProviderInput): Promise<void> {
  const { providerId, tenantId, vendor } = input
  const state: ProviderState = input.state ?? initialState(Date.now())
  let run: OpenedRun | null = null
  let stopped: OpenedRun | null = null
  let requested = false
  let draining = false
  let gone = false
  let unforeseen: string | null = null
  let waiting: Waiting | null = null
  let recentLooksMs: number[] = []
  const looks = { begun: 0, ended: 0 }

  const ourWork = (trigger: SyncRunInput['trigger']) =>
    proxyActivities<Activities>({
      taskQueue: taskQueues.workflows,
      startToCloseTimeout: '10 seconds',
      retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
      priority: priorityOf(trigger, tenantId),
    })
  const vendorWork = (trigger: SyncRunInput['trigger']) =>
    proxyActivities<Activities>({
      taskQueue: taskQueues[vendor],
      startToCloseTimeout: '1 minute',
      heartbeatTimeout: '10 seconds',
      retry: { initialInterval: '500 milliseconds', maximumInterval: '10 seconds', maximumAttempts: 3 },
      priority: priorityOf(trigger, tenantId),
    })

  setHandler(nudged, () => {
    state.due ??= 'webhook'
  })
  const readAnew = () => {
    // A nudge does not end a back-off, and one that stands must not keep a changed row from ending it.
    if (state.due === null || (state.due === 'webhook' && patched('a-changed-row-ends-a-back-off')))
      state.due = 'poll'
    state.failures = 0
  }
  setHandler(changed, () => {
    readAnew()
    // Its subscription may be what changed: the vendor may have ended it, or want it renewed before its time.
    if (patched('changed-looks-after-subscription')) state.renewAtMs = null
  })
  setHandler(
    syncNow,
    async () => {
      if (run) return run
      requested = true
      await condition(() => run !== null || draining || !requested)
      return run
    },
    {
      validator: () => {
        refuseWhenGone()
        if (isHalted(state.phase))
          throw ApplicationFailure.nonRetryable(adviceWhenHalted[state.phase], state.phase)
      },
    },
  )
  for (const [name, request] of Object.entries(requests) as [ProviderRequest, typeof requests.pause][]) {
    const validator = name === 'disconnect' ? () => {} : refuseWhenGone
    setHandler(request, () => followRequest(name), { validator })
  }
  setHandler(providerStatus, () => ({
    phase: state.phase,
    run,
    failures: state.failures,
    conflicts: state.conflicts ?? 0,
    waiting,
  }))

  const enter = (wanted: Phase) => {
    const { phase, isForeseen } = follow(state.phase, wanted)
    unforeseen = isForeseen ? null : `Nobody foresaw that ${state.phase} becomes ${wanted}.`
    if (unforeseen) log.warn(unforeseen)
    if (phase === state.phase) return
    state.phase = phase
    upsertSearchAttributes([{ key: searchAttributes.phase, value: phase }])
  }
  const showDetails = () => setCurrentDetails(renderDetails(state, run, unforeseen))
  const mustRoll = () =>
    workflowInfo().continueAsNewSuggested || state.looks >= (input.rollAfterLooks ?? defaultRollAfterLooks)

  while (!mustRoll() && !gone) {
    showDetails()
    await nextReason()
    const trigger = takeReason()
    looks.begun++
    await look(trigger).catch(async (error: unknown) => {
      // Nothing but its own cancellation leaves the loop: whatever else went wrong is waited out.
      if (CancellationScope.current().consideredCancelled) throw error
      const failure = describeFailure(error)
      backOff(failure)
      await settle(failure)
    })
    state.looks++
    looks.ended = looks.begun
    recentLooksMs = [...recentLooksMs, Date.now()].slice(-burstLooks)
  }

  draining = true
  await condition(allHandlersFinished)
  if (gone) return takeApart()
  const info = workflowInfo()
  await makeContinueAsNewFunc<typeof calendarProvider>({ memo: info.memo ?? {} })({
    ...input,
    state: { ...state, looks: 0 },
  })

  function refuseWhenGone(): void {
    if (gone || state.phase === 'disconnecting')
      throw ApplicationFailure.nonRetryable(adviceWhenGone, 'disconnecting')
  }

  /** Answers when a look that began after the request has ended: it has read what was committed before. */
  async function followRequest(name: ProviderRequest): Promise<Phase | null> {
    const { begun } = looks
    readAnew()
    // Who decided something waits to see it carried out, in a run of its own.
    if (name === 'resolve' || name === 'approve') state.due = 'manual'
    await condition(() => looks.ended > begun || draining)
    return looks.ended > begun ? state.phase : null
  }

  /** The provider was deleted: whatever still asks for it finds it so, and nothing begins anew. */
  async function takeApart(): Promise<void> {
    if (!patched('disconnect-saga')) return
    enter('disconnecting')
    showDetails()
    await disconnect({ tenantId, providerId, vendor })
    setCurrentDetails('**disconnected**')
  }

  /** Waits for a person, a nudge or the one deadline; a halted provider waits for its row to change. */
  async function nextReason(): Promise<void> {
    const isDue = () => requested || state.due !== null
    if (isHalted(state.phase)) return condition(isDue)
    const deadline = Math.min(state.pollAtMs, state.renewAtMs ?? Number.POSITIVE_INFINITY)
    const waitMs = Math.max(deadline - Date.now(), 1)
    // A failing provider is not hurried by nudges: only a person skips the back-off.
    const isWoken = () =>
      requested || (state.due !== null && (state.phase !== 'backing-off' || state.due !== 'webhook'))
    waiting = { pollAtMs: state.pollAtMs, renewAtMs: state.renewAtMs }
    if (!isWoken()) await condition(isWoken, waitMs, { summary: timerSummary(state) })
    waiting = null
    const [oldestMs] = recentLooksMs.length < burstLooks ? [] : recentLooksMs
    const isChatty = oldestMs !== undefined && Date.now() - oldestMs < burstWindowMs
    if (isChatty && !requested) {
      await condition(() => requested, gatherMs, { summary: 'let a burst of changes gather' })
    }
  }

  function takeReason(): SyncRunInput['trigger'] {
    const trigger = requested ? 'manual' : (state.due ?? 'poll')
    state.due = null
    return trigger
  }

  async function look(trigger: SyncRunInput['trigger']): Promise<void> {
    if (state.renewAtMs === null || state.renewAtMs <= Date.now()) {
      const ensured = await vendorWork(trigger).ensureSubscription({ providerId, tenantId })
      state.renewAtMs = ensured.renewAtMs
    }
    if (trigger === 'manual') return execute('manual', false)

    const seen = await vendorWork(trigger).look({ providerId, tenantId })
    if (seen.kind === 'gone') return void (gone = true)
    if (seen.kind === 'halted') return halt(seen.phase)
    if (seen.kind === 'busy') return void (state.due = trigger)
    const reason = state.wasConnected ? trigger : 'connect'
    state.wasConnected = true
    if (seen.kind === 'work') return execute(reason, seen.pulled)
    rested(seen)
  }

  async function execute(trigger: SyncRunInput['trigger'], pulled: boolean): Promise<void> {
    const opened = await ourWork(trigger).openRun({ providerId, tenantId, runId: uuid4(), trigger })
    if (opened.kind === 'gone') return void (gone = true)
    if (opened.kind === 'halted') return halt(opened.phase)
    run = opened.run
    requested = false
    enter('syncing')
    showDetails()
    try {
      const result = await executeChild(syncRun, {
        workflowId: syncRunId(providerId, run.number),
        taskQueue: taskQueues.workflows,
        args: [{ runId: run.runId, tenantId, providerId, vendor, trigger, pulled }],
        staticSummary: `${input.name}: ${trigger}`,
        // Its activities inherit it.
        priority: priorityOf(trigger, tenantId),
        typedSearchAttributes: [
          { key: searchAttributes.tenantId, value: tenantId },
          { key: searchAttributes.providerId, value: providerId },
          { key: searchAttributes.vendor, value: vendor },
          { key: searchAttributes.trigger, value: trigger },
        ],
      })
      if (result.outcome === 'failed') return backOff(result.failure)
      if (result.outcome === 'skipped') return void (state.due = 'poll')
      rested(result)
    } catch (error) {
      stopped = run
      throw error
    } finally {
      run = null
    }
  }

  /** A failure that no run reported is put on the provider's card; a run that was stopped from outside is ended. */
  async function settle(failure: RunFailure): Promise<void> {
    if (stopped)
      await ourWork('poll').finishRun({
        tenantId,
        providerId,
        runId: stopped.runId,
        outcome: 'failed',
        failure,
      })
    else await ourWork('poll').recordFailure({ tenantId, providerId, failure })
    stopped = null
  }

  function rested({ nextPollMs, conflicts = 0, isHeld = false }: Rested): void {
    state.failures = 0
    state.pollAtMs = Date.now() + nextPollMs
    state.conflicts = conflicts
    enter(phaseAtRest({ conflicts, isHeld }))
  }

  function halt(phase: Phase): void {
    requested = false
    state.renewAtMs = null
    enter(phase)
  }

  function backOff(failure: RunFailure): void {
    requested = false
    state.failures++
    state.pollAtMs =
      Date.now() + retryDelayMs(state.failures, failure.retryAfterMs ?? undefined, Math.random())
    enter('backing-off')
  }
}
