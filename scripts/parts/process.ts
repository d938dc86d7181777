import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { guard } from './guard.ts'

const keptLines = 40
const logBytesMax = 50_000_000

export interface PartOptions {
  name: string
  command: string
  args: string[]
  dataDir: string
  env?: NodeJS.ProcessEnv
  cwd?: string
  uid?: number
  gid?: number
  /** Our own processes say over IPC when they are ready. */
  ours: boolean
  stopSignal?: NodeJS.Signals
}

/** One running process of the stack. */
export interface Part {
  name: string
  pid: number
  /** Settles when the process is gone, whoever ended it. */
  exited: Promise<string>
  /** The first IPC message that says `{ ready: true }`. */
  ready: Promise<Record<string, unknown>>
  lastLines(): string[]
  logFile: string
  stop(): Promise<void>
  kill(): void
}

/** Raised when a part ends although nobody asked it to. */
export class PartEnded extends Error {
  override readonly name = 'PartEnded'
  constructor(part: Part, how: string) {
    const lines = part.lastLines().map((line) => `    ${line}`)
    super([`${part.name} ended (${how}). Its last lines, from ${part.logFile}:`, ...lines].join('\n'))
  }
}

const running = new Set<Part>()
let closing = false

/** What runs at this moment, in the order it was started. */
export function runningParts(): Part[] {
  return [...running]
}

/** Stops all parts, the last started first; from then on none can be started. */
export async function stopParts(stopped: (part: Part, tookMs: number) => void): Promise<void> {
  closing = true
  for (const part of runningParts().toReversed()) {
    const began = performance.now()
    await part.stop()
    stopped(part, performance.now() - began)
  }
}

/** Starts one process in a session of its own, so that Ctrl-C reaches only the one who stops the parts in order. */
export async function startPart(options: PartOptions): Promise<Part> {
  if (closing) throw new Error(`${options.name} is not started: everything is being stopped.`)
  const logFile = join(options.dataDir, 'logs', `${options.name.toLowerCase().replaceAll(/\W+/g, '-')}.log`)
  mkdirSync(dirname(logFile), { recursive: true })
  const child = spawn(options.command, options.args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...(options.ours ? (['ipc'] as const) : [])],
    env: options.env ?? process.env,
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  })
  const lines = keepLog(child, logFile)
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `by ${signal}` : `exit code ${code}`))
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) =>
      reject(new Error(`${options.name} could not be started: ${error.message}`)),
    )
  })
  const pid = child.pid! // A child that has spawned has a pid.
  const release = guard(pid, options.stopSignal ?? 'SIGTERM')
  void exited.then(release)

  const part: Part = {
    name: options.name,
    pid,
    exited,
    ready: firstReady(child),
    lastLines: () => [...lines],
    logFile,
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill(options.stopSignal ?? 'SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await exited
      clearTimeout(late)
    },
  }
  running.add(part)
  void exited.then(() => running.delete(part))
  return part
}

/** Waits for `work`, or stops it and fails with the part's own last words when that ends first or is not ready in time. */
export async function whileRunning<T>(
  part: Part,
  work: (given: AbortSignal) => Promise<T>,
  withinMs: number,
): Promise<T> {
  const patience = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PartEnded(part, `not ready within ${withinMs / 1000} s`)), withinMs)
  })
  const ended = part.exited.then((how): never => {
    throw new PartEnded(part, how)
  })
  try {
    return await Promise.race([work(patience.signal), ended, late])
  } finally {
    clearTimeout(timer)
    patience.abort()
    ended.catch(() => {})
  }
}

function firstReady(child: ChildProcess): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    child.on('message', (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'ready' in message && message.ready === true) {
        resolve({ ...message })
      }
    })
  })
}

function keepLog(child: ChildProcess, logFile: string): string[] {
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > logBytesMax)
    renameSync(logFile, `${logFile}.1`)
  const lines: string[] = []
  const file = createWriteStream(logFile, { flags: 'a' })
  file.on('error', () => {})
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder()
    let open = ''
    stream?.on('data', (chunk: Buffer) => {
      file.write(chunk)
      const pieces = (open + decoder.write(chunk)).split('\n')
      open = pieces.pop() ?? ''
      lines.push(...pieces.filter((line) => line.trim() !== ''))
      lines.splice(0, lines.length - keptLines)
    })
  }
  child.once('close', () => file.end())
  return lines
}
