import { describe, expect, test } from 'vitest'
import { occurrencesIn } from '../../domain/recurrence/occurrences.ts'
import { canonicalRule } from '../../domain/recurrence/read-rule.ts'
import { InvalidRecurrence } from '../../domain/recurrence/recurrence.ts'
import { firstAt, firstDates, seriesOf, slotsIn } from '../support/series.ts'

describe('the dates of a rule', () => {
  test.each([
    ['29 February comes in leap years alone', 'FREQ=YEARLY', '2020-02-29', ['2020-02-29', '2024-02-29']],
    [
      'day 31 skips the months without one',
      'FREQ=MONTHLY',
      '2026-01-31',
      ['2026-01-31', '2026-03-31', '2026-05-31'],
    ],
    [
      'the last day of the month follows its length',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
      '2026-01-31',
      ['2026-01-31', '2026-02-28', '2026-03-31'],
    ],
    [
      'the last Friday of November, every year',
      'FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR',
      '2026-11-27',
      ['2026-11-27', '2027-11-26', '2028-11-24'],
    ],
    [
      'Friday the 13th',
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
      '2026-02-13',
      ['2026-02-13', '2026-03-13', '2026-11-13'],
    ],
    [
      'the last working day of the month',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      '2026-01-30',
      ['2026-01-30', '2026-02-27', '2026-03-31'],
    ],
    [
      'weeks that begin on Monday keep Sunday with the Monday before it',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=MO',
      '2026-03-02',
      ['2026-03-02', '2026-03-08', '2026-03-16'],
    ],
    [
      'weeks that begin on Sunday keep it with the Monday after it',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU',
      '2026-03-02',
      ['2026-03-02', '2026-03-15', '2026-03-16'],
    ],
    ['COUNT counts the slots of the rule', 'FREQ=WEEKLY;COUNT=2', '2026-03-02', ['2026-03-02', '2026-03-09']],
    [
      'UNTIL is inclusive',
      'FREQ=DAILY;UNTIL=20260304',
      '2026-03-02',
      ['2026-03-02', '2026-03-03', '2026-03-04'],
    ],
  ])('%s', (_fact, rule, start, dates) => {
    expect(firstDates(seriesOf(rule, start), dates.length + 1).slice(0, dates.length)).toEqual(dates)
  })
})

test('an occurrence keeps its wall time when clocks change', () => {
  const series = seriesOf('FREQ=DAILY', '2026-03-27T09:00:00', 'Europe/Berlin')
  const window = { from: '2026-03-28T00:00:00Z', to: '2026-03-30T00:00:00Z' }
  expect([...occurrencesIn(series, window)].map(({ time }) => time)).toMatchObject([
    { start: '2026-03-28T09:00:00', startsAt: '2026-03-28T08:00:00Z' },
    { start: '2026-03-29T09:00:00', startsAt: '2026-03-29T07:00:00Z' },
  ])
})

test('exdates are left out and rdates are in', () => {
  const series = seriesOf(
    'FREQ=DAILY',
    '2026-03-02T09:00:00',
    'Europe/Berlin',
    'EXDATE:20260303T080000Z',
    'RDATE;TZID=Europe/Berlin:20260304T150000',
  )
  expect(slotsIn(series, '2026-03-02', '2026-03-05')).toEqual([
    '2026-03-02T09:00:00',
    '2026-03-04T09:00:00',
    '2026-03-04T15:00:00',
  ])
})

test.each([
  ['FREQ=HOURLY', 'several times a day'],
  ['FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30', 'never matches'],
])('%s is refused with a reason', (rule, reason) => {
  expect(() => canonicalRule(rule, firstAt('2026-03-02'))).toThrow(InvalidRecurrence)
  expect(() => canonicalRule(rule, firstAt('2026-03-02'))).toThrow(reason)
})
