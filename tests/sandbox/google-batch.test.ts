import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { batchHeaders, batchOf, partsOf, type Part } from './batch.ts'
import { list, object, play, reasonOf, send, timed, type Call, type Json, type Played } from './played.ts'

const batch = '/batch/calendar/v3'
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
})

const run = async (parts: Part[], headers = {}) =>
  partsOf(await google('POST', batch, batchOf(parts), { ...batchHeaders, ...headers }))
const insert = (id: string): [string, string, Json] => ['POST', events, { ...timed(id, 9), id }]
const reasonIn = (body: Json) => list(object(body['error'])['errors'])[0]?.['reason']

test('a batch answers each call in the order of the calls, under its own name, with what it would have got alone', async () => {
  const parts = await run([insert('event0'), ['GET', '/calendar/v3/colors'], ['GET', `${events}/nothing0`]])
  expect(parts.map(({ contentId, status }) => [contentId, status])).toEqual([
    ['<response-part-1>', 200],
    ['<response-part-2>', 200],
    ['<response-part-3>', 404],
  ])
  expect(parts[0]?.body).toMatchObject({ id: 'event0', summary: 'event0' })
  expect(parts[0]?.head).toContain('Content-Type: application/json')
  expect(reasonIn(parts[2]?.body ?? {})).toBe('notFound')
  expect((await google('GET', `${events}/event0`)).status).toBe(200)
})

test('a call that fails leaves the others as they are, and a deletion has no body', async () => {
  await google('POST', events, { ...timed('a', 9), id: 'event0' })
  const parts = await run([
    ['DELETE', `${events}/event0`],
    ['PATCH', `${events}/event9`, {}],
    insert('event1'),
  ])
  expect(parts.map(({ status }) => status)).toEqual([204, 404, 200])
  expect(parts[0]?.head).toContain('Content-Length: 0')
})

test('the calls of a batch are logged and struck by faults one by one', async () => {
  await played.control('DELETE', 'requests')
  await played.control('POST', 'faults', { kind: 'error', path: 'event1', status: 503 })
  await played.control('POST', 'faults', { kind: 'reset', path: 'event2' })
  const parts = await run([0, 1, 2].map((index) => ['GET', `${events}/event${index}`]))
  expect(parts.map(({ status }) => status)).toEqual([404, 503, 503])
  const { body } = await played.control('GET', 'requests?vendor=google')
  const paths = list(body['items']).map(({ path }) => String(path))
  expect(paths.toSorted()).toEqual([
    batch,
    ...[0, 1, 2].map((index) => `/calendar/v3/calendars/primary/events/event${index}`),
  ])
})

test('the batch’s headers hold for every call, and a call’s own come before them', async () => {
  const { body } = await played.control('POST', 'accounts/ada@example.com/token?vendor=google')
  const grace = await played.account('google', 'grace@example.com')
  await grace('POST', events, timed('of grace', 9))
  const token = await played.control('POST', 'accounts/grace@example.com/token?vendor=google')
  const own = { Authorization: `Bearer ${String(token.body['access_token'])}` }
  const parts = await run([
    ['GET', events],
    ['GET', events, undefined, own],
  ])
  expect(parts.map((part) => list(part.body['items']).length)).toEqual([0, 1])

  const alone = await send(
    `${played.sandbox.url}${batch}`,
    'POST',
    batchOf([
      ['GET', events],
      ['GET', events, undefined, own],
    ]),
    batchHeaders,
  )
  expect(partsOf(alone).map(({ status }) => status)).toEqual([401, 200])
  expect(body['access_token']).toEqual(expect.any(String))
})

test('an answer within a batch is not packed, though its call accepts that, as Python’s client does', async () => {
  const accepts = { 'Accept-Encoding': 'gzip, deflate', 'User-Agent': '(gzip)' }
  const parts = await run([['GET', '/calendar/v3/colors', undefined, accepts]], accepts)
  expect(parts).toMatchObject([{ status: 200, body: { kind: 'calendar#colors' } }])
  expect(parts[0]?.head).not.toMatch(/content-encoding/i)
})

