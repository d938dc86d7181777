import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const scripts = join(import.meta.dirname, '..', '..', 'scripts')
const { scripts: lines } = JSON.parse(readFileSync(join(scripts, '..', 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}
const commands = Object.entries(lines)
  .map(([name, line]) => [name, /bootstrap\.mjs (\S+)/.exec(line)?.[1] ?? ''] as const)
  .filter(([, command]) => existsSync(join(scripts, `${command}.ts`)))

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(scripts, 'bootstrap.mjs'), ...args], { encoding: 'utf8' })
}

test.each(commands)('%s answers --help', (name, command) => {
  const { status, stdout, stderr } = run(command, '--help')
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(stdout).toContain(`npm ${['start', 'test'].includes(name) ? '' : 'run '}${name}`)
})

test('a command that does not exist is answered with those that do', () => {
  const { status, stderr } = run('strat')
  expect(status).toBe(1)
  expect(stderr).toContain('There is no command "strat". Commands: bench, check,')
})
