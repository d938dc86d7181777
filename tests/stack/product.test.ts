import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isAlive } from '../../scripts/parts/alive.ts'
import type { Endpoints } from '../../scripts/parts/endpoints.ts'
import type { Run } from '../../scripts/parts/lock.ts'
import { freePort } from '../../scripts/parts/ports.ts'
import { temporaryFolder } from './temporary.ts'

const parts = join(import.meta.dirname, '..', '..', 'scripts', 'parts')
const listener = (port: string) => `
import { createServer } from 'node:http'
process.on('disconnect', () => process.exit(0))
createServer((_request, answer) => answer.end()).listen(Number(${port}), '127.0.0.1', () => process.send({ ready: true }))
`
const programs = {
  'worker/main.ts': `
console.log('the last thing the worker said')
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
setInterval(() => {}, 1000)
process.send({ ready: true })
`,
  'api/main.ts': listener(`process.env['PORT']`),
  'sandbox/main.ts': listener(`process.argv[3]`),
  'db/migrate.ts': `export async function migrate() {}`,
  'start.ts': `
import { giveUp } from '${join(parts, 'command.ts')}'
import { runProduct } from '${join(parts, 'run-product.ts')}'
await runProduct(process.env['DATA_DIR'], import.meta.dirname, process.env).catch(giveUp)
`,
}

/** The way everything starts and stops, with programs in the places of ours that only say they are ready. */
function productFolder(): { dataDir: string; start: (env?: NodeJS.ProcessEnv) => Started } {
  const dataDir = temporaryFolder()
  const folder = temporaryFolder()
  for (const [file, text] of Object.entries(programs)) {
    mkdirSync(join(folder, file, '..'), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return {
    dataDir,
    start: (env = {}) => {
      const child = spawn(process.execPath, [join(folder, 'start.ts')], {
        env: { ...process.env, DATA_DIR: dataDir, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      onTestFinished(() => void child.kill('SIGTERM'))
      return new Started(child)
    },
  }
}

class Started {
  output = ''
  readonly ended: Promise<unknown>
  readonly child: ChildProcess

  constructor(child: ChildProcess) {
    this.child = child
    this.ended = once(child, 'close')
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()))
    }
  }

  async untilReady(): Promise<void> {
    while (!this.output.includes('Ready after')) {
      if (this.child.exitCode !== null) throw new Error(this.output)
      await Promise.race([once(this.child.stdout ?? this.child, 'data'), this.ended])
    }
  }
}

function readRun(dataDir: string): Run {
  return JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as Run
}

test('one start says where everything is, a second one names it, and Ctrl-C leaves no process behind', async () => {
  const { dataDir, start } = productFolder()
  const first = start()
  await first.untilReady()

  const file = join(dataDir, 'endpoints.json')
  const endpoints = JSON.parse(readFileSync(file, 'utf8')) as Endpoints
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(endpoints).toMatchObject({ pid: first.child.pid, temporal: { namespace: 'calendar-sync' } })
  expect((await fetch(`${endpoints.api}/readyz`)).status).toBe(200)
  const run = readRun(dataDir)
  expect(run.parts.map((part) => part.name)).toEqual(['PostgreSQL', 'Temporal', 'Sandbox', 'Worker', 'API'])

  const second = start()
  await second.ended
  expect(second.child.exitCode).toBe(1)
  expect(second.output).toContain(`pid ${first.child.pid}, at ${endpoints.api}`)

  // The terminal's own, and the same once more from each process above.
  for (let sent = 0; sent < 3; sent++) first.child.kill('SIGINT')
  await first.ended
  expect(first.child.exitCode).toBe(0)
  expect(first.output.match(/\w+(?= stopped)/g)).toEqual([
    'API',
    'Worker',
    'Sandbox',
    'Temporal',
    'PostgreSQL',
  ])
  expect(run.parts.filter((part) => isAlive(part.pid))).toEqual([])
  expect(existsSync(file)).toBe(false)
}, 60_000)

test('after kill -9 the next start recovers; a part that ends is reported with its last words, and all else stops', async () => {
  const { dataDir, start } = productFolder()
  const first = start()
  await first.untilReady()
  const before = readRun(dataDir)
  first.child.kill('SIGKILL')
  await first.ended

  const second = start()
  await second.untilReady()
  expect(before.parts.filter((part) => isAlive(part.pid))).toEqual([])

  const { parts } = readRun(dataDir)
  const worker = parts.find((part) => part.name === 'Worker')
  process.kill(worker?.pid ?? 0, 'SIGKILL')
  await second.ended
  expect(second.child.exitCode).toBe(1)
  expect(second.output).toContain('Worker ended (by SIGKILL)')
  expect(second.output).toContain('the last thing the worker said')
  expect(parts.filter((part) => isAlive(part.pid))).toEqual([])
}, 60_000)

test('what is wrong with the environment is said before anything starts', async () => {
  const { start } = productFolder()
  const port = await freePort()
  const refused = start({ DATABASE_URL: `postgres://me@127.0.0.1:${port}/calendars`, NEXTAUTH_SECRET: '' })
  await refused.ended
  expect(refused.child.exitCode).toBe(1)
  expect(refused.output).toContain('CALENDAR_OAUTH_ENCRYPTION_KEY is not')
  expect(refused.output).not.toMatch(/✓|\bat .*:\d+:\d+/)
})
