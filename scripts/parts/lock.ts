import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endLeftover, isGoneWithin, isRunning, record, type Recorded } from './alive.ts'

/** Who runs on a data folder: kept in `run.json` for as long as it does. */
export interface Run extends Recorded {
  console: string | null
  stopping: boolean
  /** The processes it started, in that order. */
  parts: (Recorded & { name: string })[]
}

/** Raised when another process runs on the same data folder. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning'
  constructor(dataDir: string, { pid, console }: Run) {
    super(
      `One is already running on ${dataDir}: pid ${pid}, ${console ? `at ${console}` : 'still starting'}. ` +
        `Stop it with Ctrl-C in its terminal or "kill ${pid}", or choose another DATA_DIR.`,
    )
  }
}

export interface Claim {
  addPart(name: string, pid: number): void
  setConsole(url: string): void
  setStopping(): void
  release(): void
}

/** The run that is alive on this data folder, if there is one. */
export function findRun(dataDir: string): Run | null {
  const run = readRun(dataDir)
  return run && isRunning(run) ? run : null
}

/** Takes the data folder for this process. What a killed run left behind is ended first. */
export async function claimDataDir(dataDir: string): Promise<Claim> {
  const file = join(dataDir, 'run.json')
  const run: Run = { ...record(process.pid), console: null, stopping: false, parts: [] }
  for (;;) {
    if (writeIfAbsent(file, run)) break
    const other = readRun(dataDir)
    if (!other) continue
    if (isRunning(other)) {
      // One that was told to stop is nearly gone: waiting is kinder than asking for a second try.
      if (other.stopping && (await isGoneWithin(other.pid, 20_000))) continue
      throw new AlreadyRunning(dataDir, other)
    }
    for (const part of other.parts.toReversed()) {
      await endLeftover(part.pid, () => isRunning(part), 'SIGTERM')
    }
    removeStale(file, other)
  }
  const save = () => replace(file, run)
  return {
    addPart: (name, pid) => {
      run.parts.push({ name, ...record(pid) })
      save()
    },
    setConsole: (url) => {
      run.console = url
      save()
    },
    setStopping: () => {
      run.stopping = true
      save()
    },
    release: () => rmSync(file, { force: true }),
  }
}

function readRun(dataDir: string): Run | null {
  const file = join(dataDir, 'run.json')
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Run
  } catch {
    // Only a full disk leaves half a file: it says nothing, so it holds nobody off.
    rmSync(file, { force: true })
    return null
  }
}

/** A link appears whole or not at all, and fails when the name is taken. */
function writeIfAbsent(file: string, run: Run): boolean {
  const own = `${file}.${process.pid}`
  writeFileSync(own, JSON.stringify(run))
  try {
    linkSync(own, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(own)
  }
}

/** Two may find the same stale record; the one who moves away a newer one puts it back. */
function removeStale(file: string, stale: Run): void {
  const aside = `${file}.${process.pid}.stale`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  const moved = JSON.parse(readFileSync(aside, 'utf8')) as Run
  if (moved.pid === stale.pid && moved.began === stale.began) rmSync(aside)
  else renameSync(aside, file)
}

function replace(file: string, run: Run): void {
  const next = `${file}.${process.pid}`
  writeFileSync(next, JSON.stringify(run))
  renameSync(next, file)
}
