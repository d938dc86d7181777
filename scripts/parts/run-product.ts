import { join } from 'node:path'
import { bringUp, preflight } from './bring-up.ts'
import { messageOf, seconds, whenOrphaned } from './command.ts'
import { openDataDir } from './data-dir.ts'
import { removeEndpoints, table, writeEndpoints, type Endpoints } from './endpoints.ts'
import { claimDataDir, type Claim } from './lock.ts'
import { PartEnded, runningParts, stopParts, type Part } from './process.ts'
import { secretsFor } from './secrets.ts'
import { settingsFrom } from './settings.ts'

/** The whole life of `npm start`: claim the folder, bring everything up, tell where it is, stop it in order. */
export async function runProduct(dataDir: string, programs: string, env: NodeJS.ProcessEnv): Promise<void> {
  const began = performance.now()
  openDataDir(dataDir)
  const claim = await claimDataDir(dataDir)
  const end = endOnce(dataDir, claim)
  // A terminal that is closed, or a reader that leaves, is no reason to fall over.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  // Ctrl-C comes from the terminal and once more from each process above us; only a later one is a second one.
  let firstSignalAt = Number.NaN
  const onSignal = () => {
    if (Number.isNaN(firstSignalAt)) firstSignalAt = performance.now()
    else if (performance.now() - firstSignalAt > 1000) killNow(dataDir, claim)
    void end(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  whenOrphaned(() => void end(0))

  const watched = new Set<Part>()
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now()
    const result = await work()
    console.log(`✓ ${name} ${seconds(began)}`)
    for (const part of runningParts().filter((part) => !watched.has(part))) {
      watched.add(part)
      claim.addPart(part.name, part.pid)
      void part.exited.then((how) => end(1, new PartEnded(part, how)))
    }
    return result
  }
  try {
    const settings = await settingsFrom(env)
    const secrets = secretsFor(dataDir, env)
    const given = { dataDir, settings, secrets, env, programs, step }
    preflight(given)
    const endpoints = await bringUp(given)
    claim.setConsole(endpoints.api)
    const file = writeEndpoints(dataDir, endpoints)
    console.log(`Ready after ${seconds(began)}\n\n${overview(endpoints, file)}\n\nCtrl-C stops everything.`)
  } catch (error) {
    await end(1, error)
  }
}

function overview(endpoints: Endpoints, file: string): string {
  const { temporal, sandbox } = endpoints
  return table([
    [endpoints.apiKey ? 'Console (signs in once)' : 'Console', endpoints.console],
    ['API docs', endpoints.apiDocs],
    ['API key', `apiKey in ${file}`],
    temporal.ui
      ? ['Temporal Web UI', `${temporal.ui}/namespaces/${temporal.namespace}/workflows`]
      : ['Temporal', `${temporal.address}, namespace ${temporal.namespace}`],
    ['Sandbox', sandbox.google],
    ['Logs', join(file, '..', 'logs')],
  ])
}

/** The first reason to end is the one reported; what follows from it is not. */
function endOnce(dataDir: string, claim: Claim): (code: number, error?: unknown) => Promise<void> {
  let ending: Promise<void> | null = null
  const end = async (code: number, error?: unknown) => {
    if (error) console.error(`\n✗ ${messageOf(error)}\n`)
    else console.log('\nStopping …')
    claim.setStopping()
    removeEndpoints(dataDir)
    await stopParts((part, tookMs) => console.log(`  ${part.name} stopped ${(tookMs / 1000).toFixed(1)} s`))
    claim.release()
    process.exit(code)
  }
  return (code, error) => (ending ??= end(code, error))
}

function killNow(dataDir: string, claim: Claim): never {
  for (const part of runningParts()) part.kill()
  removeEndpoints(dataDir)
  claim.release()
  process.exit(1)
}
