import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from '../../sandbox/world.ts'
import { ensureAccount } from '../../sandbox/accounts.ts'
import { existing } from '../../sandbox/google/find-event.ts'
import { listInstances } from '../../sandbox/google/instances.ts'
import { listEvents } from '../../sandbox/google/list.ts'
import { readListQuery } from '../../sandbox/google/query.ts'
import { splitSeries } from '../../sandbox/google/split-series.ts'
import { insertEvent, patchEvent, deleteEvent, type Target } from '../../sandbox/google/write.ts'
import { at, series } from './google-made.ts'
import type { Json } from './played.ts'

let world: World
let target: Target

beforeAll(() => {
  world = createWorld('split')
})
afterAll(() => world.delivery.halt())
beforeEach(() => {
  world.state.google.clear()
  target = targetOf('ada@example.com')
})

function targetOf(email: string): Target {
  const account = ensureAccount(world, { vendor: 'google', email })
  const calendar = account.vendor === 'google' ? account.calendars.get(email) : undefined
  if (account.vendor !== 'google' || calendar === undefined) throw new Error('no account')
  return { world, account, calendar }
}

const make = (rule: string, more: Json = {}) => insertEvent(target, series('serie', rule, more))
const idsIn = (place: Target, id: string) =>
  listInstances(place, id, { showDeleted: 'true', timeMax: '2026-04-01T00:00:00Z' }).items?.map(
    (one) => one.id,
  )
const later = 'serie_R20260307T080000'

test('a split series ends the day before and begins anew under an id made from the old one', () => {
  make('RRULE:FREQ=DAILY')
  const { ended, begun } = splitSeries(target, 'serie_20260307T080000Z', { summary: 'New' })
  expect(ended.after).toMatchObject({
    id: 'serie',
    summary: 'Daily',
    recurrence: ['RRULE:FREQ=DAILY;UNTIL=20260306T225959Z'],
  })
  expect(begun.after).toMatchObject({
    id: later,
    iCalUID: `${later}@google.com`,
    summary: 'New',
    recurrence: ['RRULE:FREQ=DAILY'],
    start: { dateTime: '2026-03-07T09:00:00+01:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2026-03-07T10:00:00+01:00' },
  })
})

test('instances of both parts are named alike, by the first part’s id', () => {
  make('RRULE:FREQ=DAILY;COUNT=5')
  splitSeries(target, 'serie_20260307T080000Z', {})
  expect(idsIn(target, 'serie')).toEqual(['serie_20260305T080000Z', 'serie_20260306T080000Z'])
  expect(idsIn(target, later)).toEqual(['07', '08', '09'].map((day) => `serie_202603${day}T080000Z`))
  expect(existing(target, 'serie_20260308T080000Z').recurringEventId).toBe(later)
  expect(existing(target, 'serie_20260306T080000Z').recurringEventId).toBe('serie')
})

test('what is left of a count goes over to the later part', () => {
  make('RRULE:FREQ=DAILY;COUNT=5')
  const { begun } = splitSeries(target, 'serie_20260307T080000Z', {})
  expect(begun.after.recurrence).toEqual(['RRULE:FREQ=DAILY;COUNT=3'])
})

test('an all-day series is split by dates', () => {
  const day = { start: { date: '2026-03-05' }, end: { date: '2026-03-06' } }
  insertEvent(target, { id: 'serie', ...day, recurrence: ['RRULE:FREQ=DAILY;UNTIL=20260320'] })
  const { ended, begun } = splitSeries(target, 'serie_20260310', {})
  expect(ended.after.recurrence).toEqual(['RRULE:FREQ=DAILY;UNTIL=20260309'])
  expect(begun.after).toMatchObject({
    id: 'serie_R20260310',
    recurrence: ['RRULE:FREQ=DAILY;UNTIL=20260320'],
  })
})

test('properties go over to the later part', () => {
  make('RRULE:FREQ=DAILY', { extendedProperties: { private: { marker: '1' } }, location: 'Here' })
  const { begun } = splitSeries(target, 'serie_20260307T080000Z', {})
  expect(begun.after).toMatchObject({ extendedProperties: { private: { marker: '1' } }, location: 'Here' })
})

