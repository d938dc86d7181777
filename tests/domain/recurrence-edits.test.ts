import { describe, expect, test } from 'vitest'
import { startOnSlot } from '../../domain/recurrence/beginnings.ts'
import { shiftWalls, withoutSlots, withSlots } from '../../domain/recurrence/edits.ts'
import { InvalidRecurrence } from '../../domain/recurrence/recurrence.ts'
import { splitSeries } from '../../domain/recurrence/split.ts'
import { firstAt, firstDates, seriesOf } from '../support/series.ts'

const monday = '2026-03-02T09:00:00'

describe('this and following', () => {
  test('the old series ends on the slot before, the new one starts on the slot', () => {
    const { before, after } = splitSeries(seriesOf('FREQ=WEEKLY', monday), '2026-04-06T09:00:00')
    expect(before?.recurrence.rule).toBe('FREQ=WEEKLY;UNTIL=20260330T070000Z;BYDAY=MO')
    expect(after).toMatchObject({
      time: { start: '2026-04-06T09:00:00' },
      recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO' },
    })
  })

  test('COUNT is shared out, UNTIL stays with the new series', () => {
    const counted = splitSeries(seriesOf('FREQ=WEEKLY;COUNT=10', monday), '2026-03-23T09:00:00')
    expect(counted.before?.recurrence.rule).toBe('FREQ=WEEKLY;UNTIL=20260316T080000Z;BYDAY=MO')
    expect(counted.after?.recurrence.rule).toBe('FREQ=WEEKLY;COUNT=7;BYDAY=MO')
    const until = splitSeries(seriesOf('FREQ=WEEKLY;UNTIL=20260601', monday), '2026-03-23T09:00:00')
    expect(until.after?.recurrence.rule).toBe('FREQ=WEEKLY;UNTIL=20260601T070000Z;BYDAY=MO')
  })

  test('exceptions and extra dates go with their half', () => {
    const series = seriesOf(
      'FREQ=DAILY',
      '2026-03-02',
      undefined,
      'EXDATE;VALUE=DATE:20260303,20260310',
      'RDATE;VALUE=DATE:20260101',
    )
    const { before, after } = splitSeries(series, '2026-03-09')
    expect(before?.recurrence).toMatchObject({ exdates: ['2026-03-03'], rdates: ['2026-01-01'] })
    expect(after?.recurrence).toMatchObject({ exdates: ['2026-03-10'], rdates: [] })
  })

  test('weeks that are skipped stay in step', () => {
    const { after } = splitSeries(
      seriesOf('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU', monday),
      '2026-03-15T09:00:00',
    )
    expect(after && firstDates(after, 4)).toEqual(['2026-03-15', '2026-03-16', '2026-03-29', '2026-03-30'])
  })

  test('at the first slot everything is the new series', () => {
    const series = seriesOf('FREQ=WEEKLY', monday)
    expect(splitSeries(series, monday)).toEqual({ before: null, after: series })
  })

  test('slots before that were all taken out leave no series', () => {
    const series = seriesOf('FREQ=DAILY', '2026-03-02', undefined, 'EXDATE;VALUE=DATE:20260302,20260303')
    expect(splitSeries(series, '2026-03-04').before).toBeNull()
  })

  test('an extra date alone is a series that happens once', () => {
    const series = seriesOf('FREQ=DAILY;COUNT=2', '2026-03-02', undefined, 'RDATE;VALUE=DATE:20260401')
    expect(splitSeries(series, '2026-04-01').after).toMatchObject({
      time: { start: '2026-04-01' },
      recurrence: { rule: 'FREQ=DAILY;COUNT=1', rdates: [] },
    })
  })

  test('a series of dates alone is split between them', () => {
    const series = seriesOf(
      'FREQ=DAILY;COUNT=1',
      '2026-03-02',
      undefined,
      'RDATE;VALUE=DATE:20260401,20260402',
    )
    const dates = { ...series, recurrence: { ...series.recurrence, rule: null } }
    const { before, after } = splitSeries(dates, '2026-04-01')
    expect(before && firstDates(before, 5)).toEqual(['2026-03-02'])
    expect(after && firstDates(after, 5)).toEqual(['2026-04-01', '2026-04-02'])
  })

  test('on the night that clocks skip, the moved occurrence is an extra one and the rest keeps its time', () => {
    const series = seriesOf('FREQ=DAILY;COUNT=40', '2026-03-02T02:30:00')
    const { after } = splitSeries(series, '2026-03-29T03:30:00')
    expect(after).toMatchObject({
      time: { start: '2026-03-30T02:30:00' },
      recurrence: { rule: 'FREQ=DAILY;COUNT=12', rdates: ['2026-03-29T03:30:00'] },
    })
  })

  test('an extra date before a rule whose slots were all taken out is what is left', () => {
    const lines = ['EXDATE;VALUE=DATE:20260309', 'RDATE;VALUE=DATE:20260304']
    const series = seriesOf('FREQ=WEEKLY;COUNT=2', '2026-03-02', undefined, ...lines)
    expect(splitSeries(series, '2026-03-04').after?.recurrence.rdates).toEqual(['2026-03-04'])
  })

  test('there is no splitting where there is no slot', () => {
    expect(() => splitSeries(seriesOf('FREQ=WEEKLY', monday), '2026-03-10T09:00:00')).toThrow(
      InvalidRecurrence,
    )
  })
})

