import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { tokensFor } from './consent.ts'
import { listen, type Hook } from './hook.ts'
import { list, play, reasonOf, send, timed, until, type Call, type Json, type Played } from './played.ts'

const calendars = '/calendar/v3/calendars'
const events = `${calendars}/primary/events`
const lists = '/calendar/v3/users/me/calendarList'
const settings = '/calendar/v3/users/me/settings'
const stop = '/calendar/v3/channels/stop'
const email = 'ada@example.com'
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
  hook = await listen()
  google = await played.account('google', email)
})
afterEach(() => hook.close())

const channel = (more: Json = {}): Json => ({
  id: 'channel-1',
  type: 'web_hook',
  address: `${hook.url}/hook`,
  token: 'secret',
  ...more,
})
const states = () => hook.received.map(({ headers }) => headers['x-goog-resource-state'])
const received = (count: number) => until(() => hook.received.length === count)

/** Lets the notifications of all that was done until now arrive, by one of a channel opened after it. */
async function settled(): Promise<void> {
  await google('POST', `${settings}/watch`, channel({ id: 'last', token: 'last' }))
  await until(() => hook.received.some(({ headers }) => headers['x-goog-channel-id'] === 'last'))
  hook.received.splice(
    hook.received.findIndex(({ headers }) => headers['x-goog-channel-id'] === 'last'),
    1,
  )
}

test('a channel says hello, tells of each commit, lives seven days at most, and is silent once stopped', async () => {
  const wish = channel({ expiration: Date.now() + 90 * dayMs })
  const { body } = await google('POST', `${events}/watch`, wish)
  expect(Number(body['expiration'])).toBeLessThanOrEqual(Date.now() + 7 * dayMs)
  await received(1)
  await google('POST', events, timed('a', 9))
  await received(2)
  await google('POST', events, timed('b', 9))
  await received(3)
  await google('POST', stop, { id: body['id'], resourceId: body['resourceId'] })
  await google('POST', events, timed('c', 9))
  await settled()
  expect(states()).toEqual(['sync', 'exists', 'exists'])
})

test('a notification is headers and no body, with the token of its channel and a number that rises', async () => {
  const opened = await google('POST', `${events}/watch`, channel())
  expect(opened.body).toEqual({
    kind: 'api#channel',
    id: 'channel-1',
    token: 'secret',
    resourceId: expect.any(String),
    resourceUri: `https://www.googleapis.com/calendar/v3/calendars/ada%40example.com/events?alt=json`,
    expiration: expect.stringMatching(/^\d{13}$/),
  })
  await received(1)
  for (const title of ['a', 'b']) {
    const count = hook.received.length
    await google('POST', events, timed(title, 9))
    await received(count + 1)
  }
  for (const { headers, body } of hook.received) {
    expect(body).toBe('')
    expect(headers).toMatchObject({
      'x-goog-channel-id': 'channel-1',
      'x-goog-channel-token': 'secret',
      'x-goog-resource-id': opened.body['resourceId'],
      'x-goog-resource-uri': opened.body['resourceUri'],
      'content-length': '0',
    })
    const expiration = Date.parse(String(headers['x-goog-channel-expiration']))
    expect(expiration).toBe(Math.floor(Number(opened.body['expiration']) / 1000) * 1000)
  }
  const numbers = hook.received.map(({ headers }) => Number(headers['x-goog-message-number']))
  expect(numbers[0]).toBe(1)
  expect(numbers.toSorted((a, b) => a - b)).toEqual([...new Set(numbers)])
})

test.each([500, 502, 503, 504])('a notification refused with %i is sent again', async (status) => {
  await played.control('POST', 'clock', { frozen: true })
  hook.answerWith(status)
  await google('POST', `${events}/watch`, channel())
  await played.control('POST', 'clock', { advance: 'PT0.05S' })
  expect(states()).toEqual(['sync'])
  hook.answerWith(200)
  await played.control('POST', 'clock', { advance: 'PT1H' })
  expect(states()).toEqual(['sync', 'sync'])
})

