import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { loadConfig } from '../../config.ts'
import { root } from './command.ts'
import type { Endpoints } from './endpoints.ts'
import { startPostgres } from './postgres.ts'
import { startPart, whileRunning, type Part } from './process.ts'
import { sandboxAt, startSandbox, type Sandbox } from './sandbox.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'
import { startTemporal } from './temporal-server.ts'

export interface BringUp {
  dataDir: string
  settings: Settings
  secrets: Secrets
  env: NodeJS.ProcessEnv
  /** The repository's folder; a test brings up another one's programs. */
  programs: string
  /** Runs one step and tells how long it took. */
  step: <T>(name: string, work: () => Promise<T>) => Promise<T>
}

/** What the demo tenant's program answers: the key tools use, and a link that signs a person in once. */
export interface DemoTenant {
  apiKey: string
  signInLink: string
}

/** Starts everything in the order in which one needs the other, and answers what runs where. */
export async function bringUp(given: BringUp): Promise<Endpoints> {
  const { dataDir, settings, step } = given
  const database = await step(settings.databaseUrl ? 'PostgreSQL, your own' : 'PostgreSQL 18', () =>
    startPostgres({ dataDir, databaseUrl: settings.databaseUrl }),
  )
  const temporal = await step(settings.temporalAddress ? 'Temporal, your own' : 'Temporal dev server', () =>
    startTemporal({
      dataDir,
      address: settings.temporalAddress,
      namespace: settings.temporalNamespace,
      port: settings.temporalPort,
      uiPort: settings.temporalUiPort,
      announce: (line) => console.log(line),
    }),
  )
  const sandbox = settings.sandboxUrl
    ? sandboxAt(settings.sandboxUrl)
    : await step(
        'Sandbox',
        async () => (await startSandbox(dataDir, settings.sandboxPort, given.programs)).sandbox,
      )
  await step('Database schema', () => migrate(given.programs, database.url))

  const env = productEnvironment(given, database.url, temporal.address, sandbox)
  await step('Worker', () => startOurs(given, 'Worker', 'worker/main.ts', env))
  const api = `http://127.0.0.1:${settings.port}`
  await step('API', async () => {
    const part = await startOurs(given, 'API', 'api/main.ts', env)
    await whileRunning(part, (patience) => untilReady(`${api}/readyz`, patience), 60_000)
  })

  const endpoints: Endpoints = {
    console: `${api}/`,
    api,
    apiDocs: `${api}/docs`,
    apiKey: null,
    temporal: { address: temporal.address, namespace: temporal.namespace, ui: temporal.ui },
    database: database.url,
    sandbox,
    pid: process.pid,
  }
  const program = join(given.programs, 'scripts', 'demo-tenant.ts')
  if (!existsSync(program)) return endpoints
  const demo = await step('Demo tenant', () => ensureDemoTenant(program, endpoints, given))
  return { ...endpoints, apiKey: demo.apiKey, console: demo.signInLink }
}

async function migrate(programs: string, databaseUrl: string): Promise<void> {
  const url = pathToFileURL(join(programs, 'db', 'migrate.ts')).href
  const { migrate } = (await import(url)) as { migrate: (databaseUrl: string) => Promise<void> }
  await migrate(databaseUrl)
}

async function ensureDemoTenant(program: string, endpoints: Endpoints, given: BringUp): Promise<DemoTenant> {
  const { ensureDemoTenant } = (await import(pathToFileURL(program).href)) as {
    ensureDemoTenant: (
      endpoints: Endpoints,
      access: { dataDir: string; operatorKey: string },
    ) => Promise<DemoTenant>
  }
  return ensureDemoTenant(endpoints, { dataDir: given.dataDir, operatorKey: given.secrets.operatorKey })
}

/** Every setting that does not depend on what is about to start, checked before anything does. */
export function preflight(given: BringUp): void {
  loadConfig(productEnvironment(given, 'postgres://later', 'later:7233', sandboxAt('http://127.0.0.1')))
}

/** Everything the worker and the API read. What else is set, proxies and the vendors' addresses among it, passes through. */
function productEnvironment(
  { dataDir, settings, secrets, env }: BringUp,
  databaseUrl: string,
  temporalAddress: string,
  sandbox: Sandbox,
): NodeJS.ProcessEnv {
  return {
    ...env,
    DATA_DIR: dataDir,
    PORT: String(settings.port),
    PUBLIC_URL: settings.publicUrl,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: settings.temporalNamespace,
    CALENDAR_OAUTH_ENCRYPTION_KEY: secrets.encryptionKey,
    OPERATOR_KEY: secrets.operatorKey,
    SANDBOX_URL: sandbox.google,
    LOG_LEVEL: env['LOG_LEVEL'] || 'info',
  }
}

async function startOurs(
  { dataDir, programs }: BringUp,
  name: string,
  program: string,
  env: NodeJS.ProcessEnv,
): Promise<Part> {
  const part = await startPart({
    name,
    command: process.execPath,
    args: [join(programs, program)],
    dataDir,
    cwd: root,
    env,
    ours: true,
  })
  await whileRunning(part, () => part.ready, 60_000)
  return part
}

async function untilReady(url: string, given: AbortSignal): Promise<void> {
  while (!given.aborted) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5000) })
      await answer.arrayBuffer()
      if (answer.ok) return
    } catch {
      // Not listening yet, or slow to answer: asked again until the part's time is up.
    }
    await pause(100)
  }
}
