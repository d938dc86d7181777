import { describe, expect, test } from 'vitest'
import { parseRecurrence, recurrenceLines } from '../../domain/recurrence/lines.ts'
import { InvalidRecurrence, sameRecurrence } from '../../domain/recurrence/recurrence.ts'
import { firstAt, firstDates, seriesOf, slotsIn } from '../support/series.ts'

const start = '2026-03-02T09:00:00'

describe('an EXDATE takes the same slot out in every spelling', () => {
  test.each([
    ['in the series’ zone', 'EXDATE;TZID=Europe/Berlin:20260304T090000'],
    ['in UTC', 'EXDATE:20260304T080000Z'],
    ['in another zone', 'EXDATE;TZID=America/New_York:20260304T030000'],
    ['without a zone', 'EXDATE:20260304T090000'],
    ['as a date', 'EXDATE;VALUE=DATE:20260304'],
    ['with a value type and a quoted zone', 'exdate;VALUE=DATE-TIME;TZID="Europe/Berlin":20260304T090000'],
    ['twice', 'EXDATE:20260304T080000Z,20260304T080000Z'],
  ])('%s', (_case, line) => {
    const series = seriesOf('FREQ=DAILY', start, 'Europe/Berlin', line)
    expect(series.recurrence.exdates).toEqual(['2026-03-04T09:00:00'])
    expect(firstDates(series, 3)).toEqual(['2026-03-02', '2026-03-03', '2026-03-05'])
  })

  test.each([
    ['as a date', 'EXDATE;VALUE=DATE:20260304'],
    ['as midnight in UTC', 'EXDATE:20260304T000000Z'],
    ['as local midnight', 'EXDATE;TZID=America/New_York:20260304T000000'],
  ])('of an all-day series: %s', (_case, line) => {
    expect(seriesOf('FREQ=DAILY', '2026-03-02', undefined, line).recurrence.exdates).toEqual(['2026-03-04'])
  })

  test('in the hour that spring leaves out, by the time it names or by its instant', () => {
    const named = seriesOf(
      'FREQ=DAILY',
      '2026-03-02T02:30:00',
      'Europe/Berlin',
      'EXDATE;TZID=Europe/Berlin:20260329T023000',
    )
    const instant = seriesOf('FREQ=DAILY', '2026-03-02T02:30:00', 'Europe/Berlin', 'EXDATE:20260329T013000Z')
    expect(named.recurrence.exdates).toEqual(['2026-03-29T03:30:00'])
    expect(sameRecurrence(named.recurrence, instant.recurrence)).toBe(true)
    expect(slotsIn(named, '2026-03-28', '2026-03-31')).toEqual(['2026-03-28T02:30:00', '2026-03-30T02:30:00'])
  })
})

test('an EXDATE where the rule has no slot means nothing and is not kept', () => {
  const series = seriesOf('FREQ=WEEKLY', start, 'Europe/Berlin', 'EXDATE:20260304T080000Z,20260309T070000Z')
  expect(series.recurrence.exdates).toEqual([])
})

test('an RDATE adds a slot, one that the rule has already is not kept, and an EXDATE takes it out again', () => {
  const series = seriesOf(
    'FREQ=WEEKLY',
    start,
    'Europe/Berlin',
    'RDATE;TZID=Europe/Berlin:20260304T150000,20260309T090000',
    'RDATE:20260305T140000Z',
    'EXDATE:20260305T140000Z',
  )
  expect(series.recurrence).toMatchObject({ rdates: ['2026-03-04T15:00:00'], exdates: [] })
  expect(firstDates(series, 3)).toEqual(['2026-03-02', '2026-03-04', '2026-03-09'])
})

test('a series may consist of dates alone', () => {
  const time = firstAt('2026-03-02')
  const recurrence = parseRecurrence(['RDATE;VALUE=DATE:20260401,20260315'], time)
  expect(recurrence).toEqual({ rule: null, exdates: [], rdates: ['2026-03-15', '2026-04-01'] })
  expect(firstDates({ time, recurrence }, 5)).toEqual(['2026-03-02', '2026-03-15', '2026-04-01'])
})

describe('the lines that say a series', () => {
  test('name the zone of its exceptions, and end in UTC', () => {
    const series = seriesOf(
      'FREQ=DAILY;UNTIL=20260331',
      start,
      'Europe/Berlin',
      'EXDATE:20260304T080000Z',
      'RDATE:20260405T100000Z',
    )
    expect(recurrenceLines(series)).toEqual([
      'RRULE:FREQ=DAILY;UNTIL=20260331T070000Z',
      'EXDATE;TZID=Europe/Berlin:20260304T090000',
      'RDATE;TZID=Europe/Berlin:20260405T120000',
    ])
  })

  test('are dates for an all-day series', () => {
    const series = seriesOf(
      'FREQ=DAILY;UNTIL=20260331',
      '2026-03-02',
      undefined,
      'EXDATE;VALUE=DATE:20260304',
    )
    expect(recurrenceLines(series)).toEqual(['RRULE:FREQ=DAILY;UNTIL=20260331', 'EXDATE;VALUE=DATE:20260304'])
  })
})

test.each([
  ['several rules', ['RRULE:FREQ=DAILY', 'RRULE:FREQ=WEEKLY'], 'several rules at once'],
  ['an EXRULE', ['RRULE:FREQ=DAILY', 'EXRULE:FREQ=WEEKLY'], 'EXRULE'],
  ['an RDATE with a length', ['RDATE;VALUE=PERIOD:20260304T090000Z/PT1H'], 'length of its own'],
  ['an all-day RDATE in a timed series', ['RRULE:FREQ=DAILY', 'RDATE;VALUE=DATE:20260304'], 'give it a time'],
  ['a zone nobody knows', ['RRULE:FREQ=DAILY', 'EXDATE;TZID=Mars/Olympus:20260304T090000'], 'Mars/Olympus'],
  ['a date that no calendar has', ['RRULE:FREQ=DAILY', 'EXDATE:20260231T090000Z'], '20260231T090000Z'],
  ['something that is no stamp', ['RRULE:FREQ=DAILY', 'EXDATE:yesterday'], 'no date or time: YESTERDAY'],
  ['another property', ['SUMMARY:Lunch'], 'SUMMARY'],
  ['no line at all', [], 'Nothing says how'],
])('%s is refused', (_case, lines, reason) => {
  expect(() => parseRecurrence(lines, firstAt(start))).toThrow(InvalidRecurrence)
  expect(() => parseRecurrence(lines, firstAt(start))).toThrow(reason)
})