test('a condition in a call holds for that call', async () => {
  const made = await google('POST', events, { ...timed('a', 9), id: 'event0' })
  const stale = { 'If-Match': '"1"' }
  const parts = await run([
    ['PATCH', `${events}/event0`, { summary: 'b' }, stale],
    ['GET', `${events}/event0`, undefined, { 'If-None-Match': String(made.body['etag']) }],
  ])
  expect(parts.map(({ status }) => status)).toEqual([412, 304])
})

test('a batch opens no channels, reaches nothing but the calendar, and holds no batch', async () => {
  const parts = await run([
    ['POST', `${events}/watch`, { id: 'a', type: 'web_hook', address: 'https://example.com' }],
    ['GET', `https://www.googleapis.com${events}`],
    ['GET', '/v1/userinfo'],
    ['POST', batch, {}],
    ['TRACE', events],
  ])
  expect(parts.map(({ status }) => status)).toEqual([400, 400, 404, 404, 400])
})

test('a thousand calls are a batch, and fifty as switched; one more is refused whole', async () => {
  await played.control('POST', 'switches', { 'google.quotaPerUserPerMinute': 0 })
  const many = (count: number) => batchOf(Array.from({ length: count }, () => ['GET', '/calendar/v3/colors']))
  const status = async (count: number) => (await google('POST', batch, many(count), batchHeaders)).status
  expect([await status(1000), await status(1001)]).toEqual([200, 400])
  await played.control('POST', 'switches', { 'google.batchPartsMax': 50 })
  expect([await status(50), await status(51)]).toEqual([200, 400])
})

test('calls are made in any order, or as they stand as switched', async () => {
  const calls = Array.from({ length: 12 }, (_, index) => insert(`event${index}`))
  const madeOrder = async () => {
    const { body } = await google('GET', events)
    return list(body['items']).map(({ id }) => id)
  }
  await run(calls)
  const ids = calls.map(([, , body]) => body['id'])
  expect(await madeOrder()).not.toEqual(ids)
  await google('POST', '/calendar/v3/calendars/primary/clear')
  await played.control('POST', 'switches', { 'google.batchOrder': 'given' })
  const others = ids.map((id) => `other${String(id)}`)
  await run(others.map(insert))
  expect(await madeOrder()).toEqual(others)
})

test('the old address of batches answers too, and bare line ends and a quoted boundary are read', async () => {
  const text = batchOf([['GET', '/calendar/v3/colors']]).replaceAll('\r\n', '\n')
  const headers = { 'content-type': 'multipart/mixed; boundary="the-boundary"' }
  const parts = partsOf(await google('POST', '/batch', text, headers))
  expect(parts).toMatchObject([{ status: 200, body: { kind: 'calendar#colors' } }])
})

const whole = batchOf([['GET', '/calendar/v3/colors']])
test.each([
  ['no multipart at all', whole, 'application/json'],
  ['no boundary', whole, 'multipart/mixed'],
  ['another boundary', whole, 'multipart/mixed; boundary=other'],
  ['no end', whole.replace('--the-boundary--', ''), batchHeaders['content-type']],
  ['no parts', '--the-boundary--', batchHeaders['content-type']],
  ['a part of another type', whole.replace('application/http', 'text/plain'), batchHeaders['content-type']],
  [
    'a part without a request',
    whole.replace('GET /calendar/v3/colors', 'hello'),
    batchHeaders['content-type'],
  ],
  ['a header that is none', whole.replace('Content-ID', 'Content ID'), batchHeaders['content-type']],
  ['nothing', '', batchHeaders['content-type']],
])('a batch with %s is refused with 400', async (_case, body, type) => {
  const refused = await google('POST', batch, body, { 'content-type': type })
  expect(refused.status).toBe(400)
  expect(['badRequest', 'parseError']).toContain(reasonOf(refused))
})
