import { join } from 'node:path'
import { root } from './command.ts'
import { startPart, whileRunning, type Part } from './process.ts'

/** The base addresses of the vendors played locally, and of the control over them. */
export interface Sandbox {
  google: string
  microsoft: string
  control: string
}

export function sandboxAt(url: string): Sandbox {
  const base = url.replace(/\/+$/, '')
  return { google: base, microsoft: base, control: `${base}/_sandbox` }
}

/** The sandbox as a process of its own, with a world that outlives it in the data folder. */
export async function startSandbox(
  dataDir: string,
  port: number,
  programs: string = root,
): Promise<{ sandbox: Sandbox; url: string; part: Part }> {
  const stateFile = join(dataDir, 'sandbox', 'world.jsonl')
  const part = await startPart({
    name: 'Sandbox',
    command: process.execPath,
    args: [join(programs, 'sandbox', 'main.ts'), '--port', String(port), '--state', stateFile],
    dataDir,
    cwd: root,
    ours: true,
  })
  await whileRunning(part, () => part.ready, 30_000)
  const url = `http://127.0.0.1:${port}`
  return { sandbox: sandboxAt(url), url, part }
}
