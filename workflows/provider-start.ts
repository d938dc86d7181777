import type { WorkflowStartOptions } from '@temporalio/client'
import type { Provider } from '../db/providers.ts'
import type { calendarProvider } from './calendar-provider.ts'
import { calendarProviderId, searchAttributes, taskQueues } from './ids.ts'

export type ProviderIdentity = Pick<Provider, 'id' | 'tenantId' | 'vendor' | 'name'>

/** How a provider's workflow begins, whoever starts it; one that runs already is left alone. */
export function startOptions(provider: ProviderIdentity) {
  const { id, tenantId, vendor, name } = provider
  return {
    workflowId: calendarProviderId(id),
    workflowIdConflictPolicy: 'USE_EXISTING',
    taskQueue: taskQueues.workflows,
    args: [{ tenantId, providerId: id, vendor, name }],
    typedSearchAttributes: [
      { key: searchAttributes.tenantId, value: tenantId },
      { key: searchAttributes.providerId, value: id },
      { key: searchAttributes.vendor, value: vendor },
      { key: searchAttributes.phase, value: 'unauthorized' },
    ],
    memo: { name, vendor },
    staticSummary: name,
  } satisfies WorkflowStartOptions<typeof calendarProvider>
}
