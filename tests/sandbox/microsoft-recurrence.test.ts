import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { codeOf, list, meeting, object, play, type Call, type Json, type Played } from './played.ts'

const events = '/v1.0/me/events'
const window = 'startDateTime=2026-01-01T00:00:00Z&endDateTime=2028-01-01T00:00:00Z&$top=500'
let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  graph = await played.account('microsoft', 'grace@example.com')
})

const numbered = (count: number, startDate = '2026-03-05') => ({
  type: 'numbered',
  startDate,
  numberOfOccurrences: count,
})
const noEnd = { type: 'noEnd', startDate: '2026-03-05' }
const series = (pattern: Json, range: Json = numbered(4)): Json =>
  meeting('Series', 9, { recurrence: { pattern: { interval: 1, ...pattern }, range } })
const weekly = series({ type: 'weekly', daysOfWeek: ['thursday'] })

async function created(body: Json): Promise<string> {
  const answer = await graph('POST', events, body)
  expect(answer.status).toBe(201)
  return String(answer.body['id'])
}

async function instances(id: string): Promise<Json[]> {
  return list((await graph('GET', `${events}/${id}/instances?${window}`)).body['value'])
}

const days = (items: Json[]) =>
  items.map(({ start }) => String(object(start)['dateTime']).slice(0, 10)).toSorted()
const refusal = async (method: string, path: string, body: Json) => {
  const answer = await graph(method, path, body)
  return [answer.status, codeOf(answer), object(answer.body['error'])['message']]
}

test.each<[string, Json, string[]]>([
  ['daily', { type: 'daily', interval: 3 }, ['2026-03-05', '2026-03-08', '2026-03-11', '2026-03-14']],
  [
    'weekly on several days, every other week from Monday on',
    { type: 'weekly', interval: 2, daysOfWeek: ['sunday', 'thursday'], firstDayOfWeek: 'monday' },
    ['2026-03-05', '2026-03-08', '2026-03-19', '2026-03-22'],
  ],
  [
    'the same with weeks from Sunday on, as they are unless said otherwise',
    { type: 'weekly', interval: 2, daysOfWeek: ['sunday', 'thursday'] },
    ['2026-03-05', '2026-03-15', '2026-03-19', '2026-03-29'],
  ],
  [
    'monthly on a day',
    { type: 'absoluteMonthly', interval: 2, dayOfMonth: 5 },
    ['2026-03-05', '2026-05-05', '2026-07-05', '2026-09-05'],
  ],
  [
    'monthly on the last of several weekdays together',
    { type: 'relativeMonthly', daysOfWeek: ['thursday', 'friday'], index: 'last' },
    ['2026-03-27', '2026-04-30', '2026-05-29', '2026-06-26'],
  ],
  ['yearly on a day', { type: 'absoluteYearly', dayOfMonth: 5, month: 3 }, ['2026-03-05', '2027-03-05']],
  [
    'yearly on the first of a weekday, first being what is meant unless said otherwise',
    { type: 'relativeYearly', daysOfWeek: ['thursday'], month: 3 },
    ['2026-03-05', '2027-03-04'],
  ],
])('a series can be %s', async (_name, pattern, expected) => {
  expect(days(await instances(await created(series(pattern))))).toEqual(expected)
})

test('a range ends by a number, by a day that is part of it, or not at all', async () => {
  const endDate = { type: 'endDate', startDate: '2026-03-05', endDate: '2026-03-19' }
  const pattern = { type: 'weekly', daysOfWeek: ['thursday'] }
  expect(days(await instances(await created(series(pattern, endDate))))).toEqual([
    '2026-03-05',
    '2026-03-12',
    '2026-03-19',
  ])
  expect(await instances(await created(series(pattern, numbered(2))))).toHaveLength(2)
  expect(await instances(await created(series(pattern, noEnd)))).toHaveLength(96)
})

