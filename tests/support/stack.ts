import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { inject } from 'vitest'
import { root } from '../../scripts/parts/command.ts'
import { freePort } from '../../scripts/parts/ports.ts'
import { checkTemporal } from '../../scripts/parts/temporal-setup.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { openTenant, operatorKey, type OpenedTenant } from './opened-tenant.ts'
import { sandboxControl } from './sandbox-control.ts'

export type { Connected } from './opened-tenant.ts'

/** The whole product as processes: API, workers and sandbox, on a database and a Temporal namespace of their own. */
export interface Stack extends OpenedTenant {
  database: TestDatabase
  temporal: Client
  namespace: string
  workers: ChildProcess[]
  /** Of the code in another folder, and of a version of its own, where that is wished. */
  startWorker(version?: WorkerVersion): Promise<ChildProcess>
  close(): Promise<void>
}

/** A build id that Temporal knows a worker by, and where its code is. */
export interface WorkerVersion {
  buildId: string
  folder?: string
}

export async function startStack(
  options: {
    pollEveryMs?: number
    workers?: number
    alertWebhookUrl?: string
  } = {},
): Promise<Stack> {
  const namespace = `test-${randomUUID()}`
  const address = inject('temporalAddress')
  const [database, port] = await Promise.all([testDatabase(), freePort(), checkTemporal(address, namespace)])
  const children: ChildProcess[] = []
  const sandbox = await launch(children, 'sandbox/main.ts', ['--port', String(await freePort())], {})
  const sandboxUrl = String(sandbox.message['url'])
  const env = {
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    CALENDAR_OAUTH_ENCRYPTION_KEY: 'a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U=',
    OPERATOR_KEY: operatorKey,
    SANDBOX_URL: sandboxUrl,
    POLL_EVERY_MS: String(options.pollEveryMs ?? 60_000),
    LOG_LEVEL: 'warn',
    ALERT_WEBHOOK_URL: options.alertWebhookUrl ?? '',
  }
  const startWorker = async (version?: WorkerVersion) => {
    const versioned = version ? { ...env, WORKER_BUILD_ID: version.buildId } : env
    return (await launch(children, 'worker/main.ts', [], versioned, version?.folder)).child
  }
  const starting = Promise.all(Array.from({ length: options.workers ?? 1 }, () => startWorker()))
  const [workers] = await Promise.all([starting, launch(children, 'api/main.ts', [], env)])

  const connection = await Connection.connect({ address })
  const control = sandboxControl(`${sandboxUrl}/_sandbox`)
  return {
    ...(await openTenant({ apiUrl: env.PUBLIC_URL, sandboxUrl, control })),
    database,
    temporal: new Client({ connection, namespace }),
    namespace,
    workers,
    startWorker,
    async close() {
      await Promise.all(children.toReversed().map(end))
      await connection.close()
      await database.close()
    },
  }
}

async function launch(
  children: ChildProcess[],
  file: string,
  args: string[],
  env: Record<string, string>,
  folder = root,
): Promise<{ child: ChildProcess; message: Record<string, unknown> }> {
  const child = fork(join(folder, file), args, {
    env: { PATH: process.env['PATH'], TZ: 'America/Chicago', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  children.push(child)
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-4_000)
  })
  child.once('exit', (code, signal) => {
    // A part that ends by itself explains a failure that would otherwise look like somebody else's.
    if (code !== 0 && signal === null) process.stderr.write(`${file} ended with ${code}:\n${said}\n`)
  })
  const first = await Promise.race([
    once(child, 'message') as Promise<[Record<string, unknown>]>,
    once(child, 'exit').then(() => null),
  ])
  if (first === null) throw new Error(`${file} ended before it was ready:\n${said}`)
  return { child, message: first[0] }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGCONT')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(late)
}

/** Waits until it is so, by asking again; says what it saw last when the time is up. */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  isSo: (seen: T) => boolean,
  withinMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + withinMs
  let seen = await ask()
  while (!isSo(seen)) {
    if (Date.now() > deadline)
      throw new Error(
        `${what}: not within ${withinMs} ms; last seen ${JSON.stringify(seen)?.slice(0, 2_000)}`,
      )
    await new Promise((resolve) => setTimeout(resolve, 25))
    seen = await ask()
  }
  return seen
}
