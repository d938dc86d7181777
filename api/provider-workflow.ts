import type { calendarProvider } from '../workflows/calendar-provider.ts'
import { changed, nudged } from '../workflows/provider-messages.ts'
import { calendarProviderId } from '../workflows/ids.ts'
import { startOptions, type ProviderIdentity } from '../workflows/provider-start.ts'
import type { ApiDeps } from './dependencies.ts'

/** How long Temporal may take to acknowledge before the caller is told to come again. */
const acknowledgeMs = 3_000

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
