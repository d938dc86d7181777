import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const program = join(import.meta.dirname, '../../sandbox/main.ts')

export interface SandboxProcess {
  url: string
  port: number
  /** Ends it as a power cut would: nothing it still wanted to do gets done. */
  kill(): Promise<void>
}

/** The sandbox in a process of its own that keeps its world in a file. */
export async function startProcess(stateFile: string, port = 0): Promise<SandboxProcess> {
  const args = [program, '--port', String(port), '--seed', 'tests', '--state', stateFile]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => void (complaint += chunk.toString()))
  const exited = once(child, 'exit')
  const ready = once(child, 'message')
  const first = await Promise.race([ready, exited.then(() => null)])
  if (first === null) throw new Error(complaint)
  const [message] = first as [{ url: string }]
  return {
    url: message.url,
    port: Number(new URL(message.url).port),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
