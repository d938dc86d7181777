import { proxyActivities, setWorkflowOptions } from '@temporalio/workflow'
import type { Vendor } from '../domain/event.ts'
import type { Activities, Previewed, PreviewStep } from '../activities/index.ts'
import { taskQueues } from './ids.ts'
import { pinned } from './pinned.ts'

export interface PreviewInput extends PreviewStep {
  vendor: Vendor
}

/** What a look of a provider would do, computed where the vendor is asked and kept for whoever asked for it. */
export async function previewProvider({ vendor, ...step }: PreviewInput): Promise<Previewed> {
  const vendorWork = proxyActivities<Activities>({
    taskQueue: taskQueues[vendor],
    startToCloseTimeout: '100 seconds',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '500 milliseconds', maximumAttempts: 2 },
  })
  return vendorWork.preview(step)
}

setWorkflowOptions(pinned, previewProvider)
