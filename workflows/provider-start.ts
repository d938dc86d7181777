import type { Vendor } from '../domain/event.ts'
import type { calendarProvider } from './calendar-provider.ts'
import { calendarProviderId, searchAttributes, taskQueues } from './ids.ts'

/** What of a provider is told to Temporal. */
export interface ProviderIdentity {
  id: string
  tenantId: string
  vendor: Vendor
  name: string
}

/** How a provider's workflow begins, whoever starts it; one that runs already is left alone. */
export function startOptions(provider: ProviderIdentity) {
  const { id, tenantId, vendor, name } = provider
  return {
    workflowId: calendarProviderId(id),
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    taskQueue: taskQueues.workflows,
    args: [{ tenantId, providerId: id, vendor, name }] satisfies Parameters<typeof calendarProvider>,
    typedSearchAttributes: [
      { key: searchAttributes.tenantId, value: tenantId },
      { key: searchAttributes.providerId, value: id },
      { key: searchAttributes.vendor, value: vendor },
      { key: searchAttributes.phase, value: 'unauthorized' },
    ],
    memo: { name, vendor },
    staticSummary: name,
  }
}
