import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { canExpand, hasOccurrenceAt, occurrencesOf, type Series } from '../../sandbox/recurrence.ts'

const zone = 'Europe/Berlin'

function series(start: string, ...lines: string[]): Series {
  return { start, zone, lines }
}

function take(count: number, of: Series, from?: string): string[] {
  const starts: string[] = []
  for (const start of occurrencesOf(of, from)) if (starts.push(start) >= count) break
  return starts
}

const file = readFileSync(new URL('rules-by-dateutil.txt', import.meta.url), 'utf8')
const computed = file
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(' '))

test('five hundred rules of all kinds give what another implementation gives', () => {
  expect(computed).toHaveLength(500)
  for (const [start = '', rule = '', ...starts] of computed) {
    const until2060 = take(6, series(start, `RRULE:${rule}`)).filter((wall) => wall < '2061')
    expect(until2060, `${rule} from ${start}`).toEqual(starts)
  }
})

test('a series that is asked for from a time on gives what it has from then on', () => {
  for (const [start = '', rule = '', ...starts] of computed) {
    const from = starts[3]
    if (from !== undefined)
      expect(take(1, series(start, `RRULE:${rule}`), from), `${rule} from ${from}`).toEqual([from])
  }
})

test('29 February comes in leap years only', () => {
  expect(take(3, series('2024-02-29', 'RRULE:FREQ=YEARLY'))).toEqual([
    '2024-02-29',
    '2028-02-29',
    '2032-02-29',
  ])
})

test('the last day of a month may be counted from its end', () => {
  expect(take(3, series('2026-01-31', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=-1'))).toEqual([
    '2026-01-31',
    '2026-02-28',
    '2026-03-31',
  ])
})

test('a rule that never matches ends quickly', () => {
  const started = performance.now()
  for (const frequency of ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY', 'HOURLY', 'SECONDLY']) {
    const rule = `RRULE:FREQ=${frequency};BYMONTH=2;BYMONTHDAY=30`
    expect(take(1, series('2026-01-05T09:00:00', rule))).toEqual([])
    expect(canExpand(series('2026-01-05T09:00:00', rule))).toBe(false)
  }
  expect(performance.now() - started).toBeLessThan(5000)
})

test('a window far from the start costs no more than one near it', () => {
  const daily = series('1970-01-01T09:00:00', 'RRULE:FREQ=DAILY')
  const started = performance.now()
  for (let look = 0; look < 1000; look += 1) expect(hasOccurrenceAt(daily, '9000-06-01T09:00:00')).toBe(true)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('an hour that comes by day and by hour is given once for each', () => {
  expect(take(4, series('2026-03-05T09:00:00', 'RRULE:FREQ=DAILY;BYHOUR=9,17'))).toEqual([
    '2026-03-05T09:00:00',
    '2026-03-05T17:00:00',
    '2026-03-06T09:00:00',
    '2026-03-06T17:00:00',
  ])
})

test.each([
  ['RRULE:FREQ=HOURLY;INTERVAL=6', ['2026-03-05T09:30:00', '2026-03-05T15:30:00', '2026-03-05T21:30:00']],
  ['RRULE:FREQ=HOURLY;BYHOUR=9,10', ['2026-03-05T09:30:00', '2026-03-05T10:30:00', '2026-03-06T09:30:00']],
  ['RRULE:FREQ=MINUTELY;INTERVAL=90', ['2026-03-05T09:30:00', '2026-03-05T11:00:00', '2026-03-05T12:30:00']],
  [
    'RRULE:FREQ=SECONDLY;INTERVAL=40000',
    ['2026-03-05T09:30:00', '2026-03-05T20:36:40', '2026-03-06T07:43:20'],
  ],
  ['RRULE:FREQ=HOURLY;BYDAY=MO', ['2026-03-09T00:30:00', '2026-03-09T01:30:00', '2026-03-09T02:30:00']],
])('%s is followed below the day', (rule, starts) => {
  expect(take(3, series('2026-03-05T09:30:00', rule))).toEqual(starts)
})

test('dates come and go by RDATE, EXDATE and EXRULE, in the zone of the series or in UTC', () => {
  const lines = [
    'RRULE:FREQ=DAILY;COUNT=5',
    'EXDATE;TZID=Europe/Berlin:20260306T090000',
    'EXDATE:20260307T080000Z',
    'RDATE;TZID=Europe/Berlin:20260305T120000,20260401T090000',
    'EXRULE:FREQ=WEEKLY;BYDAY=MO',
  ]
  expect(take(9, series('2026-03-05T09:00:00', ...lines))).toEqual([
    '2026-03-05T09:00:00',
    '2026-03-05T12:00:00',
    '2026-03-08T09:00:00',
    '2026-04-01T09:00:00',
  ])
})

test('two rules are one series, and what both name comes once', () => {
  const lines = ['RRULE:FREQ=WEEKLY;COUNT=2', 'RRULE:FREQ=DAILY;COUNT=3']
  expect(take(9, series('2026-03-05', ...lines))).toEqual([
    '2026-03-05',
    '2026-03-06',
    '2026-03-07',
    '2026-03-12',
  ])
})

test('UNTIL lets its own moment in, and as a date alone its whole day', () => {
  const until = (text: string) =>
    take(9, series('2026-03-05T23:30:00', `RRULE:FREQ=DAILY;UNTIL=${text}`)).length
  expect(['20260307T223000Z', '20260307T222959Z', '20260307', '20260307T233000'].map(until)).toEqual([
    3, 2, 3, 3,
  ])
})

test('a start its rule does not name is the first of COUNT where it counts, and is left out where not', () => {
  const rule = 'RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2'
  const thursday = series('2026-03-05', rule)
  expect(take(9, thursday)).toEqual(['2026-03-09', '2026-03-16'])
  expect(take(9, { ...thursday, countsStart: true })).toEqual(['2026-03-05', '2026-03-09'])
  expect(take(9, { ...series('2026-03-09', rule), countsStart: true })).toEqual(['2026-03-09', '2026-03-16'])
})

test.each([
  'RRULE:FREQ=NEVER',
  'RRULE:INTERVAL=2',
  'RRULE:FREQ=DAILY;INTERVAL=0',
  'RRULE:FREQ=DAILY;COUNT=2;UNTIL=20260401',
  'RRULE:FREQ=WEEKLY;BYDAY=XX',
  'RRULE:FREQ=MONTHLY;BYMONTHDAY=32',
  'RRULE:FREQ=DAILY;UNTIL=tomorrow',
  'RRULE:FREQ=DAILY;FREQ=WEEKLY',
  'RRULE:FREQ=DAILY;X-COLOUR=RED',
  'EXDATE:20260231',
  'DTSTART:20260305',
])('%s cannot be followed', (line) => {
  expect(canExpand(series('2026-03-05', line, 'RRULE:FREQ=DAILY'))).toBe(false)
})