test('exceptions from the split on go over, and those before stay', () => {
  make('RRULE:FREQ=DAILY;COUNT=6')
  patchEvent(target, 'serie_20260306T080000Z', { summary: 'Before' }, undefined)
  patchEvent(target, 'serie_20260308T080000Z', { summary: 'After' }, undefined)
  deleteEvent(target, 'serie_20260309T080000Z', undefined)
  splitSeries(target, 'serie_20260307T080000Z', { summary: 'New' })
  const items = listEvents(target, readListQuery({})).items ?? []
  expect(items.map(({ id, status, recurringEventId }) => [id, status, recurringEventId])).toEqual([
    ['serie', 'confirmed', undefined],
    ['serie_20260306T080000Z', 'confirmed', 'serie'],
    ['serie_20260308T080000Z', 'confirmed', later],
    ['serie_20260309T080000Z', 'cancelled', later],
    [later, 'confirmed', undefined],
  ])
})

test('exceptions whose slot the later part has not are dropped, and one at the split is taken up', () => {
  make('RRULE:FREQ=DAILY;COUNT=6')
  patchEvent(target, 'serie_20260307T080000Z', { summary: 'At' }, undefined)
  patchEvent(target, 'serie_20260308T080000Z', { summary: 'After' }, undefined)
  splitSeries(target, 'serie_20260307T080000Z', {
    start: at('2026-03-07T11:00:00'),
    end: at('2026-03-07T12:00:00'),
  })
  const items = listEvents(target, readListQuery({})).items ?? []
  expect(items.map(({ id }) => id)).toEqual(['serie', later])
  expect(idsIn(target, later)?.[0]).toBe('serie_20260307T100000Z')
})

test('a second split is of the later part and keeps the first id’s name', () => {
  make('RRULE:FREQ=DAILY')
  splitSeries(target, 'serie_20260307T080000Z', { summary: 'Second' })
  const { ended, begun } = splitSeries(target, 'serie_20260310T080000Z', { summary: 'Third' })
  expect([ended.after.id, begun.after.id]).toEqual([later, 'serie_R20260310T080000'])
  expect(existing(target, 'serie_20260312T080000Z')).toMatchObject({
    summary: 'Third',
    recurringEventId: begun.after.id,
  })
})

test('a change from the first instance on is one of the whole series', () => {
  make('RRULE:FREQ=DAILY')
  const { ended, begun } = splitSeries(target, 'serie_20260305T080000Z', { summary: 'All' })
  expect(ended).toBe(begun)
  expect(ended.after).toMatchObject({ id: 'serie', summary: 'All', recurrence: ['RRULE:FREQ=DAILY'] })
})

test('one who follows instances by a sync token sees every day once after a split', () => {
  make('RRULE:FREQ=DAILY;COUNT=6')
  patchEvent(target, 'serie_20260307T080000Z', { summary: 'At' }, undefined)
  const window = { singleEvents: 'true', timeMax: '2026-04-01T00:00:00Z' }
  const first = listEvents(target, readListQuery(window))
  const kept = new Map((first.items ?? []).map((item) => [item.id, item.summary]))
  splitSeries(target, 'serie_20260307T080000Z', { summary: 'New' })
  const changes = listEvents(target, readListQuery({ singleEvents: 'true', syncToken: first.nextSyncToken }))
  for (const { id, status, summary } of changes.items ?? []) {
    if (status === 'cancelled') kept.delete(id)
    else kept.set(id, summary)
  }
  const now = listEvents(target, readListQuery(window)).items ?? []
  expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(now.map(({ id, summary }) => [id, summary])))
  expect(now).toHaveLength(6)
})

test('the guests of a series have both parts and the exceptions of each', () => {
  const guest = targetOf('grace@example.com')
  make('RRULE:FREQ=DAILY;COUNT=6', { attendees: [{ email: 'grace@example.com' }] })
  patchEvent(target, 'serie_20260308T080000Z', { summary: 'After' }, undefined)
  splitSeries(target, 'serie_20260307T080000Z', { summary: 'New' })
  const told = (place: Target) =>
    (
      listEvents(
        place,
        readListQuery({ singleEvents: 'true', timeMax: '2026-04-01T00:00:00Z', orderBy: 'startTime' }),
      ).items ?? []
    ).map(({ id, summary }) => [id, summary])
  expect(told(guest)).toEqual(told(target))
  expect(told(guest)).toHaveLength(6)
})

test.each(['single', 'serie'])('%s cannot be split', (id) => {
  make('RRULE:FREQ=DAILY')
  insertEvent(target, { id: 'single', start: at('2026-03-05T09:00:00'), end: at('2026-03-05T10:00:00') })
  expect(() => splitSeries(target, id, {})).toThrow('Only a recurring event can be split.')
})
