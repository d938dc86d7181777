import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOutDay } from '../../sandbox/pages/calendar/day-layout.ts'
import { linesOfRepeat, repeatOfLines } from '../../sandbox/pages/calendar/google-repeat.ts'
import { patternOfRepeat, repeatOfPattern } from '../../sandbox/pages/calendar/microsoft-repeat.ts'
import { daysFrom, layOutWeek, weeksOfMonth } from '../../sandbox/pages/calendar/month-layout.ts'
import type { Shown } from '../../sandbox/pages/calendar/owner.ts'
import { rhythms, weekdayOf, weekdays, type Ends, type Repeat } from '../../sandbox/pages/calendar/repeat.ts'
import { lastDrawnDay, later, shiftedSeries } from '../../sandbox/pages/calendar/times.ts'

const day = fc.integer({ min: 0, max: 900 }).map((days) => later('2025-12-01', days * 1440))
const minutes = fc.integer({ min: 0, max: 287 }).map((steps) => steps * 5)
const shown = fc
  .record({ day, minutes, length: fc.integer({ min: 0, max: 4000 }), isAllDay: fc.boolean(), id: fc.uuid() })
  .map(({ day, minutes, length, isAllDay, id }): Shown => {
    const start = isAllDay ? day : later(`${day}T00:00`, minutes)
    const end = isAllDay ? later(day, 1440 * (1 + (length % 9))) : later(start, length)
    const plain = { calendarId: 'c', title: 't', location: '', kind: 'single', answer: 'own' } as const
    return { ...plain, id, start, end, isAllDay, isFree: false, isPrivate: false }
  })
const inMarch = fc.array(shown, { maxLength: 30 }).map((events) =>
  events.map((event) => {
    const moved = (wall: string): string => later(wall, -1440 * 3 * (Number.parseInt(event.id, 16) % 2))
    return { ...event, start: moved(event.start), end: moved(event.end) }
  }),
)

test('in a week every event is drawn once, and on no day do two share a lane', () => {
  fc.assert(
    fc.property(inMarch, day, (events, first) => {
      const days = daysFrom(first)
      const { segments } = layOutWeek(days, events, Infinity)
      const meant = events.filter((event) =>
        days.some((one) => one >= event.start.slice(0, 10) && one <= lastDrawnDay(event)),
      )
      expect(segments.map(({ event }) => event.id).toSorted()).toEqual(meant.map(({ id }) => id).toSorted())
      const places = segments.flatMap(({ lane, from, to }) =>
        days.flatMap((_one, column) => (column >= from && column <= to ? [`${lane} ${column}`] : [])),
      )
      expect(new Set(places).size).toBe(places.length)
    }),
  )
})

test('what finds no lane in a week is counted on each of its days', () => {
  fc.assert(
    fc.property(inMarch, day, (events, first) => {
      const days = daysFrom(first)
      const [all, few] = [layOutWeek(days, events, Infinity), layOutWeek(days, events, 2)]
      const drawn = (column: number, week: typeof all): number =>
        week.segments.filter(({ from, to }) => column >= from && column <= to).length
      for (const column of days.keys())
        expect(drawn(column, few) + (few.hidden[column] ?? 0)).toBe(drawn(column, all))
    }),
  )
})

const onThursday = fc
  .record({ from: minutes, length: fc.integer({ min: 0, max: 1400 }), id: fc.uuid() })
  .map(({ from, length, id }): Shown => {
    const start = later('2026-03-05T00:00', from)
    const times = { isAllDay: false, start, end: later(start, length) }
    const plain = { calendarId: 'c', title: 't', location: '', kind: 'single', answer: 'own' } as const
    return { ...plain, ...times, id, isFree: false, isPrivate: false }
  })

test('in a day every event is drawn, and up to eight that overlap are drawn side by side', () => {
  fc.assert(
    fc.property(fc.array(onThursday, { maxLength: 8 }), (events) => {
      const blocks = layOutDay('2026-03-05', events)
      expect(blocks.map(({ event }) => event.id).toSorted()).toEqual(events.map(({ id }) => id).toSorted())
      for (const one of blocks)
        for (const other of blocks)
          if (one !== other && one.fromMinute < other.toMinute && other.fromMinute < one.toMinute)
            expect(one.lane).not.toBe(other.lane)
      expect(blocks.every(({ lane, lanes }) => lane < lanes)).toBe(true)
    }),
  )
})