test.each<[string, Json, Json, string, string]>([
  [
    'month 13',
    { type: 'daily', month: 13 },
    noEnd,
    'ErrorInvalidRequest',
    'DayOfMonth should be between 1 and 31',
  ],
  [
    'day 32',
    { type: 'daily', dayOfMonth: 32 },
    noEnd,
    'ErrorInvalidRequest',
    'DayOfMonth should be between 1 and 31',
  ],
  ['day 0 where the day counts', { type: 'absoluteMonthly' }, noEnd, 'ErrorInvalidRequest', 'DayOfMonth'],
  ['an interval of 0', { type: 'daily', interval: 0 }, noEnd, 'ErrorInvalidRequest', 'Interval'],
  ['a week without days', { type: 'weekly' }, noEnd, 'ErrorInvalidRequest', 'DaysOfWeek'],
  ['no occurrences', { type: 'daily' }, numbered(0), 'ErrorInvalidRequest', 'NumberOfOccurrences'],
  ['a thousand occurrences', { type: 'daily' }, numbered(1000), 'ErrorInvalidRequest', 'NumberOfOccurrences'],
  [
    'a start on another day',
    { type: 'daily' },
    numbered(2, '2026-03-06'),
    'ErrorInvalidRequest',
    'startDate',
  ],
  [
    'an end before the start',
    { type: 'daily' },
    { ...noEnd, type: 'endDate', endDate: '2026-03-04' },
    'ErrorInvalidRequest',
    'end',
  ],
  ['a type nobody knows', { type: 'hourly' }, noEnd, 'UnableToDeserializePostBody', 'hourly'],
  [
    'a day nobody knows',
    { type: 'weekly', daysOfWeek: ['funday'] },
    noEnd,
    'UnableToDeserializePostBody',
    'funday',
  ],
  ['a number in words', { type: 'daily', interval: 'two' }, noEnd, 'UnableToDeserializePostBody', 'two'],
  [
    'a range without any occurrence',
    { type: 'absoluteYearly', month: 12, dayOfMonth: 24 },
    { ...noEnd, type: 'endDate', endDate: '2026-03-09' },
    'ErrorRecurrenceHasNoOccurrence',
    'no occurrence',
  ],
  [
    'another zone than the event’s',
    { type: 'daily' },
    { ...noEnd, recurrenceTimeZone: 'Tokyo Standard Time' },
    'ErrorPropertyValidationFailure',
    'At least one property failed validation.',
  ],
])('a recurrence with %s is refused with 400', async (_name, pattern, range, code, message) => {
  const body = series(pattern, range)
  expect(await refusal('POST', events, body)).toEqual([400, code, expect.stringContaining(message)])
})

