import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  accountsOf,
  allPages,
  at,
  events,
  idsOf,
  itemsOf,
  messageOf,
  series,
  startsOf,
} from './google-made.ts'
import { list, object, play, reasonOf, timed, type Call, type Json, type Played } from './played.ts'

let played: Played
let google: Call
const newAccount = accountsOf(() => played, 'list')

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  google = (await newAccount()).call
})

/** A single event and a series, each alive and deleted, and an instance of the living series that was cancelled. */
async function everyKind(): Promise<void> {
  await google('POST', events, { ...timed('alive', 9), id: 'alive' })
  await google('POST', events, { ...timed('gone', 9), id: 'gone0' })
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
  await google('POST', events, series('ended', 'RRULE:FREQ=DAILY;COUNT=2'))
  await google('DELETE', `${events}/serie_20260306T080000Z`)
  await google('DELETE', `${events}/gone0`)
  await google('DELETE', `${events}/ended`)
}

const live = ['alive', 'serie_20260305T080000Z', 'serie_20260307T080000Z']

test.each([
  ['showDeleted=false&singleEvents=false', ['alive', 'serie', 'serie_20260306T080000Z:cancelled']],
  [
    'showDeleted=true&singleEvents=false',
    ['alive', 'serie', 'serie_20260306T080000Z:cancelled', 'ended:cancelled', 'gone0:cancelled'],
  ],
  ['showDeleted=false&singleEvents=true', live],
  [
    'showDeleted=true&singleEvents=true',
    [
      ...live,
      'serie_20260306T080000Z:cancelled',
      'ended_20260305T080000Z:cancelled',
      'ended_20260306T080000Z:cancelled',
      'gone0:cancelled',
    ],
  ],
])('%s lists what Google lists of deleted events, series and instances', async (query, expected) => {
  await everyKind()
  const { body } = await google('GET', `${events}?${query}`)
  const told = list(body['items']).map(({ id, status }) =>
    status === 'cancelled' ? `${String(id)}:cancelled` : id,
  )
  expect(new Set(told)).toEqual(new Set(expected))
  expect(told).toHaveLength(expected.length)
})

test('deleted events are listed with what they were only when they are asked for', async () => {
  await everyKind()
  const asked = await google('GET', `${events}?showDeleted=true`)
  expect(itemsOf(asked).find(({ id }) => id === 'gone0')).toMatchObject({
    status: 'cancelled',
    summary: 'gone',
  })
  const unasked = await google('GET', events)
  expect(itemsOf(unasked).find(({ status }) => status === 'cancelled')).toEqual({
    kind: 'calendar#event',
    etag: expect.any(String),
    id: 'serie_20260306T080000Z',
    status: 'cancelled',
    recurringEventId: 'serie',
    originalStartTime: { dateTime: '2026-03-06T09:00:00+01:00', timeZone: 'Europe/Berlin' },
  })
})

test('a window leaves out what ends when it begins and what begins when it ends, whatever the fractions of a second', async () => {
  for (const hour of [8, 9, 10, 11]) await google('POST', events, { ...timed('x', hour), id: `hour${hour}` })
  const window = 'timeMin=2026-03-05T09:00:00.900Z&timeMax=2026-03-05T10:00:00.900Z'
  expect(idsOf(await google('GET', `${events}?${window}`))).toEqual(['hour10'])
})

test('an event without length lies in a window that begins with it', async () => {
  await google('POST', events, {
    id: 'point',
    start: at('2026-03-05T09:00:00'),
    end: at('2026-03-05T09:00:00'),
  })
  const window = (from: string, to: string) => `timeMin=2026-03-05T${from}Z&timeMax=2026-03-05T${to}Z`
  expect(idsOf(await google('GET', `${events}?${window('08:00:00', '09:00:00')}`))).toEqual(['point'])
  expect(idsOf(await google('GET', `${events}?${window('07:00:00', '08:00:00')}`))).toEqual([])
})

test('an all-day event lies in the days of its calendar’s zone', async () => {
  await google('POST', events, { id: 'a0full', start: { date: '2026-03-05' }, end: { date: '2026-03-06' } })
  const window = (from: string, to: string) => `timeMin=${from}&timeMax=${to}`
  const before = window('2026-03-04T20:00:00Z', '2026-03-04T23:00:00Z')
  const within = window('2026-03-04T20:00:00Z', '2026-03-04T23:00:01Z')
  expect(idsOf(await google('GET', `${events}?${before}`))).toEqual([])
  expect(idsOf(await google('GET', `${events}?${within}`))).toEqual(['a0full'])
})

