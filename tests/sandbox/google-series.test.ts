import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { accountsOf, at, events, idsOf, itemsOf, series, startsOf } from './google-made.ts'
import { object, play, reasonOf, timed, type Call, type Json, type Played } from './played.ts'

let played: Played
let google: Call
const newAccount = accountsOf(() => played, 'series')

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('DELETE', 'switches')
  google = (await newAccount()).call
})

const daily = (rule = 'RRULE:FREQ=DAILY;COUNT=4', more: Json = {}) =>
  google('POST', events, series('serie', rule, more))
const instance = (day: string): string => `${events}/serie_202603${day}T080000Z`
const instances = (query = '') => google('GET', `${events}/serie/instances?${query}`)
const dayOf = (id: unknown): unknown => /_202603(\d\d)/.exec(String(id))?.[1]
const days = async (query = ''): Promise<unknown[]> => idsOf(await instances(query)).map(dayOf)

test('an instance has the id of its series and its start in UTC, and says which slot it stands in', async () => {
  await daily()
  const { body } = await google('GET', instance('06'))
  const start = { dateTime: '2026-03-06T09:00:00+01:00', timeZone: 'Europe/Berlin' }
  expect(body).toMatchObject({
    id: 'serie_20260306T080000Z',
    recurringEventId: 'serie',
    originalStartTime: start,
    start,
    end: { dateTime: '2026-03-06T10:00:00+01:00' },
    iCalUID: 'serie@google.com',
  })
  expect(body).not.toHaveProperty('recurrence')
  expect((await google('GET', instance('09'))).status).toBe(404)
})

test('an instance of an all-day series has its date in its id', async () => {
  const times = { start: { date: '2026-03-05' }, end: { date: '2026-03-07' } }
  await google('POST', events, { id: 'serie', ...times, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] })
  const { body } = await google('GET', `${events}/serie_20260312`)
  expect([body['start'], body['end'], body['originalStartTime']]).toEqual([
    { date: '2026-03-12' },
    { date: '2026-03-14' },
    { date: '2026-03-12' },
  ])
})

test('instances keep their hour when the clocks change, and their length', async () => {
  const times = { start: at('2026-03-28T01:30:00'), end: at('2026-03-28T03:30:00') }
  await google('POST', events, { id: 'serie', ...times, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] })
  const answer = await instances()
  expect(startsOf(answer)).toEqual([
    '2026-03-28T01:30:00+01:00',
    '2026-03-29T01:30:00+01:00',
    '2026-03-30T01:30:00+02:00',
  ])
  expect(itemsOf(answer).map(({ end }) => object(end)['dateTime'])).toEqual([
    '2026-03-28T03:30:00+01:00',
    '2026-03-29T04:30:00+02:00',
    '2026-03-30T03:30:00+02:00',
  ])
})

test('an instance in an hour the clocks skip comes an hour later, one in an hour they repeat comes first', async () => {
  const skipped = { start: at('2026-03-28T02:30:00'), end: at('2026-03-28T02:45:00') }
  await google('POST', events, { id: 'serie', ...skipped, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] })
  const answer = await instances()
  expect(startsOf(answer)[1]).toBe('2026-03-29T03:30:00+02:00')
  expect((await google('GET', `${events}/${String(idsOf(answer)[1])}`)).status).toBe(200)
  const repeated = { start: at('2026-10-25T02:30:00'), end: at('2026-10-25T02:45:00') }
  await google('POST', events, {
    id: 'tumble'.replace('mb', 'r'),
    ...repeated,
    recurrence: ['RRULE:FREQ=DAILY;COUNT=1'],
  })
  expect(startsOf(await google('GET', `${events}/turle/instances`))).toEqual(['2026-10-25T02:30:00+02:00'])
})

test('a rule follows the zone of its series and not that of the calendar', async () => {
  const times = {
    start: at('2026-03-05T09:00:00', 'America/New_York'),
    end: at('2026-03-05T10:00:00', 'America/New_York'),
  }
  await google('POST', events, { id: 'serie', ...times, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] })
  expect(startsOf(await instances())).toEqual(['2026-03-05T15:00:00+01:00', '2026-03-12T14:00:00+01:00'])
})

test('a changed instance is an event of its own that its series is not', async () => {
  await daily()
  const { body: made } = await google('GET', events)
  await google('PATCH', instance('06'), {
    summary: 'Other',
    start: at('2026-03-06T15:00:00'),
    end: at('2026-03-06T16:00:00'),
  })
  const changes = await google('GET', `${events}?syncToken=${String(made['nextSyncToken'])}`)
  expect(itemsOf(changes)).toMatchObject([
    {
      id: 'serie_20260306T080000Z',
      recurringEventId: 'serie',
      summary: 'Other',
      originalStartTime: { dateTime: '2026-03-06T09:00:00+01:00' },
      start: { dateTime: '2026-03-06T15:00:00+01:00' },
    },
  ])
  expect(await days()).toEqual(['05', '06', '07', '08'])
})