test.each([200, 201, 202, 204, 301, 400, 404, 410, 429, 501])(
  'a notification answered with %i is not sent again',
  async (status) => {
    hook.answerWith(status)
    await google('POST', `${events}/watch`, channel())
    await received(1)
    await until(async () => list((await played.control('GET', 'notifications')).body['items']).length === 1)
    await played.control('POST', 'clock', { advance: 'PT10M' })
    await google('POST', events, timed('a', 9))
    await received(2)
    expect(states()).toEqual(['sync', 'exists'])
  },
)

test('hello may come before the answer, as switched', async () => {
  await played.control('POST', 'switches', { 'google.syncMessage': 'before' })
  await google('POST', `${events}/watch`, channel())
  expect(states()).toEqual(['sync'])
  await google('POST', events, timed('a', 9))
  await received(2)
  expect(states()).toEqual(['sync', 'exists'])
})

test('a channel on the calendar list tells of what a person changes there, and of calendars come and gone', async () => {
  const opened = await google('POST', `${lists}/watch`, channel())
  expect(opened.body['resourceUri']).toBe(
    'https://www.googleapis.com/calendar/v3/users/me/calendarList?alt=json',
  )
  await received(1)
  const { body } = await google('POST', calendars, { summary: 'Team' })
  await received(2)
  await google('PATCH', `${lists}/${String(body['id'])}`, { hidden: true })
  await received(3)
  await google('DELETE', `${calendars}/${String(body['id'])}`)
  await received(4)
  await google('POST', events, timed('a', 9))
  await settled()
  expect(states()).toEqual(['sync', 'exists', 'exists', 'exists'])
})

test('a channel on settings tells of changed settings, and one on an access list of changed rules', async () => {
  await google('POST', `${settings}/watch`, channel({ token: 'settings' }))
  await google('POST', `${calendars}/primary/acl/watch`, channel({ id: 'channel-2', token: 'acl' }))
  await received(2)
  await played.control('POST', `accounts/${email}/settings`, { weekStart: '1' })
  await received(3)
  await google('POST', `${calendars}/primary/acl`, { role: 'reader', scope: { type: 'default' } })
  await received(4)
  expect(hook.received.slice(2).map(({ headers }) => headers['x-goog-channel-token'])).toEqual([
    'settings',
    'acl',
  ])
})

test('a resource has one id for every channel on it and another than other resources', async () => {
  const grace = await played.account('google', 'grace@example.com')
  await google('POST', `${calendars}/primary/acl`, { role: 'reader', scope: { type: 'default' } })
  const idOf = async (call: Call, path: string, id: string) =>
    (await call('POST', `${path}/watch`, channel({ id }))).body['resourceId']
  const same = [
    await idOf(google, events, 'one'),
    await idOf(google, `${calendars}/${email}/events`, 'two'),
    await idOf(grace, `${calendars}/${email}/events`, 'three'),
  ]
  const others = [
    await idOf(google, lists, 'four'),
    await idOf(grace, lists, 'five'),
    await idOf(google, settings, 'six'),
    await idOf(google, `${calendars}/primary/acl`, 'seven'),
  ]
  expect(new Set(same).size).toBe(1)
  expect(new Set([...same, ...others]).size).toBe(5)
})

test('a channel of somebody who may read a calendar tells of what its owner does', async () => {
  const grace = await played.account('google', 'grace@example.com')
  await google('POST', `${calendars}/primary/acl`, { role: 'freeBusyReader', scope: { type: 'default' } })
  await grace('POST', `${calendars}/${email}/events/watch`, channel())
  await received(1)
  await google('POST', events, timed('a', 9))
  await received(2)
})

