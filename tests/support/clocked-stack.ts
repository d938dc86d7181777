import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { IllegalStateError } from '@temporalio/common'
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import { createApp } from '../../api/app.ts'
import type { ApiDeps } from '../../api/dependencies.ts'
import type { MaintenanceLine } from '../../activities/index.ts'
import { createEnvelope } from '../../db/envelope.ts'
import { documentedLimits } from '../../domain/vendor-limits.ts'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/server.ts'
import { freePort } from '../../scripts/parts/ports.ts'
import { bundleWorkflows, createWorkers, type WorkerDeps } from '../../worker/workers.ts'
import { calendarProviderId, maintenanceId, taskQueues } from '../../workflows/ids.ts'
import { providerStatus, type Waiting } from '../../workflows/provider-messages.ts'
import type { webhookMaintenance } from '../../workflows/webhook-maintenance.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { openTenant, operatorKey, type OpenedTenant } from './opened-tenant.ts'
import { sandboxControl } from './sandbox-control.ts'
import { until } from './stack.ts'
import { passTimeOf, startSkippingTemporal } from './virtual-time.ts'

/** The whole product in this process with one clock that the test moves: API, workers and sandbox go by it, and the workflows are made to. */
export interface ClockedStack extends OpenedTenant {
  database: TestDatabase
  temporal: Client
  now(): Date
  /** Until when a provider waits, once it has done all there was to do. */
  atRest(providerId: string): Promise<Waiting>
  /** Lets time pass to this instant for all, and waits until these providers have done what they woke for. */
  passTo(instantMs: number, providerIds: string[]): Promise<void>
  /** A pass of maintenance, and the line it logs of each provider. */
  maintain(): Promise<MaintenanceLine[]>
  close(): Promise<void>
}

export interface ClockedOptions {
  pollEveryMs: number
  /** What the vendors leave open, decided otherwise than usual. */
  switches?: NonNullable<SandboxOptions['switches']>
}

export async function startClockedStack({
  pollEveryMs,
  switches = {},
}: ClockedOptions): Promise<ClockedStack> {
  const [server, database, port, sandbox] = await Promise.all([
    startSkippingTemporal(),
    testDatabase(),
    freePort(),
    startSandbox({ switches }),
  ])
  const { address, namespace } = server
  let aheadMs = 0
  const now = () => new Date(Date.now() + aheadMs)
  const lines: MaintenanceLine[] = []
  const connection = await Connection.connect({ address })
  const temporal = new Client({ connection, namespace })
  const product: Product = {
    database,
    envelope: createEnvelope(['a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U=']),
    temporal,
    now,
    publicUrl: `http://127.0.0.1:${port}`,
  }
  const app = await createApp(apiDeps(product, sandbox, pollEveryMs))
  await app.listen({ port, host: '127.0.0.1' })
  const workers = await startWorkers(product, address, {
    pollEveryMs,
    log: (_job, line) => void lines.push(line as MaintenanceLine),
  })

  /** A provider that is at work, or has yet to wake, is asked again. */
  const atRest = async (providerId: string): Promise<Waiting> => {
    const waiting = await until(
      `rest of ${providerId}`,
      () => waitingOf(temporal, providerId),
      (seen) => seen !== null && dueAt(seen) > now().getTime(),
    )
    if (waiting === null) throw new Error('It does not rest.')
    return waiting
  }

  return {
    ...(await openTenant({
      apiUrl: product.publicUrl,
      sandboxUrl: sandbox.url,
      control: sandboxControl(sandbox.control),
    })),
    database,
    temporal,
    now,
    atRest,
    async passTo(instantMs, providerIds) {
      aheadMs = Math.max(instantMs - Date.now(), aheadMs)
      await sandbox.clock.set(now().getTime())
      await Promise.all(providerIds.map((id) => passTimeOf(temporal, calendarProviderId(id), instantMs)))
      await Promise.all(providerIds.map(atRest))
    },
    async maintain() {
      lines.length = 0
      await temporal.workflow.execute<typeof webhookMaintenance>('webhookMaintenance', {
        workflowId: `${maintenanceId}/by-hand`,
        taskQueue: taskQueues.workflows,
        args: [],
      })
      return [...lines]
    },
    async close() {
      await workers.stop()
      await app.close()
      await sandbox.close()
      await Promise.all([connection.close(), database.close()])
      await server.stop()
    },
  }
}

/** What its parts share. */
type Product = Pick<ApiDeps, 'database' | 'envelope' | 'temporal'> & Pick<WorkerDeps, 'now' | 'publicUrl'>

function apiDeps({ publicUrl, ...product }: Product, { url }: Sandbox, pollEveryMs: number): ApiDeps {
  const endpoints = { api: url, authorize: url, token: url }
  return {
    ...product,
    config: {
      publicUrl,
      operatorKey,
      sandboxUrl: url,
      vendorUrls: { google: endpoints, microsoft: endpoints },
      vendorLimits: documentedLimits,
      maintenanceEveryMs: 86_400_000,
      webhookNetworks: [],
      pollEveryMs,
    },
    pause: (ms) => pause(ms),
    patienceMs: 5_000,
    newId: randomUUID,
  }
}

async function startWorkers(
  { temporal, ...product }: Product,
  address: string,
  own: Pick<WorkerDeps, 'pollEveryMs' | 'log'>,
): Promise<{ stop(): Promise<void> }> {
  quietRuntime()
  const connection = await NativeConnection.connect({ address })
  const workers = await createWorkers({
    ...product,
    ...own,
    connection,
    namespace: temporal.options.namespace,
    client: temporal,
    vendorLimits: documentedLimits,
    alertChannel: null,
    webhookNetworks: [],
    workflowBundle: await bundleWorkflows(),
    buildId: null,
  })
  const running = Promise.all(workers.map((worker) => worker.run()))
  return {
    async stop() {
      for (const worker of workers) worker.shutdown()
      await running
      await connection.close()
    },
  }
}

const failedPrecondition = 9

async function waitingOf(temporal: Client, providerId: string): Promise<Waiting | null> {
  try {
    const status = await temporal.workflow.getHandle(calendarProviderId(providerId)).query(providerStatus)
    return status.waiting
  } catch (error) {
    // The run that it goes on as has not begun.
    const { code } = (error as { cause?: { code?: number } }).cause ?? {}
    if (code === failedPrecondition) return null
    throw error
  }
}

/** When a provider that waits wakes by itself, in milliseconds since 1970. */
export const dueAt = ({ pollAtMs, renewAtMs }: Waiting): number =>
  Math.min(pollAtMs, renewAtMs ?? Number.POSITIVE_INFINITY)

/** There is one runtime in a process: another test may have begun it. */
function quietRuntime(): void {
  try {
    Runtime.install({ logger: new DefaultLogger('WARN') })
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error
  }
}