test.each([
  ['DELETE', undefined],
  ['PATCH', { status: 'cancelled' }],
])(
  'an instance is cancelled by %s, adds no date to its series, and comes back confirmed',
  async (method, body) => {
    await daily()
    await google(method, instance('06'), body)
    expect([await days(), await days('showDeleted=true')]).toEqual([
      ['05', '07', '08'],
      ['05', '06', '07', '08'],
    ])
    expect((await google('GET', `${events}/serie`)).body['recurrence']).toEqual(['RRULE:FREQ=DAILY;COUNT=4'])
    expect((await google('GET', instance('06'))).body).toMatchObject({
      status: 'cancelled',
      summary: 'Daily',
    })
    const again = await google('DELETE', instance('06'))
    expect([again.status, reasonOf(again)]).toEqual([410, 'deleted'])
    await google('PATCH', instance('06'), { status: 'confirmed' })
    expect(await days()).toEqual(['05', '06', '07', '08'])
  },
)

test('an exception is replaced by an update and stays in its slot', async () => {
  await daily()
  const { body } = await google('PUT', instance('06'), {
    summary: 'b',
    start: at('2026-03-06T11:00:00'),
    end: at('2026-03-06T12:00:00'),
  })
  expect(body).toMatchObject({
    recurringEventId: 'serie',
    originalStartTime: { dateTime: '2026-03-06T09:00:00+01:00' },
  })
})

test('an instance cannot recur', async () => {
  await daily()
  const refused = await google('PATCH', instance('06'), { recurrence: ['RRULE:FREQ=DAILY'] })
  expect([refused.status, reasonOf(refused)]).toEqual([400, 'invalid'])
})

test('instances are asked for by window, by original start, and a page at a time', async () => {
  await daily('RRULE:FREQ=DAILY')
  await google('PATCH', instance('07'), { start: at('2026-03-20T09:00:00'), end: at('2026-03-20T10:00:00') })
  const window = 'timeMin=2026-03-06T00:00:00Z&timeMax=2026-03-09T00:00:00Z'
  expect(await days(window)).toEqual(['06', '08'])
  expect(await days('originalStart=2026-03-07T09:00:00%2B01:00')).toEqual(['07'])
  expect(await days('originalStart=2026-03-07T08:00:00Z')).toEqual(['07'])
  expect(await days('originalStart=2026-03-07T10:00:00Z')).toEqual([])
  const first = await instances('maxResults=2')
  const next = await instances(`maxResults=2&pageToken=${String(first.body['nextPageToken'])}`)
  expect([idsOf(first), idsOf(next)].flat().map(dayOf)).toEqual(['05', '06', '08', '09'])
  const foreign = await instances(
    `timeMin=2026-03-06T00:00:00Z&pageToken=${String(first.body['nextPageToken'])}`,
  )
  expect(foreign.status).toBe(400)
})

test('an endless series has instances years ahead, whenever it began', async () => {
  await google('POST', events, {
    id: 'serie',
    start: { date: '1990-01-01' },
    end: { date: '1990-01-02' },
    recurrence: ['RRULE:FREQ=YEARLY'],
  })
  const { body } = await played.control('GET', 'clock')
  const year = Number(String(body['now']).slice(0, 4))
  const answer = await instances('timeMin=2020-01-01T00:00:00Z')
  expect(startsOf(answer)[0]).toBe('2020-01-01')
  expect(Number(String(startsOf(answer).at(-1)).slice(0, 4))).toBeGreaterThanOrEqual(year + 2)
})

test.each(['single', 'serie_20260306T080000Z'])('%s has no instances to be asked for', async (id) => {
  await daily()
  await google('POST', events, { ...timed('x', 9), id: 'single' })
  expect((await google('GET', `${events}/${id}/instances`)).status).toBe(400)
  expect((await google('GET', `${events}/nowhere/instances`)).status).toBe(404)
})

test('a deleted series has only cancelled instances', async () => {
  await daily()
  await google('PATCH', instance('06'), { summary: 'b' })
  await google('DELETE', `${events}/serie`)
  expect([await days(), await days('showDeleted=true')]).toEqual([[], ['05', '06', '07', '08']])
  expect((await google('GET', instance('07'))).body['status']).toBe('cancelled')
  expect((await google('DELETE', instance('07'))).status).toBe(410)
})