test.each<[string, Json, number, string]>([
  ['no id', { id: undefined }, 400, 'required'],
  ['an id with a space', { id: 'a b' }, 400, 'channelIdInvalid'],
  ['an id of 65 characters', { id: 'a'.repeat(65) }, 400, 'channelIdInvalid'],
  ['another type than a web hook', { type: 'smoke' }, 400, 'push.channelTypeNotSupported'],
  ['no address', { address: undefined }, 400, 'required'],
  ['an address that is none', { address: 'hook' }, 400, 'push.webhookUrlNoHostOrAddress'],
  ['an address without https', { address: 'http://example.com/hook' }, 400, 'push.webhookUrlNotHttps'],
  ['a token of 257 characters', { token: 'a'.repeat(257) }, 400, 'invalid'],
  ['an expiration in the past', { expiration: 1_000 }, 400, 'invalid'],
  ['an expiration that is no time', { expiration: 'soon' }, 400, 'invalid'],
  ['a life of no length', { params: { ttl: '0' } }, 400, 'invalid'],
  ['a life that is no number', { params: { ttl: 'long' } }, 400, 'invalid'],
  ['parameters that are none', { params: 'ttl' }, 400, 'invalid'],
])('a channel with %s is refused', async (_case, wish, status, reason) => {
  const refused = await google('POST', `${events}/watch`, channel(wish))
  expect([refused.status, reasonOf(refused)]).toEqual([status, reason])
})

test('an address that Google was not allowed to call is refused with 401 by a fault', async () => {
  const reason = 'push.webhookUrlUnauthorized'
  await played.control('POST', 'faults', { kind: 'error', path: '/watch', status: 401, reason })
  const refused = await google('POST', `${events}/watch`, channel())
  expect([refused.status, reasonOf(refused)]).toEqual([401, reason])
})

test.each<[string, Json, string, number]>([
  ['nothing', {}, '', 7],
  ['a time to live', { params: { ttl: '3600' } }, '', 1 / 24],
  ['an expiration as a text', { expiration: String(Date.now() + dayMs) }, '', 1],
  ['both', { expiration: Date.now() + 2 * dayMs, params: { ttl: '86400' } }, '', 1],
  ['thirty days', { params: { ttl: '2592000' } }, '', 7],
  ['thirty days where that is allowed', { params: { ttl: '2592000' } }, '30', 30],
  ['nothing where thirty days are allowed', {}, '30', 7],
])('a channel that asks for %s ends when it may', async (_case, wish, allowed, days) => {
  if (allowed !== '')
    await played.control('POST', 'switches', { 'google.channelLifetimeDaysMax': Number(allowed) })
  const { body } = await google('POST', `${events}/watch`, channel(wish))
  const lifeMs = Number(body['expiration']) - Date.now()
  expect(Math.abs(lifeMs - days * dayMs)).toBeLessThan(60_000)
})

test('a channel ends at its time by the clock, and its id is free again', async () => {
  const { body } = await google('POST', `${events}/watch`, channel())
  await received(1)
  await played.control('POST', 'clock', { advance: 'P8D' })
  google = await played.account('google', email)
  await google('POST', events, timed('a', 9))
  const late = await google('POST', stop, { id: body['id'], resourceId: body['resourceId'] })
  expect(late.status).toBe(404)
  expect((await google('POST', `${events}/watch`, channel())).status).toBe(200)
  await received(2)
  expect(states()).toEqual(['sync', 'sync'])
})

test('a channel’s id is used once in a project, whoever uses it, and again in another', async () => {
  await google('POST', `${events}/watch`, channel())
  const grace = await played.account('google', 'grace@example.com')
  for (const call of [google, grace]) {
    const refused = await call('POST', `${events}/watch`, channel())
    expect([refused.status, reasonOf(refused)]).toEqual([400, 'channelIdNotUnique'])
  }
  await played.control('POST', 'switches', { 'google.channelIdNotUniqueReason': 'push.channelIdNotUnique' })
  expect(reasonOf(await google('POST', `${events}/watch`, channel()))).toBe('push.channelIdNotUnique')
  const other = await callerWithGrant()
  expect((await other('POST', `${events}/watch`, channel())).status).toBe(200)
})

