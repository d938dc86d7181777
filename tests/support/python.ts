import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { root } from '../../scripts/parts/command.ts'
import { dataDirFrom, openDataDir } from '../../scripts/parts/data-dir.ts'

const run = promisify(execFile)
const folder = join(root, 'tests', 'strangers')

/** Raised when there is no Python to ask. */
class NoPython extends Error {
  override readonly name = 'NoPython'
}

/** A Python with the pinned packages of strangers. */
export function strangersPython(): Promise<string> {
  return pinnedPython('strangers', join(folder, 'requirements.txt'))
}

/** A Python with exactly the packages a file pins, made in the data folder when it is not there; takes a minute then. */
export async function pinnedPython(name: string, requirements: string): Promise<string> {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  const dataDir = dataDirFrom(process.env)
  openDataDir(dataDir)
  const environment = join(dataDir, name)
  const stamp = join(environment, 'requirements.sha256')
  const python = join(environment, 'bin', 'python')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python

  rmSync(environment, { recursive: true, force: true })
  try {
    await run('python3', ['-m', 'venv', environment])
  } catch (error) {
    throw new NoPython('What is asked of Python needs Python 3.10 or later with its venv module.', {
      cause: error,
    })
  }
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-deps']
  await run(python, ['-m', 'pip', 'install', ...quietly, '-r', requirements], { maxBuffer: 2 ** 24 })
  writeFileSync(stamp, wanted)
  return python
}

export interface Fact {
  fact: string
  /** Why it does not hold; nothing when it does. */
  failure: string | null
}

/** What one of the scripts in tests/strangers finds out about a sandbox. */
export async function factsFrom(python: string, script: string, url: string): Promise<Fact[]> {
  const child = spawn(python, [join(folder, script)], {
    env: { ...process.env, SANDBOX_URL: url, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const facts: Fact[] = []
  for await (const line of createInterface(child.stdout)) facts.push(JSON.parse(line) as Fact)
  return facts
}

/** The facts a script sets out to show. */
export function factsIn(script: string): string[] {
  const text = readFileSync(join(folder, script), 'utf8')
  return [...text.matchAll(/^@fact\("(.*)"\)$/gm)].map(([, name = '']) => name)
}
