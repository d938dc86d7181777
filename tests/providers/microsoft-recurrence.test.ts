import type { PatternedRecurrence } from '@microsoft/microsoft-graph-types'
import { describe, expect, test } from 'vitest'
import { graphRecurrence, recurrenceFromGraph } from '../../providers/microsoft/recurrence.ts'
import { firstAt, seriesOf } from '../support/series.ts'

const thursday = '2026-03-05T09:00:00'

describe('a rule and its pattern', () => {
  test.each([
    ['every third day', 'FREQ=DAILY;INTERVAL=3', thursday, { type: 'daily', interval: 3 }],
    [
      'on working days',
      'FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR',
      thursday,
      {
        type: 'weekly',
        interval: 1,
        daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
        firstDayOfWeek: 'monday',
      },
    ],
    [
      'every second week, weeks beginning on Sunday',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,SU;WKST=SU',
      thursday,
      { type: 'weekly', interval: 2, daysOfWeek: ['thursday', 'sunday'], firstDayOfWeek: 'sunday' },
    ],
    [
      'weekly without a weekday',
      'FREQ=WEEKLY',
      thursday,
      { type: 'weekly', interval: 1, daysOfWeek: ['thursday'], firstDayOfWeek: 'monday' },
    ],
    [
      'monthly without a day',
      'FREQ=MONTHLY',
      thursday,
      { type: 'absoluteMonthly', interval: 1, dayOfMonth: 5 },
    ],
    [
      'quarterly on a day',
      'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=5',
      thursday,
      { type: 'absoluteMonthly', interval: 3, dayOfMonth: 5 },
    ],
    [
      'the first Thursday',
      'FREQ=MONTHLY;BYDAY=1TH',
      thursday,
      { type: 'relativeMonthly', interval: 1, daysOfWeek: ['thursday'], index: 'first' },
    ],
    [
      'the first Thursday by position',
      'FREQ=MONTHLY;BYDAY=TH;BYSETPOS=1',
      thursday,
      { type: 'relativeMonthly', interval: 1, daysOfWeek: ['thursday'], index: 'first' },
    ],
    [
      'the last Friday',
      'FREQ=MONTHLY;BYDAY=-1FR',
      '2026-03-27T09:00:00',
      { type: 'relativeMonthly', interval: 1, daysOfWeek: ['friday'], index: 'last' },
    ],
    [
      'the last working day',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      '2026-03-31T09:00:00',
      {
        type: 'relativeMonthly',
        interval: 1,
        daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
        index: 'last',
      },
    ],
    [
      'the last day of the month',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
      '2026-03-31T09:00:00',
      {
        type: 'relativeMonthly',
        interval: 1,
        daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
        index: 'last',
      },
    ],
    [
      'the 30th or the last day before it',
      'FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1',
      '2026-03-30T09:00:00',
      { type: 'absoluteMonthly', interval: 1, dayOfMonth: 30 },
    ],
    [
      'day 31 of January and July alone',
      'FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=31',
      '2026-01-31T09:00:00',
      { type: 'absoluteMonthly', interval: 6, dayOfMonth: 31 },
    ],
    [
      'yearly without a day',
      'FREQ=YEARLY',
      thursday,
      { type: 'absoluteYearly', interval: 1, dayOfMonth: 5, month: 3 },
    ],
    [
      'every 24 months',
      'FREQ=MONTHLY;INTERVAL=24',
      thursday,
      { type: 'absoluteYearly', interval: 2, dayOfMonth: 5, month: 3 },
    ],
    [
      'the last Friday of November',
      'FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR',
      '2026-11-27T09:00:00',
      { type: 'relativeYearly', interval: 1, daysOfWeek: ['friday'], index: 'last', month: 11 },
    ],
    [
      'the last day of February',
      'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1',
      '2028-02-29T09:00:00',
      {
        type: 'relativeYearly',
        interval: 1,
        daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
        index: 'last',
        month: 2,
      },
    ],
  ])('%s: there and back it is the same', (_what, rule, start, pattern) => {
    const series = seriesOf(rule, start)
    const answer = graphRecurrence(series)
    expect(answer).toMatchObject({ kind: 'exact', recurrence: { pattern } })
    if (answer.kind === 'exact')
      expect(recurrenceFromGraph(answer.recurrence, series.time)).toEqual(series.recurrence)
  })
})

describe('the end of a series', () => {
  test.each([
    ['none', 'FREQ=WEEKLY', { type: 'noEnd' }],
    ['COUNT', 'FREQ=WEEKLY;COUNT=10', { type: 'numbered', numberOfOccurrences: 10 }],
    [
      'UNTIL between two slots',
      'FREQ=WEEKLY;UNTIL=20260330T000000Z',
      { type: 'endDate', endDate: '2026-03-26' },
    ],
    ['more than 999 slots', 'FREQ=DAILY;COUNT=1000', { type: 'endDate', endDate: '2028-11-28' }],
  ])('%s', (_what, rule, range) => {
    expect(graphRecurrence(seriesOf(rule, thursday))).toMatchObject({
      kind: 'exact',
      recurrence: {
        range: { startDate: '2026-03-05', recurrenceTimeZone: 'W. Europe Standard Time', ...range },
      },
    })
  })
})