test('a series that comes back brings its exceptions along', async () => {
  await daily()
  await google('PATCH', instance('06'), { summary: 'Other' })
  await google('DELETE', instance('07'))
  await google('DELETE', `${events}/serie`)
  const { body } = await google('GET', events)
  await google('PATCH', `${events}/serie`, { status: 'confirmed' })
  const changes = await google('GET', `${events}?syncToken=${String(body['nextSyncToken'])}`)
  expect(itemsOf(changes).map(({ id, status }) => [dayOf(id) ?? id, status])).toEqual([
    ['serie', 'confirmed'],
    ['06', 'confirmed'],
    ['07', 'cancelled'],
  ])
  expect(await days()).toEqual(['05', '06', '08'])
})

test.each([
  ['drop homeless', ['07'], ['05', '07', '09', '11']],
  ['drop all', [], ['05', '07', '09', '11']],
  ['keep all', ['06', '07'], ['05', '06', '07', '09', '11']],
])('when the rule of a series changes and exceptions are to be "%s", %j stay', async (fate, kept, shown) => {
  await played.control('POST', 'switches', { 'google.exceptionsOnRuleChange': fate })
  await daily()
  for (const day of ['06', '07']) await google('PATCH', instance(day), { summary: 'Other' })
  await google('PATCH', `${events}/serie`, { recurrence: ['RRULE:FREQ=DAILY;INTERVAL=2;COUNT=4'] })
  const listed = itemsOf(await google('GET', events)).filter(
    ({ recurringEventId }) => recurringEventId !== undefined,
  )
  expect(listed.map(({ id }) => dayOf(id))).toEqual(kept)
  expect(await days()).toEqual(shown)
})

test('a dropped exception is told as a deleted event, and its slot is untouched when it comes back', async () => {
  await daily()
  await google('PATCH', instance('06'), { summary: 'Other' })
  const { body } = await google('GET', events)
  await google('PATCH', `${events}/serie`, { recurrence: ['RRULE:FREQ=DAILY;INTERVAL=2;COUNT=4'] })
  const changes = itemsOf(await google('GET', `${events}?syncToken=${String(body['nextSyncToken'])}`))
  expect(changes).toMatchObject([{ id: 'serie' }, { id: 'serie_20260306T080000Z', status: 'cancelled' }])
  expect(changes[1]).not.toHaveProperty('recurringEventId')
  await google('PATCH', `${events}/serie`, { recurrence: ['RRULE:FREQ=DAILY;COUNT=4'] })
  expect((await google('GET', instance('06'))).body).toMatchObject({ status: 'confirmed', summary: 'Daily' })
  expect(await days()).toEqual(['05', '06', '07', '08'])
})

test('a change of words leaves exceptions as they are', async () => {
  await daily()
  await google('PATCH', instance('06'), { location: 'Elsewhere' })
  const before = await google('GET', instance('06'))
  await google('PATCH', `${events}/serie`, { summary: 'Renamed' })
  expect((await google('GET', instance('06'))).body).toEqual(before.body)
})

test('a series that loses its rule is a single event, and one that gains one a series', async () => {
  await daily()
  await google('PATCH', `${events}/serie`, { recurrence: null })
  expect(idsOf(await google('GET', `${events}?singleEvents=true`))).toEqual(['serie'])
  await google('PATCH', `${events}/serie`, { recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] })
  expect(idsOf(await google('GET', `${events}?singleEvents=true`)).map(dayOf)).toEqual(['05', '06'])
})

test('dates taken out and put in by lines of the series count', async () => {
  const lines = [
    'RRULE:FREQ=DAILY;COUNT=3',
    'EXDATE;TZID=Europe/Berlin:20260306T090000',
    'RDATE:20260310T080000Z',
  ]
  await google('POST', events, series('serie', '', { recurrence: lines }))
  expect(await days()).toEqual(['05', '07', '10'])
})

test('a start that its rule does not name is an instance, or is none, as switched', async () => {
  await daily('RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3')
  expect(await days()).toEqual(['05', '09', '16'])
  await played.control('POST', 'switches', { 'google.startOutsideRule': 'left out' })
  expect(await days()).toEqual(['09', '16', '23'])
})

test('rules finer than a day are refused, or followed, as switched', async () => {
  const refused = await daily('RRULE:FREQ=HOURLY;COUNT=3')
  expect([refused.status, reasonOf(refused)]).toEqual([400, 'invalid'])
  await played.control('POST', 'switches', { 'google.subDailyRules': 'accepted' })
  await daily('RRULE:FREQ=HOURLY;COUNT=3')
  expect(startsOf(await instances())).toEqual(
    ['09', '10', '11'].map((hour) => `2026-03-05T${hour}:00:00+01:00`),
  )
})

test.each(['RRULE:FREQ=DAILY;UNTIL=20200101T000000Z', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'])(
  'a rule that gives nothing is refused: %s',
  async (rule) => {
    await played.control('POST', 'switches', { 'google.startOutsideRule': 'left out' })
    expect((await daily(rule)).status).toBe(400)
  },
)
