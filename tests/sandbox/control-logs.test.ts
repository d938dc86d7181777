import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listen } from './hook.ts'
import { list, meeting, play, timed, type Call, type Json, type Played } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'
let played: Played
let google: Call
let graph: Call

beforeAll(async () => {
  played = await play({ now: Date.parse('2026-03-05T08:00:00Z'), frozen: true })
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', 'ada@example.com')
  graph = await played.account('microsoft', 'grace@example.com')
})

const found = async (path: string) => list((await played.control('GET', path)).body['items'])

async function somethingHappens() {
  await google('GET', events)
  await google('POST', events, timed('a', 9))
  await graph('GET', '/v1.0/me/calendars')
  await played.control('POST', 'clock', { advance: 'PT1H' })
  // A token of an hour has just ended.
  await graph('POST', '/v1.0/me/events', meeting('b', 9))
}

test.each([
  ['vendor=google', 2],
  ['account=GRACE@example.com', 1],
  ['method=post', 2],
  ['method=GET,DELETE', 2],
  ['status=401', 1],
  ['status=2xx', 3],
  ['path=/v1.0/me/cal', 1],
  ['match=events$', 3],
  ['route=/calendar/v3/calendars/:calendarId/events', 2],
  ['since=2026-03-05T09:00:00Z', 1],
  ['vendor=google&method=POST', 1],
  ['vendor=google&method=PATCH', 0],
])('requests of %s are found', async (query, count) => {
  await somethingHappens()
  expect(await found(`requests?${query}`)).toHaveLength(count)
})

test('requests are counted in all and by what is known of them, so that a test can say "nothing was written"', async () => {
  await somethingHappens()
  const { body } = await played.control('GET', 'requests/counts?by=vendor,method')
  expect(body).toMatchObject({
    total: 4,
    items: [
      { vendor: 'google', method: 'GET', count: 1 },
      { vendor: 'google', method: 'POST', count: 1 },
      { vendor: 'microsoft', method: 'GET', count: 1 },
      { vendor: 'microsoft', method: 'POST', count: 1 },
    ],
  })
  const written = await played.control(
    'GET',
    'requests/counts?method=POST,PATCH,PUT,DELETE&status=2xx&vendor=microsoft',
  )
  expect(written.body).toMatchObject({ total: 0, items: [] })
})

test('a long log is read page by page, and what comes meanwhile is on the last', async () => {
  for (let call = 0; call < 5; call += 1) await google('GET', `${events}?maxResults=${call + 1}`)
  const seen: unknown[] = []
  let cursor = ''
  for (let page = 0; page < 3; page += 1) {
    const { body } = await played.control('GET', `requests?limit=2${cursor}`)
    seen.push(...list(body['items']).map(({ query }) => query))
    if (page === 0) await google('GET', `${events}?maxResults=6`)
    cursor = `&cursor=${String(body['nextCursor'])}`
    expect(body['nextCursor'] === null).toBe(page === 2)
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6].map((size) => ({ maxResults: String(size) })))
})

test('mail is found by whom it went to and what it was about', async () => {
  const attendees = [{ email: 'bo@example.com' }]
  await google('POST', `${events}?sendUpdates=all`, { ...timed('a', 9), attendees })
  const guest = { emailAddress: { address: 'cy@example.com' }, type: 'required' }
  await graph('POST', '/v1.0/me/events', meeting('Lunch', 12, { attendees: [guest] }))
  expect(await found('mail')).toHaveLength(2)
  expect(await found('mail?to=bo@example.com')).toMatchObject([{ vendor: 'google', kind: 'invitation' }])
  expect(await found('mail?subject=Lunch')).toMatchObject([{ vendor: 'microsoft', to: ['cy@example.com'] }])
  await played.control('DELETE', 'mail')
  expect(await found('mail')).toEqual([])
})

test('notifications are found with what was sent, and by how they were answered', async () => {
  const hook = await listen()
  await google('POST', `${events}/watch`, { id: 'channel', type: 'web_hook', address: `${hook.url}/a` })
  hook.answerWith(404)
  await played.control('POST', 'clock', { advance: 'PT1S' })
  expect(await found('notifications?status=404&kind=sync')).toMatchObject([
    { address: `${hook.url}/a`, headers: { 'x-goog-resource-state': 'sync' }, body: '' },
  ])
  expect(await found(`notifications?address=${hook.url}/b`)).toEqual([])
  await hook.close()
})

test('anybody can send what only a vendor should, and the log keeps it apart', async () => {
  const hook = await listen()
  const headers = { 'X-Goog-Channel-Id': 'channel', 'X-Goog-Resource-State': 'exists' }
  const sent = await played.control('POST', 'notifications', { address: `${hook.url}/hook`, headers })
  expect(sent.body).toEqual({ status: 200 })
  await played.control('POST', 'notifications', { address: `${hook.url}/hook`, body: { value: [] } })
  expect(hook.received).toMatchObject([
    { headers: { 'x-goog-channel-id': 'channel' }, body: '' },
    { body: '{"value":[]}' },
  ])
  expect(await found('notifications?kind=posted')).toHaveLength(2)
  await hook.close()
})

test('snapshots are listed with their time, and forgotten on wish', async () => {
  const { body } = await played.control('POST', 'snapshot')
  expect(await found('snapshots')).toEqual([{ id: body['id'], at: '2026-03-05T08:00:00.000Z' }])
  expect((await played.control('DELETE', `snapshots/${String(body['id'])}`)).status).toBe(204)
  expect((await played.control('POST', 'restore', body)).status).toBe(404)
})

test('a restored snapshot brings back the switches too', async () => {
  await played.control('POST', 'switches', { 'google.malformedSyncToken': 400 })
  await played.control('POST', 'snapshot')
  await played.control('DELETE', 'switches')
  await played.control('POST', 'restore')
  expect((await google('GET', `${events}?syncToken=nonsense`)).status).toBe(400)
})

test.each<[string, string, Json | undefined, string]>([
  ['GET', 'requests?vendr=google', undefined, 'vendr means nothing here'],
  ['GET', 'requests?match=(', undefined, 'match must be a regular expression'],
  ['GET', 'requests?since=noon', undefined, 'since must be a time'],
  ['GET', 'requests?limit=0', undefined, 'limit must be a whole number from 1'],
  ['GET', 'requests?cursor=x', undefined, 'cursor must be a whole number from 0'],
  ['GET', 'requests?vendor=google&vendor=microsoft', undefined, 'Give vendor once'],
  ['GET', 'requests/counts?by=colour', undefined, 'by is a list of vendor'],
  ['POST', 'notifications', { address: 'http://example.com/' }, 'address must be'],
  ['POST', 'notifications', { address: 'https://127.0.0.1:9/', headers: { a: 1 } }, 'headers must be'],
  ['POST', 'notifications', { address: 'https://127.0.0.1:9/', headers: { 'a b': 'c' } }, 'headers must be'],
  ['POST', 'notifications', { address: 'https://127.0.0.1:9/', body: 7 }, 'body must be'],
])('%s %s is refused by the name of what is wrong', async (method, path, sent, words) => {
  const { status, body } = await played.control(method, path, sent)
  expect([status, body['error']]).toEqual([400, expect.stringContaining(words)])
})
