import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { guard } from './guard.ts'

export const root = join(import.meta.dirname, '..', '..')

/** Every command answers `--help` before it does anything. */
export function answerHelp(text: string): void {
  if (!process.argv.slice(2).some((word) => word === '--help' || word === '-h')) return
  console.log(text.trim())
  process.exit(0)
}

export function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`
}

/** Ends a command with one message and no stack trace. */
export function giveUp(error: unknown): never {
  console.error(`\n✗ ${messageOf(error)}`)
  process.exit(1)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : JSON.stringify(error)
}

/** Runs one program of the repository in the foreground and answers its exit code; it never outlives this process's own end. */
export function runHere(args: string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env })
    const forward = (signal: NodeJS.Signals) => void child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    for (const signal of signals) process.on(signal, forward)
    const watch = whenOrphaned(() => child.kill('SIGTERM'))
    const release = child.pid ? guard(child.pid, 'SIGTERM') : () => {}
    child.once('error', reject)
    child.once('exit', (code) => {
      for (const signal of signals) process.off(signal, forward)
      clearInterval(watch)
      release()
      resolve(code ?? 1)
    })
  })
}

/** A parent that is killed outright tells nobody; its children see only that they have another parent. */
export function whenOrphaned(react: () => void): NodeJS.Timeout {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    react()
  }, 250)
  return timer.unref()
}

export const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
