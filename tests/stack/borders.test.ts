import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const oxlint = join(root, 'node_modules/.bin/oxlint')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'borders-'))
  await copyFile(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What the linter says of one file in one of our folders. */
async function lint(file: string, code: string): Promise<'passes' | 'fails'> {
  const path = join(folder, file)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, `${code}\n`)
  const outcome = await run(oxlint, ['--no-error-on-unmatched-pattern', file], { cwd: folder }).then(
    () => 'passes' as const,
    (error: { stdout?: string }) =>
      error.stdout?.includes('no-restricted') || error.stdout?.includes('no-process-env')
        ? 'fails'
        : 'passes',
  )
  await rm(path)
  return outcome
}

describe('the linter holds the borders between folders', () => {
  test.each([
    ['domain/probe.ts', "export { x } from '../db/x.ts'"],
    ['domain/probe.ts', "export { readFileSync } from 'node:fs'"],
    ['domain/probe.ts', 'export const now = () => Date.now()'],
    ['domain/probe.ts', 'export const chance = () => Math.random()'],
    ['providers/google/probe.ts', "export { x } from '../../db/x.ts'"],
    ['db/probe.ts', "export { x } from '../providers/x.ts'"],
    ['activities/probe.ts', "export { x } from '../workflows/x.ts'"],
    ['activities/probe.ts', "export { sql } from 'drizzle-orm'"],
    ['workflows/probe.ts', "export { x } from '../activities/x.ts'"],
    ['workflows/probe.ts', "export { x } from '../db/x.ts'"],
    ['api/routes/probe.ts', "export { x } from '../../activities/x.ts'"],
    ['worker/probe.ts', "export { x } from '../api/x.ts'"],
    ['sandbox/probe.ts', "export { x } from '../domain/x.ts'"],
    ['console/probe.ts', "export { x } from '../domain/x.ts'"],
    ['oauth/probe.ts', "export { x } from '../api/x.ts'"],
    ['db/probe.ts', "export const home = process.env['HOME']"],
  ])('%s may not: %s', async (file, code) => {
    expect(await lint(file, code)).toBe('fails')
  })

  test.each([
    ['activities/probe.ts', "export { x } from '../db/x.ts'"],
    ['workflows/probe.ts', "import type { X } from '../activities/x.ts'\nexport type Y = X"],
    ['api/probe.ts', "export { x } from '../workflows/x.ts'"],
    ['console/probe.ts', "import type { X } from '../api/x.ts'\nexport type Y = X"],
    ['oauth/probe.ts', "export { x } from '../db/x.ts'"],
  ])('%s may: %s', async (file, code) => {
    expect(await lint(file, code)).toBe('passes')
  })
})