test('a month has whole weeks from Monday, with every one of its days', () => {
  fc.assert(
    fc.property(day, (first) => {
      const weeks = weeksOfMonth(first)
      expect(weeks.every((days) => days.length === 7 && weekdayOf(days[0] ?? '') === 'MO')).toBe(true)
      const own = weeks.flat().filter((one) => one.slice(0, 7) === first.slice(0, 7))
      const length = new Date(Date.UTC(Number(first.slice(0, 4)), Number(first.slice(5, 7)), 0)).getUTCDate()
      expect(own).toHaveLength(length)
    }),
  )
})

const ends = fc.oneof(
  fc.constant<Ends>({ kind: 'never' }),
  fc.integer({ min: 1, max: 999 }).map((count): Ends => ({ kind: 'after', count })),
  fc
    .integer({ min: 0, max: 800 })
    .map((days): Ends => ({ kind: 'on', date: later('2028-06-01', days * 1440) })),
)
const rule = fc
  .record({
    rhythm: fc.constantFrom(...rhythms),
    interval: fc.integer({ min: 1, max: 99 }),
    days: fc.subarray([...weekdays], { minLength: 1 }),
    ends,
  })
  .map((wish): Repeat => ({ kind: 'rule', ...wish, days: wish.rhythm === 'weekly' ? wish.days : [] }))
const times = shown.map(({ isAllDay, start, end }) => ({ isAllDay, start, end }))
const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland', 'UTC')

test('a rule written for Google is read as the same rule, in any zone', () => {
  fc.assert(
    fc.property(rule, times, zone, (repeat, times, zone) => {
      expect(repeatOfLines(linesOfRepeat(repeat, times, zone), times, zone)).toEqual(repeat)
    }),
  )
})

test('a rule written for Microsoft is read as the same rule', () => {
  fc.assert(
    fc.property(rule, times, (repeat, times) => {
      expect(repeatOfPattern(patternOfRepeat(repeat, times), times)).toEqual(repeat)
    }),
  )
})

test.each([
  ['an ordinal weekday in a year', ['RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1FR']],
  ['two rules', ['RRULE:FREQ=DAILY;COUNT=2', 'RRULE:FREQ=WEEKLY;COUNT=2']],
  ['added dates', ['RRULE:FREQ=DAILY', 'RDATE:20260401T090000Z']],
  ['weeks that are skipped from Sunday on', ['RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU']],
  ['another day of the month', ['RRULE:FREQ=MONTHLY;BYMONTHDAY=31']],
])('%s is left as it is, since the form cannot say it', (_name, lines) => {
  const times = { isAllDay: false, start: '2026-03-05T09:00', end: '2026-03-05T10:00' }
  const repeat = repeatOfLines(lines, times, 'UTC')
  expect(repeat).toEqual({ kind: 'custom', text: lines.join('\n') })
  expect(linesOfRepeat(repeat, times, 'UTC', lines)).toEqual(lines)
})

test('a series that was cut off just before an occurrence ends on the day before', () => {
  const times = { isAllDay: false, start: '2026-03-05T09:00', end: '2026-03-05T10:00' }
  const lines = ['RRULE:FREQ=DAILY;UNTIL=20260312T085959Z']
  expect(repeatOfLines(lines, times, 'UTC')).toMatchObject({ ends: { kind: 'on', date: '2026-03-11' } })
})

test('excepted dates of a Google series stay excepted under a new rule', () => {
  const times = { isAllDay: false, start: '2026-03-05T09:00', end: '2026-03-05T10:00' }
  const daily: Repeat = { kind: 'rule', rhythm: 'daily', interval: 1, days: [], ends: { kind: 'never' } }
  const before = ['RRULE:FREQ=WEEKLY', 'EXDATE:20260312T090000Z']
  expect(linesOfRepeat(daily, times, 'UTC', before)).toEqual(['RRULE:FREQ=DAILY', before[1]])
})

test('a series moves as far as the occurrence that was moved, and lasts as long', () => {
  const series = { isAllDay: false, start: '2026-01-05T09:00', end: '2026-01-05T10:00' }
  const before = { isAllDay: false, start: '2026-03-09T09:00', end: '2026-03-09T10:00' }
  const after = { isAllDay: false, start: '2026-03-10T08:30', end: '2026-03-10T10:30' }
  expect(shiftedSeries(series, before, after)).toEqual({
    isAllDay: false,
    start: '2026-01-06T08:30',
    end: '2026-01-06T10:30',
  })
})
