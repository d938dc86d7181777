import type { PatternedRecurrence } from '@microsoft/microsoft-graph-types'
import { assert, constantFrom, date, integer, property, record, uniqueArray } from 'fast-check'
import { expect, test } from 'vitest'
import { datesFrom } from '../../sandbox/microsoft/pattern-dates.ts'
import { linesOf } from '../../sandbox/microsoft/pattern.ts'
import { occurrencesOf } from '../../sandbox/recurrence.ts'

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const types = [
  'daily',
  'weekly',
  'absoluteMonthly',
  'relativeMonthly',
  'absoluteYearly',
  'relativeYearly',
] as const

const pattern = record({
  type: constantFrom(...types),
  interval: integer({ min: 1, max: 4 }),
  month: integer({ min: 1, max: 12 }),
  dayOfMonth: integer({ min: 1, max: 31 }),
  daysOfWeek: uniqueArray(constantFrom(...days), { minLength: 1, maxLength: 7 }),
  firstDayOfWeek: constantFrom(...days),
  index: constantFrom(
    'first' as const,
    'second' as const,
    'third' as const,
    'fourth' as const,
    'last' as const,
  ),
})
const startDate = date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2030-12-31T00:00:00Z'),
  noInvalidDate: true,
}).map((day) => day.toISOString().slice(0, 10))
const shortMonths = constantFrom('lastDay' as const, 'skipped' as const)
const count = integer({ min: 1, max: 30 })

test('a pattern falls on the days its RFC 5545 rule falls on', () => {
  assert(
    property(pattern, startDate, shortMonths, count, (pattern, startDate, shortMonths, count) => {
      const endless: PatternedRecurrence = { pattern, range: { type: 'noEnd', startDate } }
      const [first] = datesFrom(endless, shortMonths, startDate).take(1)
      if (first === undefined) return
      const recurrence: PatternedRecurrence = {
        pattern,
        range: { type: 'numbered', startDate: first, numberOfOccurrences: count },
      }
      const lines = linesOf(recurrence, shortMonths === 'skipped')
      const expected = [...occurrencesOf({ start: first, zone: 'UTC', lines })]
      expect([...datesFrom(recurrence, shortMonths, first)]).toEqual(expected)
      expect([
        ...datesFrom({ ...endless, range: { type: 'noEnd', startDate: first } }, shortMonths, first).take(
          count,
        ),
      ]).toEqual(expected)
    }),
    { numRuns: 300 },
  )
})

test('reading a series from a later day on shows the same days as reading it from its start', () => {
  assert(
    property(pattern, startDate, startDate, shortMonths, (pattern, startDate, from, shortMonths) => {
      const recurrence: PatternedRecurrence = {
        pattern,
        range: { type: 'endDate', startDate, endDate: '2034-06-30' },
      }
      const all = [...datesFrom(recurrence, shortMonths, startDate)]
      expect([...datesFrom(recurrence, shortMonths, from)]).toEqual(all.filter((date) => date >= from))
    }),
  )
})

test('a rule that never finds a day ends instead of searching for ever', () => {
  const recurrence: PatternedRecurrence = {
    pattern: { type: 'absoluteYearly', interval: 1, month: 2, dayOfMonth: 30 },
    range: { type: 'noEnd', startDate: '2026-01-01' },
  }
  expect([...datesFrom(recurrence, 'skipped', '2026-01-01')]).toEqual([])
  expect([...datesFrom(recurrence, 'lastDay', '2026-01-01').take(3)]).toEqual([
    '2026-02-28',
    '2027-02-28',
    '2028-02-29',
  ])
})
