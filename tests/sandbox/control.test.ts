import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { codeOf, list, meeting, play, reasonOf, timed, type Call, type Played } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'
let played: Played
let google: Call
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', 'ada@example.com')
  graph = await played.account('microsoft', 'grace@example.com')
})

test('an account is made once and names its calendars', async () => {
  const wish = { vendor: 'google', email: 'ADA@example.com', calendars: ['Team'] }
  await played.control('POST', 'accounts', wish)
  const { body } = await played.control('POST', 'accounts', wish)
  expect(list(body['calendars'])).toMatchObject([
    { id: 'ada@example.com', primary: true, timeZone: 'Europe/Berlin' },
    { name: 'Team', primary: false },
  ])
  expect(list((await played.control('GET', 'accounts')).body['items'])).toHaveLength(2)
})

test('an error fault answers before any work, in the vendor’s own shape, as often as it was told', async () => {
  await played.control('POST', 'faults', {
    kind: 'error',
    vendor: 'google',
    method: 'POST',
    path: '/events',
    status: 503,
    retryAfter: 7,
    times: 2,
  })
  const answers = [await google('POST', events, timed('a', 9)), await google('POST', events, timed('a', 9))]
  expect(
    answers.map((answer) => [answer.status, reasonOf(answer), answer.headers.get('retry-after')]),
  ).toEqual([
    [503, 'serviceUnavailable', '7'],
    [503, 'serviceUnavailable', '7'],
  ])
  expect((await google('POST', events, timed('a', 9))).status).toBe(200)
  expect(list((await played.control('GET', 'accounts/ada@example.com/events')).body['items'])).toHaveLength(1)
})

test('a fault strikes the nth call of one account only', async () => {
  await played.control('POST', 'faults', { kind: 'error', account: 'grace@example.com', status: 410, nth: 2 })
  expect((await google('GET', events)).status).toBe(200)
  expect((await graph('GET', '/v1.0/me/events')).status).toBe(200)
  expect(codeOf(await graph('GET', '/v1.0/me/events'))).toBe('SyncStateNotFound')
  expect((await graph('GET', '/v1.0/me/events')).status).toBe(200)
})

test('a lost answer leaves its work done', async () => {
  await played.control('POST', 'faults', { kind: 'responseLost', method: 'POST', path: '/v1.0/me/events' })
  await expect(graph('POST', '/v1.0/me/events', meeting('kept', 9))).rejects.toThrow('fetch failed')
  const { body } = await played.control('GET', 'accounts/grace@example.com/events')
  expect(list(body['items'])).toMatchObject([
    { title: 'kept', start: '2026-03-05T08:00:00Z', isAllDay: false },
  ])
})

test('a reset connection leaves no work done', async () => {
  await played.control('POST', 'faults', { kind: 'reset', method: 'POST' })
  await expect(google('POST', events, timed('a', 9))).rejects.toThrow('fetch failed')
  expect((await played.control('GET', 'accounts/ada@example.com/events')).body['items']).toEqual([])
})

test('requests are listed without secrets, in order, and by a prefix of their path', async () => {
  await played.control('DELETE', 'requests')
  await google('GET', `${events}?maxResults=5`)
  await graph('GET', '/v1.0/me/calendars')
  await graph('GET', '/v1.0/me/nothing')
  const { body } = await played.control('GET', 'requests')
  expect(list(body['items'])).toMatchObject([
    {
      vendor: 'google',
      method: 'GET',
      path: events,
      query: { maxResults: '5' },
      status: 200,
      account: 'ada@example.com',
    },
    { vendor: 'microsoft', path: '/v1.0/me/calendars', status: 200 },
    { vendor: 'microsoft', path: '/v1.0/me/nothing', status: 404 },
  ])
  expect(JSON.stringify(body)).not.toContain('Bearer')
  const some = await played.control('GET', 'requests?vendor=microsoft&path=/v1.0/me/cal')
  expect(list(some.body['items'])).toHaveLength(1)
})

test('the clock moves by a duration and to a time, and tokens age by it', async () => {
  const { body } = await played.control('POST', 'clock', { now: '2027-01-01T00:00:00Z' })
  expect(String(body['now']).slice(0, 16)).toBe('2027-01-01T00:00')
  const moved = await played.control('POST', 'clock', { advance: 'P1DT1H' })
  expect(String(moved.body['now']).slice(0, 16)).toBe('2027-01-02T01:00')
  expect((await google('GET', events)).status).toBe(401)
  expect((await played.control('POST', 'clock', { advance: 'soon' })).status).toBe(400)
})

test('a restored snapshot brings back events and grants; a sync token from after it is gone', async () => {
  await google('POST', events, { ...timed('kept', 9), id: 'kept0' })
  await google('POST', events, { ...timed('before', 9), id: 'before' })
  const before = String((await google('GET', events)).body['nextSyncToken'])
  await played.control('POST', 'snapshot')
  await google('POST', events, { ...timed('after', 9), id: 'after' })
  const after = String((await google('GET', events)).body['nextSyncToken'])
  await played.control('POST', 'restore')
  expect((await google('GET', `${events}?syncToken=${after}`)).status).toBe(410)
  expect((await google('GET', `${events}?syncToken=${before}`)).status).toBe(200)
  expect((await google('GET', `${events}/after`)).status).toBe(404)
})

test('nonsense is answered with a sentence', async () => {
  const answers = [
    await played.control('POST', 'faults', { kind: 'flood' }),
    await played.control('POST', 'accounts', { vendor: 'apple', email: 'a@b' }),
    await played.control('POST', 'accounts/nobody@example.com/token?vendor=google'),
    await played.control('GET', 'nothing'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 404, 404])
  for (const { body } of answers) expect(body['error']).toEqual(expect.any(String))
})
