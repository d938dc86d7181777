import { eventsWait, type deliverEvents, type EndpointIdentity } from './deliver-events.ts'
import { deliverEventsId, searchAttributes, taskQueues } from './ids.ts'

/** How an endpoint's workflow is woken, whoever does it, and started where there is none. */
export function wakeOptions({ tenantId, endpointId }: EndpointIdentity) {
  return {
    workflowId: deliverEventsId(endpointId),
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    taskQueue: taskQueues.workflows,
    args: [{ tenantId, endpointId }] satisfies Parameters<typeof deliverEvents>,
    typedSearchAttributes: [{ key: searchAttributes.tenantId, value: tenantId }],
    staticSummary: 'Events for a webhook endpoint',
    signal: eventsWait,
  }
}
