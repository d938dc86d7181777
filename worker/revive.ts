import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import type { WorkflowState } from '../activities/index.ts'
import type { calendarProvider } from '../workflows/calendar-provider.ts'
import { changed } from '../workflows/provider-messages.ts'
import { calendarProviderId } from '../workflows/ids.ts'
import { startOptions, type ProviderIdentity } from '../workflows/provider-start.ts'

/** So many tries of one workflow task: the code and the history do not fit, and no retry mends that. */
const stuckAfter = 5

/** Starts a provider's workflow where there is none; maintenance alone does so, so that a late signal recreates nothing. */
export function reviver(client: Client) {
  return async function revive(provider: ProviderIdentity): Promise<WorkflowState> {
    try {
      const { status, raw } = await client.workflow.getHandle(calendarProviderId(provider.id)).describe()
      if (status.name === 'RUNNING')
        return (raw.pendingWorkflowTask?.attempt ?? 0) >= stuckAfter ? 'stuck' : 'runs'
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error
    }
    await client.workflow.signalWithStart<typeof calendarProvider>('calendarProvider', {
      ...startOptions(provider),
      signal: changed,
    })
    return 'revived'
  }
}
