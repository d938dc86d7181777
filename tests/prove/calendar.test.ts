import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { root } from '../../scripts/parts/command.ts'
import { readOccurrences, takeCalendar } from '../support/calendar-file.ts'
import { testDatabase } from '../support/database.ts'
import { pinnedPython } from '../support/python.ts'

const run = promisify(execFile)
const folder = join(root, 'tests', 'support', 'oracle')
const python = await pinnedPython('recurrence-oracle', join(folder, 'requirements.txt'))
const timeout = 600_000

async function askOracle(file: string, from: string, to: string): Promise<string> {
  // Zones come from the pinned package, whatever the machine has.
  const env = { ...process.env, PYTHONTZPATH: '', PYTHONDONTWRITEBYTECODE: '1' }
  const words = [join(folder, 'occurrences.py'), file, from, to]
  const { stdout } = await run(python, words, { env, maxBuffer: 2 ** 28 })
  return stdout
}

const kept = { file: join(folder, 'workshop.ics'), from: '2018-10-01', to: '2019-07-28' }
/** Any calendar file: CALENDAR=FILE.ics FROM=2018-10-01 TO=2019-07-28. */
const asked = {
  file: process.env['CALENDAR'] ?? kept.file,
  from: process.env['FROM'] ?? kept.from,
  to: process.env['TO'] ?? kept.to,
}

test('the answers that are kept about a busy calendar are what the library says', { timeout }, async () => {
  const answers = readFileSync(join(folder, 'workshop.jsonl'), 'utf8')
  expect(await askOracle(kept.file, kept.from, kept.to)).toBe(answers)
})

test(`${asked.file} shows the same occurrences everywhere as the library finds`, { timeout }, async () => {
  const expected = readOccurrences(await askOracle(asked.file, asked.from, asked.to), asked)
  const database = await testDatabase()
  try {
    const taken = await takeCalendar(database, asked.file, asked)
    process.stdout.write(
      `${taken.imported} events, ${expected.length} occurrences; could not be held: ${taken.unsupported.join('; ') || 'nothing'}\n`,
    )
    expect(taken.google).toEqual(expected)
    expect(taken.schedule).toEqual(expected)
    expect(taken.microsoft).toEqual(expected)
  } finally {
    await database.close()
  }
})
