import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { list, object, play, reasonOf, timed, type Call, type Played } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'
let played: Played
let google: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', 'ada@example.com')
  await google('POST', events, { ...timed('Retro', 9), id: 'retro', location: 'Here' })
})

const start = { dateTime: '2026-03-05T09:00:00+01:00', timeZone: 'Europe/Berlin' }

test.each([
  ['summary', { summary: 'Retro' }],
  ['id,summary', { id: 'retro', summary: 'Retro' }],
  ['id, start(timeZone)', { id: 'retro', start: { timeZone: 'Europe/Berlin' } }],
  ['start/dateTime', { start: { dateTime: start.dateTime } }],
  ['start/dateTime,start/timeZone', { start }],
  ['start/dateTime,start', { start }],
  ['start(*)', { start }],
  ['*/timeZone', { start: { timeZone: 'Europe/Berlin' }, end: { timeZone: 'Europe/Berlin' } }],
  ['summary,attendees(email)', { summary: 'Retro' }],
  ['reminders', { reminders: { useDefault: true } }],
])('fields=%s leaves of an event what it names', async (fields, expected) => {
  const { status, body } = await google('GET', `${events}/retro?fields=${encodeURIComponent(fields)}`)
  expect([status, body]).toEqual([200, expected])
})

test.each([
  ['items/summary', { items: [{ summary: 'Retro' }] }],
  ['items(id,start/timeZone)', { items: [{ id: 'retro', start: { timeZone: 'Europe/Berlin' } }] }],
  ['items(id),summary', { summary: 'ada@example.com', items: [{ id: 'retro' }] }],
  ['kind,nextPageToken', { kind: 'calendar#events' }],
])('fields=%s leaves of a list what it names, in each item', async (fields, expected) => {
  const { body } = await google('GET', `${events}?fields=${encodeURIComponent(fields)}`)
  expect(body).toEqual(expected)
})

test('every member of an answer can be asked for, and a star is all of them', async () => {
  const whole = await google('GET', `${events}/retro`)
  expect((await google('GET', `${events}/retro?fields=*`)).body).toEqual(whole.body)
  const names = Object.keys(whole.body).join(',')
  expect((await google('GET', `${events}/retro?fields=${names}`)).body).toEqual(whole.body)
})

test('own names within a property map can be asked for', async () => {
  const extendedProperties = { private: { a: '1', b: '2' }, shared: { a: '3' } }
  await google('PATCH', `${events}/retro`, { extendedProperties })
  const { body } = await google('GET', `${events}/retro?fields=extendedProperties/private/b`)
  expect(body).toEqual({ extendedProperties: { private: { b: '2' } } })
})

test.each([
  'nothing',
  'items',
  'start/nothing',
  'id/deeper',
  'start(dateTime',
  'start)',
  'id,',
  ',',
  '()',
  'start//date',
])('fields=%s of an event is refused and says so', async (fields) => {
  const refused = await google('GET', `${events}/retro?fields=${encodeURIComponent(fields)}`)
  expect([refused.status, reasonOf(refused)]).toEqual([400, 'invalidParameter'])
  expect(list(object(refused.body['error'])['errors'])).toMatchObject([
    {
      locationType: 'parameter',
      location: 'fields',
      message: expect.stringMatching(/^Invalid field selection /),
    },
  ])
})

test('a write whose fields are refused writes nothing', async () => {
  expect((await google('POST', `${events}?fields=nothing`, timed('b', 10))).status).toBe(400)
  expect((await google('PATCH', `${events}/retro?fields=nothing`, { summary: 'b' })).status).toBe(400)
  const { body } = await google('GET', `${events}?fields=items/summary`)
  expect(body).toEqual({ items: [{ summary: 'Retro' }] })
})

test('a write answers what its fields name', async () => {
  const made = await google('POST', `${events}?fields=summary`, timed('b', 10))
  const changed = await google('PATCH', `${events}/retro?fields=location,status`, { location: 'There' })
  const replaced = await google('PUT', `${events}/retro?fields=summary,location`, timed('c', 11))
  expect([made.body, changed.body, replaced.body]).toEqual([
    { summary: 'b' },
    { location: 'There', status: 'confirmed' },
    { summary: 'c' },
  ])
})

