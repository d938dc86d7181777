import { spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readCommandLine, Unusable, welcome } from '../../sandbox/command-line.ts'

const program = join(import.meta.dirname, '../../sandbox/main.ts')

test('the flags say where the sandbox listens, what it repeats and keeps, and how its clock stands', () => {
  const flags = ['--port', '0', '--seed', 's', '--state', 'f', '--now', '2026-03-05T08:00:00Z', '--frozen']
  expect(readCommandLine(flags)).toEqual({
    port: 0,
    host: '127.0.0.1',
    seed: 's',
    stateFile: 'f',
    now: Date.parse('2026-03-05T08:00:00Z'),
    frozen: true,
    switches: {},
  })
  expect(readCommandLine(['--help'])).toBeNull()
})

test.each([
  [['--port', 'x'], '--port must be'],
  [['--port', '70000'], '--port must be'],
  [['--now', 'noon'], '--now must be'],
  [['--cert', 'a'], '--cert and --key go together'],
  [['--cert', 'nowhere', '--key', 'nowhere'], 'cannot be read'],
  [['--colour', 'red'], 'See --help'],
])('%j is refused in one sentence', (flags, words) => {
  expect(() => readCommandLine(flags)).toThrow(Unusable)
  expect(() => readCommandLine(flags)).toThrow(words)
})

test('a port that is taken is said to be, without a stack trace', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { status, stderr } = spawnSync(process.execPath, [program, '--port', String(port)], {
    encoding: 'utf8',
  })
  expect([status, stderr.trim()]).toEqual([
    1,
    expect.stringMatching(/^Port \d+ at 127\.0\.0\.1 is taken\. Give another/),
  ])
  expect(stderr).not.toContain('    at ')
  await new Promise((resolve) => server.close(resolve))
})

test('a start says where everything is, how to begin and how to stop', () => {
  const text = welcome('http://127.0.0.1:4010', { stateFile: 'world.jsonl' })
  for (const words of ['/calendar/v3', '/v1.0', '/_sandbox', 'kept in world.jsonl', 'Ctrl-C'])
    expect(text).toContain(words)
})
