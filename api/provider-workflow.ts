import type { WorkflowStartOptions } from '@temporalio/client'
import type { Provider } from '../db/providers.ts'
import { changed, nudged, type calendarProvider } from '../workflows/calendar-provider.ts'
import { calendarProviderId, searchAttributes, taskQueues } from '../workflows/ids.ts'
import type { ApiDeps } from './dependencies.ts'

/** How long Temporal may take to acknowledge before the caller is told to come again. */
const acknowledgeMs = 3_000

export type ProviderIdentity = Pick<Provider, 'id' | 'tenantId' | 'vendor' | 'name'>

/** Starts the provider's workflow; one that runs already is left alone. Call it after the row is committed. */
export async function startProviderWorkflow(deps: ApiDeps, provider: ProviderIdentity): Promise<void> {
  const { temporal } = deps
  await temporal.withDeadline(Date.now() + acknowledgeMs, () =>
    temporal.workflow.start<typeof calendarProvider>('calendarProvider', startOptions(provider)),
  )
}

/** Tells the workflow that the provider's row changed, starting it when it is not there. */
export async function signalChanged(deps: ApiDeps, provider: ProviderIdentity): Promise<void> {
  await signalOrStart(deps, provider, changed)
}

/** Tells the workflow to look, starting it when it is not there. */
export async function signalNudgedOrStart(deps: ApiDeps, provider: ProviderIdentity): Promise<void> {
  await signalOrStart(deps, provider, nudged)
}

/** Tells a running workflow to look. Throws WorkflowNotFoundError when there is none. */
export async function signalNudged(deps: ApiDeps, providerId: string): Promise<void> {
  const { temporal } = deps
  await temporal.withDeadline(Date.now() + acknowledgeMs, () =>
    temporal.workflow.getHandle(calendarProviderId(providerId)).signal(nudged),
  )
}

async function signalOrStart(
  deps: ApiDeps,
  provider: ProviderIdentity,
  signal: typeof changed | typeof nudged,
): Promise<void> {
  const { temporal } = deps
  await temporal.withDeadline(Date.now() + acknowledgeMs, () =>
    temporal.workflow.signalWithStart<typeof calendarProvider>('calendarProvider', {
      ...startOptions(provider),
      signal,
    }),
  )
}

function startOptions(provider: ProviderIdentity) {
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