test.each([
  ['users/me/calendarList', 'items(id,primary)', { items: [{ id: 'ada@example.com', primary: true }] }],
  ['users/me/calendarList/primary', 'timeZone', { timeZone: 'Europe/Berlin' }],
  ['calendars/primary', 'id', { id: 'ada@example.com' }],
  ['users/me/settings/timezone', 'value', { value: 'Europe/Berlin' }],
  ['colors', 'event/7/foreground', { event: { 7: { foreground: '#1d1d1d' } } }],
  ['calendars/primary/acl', 'items/role', { items: [{ role: 'owner' }] }],
])('%s answers in part too', async (path, fields, expected) => {
  const { status, body } = await google('GET', `/calendar/v3/${path}?fields=${encodeURIComponent(fields)}`)
  expect([status, body]).toEqual([200, expected])
})

test('an error is told whole, whatever fields were asked for', async () => {
  const missing = await google('GET', `${events}/nowhere?fields=summary`)
  expect([missing.status, reasonOf(missing)]).toEqual([404, 'notFound'])
})

test('who may ask is looked at before what is asked for', async () => {
  const stranger = await google('GET', `${events}?fields=nothing`, undefined, {
    authorization: 'Bearer none',
  })
  expect([stranger.status, reasonOf(stranger)]).toEqual([401, 'authError'])
})

test('answers are indented unless they are to be plain', async () => {
  const token = await played.control('POST', 'accounts/ada@example.com/token')
  const headers = { authorization: `Bearer ${String(token.body['access_token'])}` }
  const textOf = async (query: string): Promise<string> =>
    (await fetch(`${played.sandbox.url}${events}/retro?fields=id&${query}`, { headers })).text()
  expect(await textOf('')).toBe('{\n "id": "retro"\n}')
  expect(await textOf('prettyPrint=true')).toBe('{\n "id": "retro"\n}')
  expect(await textOf('prettyPrint=false')).toBe('{"id":"retro"}')
})

test('answers are JSON in UTF-8 and carry their etag as a header, and nothing else can be had', async () => {
  const { headers, body } = await google('GET', `${events}/retro?alt=json`)
  expect(headers.get('content-type')).toBe('application/json; charset=UTF-8')
  expect(headers.get('etag')).toBe(body['etag'])
  for (const query of ['alt=xml', 'prettyPrint=perhaps']) {
    const refused = await google('GET', `${events}/retro?${query}`)
    expect([refused.status, reasonOf(refused)]).toEqual([400, 'invalidParameter'])
  }
})

test('parameters nobody knows are ignored, and so are those that only count calls', async () => {
  const query = 'quotaUser=x&key=y&userIp=1.2.3.4&oauth_token=&unknown=1&%24.xgafv=1'
  expect((await google('GET', `${events}?${query}`)).status).toBe(200)
})

test.each([
  `${events}/retro`,
  events,
  '/calendar/v3/users/me/calendarList',
  '/calendar/v3/calendars/primary',
])('%s is not sent again to whoever has it', async (path) => {
  const { body } = await google('GET', path)
  const headers = { 'if-none-match': String(body['etag']) }
  const again = await google('GET', path, undefined, headers)
  expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, { text: '' }, body['etag']])
  expect((await google('GET', path, undefined, { 'if-none-match': '"1"' })).status).toBe(200)
  // The etag is of the whole, whatever part of it was asked for.
  expect((await google('GET', `${path}?fields=kind`, undefined, headers)).status).toBe(304)
})

test('a list is sent again when something in it has changed', async () => {
  const before = await google('GET', events)
  await google('PATCH', `${events}/retro`, { summary: 'b' })
  const headers = { 'if-none-match': String(before.body['etag']) }
  expect((await google('GET', events, undefined, headers)).status).toBe(200)
})