describe('what Outlook cannot say, it is not asked to', () => {
  test.each([
    ['FREQ=MONTHLY;BYDAY=5FR', '2026-01-30', 'Outlook cannot repeat on the 5th Friday of a month.'],
    [
      'FREQ=MONTHLY;BYDAY=-2FR',
      '2026-03-20',
      'Outlook cannot repeat on the second to last Friday of a month.',
    ],
    ['FREQ=MONTHLY;BYMONTHDAY=31', '2026-01-31', 'without a day 31'],
    ['FREQ=YEARLY', '2028-02-29', 'without a day 29'],
    ['FREQ=MONTHLY;BYMONTHDAY=1,15', '2026-03-01', 'several days of the month'],
    ['FREQ=MONTHLY;BYMONTHDAY=-2', '2026-03-30', 'count days from the end'],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '2026-03-13', 'Friday the 13th'],
    ['FREQ=MONTHLY;BYDAY=1MO,3MO', '2026-03-02', 'several weekdays of the month'],
    ['FREQ=MONTHLY;BYDAY=MO,FR;BYSETPOS=2,3', '2026-03-06', 'first to fourth or the last'],
    ['FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1', '2026-03-01', 'several months'],
    ['FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU', '2026-03-02', 'every 2 days and on certain days only'],
    ['FREQ=DAILY;BYMONTH=3', '2026-03-01', 'some months'],
    ['FREQ=WEEKLY;BYMONTH=3', '2026-03-01', 'some months'],
    ['FREQ=YEARLY;BYYEARDAY=100', '2026-04-10', 'number of the day in the year'],
    ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '2026-05-11', 'number of the week'],
    ['FREQ=YEARLY;BYDAY=20MO', '2026-05-18', 'without naming the month'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR;BYSETPOS=1', '2026-03-02', 'days of a week'],
    ['FREQ=WEEKLY;INTERVAL=100', '2026-03-02', 'longer than 99'],
  ])('%s', (rule, start, reason) => {
    const answer = graphRecurrence(seriesOf(rule, start))
    expect(answer).toMatchObject({ kind: 'unsupported' })
    if (answer.kind === 'unsupported') expect(answer.reason).toContain(reason)
  })

  test('extra dates', () => {
    const series = seriesOf('FREQ=DAILY', '2026-03-02', undefined, 'RDATE;VALUE=DATE:20260101')
    expect(graphRecurrence(series)).toMatchObject({ kind: 'unsupported' })
  })
})

test('members that a pattern does not use are the vendor’s stand-ins and mean nothing', () => {
  const recurrence: PatternedRecurrence = {
    pattern: {
      type: 'weekly',
      interval: 1,
      month: 0,
      dayOfMonth: 0,
      daysOfWeek: ['thursday'],
      firstDayOfWeek: 'sunday',
      index: 'first',
    },
    range: {
      type: 'noEnd',
      startDate: '2026-03-05',
      endDate: '0001-01-01',
      recurrenceTimeZone: 'W. Europe Standard Time',
      numberOfOccurrences: 0,
    },
  }
  expect(recurrenceFromGraph(recurrence, firstAt(thursday))).toEqual({
    rule: 'FREQ=WEEKLY;BYDAY=TH',
    exdates: [],
    rdates: [],
  })
})

test('cancelled occurrences are exdates, named by their local date', () => {
  const recurrence: PatternedRecurrence = {
    pattern: { type: 'daily', interval: 1 },
    range: { type: 'endDate', startDate: '2026-03-05', endDate: '2026-03-09' },
  }
  const cancelled = ['OID.AAMk=.2026-03-07', 'OID.AAMk=.2026-03-12']
  expect(recurrenceFromGraph(recurrence, firstAt(thursday), cancelled)).toEqual({
    rule: 'FREQ=DAILY;UNTIL=20260309T080000Z',
    exdates: ['2026-03-07T09:00:00'],
    rdates: [],
  })
})

test('a zone goes by its family’s Windows name only where the family keeps the same hours', () => {
  const zoneOf = (zone: string) => {
    const answer = graphRecurrence(seriesOf('FREQ=DAILY', thursday, zone))
    return answer.kind === 'exact' ? answer.recurrence.range?.recurrenceTimeZone : answer.reason
  }
  expect(zoneOf('Europe/Vienna')).toBe('W. Europe Standard Time')
  expect(zoneOf('America/Mazatlan')).toBe('America/Mazatlan')
})
