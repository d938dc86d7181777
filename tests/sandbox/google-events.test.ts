import { afterAll, beforeAll, expect, test } from 'vitest'
import { list, object, play, reasonOf, timed, type Call, type Played } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'
let played: Played
let google: Call
let emails = 0

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())

async function freshAccount(): Promise<Call> {
  emails += 1
  google = await played.account('google', `person${emails}@example.com`)
  return google
}

test('a new event carries an id, an etag, a UID and its times with offset and zone', async () => {
  await freshAccount()
  const { status, body } = await google('POST', events, {
    ...timed('Retro', 9),
    colorId: '7',
    source: { title: 'Board', url: 'https://board.example/1' },
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    kind: 'calendar#event',
    status: 'confirmed',
    iCalUID: `${String(body['id'])}@google.com`,
    start: { dateTime: '2026-03-05T09:00:00+01:00', timeZone: 'Europe/Berlin' },
    reminders: { useDefault: true },
    colorId: '7',
    source: { title: 'Board', url: 'https://board.example/1' },
    sequence: 0,
  })
  expect(body['etag']).toMatch(/^".+"$/)
})

test('an id of the client is kept, and a bad one is refused', async () => {
  await freshAccount()
  expect((await google('POST', events, { ...timed('a', 9), id: 'abc05' })).body['id']).toBe('abc05')
  const refused = await google('POST', events, { ...timed('a', 9), id: 'xyz' })
  expect([refused.status, reasonOf(refused)]).toEqual([400, 'invalid'])
})

test('a used id is refused with 409, a deleted one too', async () => {
  await freshAccount()
  await google('POST', events, { ...timed('a', 9), id: 'taken' })
  expect((await google('POST', events, { ...timed('b', 9), id: 'taken' })).status).toBe(409)
  await google('DELETE', `${events}/taken`)
  const again = await google('POST', events, { ...timed('b', 9), id: 'taken' })
  expect([again.status, reasonOf(again)]).toEqual([409, 'duplicate'])
})

test('a deleted event answers 204, then 410; an unknown one 404; a get still shows it as cancelled', async () => {
  await freshAccount()
  await google('POST', events, { ...timed('a', 9), id: 'gone0' })
  expect((await google('DELETE', `${events}/gone0`)).status).toBe(204)
  const again = await google('DELETE', `${events}/gone0`)
  expect([again.status, reasonOf(again)]).toEqual([410, 'deleted'])
  expect((await google('DELETE', `${events}/never`)).status).toBe(404)
  expect((await google('GET', `${events}/gone0`)).body['status']).toBe('cancelled')
})

test('a deleted event comes back by a patch of its status', async () => {
  await freshAccount()
  await google('POST', events, { ...timed('a', 9), id: 'revive0' })
  await google('DELETE', `${events}/revive0`)
  const { body } = await google('PATCH', `${events}/revive0`, { status: 'confirmed' })
  expect(body).toMatchObject({ status: 'confirmed', summary: 'a' })
})

test('a patch merges, null clears, and lists are replaced', async () => {
  await freshAccount()
  const extendedProperties = { private: { a: '1', b: '2' } }
  const attendees = [{ email: 'x@example.com' }]
  await google('POST', events, {
    ...timed('a', 9),
    id: 'patch',
    location: 'Here',
    extendedProperties,
    attendees,
  })
  const { body } = await google('PATCH', `${events}/patch`, {
    location: null,
    extendedProperties: { private: { b: null, c: '3' } },
    attendees: [{ email: 'y@example.com' }],
  })
  expect(body).not.toHaveProperty('location')
  expect(body['extendedProperties']).toEqual({ private: { a: '1', c: '3' } })
  expect(body['attendees']).toEqual([{ email: 'y@example.com', responseStatus: 'needsAction' }])
})

test('a date replaces a time only when the time is cleared', async () => {
  await freshAccount()
  await google('POST', events, { ...timed('a', 9), id: 'dates' })
  const half = { start: { date: '2026-03-05' }, end: { date: '2026-03-06' } }
  expect((await google('PATCH', `${events}/dates`, half)).status).toBe(400)
  const whole = { start: { date: '2026-03-05', dateTime: null }, end: { date: '2026-03-06', dateTime: null } }
  const { status, body } = await google('PATCH', `${events}/dates`, whole)
  expect([status, body['start']]).toEqual([200, { date: '2026-03-05' }])
})

test('an update leaves out what it does not name', async () => {
  await freshAccount()
  await google('POST', events, { ...timed('a', 9), id: 'upd01', location: 'Here' })
  expect((await google('PUT', `${events}/upd01`, timed('b', 10))).body).not.toHaveProperty('location')
})

