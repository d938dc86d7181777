import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { listen, type Hook } from './hook.ts'
import { codeOf, list, meeting, object, play, until, type Call, type Json, type Played } from './played.ts'

let played: Played
let hook: Hook
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  hook = await listen()
  graph = await played.account('microsoft', 'grace@example.com')
})
afterEach(() => hook.close())

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
const wish = (more: Json = {}): Json => ({
  changeType: 'created,updated,deleted',
  notificationUrl: `${hook.url}/notify`,
  lifecycleNotificationUrl: `${hook.url}/life`,
  resource: '/me/events',
  expirationDateTime: inMinutes(1000),
  clientState: 'secret',
  ...more,
})
const changes = () => hook.received.flatMap(({ body }) => list(object(JSON.parse(body))['value']))

test('a subscription is made once both addresses have echoed their token', async () => {
  const { status, body } = await graph('POST', '/v1.0/subscriptions', wish())
  expect([status, body['clientState'], body['resource']]).toEqual([201, 'secret', '/me/events'])
  expect((await graph('GET', `/v1.0/subscriptions/${String(body['id'])}`)).status).toBe(200)
  const all = await graph('GET', '/v1.0/subscriptions')
  expect(list(all.body['value']).map(({ id }) => id)).toEqual([body['id']])
})

test('an address that does not echo the token makes no subscription', async () => {
  const refused = await graph(
    'POST',
    '/v1.0/subscriptions',
    wish({ notificationUrl: `${played.sandbox.url}/nothing` }),
  )
  expect([refused.status, codeOf(refused)]).toEqual([400, 'ValidationError'])
  expect((await graph('GET', '/v1.0/subscriptions')).body['value']).toEqual([])
})

test.each([
  ['an expiry beyond 10,080 minutes', () => ({ expirationDateTime: inMinutes(10_090) })],
  ['an expiry in the past', () => ({ expirationDateTime: inMinutes(-1) })],
  ['a plain http address elsewhere', () => ({ notificationUrl: 'http://example.com/notify' })],
  ['an unknown resource', () => ({ resource: '/me/messages' })],
])('%s is refused with 400', async (_case, more) => {
  expect((await graph('POST', '/v1.0/subscriptions', wish(more()))).status).toBe(400)
})

test('changes are told with the client state, in the spelling of ids the subscription was made with', async () => {
  await graph('POST', '/v1.0/subscriptions', wish(), { prefer: 'IdType="ImmutableId"' })
  const immutable = { prefer: 'IdType="ImmutableId"' }
  const id = String((await graph('POST', '/v1.0/me/events', meeting('a', 9), immutable)).body['id'])
  await until(() => changes().length === 1)
  await graph('PATCH', `/v1.0/me/events/${id}`, { subject: 'b' })
  await until(() => changes().length === 2)
  await graph('DELETE', `/v1.0/me/events/${id}`)
  await until(() => changes().length === 3)
  expect(changes()).toMatchObject(
    ['created', 'updated', 'deleted'].map((changeType) => ({
      changeType,
      clientState: 'secret',
      resourceData: { id },
    })),
  )
})

test('several changes at once arrive in one message', async () => {
  await graph('POST', '/v1.0/subscriptions', wish())
  await played.control('POST', 'accounts/grace@example.com/events', { vendor: 'microsoft', count: 1 })
  await Promise.all([1, 2, 3].map((hour) => graph('POST', '/v1.0/me/events', meeting('x', hour))))
  await until(() => changes().length === 4)
  expect(hook.received.length).toBeLessThan(4)
})

test('a subscription is renewed, and a deleted one is silent and unknown', async () => {
  const { body } = await graph('POST', '/v1.0/subscriptions', wish())
  const path = `/v1.0/subscriptions/${String(body['id'])}`
  const renewed = await graph('PATCH', path, { expirationDateTime: inMinutes(5000) })
  expect(renewed.status).toBe(200)
  expect(String(renewed.body['expirationDateTime']) > String(body['expirationDateTime'])).toBe(true)
  expect((await graph('DELETE', path)).status).toBe(204)
  expect(codeOf(await graph('PATCH', path, {}))).toBe('ResourceNotFound')
})

test('a notification that is not accepted is sent again', async () => {
  await graph('POST', '/v1.0/subscriptions', wish())
  hook.answerWith(500)
  await graph('POST', '/v1.0/me/events', meeting('a', 9))
  await until(() => hook.received.length === 1)
  hook.answerWith(202)
  await until(() => hook.received.length === 2)
  const { body } = await played.control('GET', 'notifications')
  expect(
    list(body['items'])
      .map(({ attempt, status }) => [attempt, status])
      .at(0),
  ).toEqual([1, 500])
})

test('a lifecycle event is sent on command', async () => {
  const { body } = await graph('POST', '/v1.0/subscriptions', wish())
  const sent = { lifecycleEvent: 'reauthorizationRequired' }
  await played.control('POST', `subscriptions/${String(body['id'])}/lifecycle`, sent)
  await until(() => hook.received.length === 1)
  expect(changes()).toMatchObject([{ ...sent, subscriptionId: body['id'] }])
  expect(hook.received[0]?.path).toBe('/life')
})