describe('a first occurrence that the rule does not match', () => {
  test('is no occurrence, and the series starts on the first that is', () => {
    const series = seriesOf('FREQ=WEEKLY;BYDAY=WE;COUNT=3', monday)
    const moved = startOnSlot(series)
    expect(moved.time.start).toBe('2026-03-04T09:00:00')
    expect(firstDates(moved, 9)).toEqual(['2026-03-04', '2026-03-11', '2026-03-18'])
    expect(firstDates(series, 9)).toEqual(firstDates(moved, 9))
  })

  test('keeps the weeks that are skipped', () => {
    const series = seriesOf('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', '2026-03-04T09:00:00')
    expect(startOnSlot(series).time.start).toBe('2026-03-16T09:00:00')
  })
})

describe('taking slots out and back', () => {
  const series = seriesOf('FREQ=DAILY', monday)

  test('a slot taken out is gone and comes back whole', () => {
    const without = withoutSlots(series, ['2026-03-03T09:00:00'])
    expect(firstDates(without, 2)).toEqual(['2026-03-02', '2026-03-04'])
    expect(withSlots(without, ['2026-03-03T09:00:00'])).toEqual(series)
  })

  test('what is no slot takes nothing out', () => {
    expect(withoutSlots(series, ['2026-03-03T10:00:00', '2026-02-03T09:00:00'])).toEqual(series)
  })

  test('a start beside the rule is an extra slot, and goes by itself', () => {
    const extra = withSlots(series, ['2026-03-03T15:00:00'])
    expect(extra.recurrence.rdates).toEqual(['2026-03-03T15:00:00'])
    expect(withoutSlots(extra, ['2026-03-03T15:00:00'])).toEqual(series)
  })
})

describe('a series that moves', () => {
  const series = seriesOf('FREQ=DAILY;UNTIL=20260401', monday, 'Europe/Berlin', 'EXDATE:20260304T080000Z')

  test('to another time of day takes its exceptions and its end along', () => {
    expect(shiftWalls(series, firstAt('2026-03-02T14:00:00')).recurrence).toEqual({
      rule: 'FREQ=DAILY;UNTIL=20260401T120000Z',
      exdates: ['2026-03-04T14:00:00'],
      rdates: [],
    })
  })

  test('to another zone keeps the dates there', () => {
    expect(shiftWalls(series, firstAt(monday, 'America/New_York')).recurrence).toEqual({
      rule: 'FREQ=DAILY;UNTIL=20260401T130000Z',
      exdates: ['2026-03-04T09:00:00'],
      rdates: [],
    })
  })

  test('by a day moves them by a day', () => {
    expect(shiftWalls(series, firstAt('2026-03-03T09:00:00')).recurrence).toEqual({
      rule: 'FREQ=DAILY;UNTIL=20260402T070000Z',
      exdates: ['2026-03-05T09:00:00'],
      rdates: [],
    })
  })

  test('to whole days has dates for exceptions', () => {
    expect(shiftWalls(series, firstAt('2026-03-02')).recurrence).toEqual({
      rule: 'FREQ=DAILY;UNTIL=20260401',
      exdates: ['2026-03-04'],
      rdates: [],
    })
  })
})