test('members a recurrence does not use come back as the vendor’s stand-ins, whatever was sent', async () => {
  const sent = { type: 'daily', month: 7, dayOfMonth: 9, index: 'last', firstDayOfWeek: 'monday' }
  const { body } = await graph('POST', events, series(sent, { ...noEnd, endDate: '2030-01-01' }))
  expect(body['recurrence']).toEqual({
    pattern: {
      type: 'daily',
      interval: 1,
      month: 0,
      dayOfMonth: 0,
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
  })
})

test('the zone of a recurrence may be spelt as Windows does or as IANA does', async () => {
  for (const recurrenceTimeZone of ['W. Europe Standard Time', 'Europe/Berlin', 'Europe/Vienna'])
    await created(series({ type: 'daily' }, { ...noEnd, recurrenceTimeZone }))
})

test('a series whose start does not match its pattern begins on the first day that does', async () => {
  const { body } = await graph('POST', events, series({ type: 'weekly', daysOfWeek: ['monday'] }))
  expect(body['start']).toMatchObject({ dateTime: '2026-03-09T08:00:00.0000000' })
  expect(object(object(body['recurrence'])['range'])['startDate']).toBe('2026-03-09')
  expect(days(await instances(String(body['id'])))).toEqual([
    '2026-03-09',
    '2026-03-16',
    '2026-03-23',
    '2026-03-30',
  ])
})

test('a day a month does not have is its last day, or none, as switched', async () => {
  const pattern = { type: 'absoluteMonthly', dayOfMonth: 31 }
  expect(days(await instances(await created(series(pattern))))).toEqual([
    '2026-03-31',
    '2026-04-30',
    '2026-05-31',
    '2026-06-30',
  ])
  await played.control('POST', 'switches', { 'microsoft.shortMonths': 'skipped' })
  expect(days(await instances(await created(series(pattern))))).toEqual([
    '2026-03-31',
    '2026-05-31',
    '2026-07-31',
    '2026-08-31',
  ])
})

test('a series moves to another zone or another day only together with its recurrence', async () => {
  const id = await created(weekly)
  const at = (hour: number, timeZone: string, day = 5) => ({
    dateTime: `2026-03-0${day}T${String(hour).padStart(2, '0')}:00:00`,
    timeZone,
  })
  const tokyo = { start: at(9, 'Tokyo Standard Time'), end: at(10, 'Tokyo Standard Time') }
  const failure = [400, 'ErrorPropertyValidationFailure', 'At least one property failed validation.']
  expect(await refusal('PATCH', `${events}/${id}`, tokyo)).toEqual(failure)
  const later = { start: at(9, 'Europe/Berlin', 6), end: at(10, 'Europe/Berlin', 6) }
  expect(await refusal('PATCH', `${events}/${id}`, later)).toEqual(failure)
  const { recurrence } = weekly
  const moved = await graph('PATCH', `${events}/${id}`, { ...tokyo, recurrence })
  expect([moved.status, moved.body['originalStartTimeZone']]).toEqual([200, 'Tokyo Standard Time'])
  const sameZone = { start: at(11, 'Tokyo Standard Time'), end: at(12, 'Tokyo Standard Time') }
  expect((await graph('PATCH', `${events}/${id}`, sameZone)).status).toBe(200)
})

async function changedSeries(): Promise<string> {
  const id = await created(weekly)
  const [, second, third] = await instances(id)
  await graph('PATCH', `${events}/${String(second?.['id'])}`, { location: { displayName: 'Room 2' } })
  await graph('DELETE', `${events}/${String(third?.['id'])}`)
  return id
}
const kinds = (items: Json[]) => items.map(({ type }) => String(type)).toSorted()

test('a changed time or rule drops what was changed and deleted in a series, or keeps what still fits, as switched', async () => {
  const pattern = { interval: 1, type: 'weekly', daysOfWeek: ['thursday', 'friday'] }
  const rule = { recurrence: { pattern, range: numbered(6) } }
  const later = {
    start: { dateTime: '2026-03-05T14:00:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2026-03-05T15:00:00', timeZone: 'Europe/Berlin' },
  }
  for (const change of [rule, later]) {
    const id = await changedSeries()
    await graph('PATCH', `${events}/${id}`, change)
    expect(new Set(kinds(await instances(id)))).toEqual(new Set(['occurrence']))
  }
  await played.control('POST', 'switches', { 'microsoft.exceptionsOfChangedSeries': 'kept' })
  const id = await changedSeries()
  await graph('PATCH', `${events}/${id}`, { ...rule, ...later })
  const items = await instances(id)
  expect(kinds(items)).toEqual(['exception', 'occurrence', 'occurrence', 'occurrence', 'occurrence'])
  // The changed occurrence was never moved, so it goes along.
  expect(items.find(({ type }) => type === 'exception')).toMatchObject({
    location: { displayName: 'Room 2' },
    start: { dateTime: '2026-03-12T13:00:00.0000000' },
  })
})

test('a series that changes in words only, or is sent its own recurrence again, keeps its exceptions and gaps', async () => {
  const id = await changedSeries()
  const { body } = await graph('GET', `${events}/${id}`)
  await graph('PATCH', `${events}/${id}`, { subject: 'Renamed', recurrence: body['recurrence'] })
  expect(kinds(await instances(id))).toEqual(['exception', 'occurrence', 'occurrence'])
})

test('an exception follows its series in what was not changed in it, and its etag tells so', async () => {
  const id = await changedSeries()
  const exception = async () => (await instances(id)).find(({ type }) => type === 'exception')
  const before = await exception()
  await graph('PATCH', `${events}/${id}`, { subject: 'Renamed' })
  const renamed = await exception()
  expect(renamed).toMatchObject({ subject: 'Renamed', location: { displayName: 'Room 2' } })
  expect(renamed?.['@odata.etag']).not.toBe(before?.['@odata.etag'])
  await graph('PATCH', `${events}/${id}`, { location: { displayName: 'Elsewhere' } })
  expect((await exception())?.['@odata.etag']).toBe(renamed?.['@odata.etag'])
})

test('a single event becomes a series and a single event again', async () => {
  const id = await created(meeting('Single', 9))
  const { recurrence } = weekly
  const made = await graph('PATCH', `${events}/${id}`, { recurrence })
  expect([made.body['id'], made.body['type']]).toEqual([id, 'seriesMaster'])
  expect(await instances(id)).toHaveLength(4)
  const single = await graph('PATCH', `${events}/${id}`, { recurrence: null })
  expect(single.body).toMatchObject({ id, type: 'singleInstance', recurrence: null })
  expect(single.body['start']).toMatchObject({ dateTime: '2026-03-05T08:00:00.0000000' })
})

test('a recurrence is a property of the series and cannot be given to an occurrence', async () => {
  const [first] = await instances(await created(weekly))
  const path = `${events}/${String(first?.['id'])}`
  const { recurrence } = weekly
  expect((await refusal('PATCH', path, { recurrence })).slice(0, 2)).toEqual([400, 'ErrorInvalidRequest'])
  // Who sends back what was read sends null.
  expect((await graph('PATCH', path, { subject: 'x', recurrence: null })).status).toBe(200)
})

test('an occurrence stays between its neighbours, whose days are those of the series’ own zone', async () => {
  const late = (hour: number): Json => ({
    dateTime: `2026-03-05T${hour}:00:00`,
    timeZone: 'Pacific Standard Time',
  })
  const recurrence = { pattern: { type: 'daily', interval: 2 }, range: numbered(3) }
  const [, second] = await instances(await created({ start: late(20), end: late(21), recurrence }))
  const path = `${events}/${String(second?.['id'])}`
  const utc = (dateTime: string): Json => ({ dateTime, timeZone: 'UTC' })
  // In UTC that is the day of the third occurrence, at home the day before it.
  const allowed = { start: utc('2026-03-09T05:00:00'), end: utc('2026-03-09T06:00:00') }
  expect((await graph('PATCH', path, allowed)).status).toBe(200)
  const crossing = { start: utc('2026-03-09T18:00:00'), end: utc('2026-03-09T19:00:00') }
  expect((await refusal('PATCH', path, crossing)).slice(0, 2)).toEqual([
    400,
    'ErrorOccurrenceCrossingBoundary',
  ])
})

test('a series that began long ago is read where the window lies', async () => {
  const start = { dateTime: '1970-01-01T09:00:00', timeZone: 'Europe/Berlin' }
  const end = { dateTime: '1970-01-01T10:00:00', timeZone: 'Europe/Berlin' }
  const recurrence = {
    pattern: { type: 'daily', interval: 1 },
    range: { type: 'noEnd', startDate: '1970-01-01' },
  }
  await created({ start, end, recurrence })
  const day = 'startDateTime=2026-03-05T00:00:00Z&endDateTime=2026-03-06T00:00:00Z'
  const { body } = await graph('GET', `/v1.0/me/calendarView?${day}`)
  expect(days(list(body['value']))).toEqual(['2026-03-05'])
})
