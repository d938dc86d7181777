import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { taskQueues } from './ids.ts'

/** Says that there may be something to send, never what: a lost or doubled one costs one glance at most. */
export const eventsWait = defineSignal('eventsWait')

export interface EndpointIdentity {
  tenantId: string
  endpointId: string
}

/** Sends one webhook endpoint its events, until the endpoint is deleted. It sleeps while nothing waits; what waits is in the database. */
export async function deliverEvents(endpoint: EndpointIdentity): Promise<void> {
  const { deliverDue } = proxyActivities<Activities>({
    taskQueue: taskQueues.workflows,
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  })
  let isAwake = true
  setHandler(eventsWait, () => {
    isAwake = true
  })
  while (!workflowInfo().continueAsNewSuggested) {
    isAwake = false
    const outcome = await deliverDue(endpoint)
    switch (outcome.kind) {
      case 'gone':
        return
      case 'more':
        break
      case 'waits':
        if (outcome.waitMs === null) await condition(() => isAwake)
        else await condition(() => isAwake, outcome.waitMs)
    }
  }
  await continueAsNew<typeof deliverEvents>(endpoint)
}
