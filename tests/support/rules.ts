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
import { withoutSlots, withSlots } from '../../domain/recurrence/edits.ts'
import { parseRecurrence } from '../../domain/recurrence/lines.ts'
import { allSlots } from '../../domain/recurrence/occurrences.ts'
import { InvalidRecurrence, type Series } from '../../domain/recurrence/recurrence.ts'
import { addDays, resolvedWall } from '../../domain/recurrence/walls.ts'
import { firstAt } from './series.ts'

const weekday = constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
const weekdays = uniqueArray(weekday, { minLength: 1, maxLength: 7 })
const position = constantFrom(1, 2, 3, 4, 5, -1, -2)
const monthDays = uniqueArray(constantFrom(1, 2, 13, 15, 27, 28, 29, 30, 31, -1, -2, -28, -31), {
  minLength: 1,
  maxLength: 4,
})
const months = oneof(
  uniqueArray(integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
  constant([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
)

const interval = constantFrom(
  '',
  ';INTERVAL=1',
  ';INTERVAL=2',
  ';INTERVAL=3',
  ';INTERVAL=6',
  ';INTERVAL=12',
  ';INTERVAL=24',
)
const weekStart = oneof(
  constant(''),
  weekday.map((day) => `;WKST=${day}`),
)
const byMonth = oneof(
  constant(''),
  months.map((list) => `;BYMONTH=${list.join()}`),
)
const byDay = weekdays.map((list) => `;BYDAY=${list.join()}`)
const byNthDay = uniqueArray(tuple(position, weekday), { minLength: 1, maxLength: 2 }).map(
  (list) => `;BYDAY=${list.map(([nth, day]) => `${nth}${day}`).join()}`,
)
const byMonthDay = monthDays.map((list) => `;BYMONTHDAY=${list.join()}`)
const bySetPos = uniqueArray(position, { minLength: 1, maxLength: 2 }).map(
  (list) => `;BYSETPOS=${list.join()}`,
)
const nothing = constant('')

const parts = oneof(
  tuple(constant('FREQ=DAILY'), interval, byMonth, oneof(nothing, byDay, byMonthDay)),
  tuple(constant('FREQ=WEEKLY'), interval, weekStart, byMonth, oneof(nothing, byDay)),
  tuple(
    constantFrom('FREQ=MONTHLY', 'FREQ=YEARLY'),
    interval,
    byMonth,
    oneof(
      nothing,
      byNthDay,
      byMonthDay,
      tuple(byMonthDay, byDay).map((both) => both.join('')),
      tuple(oneof(byDay, byMonthDay), oneof(nothing, bySetPos)).map((both) => both.join('')),
      constantFrom(
        ';BYMONTHDAY=28,29,30,31;BYSETPOS=-1',
        ';BYMONTHDAY=28,29,30;BYSETPOS=-1',
        ';BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
        ';BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=1',
      ),
    ),
  ),
)

const end = oneof(
  constant(''),
  integer({ min: 1, max: 30 }).map((count) => `;COUNT=${count}`),
  integer({ min: 0, max: 4000 }).map((days) => {
    const date = new Date(Date.UTC(2026, 0, 1) + days * 86_400_000)
    return `;UNTIL=${date.toISOString().slice(0, 10).replaceAll('-', '')}`
  }),
)

/** The value of an RRULE in some spelling that calendars accept. */
export const anyRule: Arbitrary<string> = tuple(parts, end).map(([given, ending]) => given.join('') + ending)

const anyDate = oneof(
  integer({ min: 0, max: 700 }).map((days) =>
    new Date(Date.UTC(2025, 0, 1) + days * 86_400_000).toISOString().slice(0, 10),
  ),
  constantFrom('2024-02-29', '2025-01-31', '2025-12-29', '2026-03-29', '2026-10-25'),
)

/** A first occurrence: all day, or in a zone with or without DST. */
export const anyFirst: Arbitrary<{ start: string; zone: string }> = record({
  start: oneof(
    anyDate,
    tuple(anyDate, constantFrom('T00:00:00', 'T02:30:00', 'T09:15:00', 'T23:45:00')).map((both) =>
      both.join(''),
    ),
  ),
  zone: constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'),
})

/** A series, or null where the rule that was drawn means no date or nothing calendars agree on. */
export function seriesOrNone(lines: string[], start: string, zone?: string): Series | null {
  const time = firstAt(start, zone)
  try {
    return { time, recurrence: parseRecurrence(lines, time) }
  } catch (error) {
    if (!(error instanceof InvalidRecurrence)) throw error
    return null
  }
}

/** A series that exists, with some of its slots taken out and some dates added. */
export const anySeries: Arbitrary<Series> = record({
  rule: anyRule,
  first: anyFirst,
  taken: uniqueArray(integer({ min: 0, max: 12 }), { maxLength: 3 }),
  added: uniqueArray(integer({ min: 1, max: 400 }), { maxLength: 2 }),
})
  .map(({ rule, first, taken, added }) =>
    withExtras(seriesOrNone([`RRULE:${rule}`], first.start, first.zone), taken, added),
  )
  .filter((series) => series !== null)

function withExtras(series: Series | null, taken: number[], added: number[]): Series | null {
  if (!series) return null
  const slots = [...allSlots(series, series.time.start.slice(0, 10), null).take(13)]
  const extra = added.map((days) => slotAfter(series, days))
  const walls = taken.flatMap((index) => slots[index] ?? [])
  return withoutSlots(withSlots(series, extra), walls)
}

/** Some days after the start, at another time of day than the rule's where there is one. */
function slotAfter({ time }: Series, days: number): string {
  const date = addDays(time.start.slice(0, 10), days)
  return time.kind === 'date' ? date : resolvedWall(`${date}T16:20:00`, time.zone)
}
