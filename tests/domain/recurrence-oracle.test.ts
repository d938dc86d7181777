import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ourFloating, ourZoned, readCases } from '../support/oracle/cases.ts'

/** Answered by dateutil and recurring-ical-events; `npm run prove -- recurrence` asks them live, and about thousands more. */
const { floating, zoned } = readCases(
  readFileSync(new URL('../support/oracle/recurrence.jsonl', import.meta.url), 'utf8'),
)

describe('rules mean the dates that independent libraries read in them', () => {
  test.each(floating)('$rule from $start', (asked) => {
    expect(ourFloating(asked)).toEqual(asked)
  })
})

describe('series in zones start at the instants that independent libraries find', () => {
  test.each(zoned)('$lines from $start in $zone', (asked) => {
    expect(ourZoned(asked)).toEqual(asked)
  })
})
