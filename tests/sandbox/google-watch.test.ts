import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { listen, type Hook } from './hook.ts'
import { list, play, reasonOf, timed, until, type Call, type Played } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'
let played: Played
let hook: Hook
let google: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  hook = await listen()
  google = await played.account('google', 'ada@example.com')
})
afterEach(() => hook.close())

const channel = (more = {}) => ({
  id: 'channel-1',
  type: 'web_hook',
  address: `${hook.url}/hook`,
  token: 'secret',
  ...more,
})
const states = () => hook.received.map(({ headers }) => headers['x-goog-resource-state'])

test('a channel says hello and then tells of each commit, with its own token', async () => {
  const opened = await google('POST', `${events}/watch`, channel())
  expect(opened.body).toMatchObject({
    kind: 'api#channel',
    id: 'channel-1',
    token: 'secret',
    resourceId: expect.any(String),
  })
  await until(() => hook.received.length === 1)
  await google('POST', events, timed('a', 9))
  await until(() => hook.received.length === 2)
  expect(states()).toEqual(['sync', 'exists'])
  expect(hook.received[1]?.headers).toMatchObject({
    'x-goog-channel-id': 'channel-1',
    'x-goog-channel-token': 'secret',
    'x-goog-resource-id': opened.body['resourceId'],
    'x-goog-message-number': expect.stringMatching(/^[2-9]$/),
    'content-length': '0',
  })
})

test('a stopped channel is silent, and stopping it again is 404', async () => {
  const { body } = await google('POST', `${events}/watch`, channel())
  const wish = { id: body['id'], resourceId: body['resourceId'] }
  await until(() => hook.received.length === 1)
  expect((await google('POST', '/calendar/v3/channels/stop', wish)).status).toBe(204)
  expect((await google('POST', '/calendar/v3/channels/stop', wish)).status).toBe(404)
  await google('POST', events, timed('a', 9))
  await google('POST', `${events}/watch`, channel({ id: 'channel-2' }))
  await until(() => hook.received.length === 2)
  expect(states()).toEqual(['sync', 'sync'])
})

test('a used channel id and an address that is neither https nor local are refused', async () => {
  await google('POST', `${events}/watch`, channel())
  expect(reasonOf(await google('POST', `${events}/watch`, channel()))).toBe('channelIdNotUnique')
  const plain = await google(
    'POST',
    `${events}/watch`,
    channel({ id: 'other', address: 'http://example.com/hook' }),
  )
  expect([plain.status, reasonOf(plain)]).toEqual([400, 'push.webhookUrlNotHttps'])
})

test('a channel lives seven days at most', async () => {
  const { body } = await google(
    'POST',
    `${events}/watch`,
    channel({ expiration: Date.now() + 90 * 86_400_000 }),
  )
  expect(Number(body['expiration'])).toBeLessThanOrEqual(Date.now() + 7 * 86_400_000)
  await until(() => hook.received.length === 1)
  await played.control('POST', 'clock', { advance: 'P8D' })
  google = await played.account('google', 'ada@example.com')
  await google('POST', events, timed('a', 9))
  await google('POST', `${events}/watch`, channel({ id: 'channel-2' }))
  await until(() => hook.received.length === 2)
  expect(states()).toEqual(['sync', 'sync'])
})

test('a notification refused with 503 is sent again, one refused with 404 is not', async () => {
  hook.answerWith(503)
  await google('POST', `${events}/watch`, channel())
  await until(() => hook.received.length === 1)
  hook.answerWith(404)
  await until(() => hook.received.length === 2)
  await google('POST', events, timed('a', 9))
  await until(() => hook.received.length === 3)
  expect(states()).toEqual(['sync', 'sync', 'exists'])
})

test('a dropped notification never arrives and a doubled one arrives twice', async () => {
  await google('POST', `${events}/watch`, channel())
  await until(() => hook.received.length === 1)
  await played.control('POST', 'faults', { kind: 'dropNotification', vendor: 'google' })
  await google('POST', events, timed('a', 9))
  await until(async () =>
    list((await played.control('GET', 'notifications')).body['items']).some(
      ({ dropped }) => dropped === true,
    ),
  )
  await played.control('POST', 'faults', { kind: 'doubleNotification', vendor: 'google' })
  await google('POST', events, timed('b', 9))
  await until(() => hook.received.length === 3)
  expect(states()).toEqual(['sync', 'exists', 'exists'])
})
