import {
  ActivityFailure,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  setWorkflowOptions,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { taskQueues } from './ids.ts'
import { pinned } from './pinned.ts'

/** What one pass came to, over all tenants. */
export interface MaintenancePass {
  providers: number
  failed: number
}

/** Walks all providers of all tenants, page by page: `calendar-webhook-maintenance` starts it. */
export async function webhookMaintenance(): Promise<MaintenancePass> {
  const { maintainPage, finishMaintenance } = proxyActivities<Activities>({
    taskQueue: taskQueues.workflows,
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  })
  const pass: MaintenancePass = { providers: 0, failed: 0 }
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof maintainPage>> = await maintainPage({ after })
    pass.providers += page.providers
    pass.failed += page.failed
    after = page.after
    setCurrentDetails(`${pass.providers} providers seen to, ${pass.failed} failed`)
  } while (after !== null)
  await finishMaintenance()
  await announce()
  return pass
}

/** A channel that is away is told by a later pass: it must not keep that pass from coming. */
async function announce(): Promise<void> {
  const { announceAlerts } = proxyActivities<Activities>({
    taskQueue: taskQueues.workflows,
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumAttempts: 3 },
  })
  try {
    while ((await announceAlerts()).announced > 0);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
    log.warn('the alert channel did not take what it was to be told')
  }
}

setWorkflowOptions(pinned, webhookMaintenance)
