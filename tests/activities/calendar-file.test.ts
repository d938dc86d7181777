import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../scripts/parts/command.ts'
import { readOccurrences, takeCalendar } from '../support/calendar-file.ts'
import { testDatabase } from '../support/database.ts'

const folder = join(root, 'tests', 'support', 'oracle')
const days = { from: '2018-10-01', to: '2019-07-28' }

// `npm run prove -- calendar` asks the oracle anew, and about any other file.
test('a busy calendar of a year shows the same occurrences in the schedule, at Google and in Outlook', async () => {
  const expected = readOccurrences(readFileSync(join(folder, 'workshop.jsonl'), 'utf8'), days)
  const database = await testDatabase()
  try {
    const taken = await takeCalendar(database, join(folder, 'workshop.ics'), days)
    expect(taken.imported).toBe(25)
    expect(taken.unsupported).toEqual([])
    expect(taken.google).toEqual(expected)
    expect(taken.schedule).toEqual(expected)
    expect(taken.microsoft).toEqual(expected)
  } finally {
    await database.close()
  }
})
