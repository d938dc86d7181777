import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { Context, heartbeat } from '@temporalio/activity'
import type { Client } from '@temporalio/client'
import {
  bundleWorkflowCode,
  Worker,
  type NativeConnection,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker'
import { createActivities, type ActivityDeps } from '../activities/index.ts'
import type { Database } from '../db/connection.ts'
import type { Envelope } from '../db/envelope.ts'
import type { VendorLimits } from '../domain/vendor-limits.ts'
import { taskQueues } from '../workflows/ids.ts'
import { deploymentOptions } from './deployment.ts'
import { toFailure } from './failures.ts'
import { nudger } from './nudge.ts'
import { reviver } from './revive.ts'

export interface WorkerDeps {
  connection: NativeConnection
  namespace: string
  client: Client
  database: Database
  envelope: Envelope
  publicUrl: string
  /** The one clock of all activities. */
  now(this: void): Date
  /** Takes a line of a job. */
  log(this: void, job: string, line: object): void
  pollEveryMs: number
  vendorLimits: VendorLimits
  alertChannel: ActivityDeps['alertChannel']
  webhookNetworks: string[]
  workflowBundle: WorkflowBundleWithSourceMap | { code: string }
  buildId: string | null
}

/** Backfills give their slot back this often, so that live work of other tenants gets its turn (design: 5 s). */
const budgetMs = 4_000
/** An evicted workflow replays at its next wake; 0.36 MB each while cached. */
const cachedWorkflowsMax = 1_000
/** Well within the ten seconds after which a silent activity counts as dead. */
const beatEveryMs = 2_000
/** Each outstanding poll of a worker that freezes swallows one task until it times out: an idle worker holds few. */
const activityPolls = { type: 'autoscaling', minimum: 1, initial: 1, maximum: 10 } as const
const workflowPolls = { type: 'autoscaling', minimum: 2, initial: 2, maximum: 10 } as const
/** Waiting for a vendor is not work: many calls may be under way beside each other. */
const vendorCallsMax = 50

export const bundleWorkflows = () =>
  bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)) })

/** One worker per task queue: workflows with the work that asks no vendor, and one for each vendor. */
export async function createWorkers(deps: WorkerDeps): Promise<Worker[]> {
  const activities = asTemporalActivities(createActivities(activityDeps(deps)))
  const common = {
    connection: deps.connection,
    namespace: deps.namespace,
    activities,
    activityTaskPollerBehavior: activityPolls,
    shutdownGraceTime: '10 seconds',
    maxHeartbeatThrottleInterval: '2 seconds',
    defaultHeartbeatThrottleInterval: '2 seconds',
    ...deploymentOptions(deps.buildId),
  }
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: taskQueues.workflows,
      workflowBundle: deps.workflowBundle,
      maxCachedWorkflows: cachedWorkflowsMax,
      workflowTaskPollerBehavior: workflowPolls,
      stickyQueueScheduleToStartTimeout: '5 seconds',
    }),
    Worker.create({
      ...common,
      taskQueue: taskQueues.google,
      maxConcurrentActivityTaskExecutions: vendorCallsMax,
    }),
    Worker.create({
      ...common,
      taskQueue: taskQueues.microsoft,
      maxConcurrentActivityTaskExecutions: vendorCallsMax,
    }),
  ])
}

function activityDeps(deps: WorkerDeps): ActivityDeps {
  return {
    database: deps.database,
    envelope: deps.envelope,
    now: deps.now,
    pause: (ms) => pause(ms),
    newId: () => randomUUID(),
    chance: () => Math.random(),
    holder: `${hostname()}/${process.pid}`,
    nudge: nudger(deps.client, deps.database),
    revive: reviver(deps.client),
    log: deps.log,
    alertChannel: deps.alertChannel,
    webhookNetworks: deps.webhookNetworks,
    heartbeat: () => heartbeat(),
    publicUrl: deps.publicUrl,
    pollEveryMs: deps.pollEveryMs,
    vendorLimits: deps.vendorLimits,
    budgetMs,
  }
}

/** Every activity with its errors told in Temporal's words. */
function asTemporalActivities(activities: ReturnType<typeof createActivities>) {
  return Object.fromEntries(
    Object.entries(activities).map(([name, run]) => [
      name,
      async (input: never) => {
        const context = Context.current()
        // A slow vendor is no dead worker; a frozen process beats no more, and another takes over.
        const beats = setInterval(() => context.heartbeat(), beatEveryMs)
        try {
          return await run(input)
        } catch (error) {
          throw toFailure(error)
        } finally {
          clearInterval(beats)
        }
      },
    ]),
  )
}