test('a series is in a window that one of its instances is in', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY'))
  const window = 'timeMin=2031-03-05T00:00:00Z&timeMax=2031-03-06T00:00:00Z'
  expect(idsOf(await google('GET', `${events}?${window}`))).toEqual(['serie'])
  expect(idsOf(await google('GET', `${events}?${window}&singleEvents=true`))).toEqual([
    'serie_20310305T080000Z',
  ])
  const before = 'timeMin=2025-03-05T00:00:00Z&timeMax=2025-03-06T00:00:00Z'
  expect(idsOf(await google('GET', `${events}?${before}`))).toEqual([])
})

test.each([
  ['timeMin=2026-03-05T09:00:00Z&timeMax=2026-03-05T09:00:00Z', 400, 'timeRangeEmpty'],
  ['timeMin=2026-03-06T09:00:00Z&timeMax=2026-03-05T09:00:00Z', 400, 'timeRangeEmpty'],
  ['timeMin=2026-03-05T09:00:00', 400, 'badRequest'],
  ['timeMin=2026-03-05', 400, 'badRequest'],
  ['timeMax=tomorrow', 400, 'badRequest'],
  ['timeMin=2026-03-05T09:00:00%20%2B01:00', 400, 'badRequest'],
  ['maxResults=0', 400, 'invalidParameter'],
  ['maxResults=-1', 400, 'invalidParameter'],
  ['maxResults=many', 400, 'invalidParameter'],
  ['orderBy=startTime', 400, 'badRequest'],
  ['orderBy=name', 400, 'invalidParameter'],
  ['singleEvents=perhaps', 400, 'invalidParameter'],
  ['showDeleted=1', 400, 'invalidParameter'],
  ['showHiddenInvitations=no', 400, 'invalidParameter'],
  ['alwaysIncludeEmail=no', 400, 'invalidParameter'],
  ['maxAttendees=0', 400, 'invalidParameter'],
  ['maxAttendees=few', 400, 'invalidParameter'],
  ['eventTypes=party', 400, 'invalidParameter'],
  ['timeZone=Mars/Base', 400, 'invalid'],
  ['privateExtendedProperty=alone', 400, 'invalidParameter'],
  ['pageToken=nonsense', 400, 'invalid'],
  ['updatedMin=2020-01-01T00:00:00Z', 410, 'updatedMinTooLongAgo'],
])('%s is refused with %i %s', async (query, status, reason) => {
  const refused = await google('GET', `${events}?${query}`)
  expect([refused.status, reasonOf(refused)]).toEqual([status, reason])
})

test('a refused order says so in Google’s words', async () => {
  expect(messageOf(await google('GET', `${events}?orderBy=startTime`))).toBe(
    'The requested ordering is not available for the particular query.',
  )
})

test('more results than 2500 are not given at a time, and asking for more is no error', async () => {
  expect((await google('GET', `${events}?maxResults=999999`)).status).toBe(200)
})

test('instances come by when they begin, changed ones at their present time', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
  await google('POST', events, {
    ...timed('between', 9),
    id: 'other',
    start: at('2026-03-06T12:00:00'),
    end: at('2026-03-06T13:00:00'),
  })
  const moved = { start: at('2026-03-08T07:00:00'), end: at('2026-03-08T08:00:00') }
  await google('PATCH', `${events}/serie_20260305T080000Z`, moved)
  const query = 'singleEvents=true&orderBy=startTime'
  const expected = [
    '2026-03-06T09:00:00+01:00',
    '2026-03-06T12:00:00+01:00',
    '2026-03-07T09:00:00+01:00',
    '2026-03-08T07:00:00+01:00',
  ]
  expect(startsOf(await google('GET', `${events}?${query}`))).toEqual(expected)
  const { items, pages } = await allPages(google, `${query}&maxResults=1`)
  expect([items.map(({ start }) => object(start)['dateTime']), pages]).toEqual([expected, 4])
})

