import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** A process as written down for later. Pids are reused, so the moment it began belongs to it. */
export interface Recorded {
  pid: number
  began: string
}

export function record(pid: number): Recorded {
  return { pid, began: beganAt(pid) }
}

/** True as long as that very process runs, not another one that got its pid. */
export function isRunning({ pid, began }: Recorded): boolean {
  return isAlive(pid) && beganAt(pid) === began
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return process.platform !== 'linux' || !/^State:\s+[ZX]/m.test(readProc(pid, 'status') || 'State: X')
}

/** What a process was started as, empty when there is none. */
export function commandLineOf(pid: number): string {
  return process.platform === 'linux'
    ? readProc(pid, 'cmdline').replaceAll('\0', ' ').trim()
    : askPs(pid, 'command')
}

export async function isGoneWithin(pid: number, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false
    await pause(25)
  }
  return true
}

/** Ends a process that an earlier, killed run left behind, provided it is still the one we mean. */
export async function endLeftover(
  pid: number,
  isOurs: (pid: number) => boolean,
  signal: NodeJS.Signals,
): Promise<void> {
  if (!isAlive(pid) || !isOurs(pid)) return
  process.kill(pid, signal)
  if (await isGoneWithin(pid, 5000)) return
  process.kill(pid, 'SIGKILL')
  await isGoneWithin(pid, 5000)
}

function beganAt(pid: number): string {
  if (process.platform !== 'linux') return askPs(pid, 'lstart')
  // The name, field 2, may hold spaces and brackets; the start, in ticks since boot, is field 22.
  const stat = readProc(pid, 'stat')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

function askPs(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}
