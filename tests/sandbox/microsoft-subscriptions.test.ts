import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { idOf } from './delta-round.ts'
import { listen, type Hook } from './hook.ts'
import { codeOf, object, play, type Answer, type Call, type Json, type Played } from './played.ts'

const email = 'grace@example.com'
const subscriptions = '/v1.0/subscriptions'
let played: Played
let hook: Hook
let graph: Call
let nowMs: number

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  await played.control('POST', 'clock', { frozen: true })
  const { body } = await played.control('GET', 'clock')
  nowMs = Date.parse(String(body['now']))
  hook = await listen()
  graph = await played.account('microsoft', email, { calendars: ['Team'] })
})
afterEach(() => hook.close())

const set = (switches: Json) => played.control('POST', 'switches', switches)
const inMinutes = (minutes: number) => new Date(nowMs + minutes * 60_000).toISOString()
const wish = (more: Json = {}): Json => ({
  changeType: 'created,updated,deleted',
  notificationUrl: `${hook.url}/notify`,
  lifecycleNotificationUrl: `${hook.url}/life`,
  resource: '/me/events',
  expirationDateTime: inMinutes(1000),
  clientState: 'secret',
  ...more,
})
const subscribe = (more: Json = {}, headers = {}) => graph('POST', subscriptions, wish(more), headers)
const messageOf = ({ body }: Answer) => object(body['error'])['message']

test('Microsoft §12.5: a subscription is made once both addresses have echoed their token', async () => {
  const made = await subscribe()
  const me = idOf(await graph('GET', '/v1.0/me'))
  expect(made.status).toBe(201)
  expect(made.body).toEqual({
    '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#subscriptions/$entity',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    resource: '/me/events',
    applicationId: 'control',
    changeType: 'created,updated,deleted',
    clientState: 'secret',
    notificationUrl: `${hook.url}/notify`,
    notificationQueryOptions: null,
    lifecycleNotificationUrl: `${hook.url}/life`,
    expirationDateTime: inMinutes(1000).replace('Z', '0000Z'),
    creatorId: me,
    includeResourceData: null,
    latestSupportedTlsVersion: 'v1_2',
    encryptionCertificate: null,
    encryptionCertificateId: null,
    notificationUrlAppId: null,
  })
})

const wantsOk =
  'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.'
test.each([
  ['another body', { body: 'Validation' }, wantsOk],
  ['a token with its + signs', { body: 'Validation%3A+Testing' }, wantsOk],
  ['another type', { type: 'application/json' }, wantsOk],
  ['403', { status: 403 }, "Subscription validation request failed. HTTP status code is 'Forbidden'."],
  ['404', { status: 404 }, "Subscription validation request failed. HTTP status code is 'NotFound'."],
  ['202', { status: 202 }, "Subscription validation request failed. HTTP status code is 'Accepted'."],
] as const)(
  'Microsoft §12.5: an address that answers %s makes no subscription',
  async (_case, echo, message) => {
    hook.echoWith(echo)
    const refused = await subscribe()
    expect([refused.status, codeOf(refused), messageOf(refused)]).toEqual([400, 'ValidationError', message])
    await set({ 'microsoft.handshakeErrorCode': 'InvalidRequest' })
    expect(codeOf(await subscribe())).toBe('InvalidRequest')
    expect((await graph('GET', subscriptions)).body['value']).toEqual([])
  },
)

test('Microsoft §12.5: an address that does not answer in time, or at all, makes no subscription', async () => {
  await set({ 'microsoft.answerWithinMs': 200 })
  hook.echoWith('silence')
  const late = await subscribe()
  expect([late.status, codeOf(late), messageOf(late)]).toEqual([
    400,
    'ValidationError',
    'Subscription validation request timed out.',
  ])
  await set({ 'microsoft.answerWithinMs': 10_000 })
  const nobody = await subscribe({ notificationUrl: 'http://127.0.0.1:9/notify' })
  expect([nobody.status, messageOf(nobody)]).toEqual([400, wantsOk])
})

test('the lifecycle address has to prove itself too, and an address keeps its own query', async () => {
  const refused = await subscribe({ lifecycleNotificationUrl: `${played.sandbox.url}/nothing` })
  expect([refused.status, codeOf(refused)]).toEqual([400, 'ValidationError'])
  const made = await subscribe({ notificationUrl: `${hook.url}/notify?tenant=1` })
  expect([made.status, made.body['notificationUrl']]).toEqual([201, `${hook.url}/notify?tenant=1`])
})

