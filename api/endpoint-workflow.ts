import type { FastifyBaseLogger } from 'fastify'
import type { deliverEvents, EndpointIdentity } from '../workflows/deliver-events.ts'
import { wakeOptions } from '../workflows/endpoint-start.ts'
import type { ApiDeps } from './dependencies.ts'
import { logFailed } from './plugins/logging.ts'

const acknowledgeMs = 3_000

/** Wakes an endpoint's workflow. When that fails the worker does it, some seconds later: what waits is in the database. */
export async function wakeEndpoint(
  { temporal }: ApiDeps,
  endpoint: EndpointIdentity,
  log: FastifyBaseLogger,
): Promise<void> {
  try {
    await temporal.withDeadline(Date.now() + acknowledgeMs, () =>
      temporal.workflow.signalWithStart<typeof deliverEvents>('deliverEvents', wakeOptions(endpoint)),
    )
  } catch (error) {
    logFailed(log, 'a webhook endpoint could not be woken; the worker does it later', error, { ...endpoint })
  }
}
