import {
  constant,
  constantFrom,
  integer,
  oneof,
  record,
  tuple,
  uniqueArray,
  type Arbitrary,
} from 'fast-check'
import { startOnSlot } from '../../domain/recurrence/beginnings.ts'
import { withoutSlots } from '../../domain/recurrence/edits.ts'
import { allSlots } from '../../domain/recurrence/occurrences.ts'
import type { Series } from '../../domain/recurrence/recurrence.ts'
import { anyFirst, seriesOrNone } from './rules.ts'

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
const weekday = constantFrom(...weekdays)
const someWeekdays = uniqueArray(weekday, { minLength: 1, maxLength: 7 }).map((days) => days.join())
const interval = integer({ min: 1, max: 20 })
const nth = constantFrom(1, 2, 3, 4, -1)
const month = integer({ min: 1, max: 12 })
const monthDay = integer({ min: 1, max: 28 })

/** Every kind of rule that both vendors can say. */
export const patterns: [string, Arbitrary<string>][] = [
  ['every n days', interval.map((n) => `FREQ=DAILY;INTERVAL=${n}`)],
  ['on certain days, told as daily', someWeekdays.map((days) => `FREQ=DAILY;BYDAY=${days}`)],
  [
    'every n weeks on certain days, whatever day weeks begin on',
    tuple(interval, someWeekdays, weekday).map(
      ([n, days, start]) => `FREQ=WEEKLY;INTERVAL=${n};BYDAY=${days};WKST=${start}`,
    ),
  ],
  ['every n weeks on the day it begins', interval.map((n) => `FREQ=WEEKLY;INTERVAL=${n}`)],
  [
    'every n months on a day',
    tuple(interval, monthDay).map(([n, day]) => `FREQ=MONTHLY;INTERVAL=${n};BYMONTHDAY=${day}`),
  ],
  [
    'the nth weekday of a month',
    tuple(interval, nth, weekday).map(([n, which, day]) => `FREQ=MONTHLY;INTERVAL=${n};BYDAY=${which}${day}`),
  ],
  [
    'the nth weekday of a month by position',
    tuple(nth, weekday).map(([which, day]) => `FREQ=MONTHLY;BYDAY=${day};BYSETPOS=${which}`),
  ],
  [
    'the nth of several weekdays of a month',
    tuple(nth, someWeekdays).map(([which, days]) => `FREQ=MONTHLY;BYDAY=${days};BYSETPOS=${which}`),
  ],
  [
    'the last day of a month',
    constantFrom('FREQ=MONTHLY;BYMONTHDAY=-1', 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1'),
  ],
  [
    'every n years on a day',
    tuple(interval, month, monthDay).map(
      ([n, of, day]) => `FREQ=YEARLY;INTERVAL=${n};BYMONTH=${of};BYMONTHDAY=${day}`,
    ),
  ],
  [
    'every n years, told in months',
    tuple(constantFrom(12, 24, 36), monthDay).map(
      ([n, day]) => `FREQ=MONTHLY;INTERVAL=${n};BYMONTHDAY=${day}`,
    ),
  ],
  [
    'the nth weekday of a month of the year',
    tuple(month, nth, weekday).map(([of, which, day]) => `FREQ=YEARLY;BYMONTH=${of};BYDAY=${which}${day}`),
  ],
  ['the last day of February', constant('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1')],
]

const ending = oneof(
  constant(''),
  integer({ min: 2, max: 40 }).map((count) => `;COUNT=${count}`),
  integer({ min: 2029, max: 2040 }).map((year) => `;UNTIL=${year}0630`),
)

/** A series of such a rule that begins on a slot of its own, with some of the next ones left out. */
export function seriesBy(rule: Arbitrary<string>): Arbitrary<Series> {
  return record({
    rule,
    ending,
    first: anyFirst,
    taken: uniqueArray(integer({ min: 1, max: 6 }), { maxLength: 3 }),
  })
    .map(({ rule, ending, first: { start, zone }, taken }) => {
      const series = seriesOrNone([`RRULE:${rule}${ending}`], start, zone)
      // An hour that a change of clocks swallows leaves an event without length, which Outlook cannot hold.
      if (!series || series.time.start === series.time.end) return null
      const moved = startOnSlot(series)
      // A first slot that is put off by such an hour alone becomes an extra date, which Outlook cannot add.
      if (moved.recurrence.rdates.length > 0) return null
      const slots = [...allSlots(moved, moved.time.start.slice(0, 10), null).take(7)]
      return withoutSlots(
        moved,
        taken.flatMap((index) => slots[index] ?? []),
      )
    })
    .filter((series) => series !== null)
}
