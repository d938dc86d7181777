import type { calendarProvider } from '../../workflows/calendar-provider.ts'
import { calendarProviderId, taskQueues } from '../../workflows/ids.ts'
import type { Connected, Stack } from './stack.ts'

/** Starts a provider's workflow anew, so that it rolls its history after so many looks. Answers the id of its first run. */
export async function rollAfter(stack: Stack, calendar: Connected, looks: number): Promise<string> {
  const { workflow } = stack.temporal
  const workflowId = calendarProviderId(calendar.id)
  await workflow.getHandle(workflowId).terminate('to be started with shorter histories')
  const { tenantId } = stack
  const identity = { tenantId, providerId: calendar.id, vendor: calendar.vendor, name: 'rolled' }
  const { firstExecutionRunId } = await workflow.start<typeof calendarProvider>('calendarProvider', {
    workflowId,
    taskQueue: taskQueues.workflows,
    memo: { name: 'rolled' },
    args: [{ ...identity, rollAfterLooks: looks }],
  })
  return firstExecutionRunId
}
