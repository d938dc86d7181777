import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { events } from './google-made.ts'
import { listen, type Hook } from './hook.ts'
import { list, play, timed, type Answer, type Call, type Json, type Played } from './played.ts'

const dayMs = 86_400_000
let played: Played
let hook: Hook
let google: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  // A notification is sent when a test lets time pass, and not before.
  await played.control('POST', 'clock', { now: '2026-03-01T08:00:00Z', frozen: true })
  hook = await listen()
  google = await played.account('google', 'ada@example.com')
})
afterEach(() => hook.close())

const move = (duration: string) => played.control('POST', 'clock', { advance: duration })
const fault = (wish: Json) => played.control('POST', 'faults', { vendor: 'google', ...wish })
const watch = (more: Json = {}): Promise<Answer> =>
  google('POST', `${events}/watch`, { id: 'channel', type: 'web_hook', address: hook.url, ...more })
const states = () => hook.received.map(({ headers }) => headers['x-goog-resource-state'])
const add = (title: string) => google('POST', events, timed(title, 9))

test('Google §11.5: a new channel says sync as its first message', async () => {
  await watch()
  expect(states()).toEqual([])
  await move('PT1S')
  expect(
    hook.received.map(({ headers }) => [headers['x-goog-resource-state'], headers['x-goog-message-number']]),
  ).toEqual([['sync', '1']])
})

test('Google §11.5: each commit is told as exists, and a refused write is not', async () => {
  await watch()
  await move('PT1S')
  const { body } = await add('a')
  await move('PT1S')
  await google('PATCH', `${events}/${String(body['id'])}`, { summary: 'b' })
  await move('PT1S')
  await google('PATCH', `${events}/${String(body['id'])}`, { end: { date: 'never' } })
  await move('PT1S')
  await google('DELETE', `${events}/${String(body['id'])}`)
  await move('PT1S')
  expect(states()).toEqual(['sync', 'exists', 'exists', 'exists'])
})

test('Google §11.5: changes at about the same time are one message', async () => {
  await watch()
  await move('PT1S')
  for (const title of ['a', 'b', 'c']) await add(title)
  await move('PT1S')
  expect(states()).toEqual(['sync', 'exists'])
})

test.each([
  ['delayed', { kind: 'delayNotification', ms: 60_000 }, 0, 1],
  ['doubled', { kind: 'doubleNotification' }, 2, 2],
  ['dropped', { kind: 'dropNotification' }, 0, 0],
])('Google §11.5: a message can be %s by a fault', async (_how, wish, soon, late) => {
  await watch()
  await move('PT1S')
  hook.received.splice(0)
  await fault(wish)
  await add('a')
  await move('PT1S')
  expect(hook.received).toHaveLength(soon)
  await move('PT2M')
  expect(hook.received).toHaveLength(late)
})

test('Google §11.5: a channel lives seven days at most, whatever was wished, and is silent then', async () => {
  const now = Date.parse('2026-03-01T08:00:00Z')
  const { body } = await watch({ expiration: now + 30 * dayMs })
  expect(Number(body['expiration'])).toBe(now + 7 * dayMs)
  const short = await watch({ id: 'short', params: { ttl: '3600' } })
  expect(Number(short.body['expiration'])).toBe(now + 3_600_000)
  await move('P8D')
  google = await played.account('google', 'ada@example.com')
  await add('a')
  await move('PT1S')
  expect(states()).toEqual(['sync', 'sync'])
})

test('Google §11.5: a stopped channel is silent, and one nobody knows cannot be stopped', async () => {
  const { body } = await watch()
  await move('PT1S')
  const named = { id: body['id'], resourceId: body['resourceId'] }
  expect((await google('POST', '/calendar/v3/channels/stop', named)).status).toBe(204)
  expect((await google('POST', '/calendar/v3/channels/stop', named)).status).toBe(404)
  await add('a')
  await move('PT1H')
  expect(states()).toEqual(['sync'])
})

test.each([
  ...[500, 502, 503, 504].map((status) => [status, 4]),
  ...[200, 202, 204, 301, 400, 404, 410, 429, 501].map((status) => [status, 1]),
])('Google §11.5: a message answered with %i is sent %i times', async (status, times) => {
  hook.answerWith(status)
  await watch()
  await move('PT1H')
  expect(hook.received).toHaveLength(times)
  const { body } = await played.control('GET', 'notifications')
  expect(list(body['items']).map((one) => one['status'])).toEqual(Array.from({ length: times }, () => status))
})