test('events come by when they were last changed, oldest first', async () => {
  for (const id of ['first', 'secnd', 'third']) await google('POST', events, { ...timed(id, 9), id })
  await played.control('POST', 'clock', { advance: 'PT5M' })
  await google('PATCH', `${events}/first`, { summary: 'changed' })
  const { items } = await allPages(google, 'orderBy=updated&maxResults=2')
  expect(items.map(({ id }) => id)).toEqual(
    ['secnd', 'third', 'first'].toSorted((a, b) => (a === 'first' ? 1 : b === 'first' ? -1 : 0)),
  )
})

test('a sorted list goes on where it was when events come and go between its pages', async () => {
  for (const hour of [8, 10, 12]) await google('POST', events, { ...timed('x', hour), id: `hour${hour}` })
  const query = 'singleEvents=true&orderBy=startTime&maxResults=2'
  const first = await google('GET', `${events}?${query}`)
  await google('POST', events, { ...timed('x', 9), id: 'hour9' })
  await google('DELETE', `${events}/hour8`)
  await google('POST', events, { ...timed('x', 14), id: 'hour14' })
  const next = await google('GET', `${events}?${query}&pageToken=${String(first.body['nextPageToken'])}`)
  expect([idsOf(first), idsOf(next)]).toEqual([
    ['hour8', 'hour10'],
    ['hour12', 'hour14'],
  ])
})

test('updatedMin tells of what changed since, deletions included', async () => {
  await google('POST', events, { ...timed('old', 9), id: 'older' })
  await google('POST', events, { ...timed('gone', 9), id: 'gone0' })
  await played.control('POST', 'clock', { advance: 'PT30M' })
  const { body } = await played.control('GET', 'clock')
  await google('POST', events, { ...timed('new', 9), id: 'later' })
  await google('DELETE', `${events}/gone0`)
  const since = await google('GET', `${events}?updatedMin=${String(body['now'])}`)
  expect(itemsOf(since).map(({ id, status }) => [id, status])).toEqual([
    ['gone0', 'cancelled'],
    ['later', 'confirmed'],
  ])
})

test.each([
  ['retro', ['found']],
  ['RETRO', ['found']],
  ['berlin retro', ['found']],
  ['guest@example.com', ['found']],
  ['grace', ['found']],
  ['cake', ['found']],
  ['"with cake"', ['found']],
  ['"cake with"', []],
  ['desk-7', ['place']],
  ['nothing', []],
])('q=%s finds events by what they say, where, and who is there', async (text, expected) => {
  const attendees = [{ email: 'guest@example.com', displayName: 'Grace' }]
  const words = { summary: 'Retro', description: 'with cake', location: 'Berlin', attendees }
  await google('POST', events, { ...timed('', 9), ...words, id: 'found' })
  await google('POST', events, { ...timed('Other', 9), id: 'other' })
  await google('POST', events, {
    id: 'place',
    ...timed('Office', 9),
    eventType: 'workingLocation',
    visibility: 'public',
    transparency: 'transparent',
    workingLocationProperties: { type: 'officeLocation', officeLocation: { deskId: 'desk-7' } },
  })
  expect(idsOf(await google('GET', `${events}?q=${encodeURIComponent(text)}`))).toEqual(expected)
})

test('several properties must all be there, or any, as switched', async () => {
  const marked = (id: string, properties: Json) =>
    google('POST', events, { ...timed('x', 9), id, extendedProperties: properties })
  await marked('both0', { private: { a: '1', b: '2' } })
  await marked('one00', { private: { a: '1' } })
  await marked('share', { shared: { a: '1' } })
  const query = 'privateExtendedProperty=a%3D1&privateExtendedProperty=b%3D2'
  expect(idsOf(await google('GET', `${events}?${query}`))).toEqual(['both0'])
  await played.control('POST', 'switches', { 'google.repeatedPropertyFilters': 'any' })
  expect(idsOf(await google('GET', `${events}?${query}`))).toEqual(['both0', 'one00'])
  await played.control('DELETE', 'switches')
  expect(idsOf(await google('GET', `${events}?sharedExtendedProperty=a%3D1`))).toEqual(['share'])
})

