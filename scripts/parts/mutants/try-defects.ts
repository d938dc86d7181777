import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Defect, Guard } from '../../../tests/mutants/defect.ts'
import { whenOrphaned } from '../command.ts'
import { guard as guardProcess } from '../guard.ts'
import { copyOfCode, type Copy } from './copy.ts'
import { historiesFile, isBy, verdictOf, type Report, type Verdict } from './verdict.ts'

/** One defect with what noticed it. */
export interface Tried {
  defect: Defect
  verdict: Verdict
  /** Guards that noticed nothing. */
  asleep: Guard[]
  tookMs: number
}

export interface Trial {
  /** A PostgreSQL superuser's URL. */
  server: string
  defects: Defect[]
  /** Told after each. */
  onTried(this: void, tried: Tried): void
}

/**
 * Plants one defect after the other in a copy of the code and runs the tests that are to notice it. Throws when a defect does
 * not compile, or a test fails on the code as it is: then nothing could be told.
 */
export async function tryDefects({ server, defects, onTried }: Trial): Promise<Tried[]> {
  const copy = copyOfCode()
  try {
    await requireTypes(copy, defects)
    await requireQuiet(copy, server, defects)
    const tried: Tried[] = []
    for (const defect of defects) {
      const beganMs = performance.now()
      const mend = copy.plant(defect)
      const verdict = await notice(copy, server, defect.caughtBy).finally(mend)
      const asleep = defect.caughtBy.filter((guard) => !verdict.caught.some((caught) => isBy(guard, caught)))
      const one = { defect, verdict, asleep, tookMs: performance.now() - beganMs }
      tried.push(one)
      onTried(one)
    }
    return tried
  } finally {
    copy.remove()
  }
}

export const isNoticed = ({ verdict, asleep }: Tried): boolean =>
  asleep.length === 0 && verdict.caught.length > 0

/** On the code as it is every guard runs, and none notices anything. */
async function requireQuiet(copy: Copy, server: string, defects: Defect[]): Promise<void> {
  const guards = defects.flatMap(({ caughtBy }) => caughtBy)
  const { caught, crashed, ran } = await notice(copy, server, guards)
  const failures = [...caught.map(({ test, words }) => `${test} ${words}`), ...crashed]
  if (failures.length > 0) throw new Error(`Without any defect these fail:\n${failures.join('\n')}`)
  const missing = guards.filter((guard) => !ran.some((test) => isBy(guard, test)))
  if (missing.length === 0) return
  throw new Error(`There are no such tests: ${missing.map((guard) => JSON.stringify(guard)).join(', ')}`)
}

/** All defects at once, each changed file beside the right one: one run of the compiler instead of one for each. */
async function requireTypes(copy: Copy, defects: Defect[]): Promise<void> {
  const written = copy.plantBeside(defects)
  const compile = [join('typescript', 'bin', 'tsc'), '--noEmit', '--pretty', 'false']
  // What a defect no longer uses is no mistake of types.
  const unused = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false']
  const { code, output } = await run(copy, [...compile, ...unused])
  for (const file of written.keys()) rmSync(join(copy.folder, file))
  if (code === 0) return
  const broken = [...written].filter(([file]) => output.includes(`${file}(`)).map(([, { name }]) => name)
  throw new Error(
    `These defects do not compile: ${[...new Set(broken)].join('; ') || 'none by name'}.\n${output}`,
  )
}

/** Runs what is to notice something, and reads what it noticed. */
async function notice(copy: Copy, server: string, guards: Guard[]): Promise<Verdict> {
  const tests = guards.filter((one) => 'test' in one)
  const histories = guards.filter((one) => 'histories' in one)
  const atMost = (kind: string) =>
    Math.max(0, ...histories.map((one) => (one.histories === kind ? one.atMost : 0)))
  const wished = { events: atMost('events'), series: atMost('series'), policies: atMost('policies') }
  const files = new Set([...tests.map(({ file }) => file), ...(histories.length > 0 ? [historiesFile] : [])])
  const names = [
    tests.map(({ test }) => test),
    histories.map((one) => `no history of ${one.histories}`),
  ].flat()
  const output = join(copy.folder, 'report.json')
  rmSync(output, { force: true })
  const ended = await run(
    copy,
    [
      [join('vitest', 'vitest.mjs'), 'run', '--root', copy.folder],
      ['--config', join(copy.folder, 'scripts', 'parts', 'mutants.config.ts')],
      ['--reporter=json', `--outputFile=${output}`],
      ['--testNamePattern', names.map(literally).join('|')],
      [...files],
    ].flat(),
    { MUTANTS_POSTGRES: server, MUTANTS_HISTORIES: JSON.stringify(wished) },
  )
  if (!existsSync(output)) throw new Error(`The tests left no report:\n${ended.output}`)
  return verdictOf(JSON.parse(readFileSync(output, 'utf8')) as Report, copy.folder)
}

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** Runs a program of the repository within the copy; it never outlives us. */
function run(
  { folder }: Copy,
  [program = '', ...args]: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, 'node_modules', program), ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)))
    const watch = whenOrphaned(() => child.kill('SIGTERM'))
    const release = child.pid ? guardProcess(child.pid, 'SIGTERM') : () => {}
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(watch)
      release()
      resolve({ code: code ?? 1, output })
    })
  })
}
