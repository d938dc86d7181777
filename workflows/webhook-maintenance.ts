import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { taskQueues } from './ids.ts'

/** What one pass came to, over all tenants. */
export interface MaintenancePass {
  providers: number
  failed: number
}

/** Walks all providers of all tenants, page by page: `calendar-webhook-maintenance` starts it. */
export async function webhookMaintenance(): Promise<MaintenancePass> {
  const { maintainPage, finishMaintenance, announceAlerts } = proxyActivities<Activities>({
    taskQueue: taskQueues.workflows,
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  })
  const startedAtMs = Date.now()
  const pass: MaintenancePass = { providers: 0, failed: 0 }
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof maintainPage>> = await maintainPage({ after })
    pass.providers += page.providers
    pass.failed += page.failed
    after = page.after
    setCurrentDetails(`${pass.providers} providers seen to, ${pass.failed} failed`)
  } while (after !== null)
  await finishMaintenance({ startedAtMs, ...pass })
  while ((await announceAlerts()).announced > 0);
  return pass
}
