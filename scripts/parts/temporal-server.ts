import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { commandLineOf, endLeftover } from './alive.ts'
import { freePort } from './ports.ts'
import { startPart, whileRunning, type Part } from './process.ts'
import { defaultSources, findTemporalBinary } from './temporal-binary.ts'
import { checkTemporal, untilServing } from './temporal-setup.ts'

export interface RunningTemporal {
  address: string
  namespace: string
  /** The Web UI; null when somebody else runs the server. */
  ui: string | null
  part: Part | null
  stop(): Promise<void>
}

export interface TemporalOptions {
  dataDir: string
  /** A server somebody else runs: it is only asked, and prepared, never stopped. */
  address?: string | undefined
  namespace?: string | undefined
  port?: number
  uiPort?: number
  /** More of the server's own dynamic settings, each as `name=JSON`. */
  settings?: readonly string[]
  /** Told what takes a while. */
  announce?: (line: string) => void
}

/** The official dev server with its database in `dataDir`, on 127.0.0.1 only, or the server at `address`. */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const namespace = options.namespace || 'calendar-sync'
  if (options.address) {
    await checkTemporal(options.address, namespace)
    return { address: options.address, namespace, ui: null, part: null, stop: async () => {} }
  }
  const folder = join(resolve(options.dataDir), 'temporal')
  const file = join(folder, 'temporal.db')
  await mkdir(folder, { recursive: true })
  await endLeftoverServer(folder, file)

  const command = await findTemporalBinary({ ...defaultSources(), announce: options.announce })
  const port = options.port ?? (await freePort())
  const uiPort = options.uiPort ?? (await freePort())
  const address = `127.0.0.1:${port}`
  const part = await startPart({
    name: 'Temporal',
    command,
    args: [
      ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
      ['--namespace', namespace, '--db-filename', file, '--log-level', 'error'],
      // Twice the throughput of the defaults, and a killed server still loses nothing.
      ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
      ['--dynamic-config-value', 'matching.enableFairness=true'],
      ...(options.settings ?? []).map((setting) => ['--dynamic-config-value', setting]),
    ].flat(),
    dataDir: resolve(options.dataDir),
    env: withoutTemporalVariables(process.env),
    ours: false,
  })
  await writeFile(join(folder, 'pid'), String(part.pid))
  await whileRunning(part, (given) => untilServing(port, namespace, given), 60_000)
  return { address, namespace, ui: `http://127.0.0.1:${uiPort}`, part, stop: () => part.stop() }
}

async function endLeftoverServer(folder: string, file: string): Promise<void> {
  const pidFile = join(folder, 'pid')
  if (!existsSync(pidFile)) return
  const pid = Number(await readFile(pidFile, 'utf8'))
  await endLeftover(pid, (pid) => commandLineOf(pid).includes(file), 'SIGTERM')
  await rm(pidFile, { force: true })
}

/** The command line reads flags from TEMPORAL_ variables too, and those speak of a client's connection. */
function withoutTemporalVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')))
}