test('events of certain types are listed alone', async () => {
  await google('POST', events, { ...timed('plain', 9), id: 'plain' })
  await google('POST', events, {
    ...timed('Focus', 9),
    id: 'focus',
    eventType: 'focusTime',
    focusTimeProperties: {},
  })
  expect(idsOf(await google('GET', `${events}?eventTypes=focusTime`))).toEqual(['focus'])
  expect(idsOf(await google('GET', `${events}?eventTypes=focusTime&eventTypes=default`))).toEqual([
    'plain',
    'focus',
  ])
})

test('an iCalUID finds a series with its exceptions', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
  await google('POST', events, timed('x', 9))
  await google('PATCH', `${events}/serie_20260306T080000Z`, { summary: 'other' })
  expect(idsOf(await google('GET', `${events}?iCalUID=serie@google.com`))).toEqual([
    'serie',
    'serie_20260306T080000Z',
  ])
})

test('where there are more guests than are to be named, only the owner is', async () => {
  const { email, call } = await newAccount()
  const attendees = [{ email }, { email: 'b@example.com' }, { email: 'c@example.com' }]
  await call('POST', events, { ...timed('x', 9), id: 'guest', attendees })
  const path = `${events}/guest`
  for (const answer of [
    await call('GET', `${path}?maxAttendees=2`),
    await call('PATCH', `${path}?maxAttendees=2`, {}),
  ]) {
    expect(answer.body).toMatchObject({ attendees: [{ email, self: true }], attendeesOmitted: true })
  }
  const [item] = itemsOf(await call('GET', `${events}?maxAttendees=2`))
  expect(item).toMatchObject({ attendees: [{ email }], attendeesOmitted: true })
  const whole = await call('GET', `${path}?maxAttendees=3`)
  expect(list(whole.body['attendees'])).toHaveLength(3)
  expect(whole.body).not.toHaveProperty('attendeesOmitted')
})

test('times are written with the offsets of the zone that is asked for, and keep their own zone', async () => {
  await google('POST', events, { ...timed('x', 9), id: 'timed' })
  const asked = 'timeZone=America/New_York'
  const expected = { dateTime: '2026-03-05T03:00:00-05:00', timeZone: 'Europe/Berlin' }
  const page = await google('GET', `${events}?${asked}`)
  expect([page.body['timeZone'], itemsOf(page)[0]?.['start']]).toEqual(['America/New_York', expected])
  expect((await google('GET', `${events}/timed?${asked}`)).body['start']).toEqual(expected)
})

test('pages may be short and even empty while more is to come, and a reader who goes on has everything', async () => {
  const ids = Array.from({ length: 12 }, (_, index) => `page${String(index).padStart(2, '0')}`)
  for (const id of ids) await google('POST', events, { ...timed('x', 9), id })
  await played.control('POST', 'switches', { 'google.shortPages': true })
  const sizes = new Set<number>()
  for (let round = 0; round < 6; round += 1) {
    const read: unknown[] = []
    const tokens = new Set<unknown>()
    let page = ''
    for (;;) {
      const answer = await google('GET', `${events}?maxResults=3${page}`)
      read.push(...idsOf(answer))
      const token = answer.body['nextPageToken']
      if (typeof token !== 'string') break
      sizes.add(itemsOf(answer).length)
      expect(tokens).not.toContain(token)
      tokens.add(token)
      page = `&pageToken=${token}`
    }
    expect(read).toEqual(ids)
  }
  expect(sizes).toEqual(new Set([0, 1, 2, 3]))
  await played.control('DELETE', 'switches')
})

test('a page token goes with the parameters of its list alone', async () => {
  for (const hour of [9, 10]) await google('POST', events, timed('x', hour))
  const first = await google('GET', `${events}?maxResults=1`)
  const token = String(first.body['nextPageToken'])
  expect((await google('GET', `${events}?maxResults=2&pageToken=${token}`)).status).toBe(200)
  const other = await google('GET', `${events}?maxResults=1&showDeleted=true&pageToken=${token}`)
  expect([other.status, reasonOf(other)]).toEqual([400, 'invalid'])
})

test('an empty calendar answers everything but events', async () => {
  const { email, call } = await newAccount()
  const { body } = await call('GET', events)
  expect(body).toMatchObject({
    kind: 'calendar#events',
    summary: email,
    timeZone: 'Europe/Berlin',
    accessRole: 'owner',
    defaultReminders: [{ method: 'popup', minutes: 10 }],
    items: [],
    nextSyncToken: expect.any(String),
  })
})
