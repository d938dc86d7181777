import { expect, test } from 'vitest'
import type { Entry } from '../../console/answers.ts'
import { groupByDay } from '../../console/schedule/schedule-days.ts'
import { sourcesOf } from '../../console/schedule/sources.ts'
import { showTimes } from '../../console/schedule/show-day.ts'
import { showRelative } from '../../console/times.ts'

// The viewer of these tests lives in Chicago.
const entry = (title: string, start: string, end: string): Entry => ({
  id: title,
  externalRef: null,
  title,
  body: '',
  location: '',
  allDay: !start.includes('T'),
  start,
  end,
  timeZone: 'Europe/Berlin',
  showAs: 'busy',
  visibility: 'default',
  recurrence: null,
  seriesId: null,
  originalStart: null,
  splitFrom: null,
  status: 'scheduled',
  version: 1,
  assignees: [],
  deletedAt: null,
  createdAt: '2026-03-01T00:00:00Z',
  updatedAt: '2026-03-01T00:00:00Z',
  mappings: [],
})

test('an entry stands under the day on which it begins for the viewer', () => {
  const days = groupByDay([entry('Night call', '2026-03-10T03:00:00+01:00', '2026-03-10T04:00:00+01:00')])
  expect(days.map(({ date }) => date)).toEqual(['2026-03-09'])
})

test('an all-day entry keeps the date it names, and stands before the timed ones', () => {
  const days = groupByDay([
    entry('Early', '2026-03-10T13:00:00Z', '2026-03-10T14:00:00Z'),
    entry('Fair', '2026-03-10', '2026-03-12'),
    entry('Before', '2026-03-09', '2026-03-10'),
  ])
  expect(days.map(({ date, entries }) => [date, entries.map(({ title }) => title)])).toEqual([
    ['2026-03-09', ['Before']],
    ['2026-03-10', ['Fair', 'Early']],
  ])
})

test('an all-day entry ends on the day before its end, also over a change of clocks', () => {
  expect(showTimes(entry('Fair', '2026-03-07', '2026-03-09'))).toMatch(/^All day, until .*8/)
  expect(showTimes(entry('Day', '2026-03-08', '2026-03-09'))).toBe('All day')
})

test('an entry that some calendar brought in names it, and one whose pairs are all copies was made here', () => {
  const provider = { id: 'p', name: 'Dana', vendor: 'google' } as Parameters<typeof sourcesOf>[1][number]
  const mapping = (entryId: string, origin: 'schedule' | 'external') => ({
    id: entryId,
    providerId: 'p',
    entryId,
    externalId: null,
    origin,
    state: 'active' as const,
    reason: null,
    updatedAt: '2026-03-01T00:00:00Z',
  })
  const items = [mapping('theirs', 'external'), mapping('ours', 'schedule')]
  const pairs = [{ providerId: 'p', state: 'active' as const, reason: null }]
  const sourceOf = sourcesOf({ items, nextCursor: null }, [provider])
  expect(sourceOf({ id: 'theirs', mappings: pairs })).toMatchObject({ kind: 'provider', name: 'Dana' })
  expect(sourceOf({ id: 'ours', mappings: pairs })).toEqual({ kind: 'schedule' })
  const partly = sourcesOf({ items: [], nextCursor: 'more' }, [provider])
  expect(partly({ id: 'theirs', mappings: pairs })).toBeNull()
})

test.each([
  ['2026-03-01T12:00:02Z', 'just now'],
  ['2026-03-01T11:57:00Z', '3 minutes ago'],
  ['2026-03-08T12:00:00Z', 'in 7 days'],
  ['2026-02-28T11:00:00Z', 'yesterday'],
])('%s is said as "%s"', (at, said) => {
  expect(showRelative(at, new Date('2026-03-01T12:00:00Z'))).toBe(said)
})
