import { setTimeout as pause } from 'node:timers/promises'
import { Connection } from '@temporalio/client'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import { knock } from './ports.ts'

const searchAttributes = ['TenantId', 'ProviderId', 'Vendor', 'Phase', 'Trigger', 'Outcome']

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const keyword = 2
const notFound = 5
const alreadyExists = 6

/** Raised when a Temporal server that somebody named cannot be used. */
export class TemporalUnusable extends Error {
  override readonly name = 'TemporalUnusable'
}

/** Asks the server at TEMPORAL_ADDRESS once, so that a wrong one is one sentence at the start. */
export async function checkTemporal(address: string, namespace: string): Promise<void> {
  let connection: Connection
  try {
    const plain = /^(?<host>[^/]+):(?<port>\d+)$/.exec(address)?.groups
    if (plain) await knock(plain['host'] ?? '', Number(plain['port']), 5000)
    connection = await connectAs(address, 5000)
  } catch (error) {
    throw new TemporalUnusable(
      `TEMPORAL_ADDRESS is ${address}, and no Temporal server answered there (${reasonOf(error)}). ` +
        'Check host and port, and TEMPORAL_TLS and TEMPORAL_API_KEY if it needs them; or unset TEMPORAL_ADDRESS and a server is started here.',
    )
  }
  try {
    await prepare(connection, namespace)
  } catch (error) {
    throw new TemporalUnusable(
      `The Temporal server at ${address} lets us in but not prepare namespace "${namespace}" (${reasonOf(error)}). Let somebody who may run:\n` +
        `  temporal operator namespace create -n ${namespace}\n` +
        searchAttributes
          .map(
            (name) =>
              `  temporal operator search-attribute create -n ${namespace} --name ${name} --type Keyword`,
          )
          .join('\n'),
    )
  } finally {
    await connection.close()
  }
}

/** Waits until a server we started serves the namespace with all search attributes, making what is missing. */
export async function untilServing(port: number, namespace: string, given: AbortSignal): Promise<void> {
  // A refused gRPC connection waits a second before the next try, so we knock by TCP first.
  while (!given.aborted && !(await answers('127.0.0.1', port))) await pause(25)
  while (!given.aborted) {
    try {
      const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: 1000 })
      try {
        await prepare(connection, namespace)
        return
      } finally {
        await connection.close()
      }
    } catch {
      await pause(100)
    }
  }
}

function answers(host: string, port: number): Promise<boolean> {
  return knock(host, port, 1000).then(
    () => true,
    () => false,
  )
}

/** With Temporal's standard variables for TLS and API keys, as the worker and the API will connect too. */
function connectAs(address: string, connectTimeout: number): Promise<Connection> {
  return Connection.connect({ ...loadClientConnectConfig().connectionOptions, address, connectTimeout })
}

async function prepare(connection: Connection, namespace: string): Promise<void> {
  await ensureNamespace(connection, namespace)
  const missing = await missingAttributes(connection, namespace)
  if (missing.length === 0) return
  await tolerating(alreadyExists, () =>
    connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
    }),
  )
  for (let asked = 0; (await missingAttributes(connection, namespace)).length > 0; asked++) {
    if (asked === 100) throw new Error('search attributes did not appear within 10 s')
    await pause(100)
  }
}

async function ensureNamespace(connection: Connection, namespace: string): Promise<void> {
  try {
    await connection.workflowService.describeNamespace({ namespace })
    return
  } catch (error) {
    if (codeOf(error) !== notFound) throw error
  }
  await tolerating(alreadyExists, () =>
    connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 7 * 24 * 3600 } as never,
    }),
  )
  // A new namespace is known to every part of a server only when its caches were read again.
  for (let asked = 0; ; asked++) {
    try {
      await connection.operatorService.listSearchAttributes({ namespace })
      return
    } catch (error) {
      if (codeOf(error) !== notFound || asked === 150) throw error
      await pause(100)
    }
  }
}

async function missingAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
  return searchAttributes.filter((name) => customAttributes[name] === undefined)
}

async function tolerating(code: number, call: () => Promise<unknown>): Promise<void> {
  try {
    await call()
  } catch (error) {
    if (codeOf(error) !== code) throw error
  }
}

function codeOf(error: unknown): number | undefined {
  return (error as { code?: number }).code
}

function reasonOf(error: unknown): string {
  const { details, message } = error as { details?: string; message: string }
  return details || message
}
