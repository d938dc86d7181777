import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { root } from '../../scripts/parts/command.ts'
import { ourFloating, ourZoned, readCases } from '../support/oracle/cases.ts'
import { pinnedPython } from '../support/python.ts'
import { recurrenceLaws } from '../support/recurrence-laws.ts'

const run = promisify(execFile)
const folder = join(root, 'tests', 'support', 'oracle')
const python = await pinnedPython('recurrence-oracle', join(folder, 'requirements.txt'))
const timeout = 1_800_000

/** Lines of answers to so many rules in floating time and so many series in zones. */
async function askOracle(seed: number, floating: number, zoned: number): Promise<string> {
  const words = [join(folder, 'recurrence.py'), String(seed), String(floating), String(zoned)]
  // Zones come from the pinned package, whatever the machine has.
  const env = { ...process.env, PYTHONTZPATH: '', PYTHONDONTWRITEBYTECODE: '1' }
  const { stdout } = await run(python, words, { env, maxBuffer: 2 ** 28 })
  return stdout
}

test('the answers that are kept for every day are what the libraries say', { timeout }, async () => {
  expect(await askOracle(1, 250, 120)).toBe(readFileSync(join(folder, 'recurrence.jsonl'), 'utf8'))
})

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

describe(`rules drawn with SEED=${seed}`, { timeout }, async () => {
  const { floating, zoned } = readCases(await askOracle(seed, 4000, 1500))

  test('4,000 mean the dates that dateutil reads in them', () => {
    expect(floating).toHaveLength(4000)
    expect(floating.map(ourFloating).filter((ours, index) => differs(ours, floating[index]))).toEqual([])
  })

  test('1,500 series in zones start at the instants that recurring-ical-events finds', () => {
    expect(zoned).toHaveLength(1500)
    expect(zoned.map(ourZoned).filter((ours, index) => differs(ours, zoned[index]))).toEqual([])
  })
})

function differs(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other)
}

describe('for 1,000 series each', { timeout }, () => {
  recurrenceLaws(1000)
})
