import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { inject } from 'vitest'
import { apiClient, type ApiClient } from '../../scripts/api-client.ts'
import { giveConsent } from '../../scripts/consent.ts'
import { freePort } from '../../scripts/parts/ports.ts'
import { checkTemporal } from '../../scripts/parts/temporal-setup.ts'
import type { Vendor } from '../../domain/event.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { asPerson, sandboxControl, type SandboxControl } from './sandbox-control.ts'
import { clients } from './consented.ts'

/** The whole product as processes: API, workers and sandbox, on a database and a Temporal namespace of their own. */
export interface Stack {
  api: ApiClient
  apiUrl: string
  database: TestDatabase
  temporal: Client
  namespace: string
  sandboxUrl: string
  control: SandboxControl
  tenantId: string
  apiKey: string
  workers: ChildProcess[]
  startWorker(): Promise<ChildProcess>
  /** A member of the tenant. */
  makeMember(): Promise<string>
  /** A provider, authorised through the vendor's real consent. */
  connect(vendor: Vendor, memberId: string, before?: (email: string) => Promise<unknown>): Promise<Connected>
  close(): Promise<void>
}

export interface Connected {
  id: string
  vendor: Vendor
  email: string
  person: ReturnType<typeof asPerson>
  titles: () => Promise<string[]>
}

const operatorKey = 'op_for_tests'

export async function startStack(
  options: { pollEveryMs?: number; workers?: number; alertWebhookUrl?: string } = {},
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
  const startWorker = async () => (await launch(children, 'worker/main.ts', [], env)).child
  const starting = Promise.all(Array.from({ length: options.workers ?? 1 }, startWorker))
  const [workers] = await Promise.all([starting, launch(children, 'api/main.ts', [], env)])

  const apiUrl = env.PUBLIC_URL
  const operator = apiClient(apiUrl, operatorKey)
  const made = await operator.post<{ tenant: { id: string }; apiKey: string }>('/tenants', { name: 'Acme' })
  const api = apiClient(apiUrl, made.apiKey)
  for (const vendor of ['google', 'microsoft'] as const) {
    const { id: clientId, secret: clientSecret } = clients[vendor]
    await api.put(`/integrations/${vendor}`, { clientId, clientSecret, endpoints: 'sandbox' })
  }
  const connection = await Connection.connect({ address })
  const control = sandboxControl(`${sandboxUrl}/_sandbox`)
  return {
    api,
    apiUrl,
    database,
    temporal: new Client({ connection, namespace }),
    namespace,
    sandboxUrl,
    control,
    tenantId: made.tenant.id,
    apiKey: made.apiKey,
    workers,
    startWorker,
    makeMember: async () =>
      (await api.post<{ id: string }>('/members', { email: `${randomUUID()}@acme.example`, name: 'Dana' }))
        .id,
    async connect(vendor, memberId, before) {
      const email = `${randomUUID()}@${vendor}.example`
      await control.makeAccount(vendor, email)
      await before?.(email)
      const { id } = await api.post<{ id: string }>('/providers', {
        name: `${vendor} calendar`,
        vendor,
        memberId,
      })
      const { authorizeUrl } = await api.post<{ authorizeUrl: string }>(`/providers/${id}/authorize`)
      const consent = await giveConsent(authorizeUrl, email)
      if (!consent.connected) throw new Error(consent.page)
      const person = asPerson(sandboxUrl, vendor, await control.token(vendor, email))
      const titles = async () => (await control.events(vendor, email)).map((event) => event.title).toSorted()
      return { id, vendor, email, person, titles }
    },
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
): Promise<{ child: ChildProcess; message: Record<string, unknown> }> {
  const child = fork(fileURLToPath(new URL(`../../${file}`, import.meta.url)), args, {
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