test('Microsoft §12.5: a subscription lives 10,080 minutes at most, or fewer as switched, and 45 at least', async () => {
  const minutesOf = ({ body }: Answer) => (Date.parse(String(body['expirationDateTime'])) - nowMs) / 60_000
  expect(minutesOf(await subscribe({ expirationDateTime: inMinutes(10_080) }))).toBe(10_080)
  const refused = await subscribe({ expirationDateTime: inMinutes(10_081) })
  expect([refused.status, codeOf(refused), messageOf(refused)]).toEqual([
    400,
    'ExtensionError',
    'Subscription expiration can only be 10080 minutes in the future.',
  ])
  await set({ 'microsoft.subscriptionMinutesMax': 4230 })
  const shorter = await subscribe({ expirationDateTime: inMinutes(4231) })
  expect(messageOf(shorter)).toBe('Subscription expiration can only be 4230 minutes in the future.')
  const raised = await subscribe({
    expirationDateTime: inMinutes(1),
    resource: '/me/calendars',
    changeType: 'updated',
  })
  expect(minutesOf(raised)).toBe(45)
})

test.each([
  ['nothing', () => undefined],
  ['no address', () => wish({ notificationUrl: undefined })],
  ['a plain http address elsewhere', () => wish({ notificationUrl: 'http://example.com/notify' })],
  ['an address that is none', () => wish({ lifecycleNotificationUrl: 'nowhere' })],
  ['no resource', () => wish({ resource: undefined })],
  ['no changes', () => wish({ changeType: '' })],
  ['unknown changes', () => wish({ changeType: 'created,renamed' })],
  ['no end', () => wish({ expirationDateTime: undefined })],
  ['an end that is no time', () => wish({ expirationDateTime: 'tomorrow' })],
  ['an end in the past', () => wish({ expirationDateTime: inMinutes(-1) })],
  ['a clientState of 129 characters', () => wish({ clientState: 'x'.repeat(129) })],
  ['a clientState that is a number', () => wish({ clientState: 5 })],
  ['an unknown member', () => wish({ secret: 'x' })],
  ['an unknown resource', () => wish({ resource: '/me/dreams' })],
  ['an unknown calendar', () => wish({ resource: "/me/calendars('nothing')/events" })],
  [
    'a new calendar, of which Graph never tells',
    () => wish({ resource: '/me/calendars', changeType: 'created' }),
  ],
])('a subscription with %s is refused with 400', async (_case, body) => {
  expect((await graph('POST', subscriptions, body())).status).toBe(400)
})

test('what Graph could tell of and nobody plays here is refused as not played', async () => {
  for (const more of [
    { resource: '/me/messages' },
    { resource: '/me/events?$filter=x' },
    { includeResourceData: true, encryptionCertificate: 'x', encryptionCertificateId: 'y' },
  ]) {
    const refused = await subscribe(more)
    expect([refused.status, codeOf(refused)]).toEqual([501, 'notSupported'])
  }
})

test('Microsoft §12.5: a clientState has 128 characters at most and is told to its maker alone, or always as switched', async () => {
  const clientState = 'x'.repeat(128)
  const made = await subscribe({ clientState })
  expect(made.body['clientState']).toBe(clientState)
  const path = `${subscriptions}/${idOf(made)}`
  expect((await graph('GET', path)).body['clientState']).toBe(null)
  await set({ 'microsoft.clientStateOnGet': 'shown' })
  expect((await graph('GET', path)).body['clientState']).toBe(clientState)
})

test('a resource may be spelt in every way Graph knows, and stays as it was spelt', async () => {
  await set({ 'microsoft.sameSubscription': 'allowed' })
  const me = idOf(await graph('GET', '/v1.0/me'))
  const id = idOf(await graph('GET', '/v1.0/me/calendar'))
  for (const resource of [
    '/me/events',
    'me/events',
    'me/calendar/events',
    `/me/calendars/${id}/events`,
    `me/calendars('${id}')/events`,
    `/users/${email}/events`,
    `users/${me}/calendars/${id}/events`,
    `users('${me}')/events`,
  ]) {
    const made = await subscribe({ resource })
    expect([resource, made.status, made.body['resource']]).toEqual([resource, 201, resource])
  }
  const foreign = await subscribe({ resource: 'users/heidi@example.com/events' })
  expect([foreign.status, codeOf(foreign)]).toEqual([403, 'ExtensionError'])
})

