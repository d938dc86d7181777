import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client'
import { maintenanceId, taskQueues } from '../workflows/ids.ts'
import type { webhookMaintenance } from '../workflows/webhook-maintenance.ts'

/** Sees to it that maintenance comes by, for as long as the namespace lives. Workers that start beside each other make one. */
export async function scheduleMaintenance(client: Client, everyMs: number): Promise<void> {
  const spec = { intervals: [{ every: everyMs }] }
  const action = {
    type: 'startWorkflow' as const,
    workflowType: 'webhookMaintenance',
    workflowId: maintenanceId,
    taskQueue: taskQueues.workflows,
    args: [] satisfies Parameters<typeof webhookMaintenance>,
  }
  // A pass that takes longer is not overtaken, and passes that were missed are not made up for: the next one sees everything.
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' as const }
  try {
    await client.schedule.create({ scheduleId: maintenanceId, spec, action, policies })
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    await client.schedule
      .getHandle(maintenanceId)
      .update((known) => ({ ...known, spec, policies: { ...known.policies, ...policies }, action }))
  }
}