test('an old etag is refused with 412 and a star is not', async () => {
  await freshAccount()
  const { body } = await google('POST', events, { ...timed('a', 9), id: 'etag0' })
  const etag = String(body['etag'])
  const first = await google('PATCH', `${events}/etag0`, { summary: 'b' }, { 'if-match': etag })
  expect(first.status).toBe(200)
  expect(first.body['etag']).not.toBe(etag)
  const stale = await google('PATCH', `${events}/etag0`, { summary: 'c' }, { 'if-match': etag })
  expect([stale.status, reasonOf(stale)]).toEqual([412, 'conditionNotMet'])
  expect((await google('DELETE', `${events}/etag0`, undefined, { 'if-match': etag })).status).toBe(412)
  expect((await google('DELETE', `${events}/etag0`, undefined, { 'if-match': '*' })).status).toBe(204)
})

test.each([
  [
    'an end before its start',
    { start: { dateTime: '2026-03-05T09:00:00Z' }, end: { dateTime: '2026-03-05T08:00:00Z' } },
  ],
  [
    'an all-day event that ends on its first day',
    { start: { date: '2026-03-05' }, end: { date: '2026-03-05' } },
  ],
  ['a date beside a time', { start: { date: '2026-03-05' }, end: { dateTime: '2026-03-05T08:00:00Z' } }],
  [
    'a day that does not exist',
    { start: { dateTime: '2026-02-31T09:00:00Z' }, end: { dateTime: '2026-03-31T09:00:00Z' } },
  ],
  [
    'an hourly rule',
    { start: { date: '2026-03-05' }, end: { date: '2026-03-06' }, recurrence: ['RRULE:FREQ=HOURLY'] },
  ],
  ['a missing end', { start: { date: '2026-03-05' } }],
  [
    'a time with neither offset nor zone',
    { start: { dateTime: '2026-03-05T09:00:00' }, end: { dateTime: '2026-03-05T10:00:00' } },
  ],
  [
    'an unknown zone',
    {
      start: { dateTime: '2026-03-05T09:00:00', timeZone: 'Mars/Base' },
      end: { dateTime: '2026-03-05T10:00:00', timeZone: 'Mars/Base' },
    },
  ],
  ['a series without a zone', { ...timed('a', 9), recurrence: ['RRULE:FREQ=DAILY'] }],
])('%s is refused with 400', async (_case, body) => {
  await freshAccount()
  expect((await google('POST', events, body)).status).toBe(400)
})

test('the change of a reminder alone leaves the time of the last update', async () => {
  await freshAccount()
  const { body } = await google('POST', events, { ...timed('a', 9), id: 'remind' })
  await played.control('POST', 'clock', { advance: 'PT1H' })
  google = await played.account('google', `person${emails}@example.com`)
  const reminded = await google('PATCH', `${events}/remind`, { reminders: { useDefault: false } })
  expect(reminded.body['updated']).toBe(body['updated'])
  expect(reminded.body['etag']).not.toBe(body['etag'])
})

test('an occurrence is changed and cancelled by its own id', async () => {
  await freshAccount()
  const at = (hour: string) => ({ dateTime: `2026-03-26T${hour}:00:00`, timeZone: 'Europe/Berlin' })
  const series = {
    id: 'serie',
    summary: 'Daily',
    start: at('09'),
    end: at('10'),
    recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
  }
  await google('POST', events, series)
  expect((await google('DELETE', `${events}/serie_20260327T080000Z`)).status).toBe(204)
  await google('PATCH', `${events}/serie_20260330T070000Z`, { summary: 'After the clocks changed' })
  const { body } = await google('GET', `${events}?singleEvents=true&orderBy=startTime`)
  expect(list(body['items']).map((event) => [event['summary'], object(event['start'])['dateTime']])).toEqual([
    ['Daily', '2026-03-26T09:00:00+01:00'],
    ['Daily', '2026-03-28T09:00:00+01:00'],
    ['Daily', '2026-03-29T09:00:00+02:00'],
    ['After the clocks changed', '2026-03-30T09:00:00+02:00'],
  ])
})

test('mail goes to guests only when it is asked for', async () => {
  await freshAccount()
  const guests = { ...timed('a', 9), attendees: [{ email: 'guest@example.com' }] }
  await google('POST', events, guests)
  await google('POST', `${events}?sendUpdates=all`, { ...guests, summary: 'b' })
  const { body } = await played.control('GET', 'mail')
  expect(list(body['items'])).toMatchObject([
    { vendor: 'google', kind: 'invitation', to: ['guest@example.com'], subject: 'b' },
  ])
})

test('malformed JSON, a missing token and an unknown path are answered in words of Google', async () => {
  await freshAccount()
  const malformed = await google('POST', events, 'not json', { 'content-type': 'application/json' })
  expect([malformed.status, reasonOf(malformed)]).toEqual([400, 'parseError'])
  const anonymous = await google('GET', events, undefined, { authorization: 'Bearer nonsense' })
  expect([anonymous.status, reasonOf(anonymous)]).toEqual([401, 'authError'])
  expect(reasonOf(await google('GET', '/calendar/v3/nothing'))).toBe('notFound')
  expect(reasonOf(await google('GET', '/calendar/v3/calendars/%E0%A4%A/events'))).toBe('badRequest')
})
