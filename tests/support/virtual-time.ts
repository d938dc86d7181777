import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js'
import { startTemporal, type RunningTemporal } from '../../scripts/parts/temporal-server.ts'

/** `FAST_FORWARD_POLLING_RESULT_…` of Temporal's API. */
const polled = { timeout: 1, completed: 2 }

/** A server on which a workflow's time can be made to pass, for as long as a test needs it. */
export async function startSkippingTemporal(): Promise<
  Pick<RunningTemporal, 'address' | 'namespace' | 'stop'>
> {
  const dataDir = await mkdtemp(join('/tmp', 'calendar-sync-test-'))
  const settings = [
    'frontend.WorkflowTimeSkippingEnabled=true',
    // Timers are looked after this often, and with them each leap of time; the usual second would be a minute for a week.
    'history.timerProcessorMaxTimeShift="10ms"',
  ]
  const server = await startTemporal({ dataDir, settings })
  return {
    ...server,
    async stop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/**
 * Lets a workflow's own time, and that of the runs it continues as, pass until this instant. What its timers wake it for on the
 * way is done at its own virtual time; then its time goes on in step with the machine's. Activities see the machine's time: what
 * they are to go by comes with their dependencies. Temporal has this behind a flag and its API is young: nothing else here
 * speaks of it.
 */
export async function passTimeOf(client: Client, workflowId: string, instantMs: number): Promise<void> {
  const { workflowService } = client
  const workflow = { namespace: client.options.namespace, workflowExecution: { workflowId } }
  const spanMs = instantMs - (await virtualNowOf(client, workflowId))
  if (spanMs <= 0) return
  const id = randomUUID()
  await workflowService.updateWorkflowExecutionOptions({
    ...workflow,
    workflowExecutionOptions: {
      timeSkippingConfig: {
        enabled: true,
        disablePropagation: true,
        fastForwardConfig: { id, duration: msToTs(spanMs) },
      },
    },
    updateMask: { paths: ['time_skipping_config'] },
  })
  let result = polled.timeout
  while (result === polled.timeout) {
    const answer = await workflowService.pollWorkflowExecutionTimeSkipping({ ...workflow, fastForwardId: id })
    result = answer.fastForwardPollingResult
    if (result !== polled.timeout && result !== polled.completed)
      throw new Error(`The time of ${workflowId} does not pass: ${answer.failedReason}`)
  }
}

/** What time it is for a workflow, in milliseconds since 1970: the machine's until time was first made to pass. */
async function virtualNowOf(client: Client, workflowId: string): Promise<number> {
  const { raw } = await client.workflow.getHandle(workflowId).describe()
  const at = raw.workflowExtendedInfo?.timeSkippingInfo?.currentTime
  return at ? tsToMs(at) : Date.now()
}
