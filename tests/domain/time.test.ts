import { describe, expect, test } from 'vitest'
import { sameTime } from '../../domain/event.ts'
import { isInWindow, windowAt, defaultPolicies } from '../../domain/policy.ts'
import { nextPollMs, renewAt, retryDelayMs } from '../../domain/polls.ts'
import { allDay, InvalidTime, timedFromInstants, timedFromWall } from '../../domain/time.ts'

test('wall time in a zone is the same instant whatever zone the process runs in', () => {
  expect(timedFromWall('2026-03-05T09:00:00', '2026-03-05T10:00:00', 'Europe/Berlin')).toMatchObject({
    startsAt: '2026-03-05T08:00:00Z',
    endsAt: '2026-03-05T09:00:00Z',
  })
})

test('a time in the hour that spring leaves out moves forward by that hour', () => {
  expect(timedFromWall('2026-03-29T02:30:00', '2026-03-29T03:30:00', 'Europe/Berlin')).toMatchObject({
    start: '2026-03-29T03:30:00',
    startsAt: '2026-03-29T01:30:00Z',
  })
})

test('the hour that autumn repeats means its first pass', () => {
  expect(timedFromWall('2026-10-25T02:30:00', '2026-10-25T04:00:00', 'Europe/Berlin')).toMatchObject({
    startsAt: '2026-10-25T00:30:00Z',
  })
})

test('a zone’s other spelling is the same time', () => {
  const one = timedFromInstants('2026-03-05T08:00:00Z', '2026-03-05T09:00:00Z', 'Asia/Kolkata')
  const other = timedFromInstants('2026-03-05T13:30:00+05:30', '2026-03-05T14:30:00+05:30', 'Asia/Calcutta')
  expect(sameTime(one, other)).toBe(true)
})

test.each([
  [
    'an unknown zone',
    () => timedFromInstants('2026-03-05T08:00:00Z', '2026-03-05T09:00:00Z', 'Mars/Olympus'),
  ],
  ['an end before its start', () => timedFromInstants('2026-03-05T08:00:00Z', '2026-03-05T07:00:00Z', 'UTC')],
  [
    'an instant without an offset',
    () => timedFromInstants('2026-03-05T08:00:00', '2026-03-05T09:00:00', 'UTC'),
  ],
  ['an all-day event of no days', () => allDay('2026-03-05', '2026-03-05')],
  ['a date that no calendar has', () => allDay('2026-02-30', '2026-03-01')],
])('%s is refused, never guessed', (_case, read) => {
  expect(read).toThrow(InvalidTime)
})

describe('the window', () => {
  const window = windowAt(new Date('2026-06-01T00:00:00Z'), defaultPolicies)
  test.each([
    ['an event of last month', '2026-05-01', '2026-05-02', true],
    ['an event of last year', '2025-05-01', '2025-05-02', false],
    ['an event of next year', '2027-05-01', '2027-05-02', true],
    ['an event in three years', '2029-05-01', '2029-05-02', false],
    ['a long event that reaches into it', '2025-01-01', '2026-12-31', true],
  ])('%s', (_case, start, end, inside) => {
    expect(isInWindow(allDay(start, end), window)).toBe(inside)
  })
})

describe('waiting', () => {
  test('polls spread by a tenth around their interval and slow down while push is healthy', () => {
    expect([0, 0.5, 0.999].map((chance) => nextPollMs(1000, false, chance))).toEqual([900, 1000, 1100])
    expect(nextPollMs(1000, true, 0.5)).toBe(3000)
  })
  test('a subscription is renewed with more than a fifth of its life left', () => {
    expect(renewAt(new Date('2026-01-01T00:00:00Z'), new Date('2026-01-11T00:00:00Z'))).toEqual(
      new Date('2026-01-08T00:00:00Z'),
    )
  })
  test('retries wait longer each time, up to a quarter of an hour, and never less than the vendor asks', () => {
    expect([1, 2, 3, 99].map((failures) => retryDelayMs(failures, undefined, 1))).toEqual([
      2000, 4000, 8000, 900_000,
    ])
    expect(retryDelayMs(1, 60_000, 0)).toBe(60_000)
  })
})