/** A caller of a client that was consented to, where the others carry tokens of the control API. */
async function callerWithGrant(): Promise<Call> {
  const tokens = await tokensFor(played, 'google', email)
  const authorization = `Bearer ${String(tokens['access_token'])}`
  return (method, path, body, headers = {}) =>
    send(`${played.sandbox.url}${path}`, method, body, { authorization, ...headers })
}

test('only the account and client that opened a channel stop it, once', async () => {
  const other = await callerWithGrant()
  const grace = await played.account('google', 'grace@example.com')
  const { body } = await google('POST', `${events}/watch`, channel())
  const wish = { id: body['id'], resourceId: body['resourceId'] }
  for (const call of [other, grace]) {
    const refused = await call('POST', stop, wish)
    expect([refused.status, reasonOf(refused)]).toEqual([404, 'notFound'])
  }
  expect((await google('POST', stop, { ...wish, resourceId: 'other' })).status).toBe(404)
  expect(reasonOf(await google('POST', stop, { id: body['id'] }))).toBe('required')
  expect((await google('POST', stop, wish)).status).toBe(204)
  expect((await google('POST', stop, wish)).status).toBe(404)
})

test.each([
  ['firing', ['sync', 'exists']],
  ['silent', ['sync']],
])('channels of a withdrawn consent are %s when so switched', async (choice, expected) => {
  await played.control('POST', 'switches', { 'google.channelsAfterRevocation': choice })
  const other = await callerWithGrant()
  await other('POST', `${events}/watch`, channel())
  await received(1)
  await played.control('POST', `accounts/${email}/revoke?vendor=google`)
  google = await played.account('google', email)
  await google('POST', events, timed('a', 9))
  await settled()
  expect(states()).toEqual(expected)
})

test('calendars that Google fills itself open no channels', async () => {
  await played.account('google', email, { calendars: [{ name: 'Holidays', isHoliday: true }] })
  const { body } = await google('GET', `${lists}?minAccessRole=freeBusyReader`)
  const id = String(list(body['items'])[1]?.['id'])
  expect(id).toMatch(/#holiday@group\.v\.calendar\.google\.com$/)
  const holidays = `${calendars}/${encodeURIComponent(id)}`
  const refused = await google('POST', `${holidays}/events/watch`, channel())
  expect([refused.status, reasonOf(refused)]).toEqual([400, 'pushNotSupportedForRequestedResource'])
  expect((await google('GET', `${holidays}/events`)).body).toMatchObject({ accessRole: 'reader' })
})

test('channels of a calendar that is deleted say so and end', async () => {
  const id = String((await google('POST', calendars, { summary: 'Team' })).body['id'])
  const { body } = await google('POST', `${calendars}/${id}/events/watch`, channel())
  await received(1)
  await google('DELETE', `${calendars}/${id}`)
  await received(2)
  expect(states()).toEqual(['sync', 'not_exists'])
  expect((await google('POST', stop, { id: body['id'], resourceId: body['resourceId'] })).status).toBe(404)
})

test('a dropped notification never arrives and a doubled one arrives twice', async () => {
  await google('POST', `${events}/watch`, channel())
  await received(1)
  await played.control('POST', 'faults', { kind: 'dropNotification', vendor: 'google' })
  await google('POST', events, timed('a', 9))
  await until(async () =>
    list((await played.control('GET', 'notifications')).body['items']).some(
      ({ dropped }) => dropped === true,
    ),
  )
  await played.control('POST', 'faults', { kind: 'doubleNotification', vendor: 'google' })
  await google('POST', events, timed('b', 9))
  await received(3)
  expect(states()).toEqual(['sync', 'exists', 'exists'])
})