test('the same app cannot subscribe twice to the same changes, until the first has ended; that is a switch', async () => {
  const first = await subscribe()
  const again = await subscribe({ clientState: 'other', resource: 'me/events' })
  expect([again.status, codeOf(again), messageOf(again)]).toEqual([
    409,
    'ObjectIdentifierInUse',
    `Subscription Id ${idOf(first)} already exists for the requested combination`,
  ])
  expect((await subscribe({ changeType: 'updated' })).status).toBe(201)
  await graph('DELETE', `${subscriptions}/${idOf(first)}`)
  expect((await subscribe()).status).toBe(201)
  await set({ 'microsoft.sameSubscription': 'allowed' })
  expect((await subscribe()).status).toBe(201)
})

test('a mailbox has a limit of subscriptions over all apps', async () => {
  await set({ 'microsoft.subscriptionsPerMailbox': 3, 'microsoft.sameSubscription': 'allowed' })
  for (let index = 0; index < 3; index += 1) expect((await subscribe()).status).toBe(201)
  const refused = await subscribe()
  expect([refused.status, codeOf(refused)]).toEqual([403, 'ExtensionError'])
})

test('a subscription is renewed, to another address only when that one listens, and nothing else of it changes', async () => {
  const path = `${subscriptions}/${idOf(await subscribe())}`
  const renewed = await graph('PATCH', path, { expirationDateTime: inMinutes(5000) })
  expect([renewed.status, renewed.body['expirationDateTime']]).toEqual([
    200,
    inMinutes(5000).replace('Z', '0000Z'),
  ])
  const moved = await graph('PATCH', path, { notificationUrl: `${hook.url}/elsewhere` })
  expect([moved.status, moved.body['notificationUrl']]).toEqual([200, `${hook.url}/elsewhere`])
  hook.echoWith({ status: 500 })
  expect(codeOf(await graph('PATCH', path, { notificationUrl: `${hook.url}/notify` }))).toBe(
    'ValidationError',
  )
  for (const body of [{ lifecycleNotificationUrl: `${hook.url}/new` }, { clientState: 'x' }, undefined])
    expect((await graph('PATCH', path, body)).status).toBe(400)
  expect((await graph('GET', path)).body).toMatchObject({
    notificationUrl: `${hook.url}/elsewhere`,
    lifecycleNotificationUrl: `${hook.url}/life`,
  })
})

test('a subscription is reauthorized, and not within ten minutes of its renewal, as switched', async () => {
  const path = `${subscriptions}/${idOf(await subscribe())}`
  const reauthorize = () => graph('POST', `${path}/reauthorize`)
  const renew = () => graph('PATCH', path, { expirationDateTime: inMinutes(5000) })
  expect((await reauthorize()).status).toBe(204)
  expect((await reauthorize()).status).toBe(204)
  const refused = await renew()
  expect([refused.status, codeOf(refused)]).toEqual([409, 'Conflict'])
  await played.control('POST', 'clock', { advance: 'PT10M' })
  expect((await renew()).status).toBe(200)
  expect((await reauthorize()).status).toBe(409)
  await set({ 'microsoft.renewalAndReauthorization': 'allowed' })
  expect((await reauthorize()).status).toBe(204)
})

test('an app sees its own subscriptions, and one that was deleted, expired or another’s is unknown', async () => {
  const first = idOf(await subscribe())
  const second = idOf(await subscribe({ changeType: 'updated', expirationDateTime: inMinutes(50) }))
  const heidi = await played.account('microsoft', 'heidi@example.com')
  expect((await heidi('GET', subscriptions)).body['value']).toEqual([])
  const foreign = await heidi('GET', `${subscriptions}/${first}`)
  expect([foreign.status, codeOf(foreign)]).toEqual([404, 'ResourceNotFound'])
  expect((await graph('DELETE', `${subscriptions}/${first}`)).status).toBe(204)
  await played.control('POST', 'clock', { advance: 'PT51M' })
  for (const id of [first, second]) {
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { expirationDateTime: inMinutes(500) } : undefined
      expect((await graph(method, `${subscriptions}/${id}`, body)).status).toBe(404)
    }
    expect((await graph('POST', `${subscriptions}/${id}/reauthorize`)).status).toBe(404)
  }
  await set({ 'microsoft.unknownSubscriptionCode': 'ExtensionError' })
  expect(codeOf(await graph('GET', `${subscriptions}/${first}`))).toBe('ExtensionError')
  expect((await graph('GET', subscriptions)).body['value']).toEqual([])
})
