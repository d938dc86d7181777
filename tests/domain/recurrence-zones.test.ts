import { describe, expect, test } from 'vitest'
import { occurrencesIn, seriesSpan, slotAt, slotOn } from '../../domain/recurrence/occurrences.ts'
import { zonesAgree } from '../../domain/recurrence/zones.ts'
import { firstAt, seriesOf } from '../support/series.ts'

/** The instants at which a daily series starts from one date to another. */
function starts(start: string, zone: string, from: string, to: string, rule = 'FREQ=DAILY'): string[] {
  const window = { from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` }
  return [...occurrencesIn(seriesOf(rule, start, zone), window)].flatMap(({ time }) =>
    time.kind === 'dateTime' ? [time.startsAt] : [],
  )
}

describe('the weeks in which clocks change', () => {
  test.each([
    [
      'Berlin in spring',
      '2026-03-02T09:00:00',
      'Europe/Berlin',
      '2026-03-28',
      ['2026-03-28T08:00:00Z', '2026-03-29T07:00:00Z'],
    ],
    [
      'Berlin in the hour spring leaves out',
      '2026-03-02T02:30:00',
      'Europe/Berlin',
      '2026-03-28',
      ['2026-03-28T01:30:00Z', '2026-03-29T01:30:00Z'],
    ],
    [
      'Berlin in the hour autumn repeats',
      '2026-10-01T02:30:00',
      'Europe/Berlin',
      '2026-10-24',
      ['2026-10-24T00:30:00Z', '2026-10-25T00:30:00Z'],
    ],
    [
      'New York in spring',
      '2026-03-02T09:00:00',
      'America/New_York',
      '2026-03-07',
      ['2026-03-07T14:00:00Z', '2026-03-08T13:00:00Z'],
    ],
    [
      'New York in the hour spring leaves out',
      '2026-03-02T02:15:00',
      'America/New_York',
      '2026-03-07',
      ['2026-03-07T07:15:00Z', '2026-03-08T07:15:00Z'],
    ],
    [
      'Lord Howe, where clocks change by half an hour',
      '2026-04-01T12:00:00',
      'Australia/Lord_Howe',
      '2026-04-04',
      ['2026-04-04T01:00:00Z', '2026-04-05T01:30:00Z'],
    ],
    [
      'São Paulo, where midnight was left out until 2018',
      '2018-10-20T00:00:00',
      'America/Sao_Paulo',
      '2018-11-03',
      ['2018-11-03T03:00:00Z', '2018-11-04T03:00:00Z'],
    ],
    [
      'Kolkata, where nothing changes',
      '2026-03-02T09:00:00',
      'Asia/Kolkata',
      '2026-03-28',
      ['2026-03-28T03:30:00Z', '2026-03-29T03:30:00Z'],
    ],
  ])('%s', (_where, start, zone, from, instants) => {
    const to = new Date(Date.parse(from) + 2 * 86_400_000).toISOString().slice(0, 10)
    expect(starts(start, zone, from, to)).toEqual(instants)
  })

  test('a length is time, not clock hours: eight hours over night are eight hours in spring too', () => {
    const time = {
      ...firstAt('2026-03-27T22:00:00'),
      end: '2026-03-28T06:00:00',
      endsAt: '2026-03-28T05:00:00Z',
    }
    const series = { time, recurrence: { rule: 'FREQ=DAILY', exdates: [], rdates: [] } }
    const window = { from: '2026-03-28T12:00:00Z', to: '2026-03-29T12:00:00Z' }
    expect([...occurrencesIn(series, window)].map((occurrence) => occurrence.time)).toMatchObject([
      { start: '2026-03-28T22:00:00', end: '2026-03-29T07:00:00', endsAt: '2026-03-29T05:00:00Z' },
    ])
  })

  test.each([
    ['COUNT over the change', 'FREQ=DAILY;COUNT=3', 3],
    ['UNTIL on the slot after it', 'FREQ=DAILY;UNTIL=20260330T070000Z', 3],
    ['UNTIL a second short of it', 'FREQ=DAILY;UNTIL=20260330T065959Z', 2],
    ['UNTIL in winter’s hours', 'FREQ=DAILY;UNTIL=20260328T080000Z', 1],
  ])('%s', (_case, rule, count) => {
    expect(starts('2026-03-28T09:00:00', 'Europe/Berlin', '2026-03-01', '2026-05-01', rule)).toHaveLength(
      count,
    )
  })

  test('a day that a zone left out is shown on the next one, once', () => {
    expect(starts('2011-12-28T09:00:00', 'Pacific/Apia', '2011-12-28', '2012-01-01')).toEqual([
      '2011-12-28T19:00:00Z',
      '2011-12-29T19:00:00Z',
      '2011-12-30T19:00:00Z',
      '2011-12-31T19:00:00Z',
    ])
  })
})

describe('all-day series are dates in every zone', () => {
  test('an occurrence of two days covers two dates', () => {
    const series = seriesOf('FREQ=WEEKLY', '2026-03-02')
    const window = { from: '2026-03-09T10:00:00Z', to: '2026-03-09T11:00:00Z' }
    const twoDays = { ...series, time: { kind: 'date' as const, start: '2026-03-01', end: '2026-03-03' } }
    expect([
      ...occurrencesIn(
        { ...twoDays, recurrence: { rule: 'FREQ=WEEKLY;BYDAY=SU', exdates: [], rdates: [] } },
        window,
      ),
    ]).toEqual([
      { originalStart: '2026-03-08', time: { kind: 'date', start: '2026-03-08', end: '2026-03-10' } },
    ])
  })
})

describe('a slot', () => {
  const series = seriesOf('FREQ=DAILY', '2026-03-02T02:30:00', 'Europe/Berlin', 'EXDATE:20260304T013000Z')
  test.each([
    ['by its wall time', '2026-03-03T02:30:00', '2026-03-03T02:30:00'],
    ['taken out', '2026-03-04T02:30:00', '2026-03-04T02:30:00'],
    ['by the wall time that spring leaves out', '2026-03-29T02:30:00', '2026-03-29T03:30:00'],
    ['by the wall time that clocks show instead', '2026-03-29T03:30:00', '2026-03-29T03:30:00'],
  ])('is found %s', (_case, wall, slot) => {
    expect(slotAt(series, wall)?.originalStart).toBe(slot)
  })
  test.each([
    ['at another time of day', '2026-03-03T03:30:00'],
    ['before the series', '2026-03-01T02:30:00'],
    ['as a date', '2026-03-03'],
  ])('is not there %s', (_case, wall) => {
    expect(slotAt(series, wall)).toBeUndefined()
  })
  test('is found by its date', () => {
    expect(slotOn(series, '2026-03-29')?.originalStart).toBe('2026-03-29T03:30:00')
    expect(slotOn(seriesOf('FREQ=WEEKLY', '2026-03-02T09:00:00'), '2026-03-10')).toBeUndefined()
  })
})

describe('the span of a series', () => {
  test.each([
    ['with COUNT', 'FREQ=WEEKLY;COUNT=4', '2026-03-23T09:00:00Z', []],
    ['with COUNT over the change of the clocks', 'FREQ=WEEKLY;COUNT=5', '2026-03-30T08:00:00Z', []],
    ['with UNTIL', 'FREQ=DAILY;UNTIL=20260304', '2026-03-04T09:00:00Z', []],
    ['without end', 'FREQ=DAILY', null, []],
    ['with a later extra date', 'FREQ=DAILY;COUNT=2', '2026-05-01T11:00:00Z', ['RDATE:20260501T100000Z']],
  ])('%s', (_case, rule, endsAt, lines) => {
    expect(seriesSpan(seriesOf(rule, '2026-03-02T09:00:00', 'Europe/Berlin', ...lines))).toEqual({
      startsAt: '2026-03-02T08:00:00Z',
      endsAt,
    })
  })
})

test.each([
  ['another spelling of a zone', 'Asia/Kolkata', 'Asia/Calcutta', true],
  ['a neighbour with the same rules', 'Europe/Berlin', 'Europe/Vienna', true],
  ['a neighbour with other rules', 'America/Mazatlan', 'America/Chihuahua', false],
  ['the same hours in winter only', 'Europe/London', 'Africa/Abidjan', false],
])('%s', (_case, one, other, agree) => {
  expect(zonesAgree(one, other, '2026-01-05T08:00:00Z', null)).toBe(agree)
})
