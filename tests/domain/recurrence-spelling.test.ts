import { describe, expect, test } from 'vitest'
import { canonicalRule } from '../../domain/recurrence/read-rule.ts'
import { InvalidRecurrence } from '../../domain/recurrence/recurrence.ts'
import { firstAt } from '../support/series.ts'

const thursday = '2026-03-05T09:00:00'

describe('spellings of one rule have one form', () => {
  test.each([
    [
      'lower case and another order of keys',
      'byday=TH;interval=2;freq=weekly',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TH',
    ],
    ['an interval of one', 'FREQ=DAILY;INTERVAL=1', 'FREQ=DAILY'],
    ['the weekday of the first occurrence', 'FREQ=WEEKLY', 'FREQ=WEEKLY;BYDAY=TH'],
    ['weekdays in any order', 'FREQ=WEEKLY;BYDAY=TH,MO', 'FREQ=WEEKLY;BYDAY=MO,TH'],
    ['the first occurrence’s day of the month', 'FREQ=MONTHLY', 'FREQ=MONTHLY;BYMONTHDAY=5'],
    ['its day of the year', 'FREQ=YEARLY', 'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5'],
    ['the month alone', 'FREQ=YEARLY;BYMONTH=3', 'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5'],
    ['daily on some weekdays', 'FREQ=DAILY;BYDAY=TH,FR', 'FREQ=WEEKLY;BYDAY=TH,FR'],
    ['weekly on all weekdays', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU', 'FREQ=DAILY'],
    ['monthly on every Thursday', 'FREQ=MONTHLY;BYDAY=TH', 'FREQ=WEEKLY;BYDAY=TH'],
    ['daily on a day of the month', 'FREQ=DAILY;BYMONTHDAY=5', 'FREQ=MONTHLY;BYMONTHDAY=5'],
    ['yearly on a day of every month', 'FREQ=YEARLY;BYMONTHDAY=5', 'FREQ=MONTHLY;BYMONTHDAY=5'],
    ['monthly in one month', 'FREQ=MONTHLY;BYMONTH=3', 'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5'],
    ['every 12 months', 'FREQ=MONTHLY;INTERVAL=12', 'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5'],
    ['every 24 months', 'FREQ=MONTHLY;INTERVAL=24', 'FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYMONTHDAY=5'],
    ['the second of the Tuesdays', 'FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2', 'FREQ=MONTHLY;BYDAY=2TU'],
    [
      'the last of all days',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
    ],
    [
      'the last of days 28 to 31',
      'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
    ],
    [
      'day 28 or 29 of February',
      'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1',
      'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1',
    ],
    [
      'the last day of a month of 30',
      'FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1',
      'FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=30',
    ],
    ['a time of day that is the first occurrence’s', 'FREQ=DAILY;BYHOUR=9;BYMINUTE=0', 'FREQ=DAILY'],
  ])('%s', (_case, rule, form) => {
    expect(canonicalRule(rule, firstAt(thursday))).toBe(form)
  })
})

describe('where a week begins is said only when it matters', () => {
  test.each([
    ['every week', 'FREQ=WEEKLY;BYDAY=MO,TH;WKST=SU', 'FREQ=WEEKLY;BYDAY=MO,TH'],
    [
      'every second week on one day',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;WKST=SU',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TH',
    ],
    [
      'days that Sunday does not part',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=SU',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH',
    ],
    [
      'days that it parts',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,SU;WKST=SU',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,SU;WKST=SU',
    ],
  ])('%s', (_case, rule, form) => {
    expect(canonicalRule(rule, firstAt(thursday))).toBe(form)
  })
})

describe('UNTIL is the start of the last slot', () => {
  test.each([
    [
      'a moment between two slots',
      thursday,
      'FREQ=DAILY;UNTIL=20260307T120000Z',
      'FREQ=DAILY;UNTIL=20260307T080000Z',
    ],
    [
      'the very start of a slot',
      thursday,
      'FREQ=DAILY;UNTIL=20260307T080000Z',
      'FREQ=DAILY;UNTIL=20260307T080000Z',
    ],
    [
      'a second before a slot',
      thursday,
      'FREQ=DAILY;UNTIL=20260307T075959Z',
      'FREQ=DAILY;UNTIL=20260306T080000Z',
    ],
    [
      'local time without a zone',
      thursday,
      'FREQ=DAILY;UNTIL=20260307T090000',
      'FREQ=DAILY;UNTIL=20260307T080000Z',
    ],
    ['a date, which is in it', thursday, 'FREQ=DAILY;UNTIL=20260307', 'FREQ=DAILY;UNTIL=20260307T080000Z'],
    [
      'past the change to summer time',
      thursday,
      'FREQ=WEEKLY;UNTIL=20260402T070000Z',
      'FREQ=WEEKLY;UNTIL=20260402T070000Z;BYDAY=TH',
    ],
    [
      'a second short of it there',
      thursday,
      'FREQ=WEEKLY;UNTIL=20260402T065959Z',
      'FREQ=WEEKLY;UNTIL=20260326T080000Z;BYDAY=TH',
    ],
    [
      'a date of an all-day series',
      '2026-03-05',
      'FREQ=WEEKLY;UNTIL=20260318',
      'FREQ=WEEKLY;UNTIL=20260312;BYDAY=TH',
    ],
    [
      'a time in an all-day series',
      '2026-03-05',
      'FREQ=DAILY;UNTIL=20260307T235959Z',
      'FREQ=DAILY;UNTIL=20260307',
    ],
  ])('%s', (_case, start, rule, form) => {
    expect(canonicalRule(rule, firstAt(start))).toBe(form)
  })
})

describe('what cannot be held exactly is refused with a reason', () => {
  test.each([
    ['FREQ=HOURLY', 'several times a day'],
    ['FREQ=FORTNIGHTLY', 'something we do not know'],
    ['BYDAY=MO', 'does not say how often'],
    ['FREQ=DAILY;COUNT=3;UNTIL=20270101', 'not by both'],
    ['FREQ=DAILY;COUNT=0', 'COUNT must be a number'],
    ['FREQ=DAILY;COUNT=10001', 'from 1 to 10000'],
    ['FREQ=YEARLY;COUNT=102', 'more than a century'],
    ['FREQ=DAILY;INTERVAL=999;COUNT=10000', 'more than a century'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL must be a number'],
    ['FREQ=DAILY;INTERVAL=2;INTERVAL=3', 'INTERVAL twice'],
    ['FREQ=DAILY;UNTIL=tomorrow', 'UNTIL cannot be TOMORROW'],
    ['FREQ=DAILY;UNTIL=20260230', 'There is no date 2026-02-30'],
    ['FREQ=DAILY;UNTIL=20260304', 'ends (UNTIL) before it first matches'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'never matches'],
    ['FREQ=DAILY;INTERVAL=7;BYDAY=FR', 'never matches'],
    ['FREQ=DAILY;BYEASTER=0', 'part we do not know'],
    ['FREQ=WEEKLY;BYDAY=XX', 'XX is no day of the week'],
    ['FREQ=WEEKLY;BYDAY=2MO', 'cannot count weekdays'],
    ['FREQ=WEEKLY;BYMONTHDAY=3', 'cannot name days of the month'],
    ['FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3', 'the week does not have'],
    ['FREQ=MONTHLY;BYDAY=6MO', 'count to 5 at most'],
    ['FREQ=YEARLY;BYDAY=53TH', 'count to 52 at most'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', 'BYMONTHDAY cannot be 32'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'names none'],
    ['FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1', 'cannot also name'],
    ['FREQ=MONTHLY;BYYEARDAY=1', 'Only a yearly rule'],
    ['FREQ=YEARLY;BYYEARDAY=1;BYDAY=MO', 'days of one kind'],
    ['FREQ=YEARLY;BYWEEKNO=20', 'numbered weeks'],
    ['FREQ=YEARLY;INTERVAL=2;BYWEEKNO=20;BYDAY=MO', 'numbered weeks'],
    ['FREQ=DAILY;BYHOUR=9,15', 'Make one series for each'],
    ['FREQ=DAILY;BYHOUR=10', 'same time of day'],
  ])('%s', (rule, reason) => {
    expect(() => canonicalRule(rule, firstAt(thursday))).toThrow(InvalidRecurrence)
    expect(() => canonicalRule(rule, firstAt(thursday))).toThrow(reason)
  })
})
