import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { created, idOf, onThursdays } from './delta-round.ts'
import { listen, type Hook } from './hook.ts'
import { list, meeting, object, play, type Call, type Json, type Played } from './played.ts'

const email = 'grace@example.com'
const subscriptions = '/v1.0/subscriptions'
const immutable = { prefer: 'IdType="ImmutableId"' }
let played: Played
let hook: Hook
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  // What is sent is sent when a test lets time pass, and has arrived when that is done.
  await played.control('POST', 'clock', { frozen: true })
  await set({ 'microsoft.createdNotification': 'created' })
  hook = await listen()
  graph = await played.account('microsoft', email, { calendars: ['Team'] })
})
afterEach(() => hook.close())

const set = (switches: Json) => played.control('POST', 'switches', switches)
const advance = (duration: string) => played.control('POST', 'clock', { advance: duration })
const soon = () => advance('PT1S')
const newToken = async () => {
  graph = await played.account('microsoft', email)
}

async function subscribe(more: Json = {}, headers = {}): Promise<string> {
  const { body } = await played.control('GET', 'clock')
  const wish = {
    changeType: 'created,updated,deleted',
    notificationUrl: `${hook.url}/notify`,
    lifecycleNotificationUrl: `${hook.url}/life`,
    resource: '/me/events',
    expirationDateTime: new Date(Date.parse(String(body['now'])) + 6 * 86_400_000).toISOString(),
    clientState: 'secret',
    ...more,
  }
  return idOf(await graph('POST', subscriptions, wish, headers))
}

const messages = (path = '/notify') => hook.received.filter((one) => one.path === path)
const itemsAt = (path = '/notify') =>
  messages(path).flatMap(({ body }) => list(object(JSON.parse(body))['value']))
const typesAt = (path = '/notify') => itemsAt(path).map(({ changeType }) => changeType)
const lifecycle = () => itemsAt('/life').map(({ lifecycleEvent }) => lifecycleEvent)

test('a notification names the event, its etag and the secret, and holds nothing of the event itself', async () => {
  const subscription = await subscribe()
  const { body } = await graph('POST', '/v1.0/me/events', meeting('Secret words', 9))
  await soon()
  const me = idOf(await graph('GET', '/v1.0/me'))
  const resource = `Users/${me}/Events/${String(body['id'])}`
  expect(itemsAt()).toEqual([
    {
      subscriptionId: subscription,
      subscriptionExpirationDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}-08:00$/),
      clientState: 'secret',
      changeType: 'created',
      resource,
      tenantId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      resourceData: {
        '@odata.type': '#Microsoft.Graph.Event',
        '@odata.id': resource,
        '@odata.etag': body['@odata.etag'],
        id: body['id'],
      },
    },
  ])
  expect(messages()[0]?.headers['content-type']).toContain('application/json')
  expect(messages()[0]?.body).not.toContain('words')
})

test('changes are told in the spelling of ids the subscription was made with', async () => {
  await subscribe({}, immutable)
  const id = idOf(await graph('POST', '/v1.0/me/events', meeting('a', 9), immutable))
  await graph('PATCH', `/v1.0/me/events/${id}`, { subject: 'b' })
  await graph('DELETE', `/v1.0/me/events/${id}`)
  await soon()
  expect(itemsAt()).toMatchObject(
    ['created', 'updated', 'deleted'].map((changeType) => ({ changeType, resourceData: { id } })),
  )
})

test('Microsoft §12.5: a new event is told as created and as updated, unless switched', async () => {
  await set({ 'microsoft.createdNotification': 'createdAndUpdated' })
  await subscribe()
  await created(graph, meeting('a', 9))
  await soon()
  expect(typesAt()).toEqual(['created', 'updated'])
})

test('Microsoft §12.5: the deletion of one occurrence is told as an update of its series', async () => {
  const master = await created(graph, { ...meeting('Weekly', 9), recurrence: onThursdays })
  await subscribe()
  const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
  const { body } = await graph('GET', `/v1.0/me/events/${master}/instances?${window}`)
  await graph('DELETE', `/v1.0/me/events/${String(list(body['value'])[1]?.['id'])}`)
  await soon()
  expect(itemsAt()).toMatchObject([{ changeType: 'updated', resourceData: { id: master } }])
})

test('Microsoft §12.5: changes at about the same time, of several subscriptions with one address, come in one message', async () => {
  await subscribe()
  await subscribe({ changeType: 'created' })
  await subscribe({ changeType: 'updated', notificationUrl: `${hook.url}/other` })
  const id = await created(graph, meeting('a', 9))
  await created(graph, meeting('b', 10))
  await graph('PATCH', `/v1.0/me/events/${id}`, { subject: 'c' })
  await soon()
  expect([messages().length, messages('/other').length]).toEqual([1, 1])
  expect(new Set(itemsAt().map(({ subscriptionId }) => subscriptionId)).size).toBe(2)
  expect(typesAt().join()).toBe('created,created,created,created,updated')
})

test('Microsoft §12.5: one message may hold changes of several mailboxes, as switched, and holds a hundred at most', async () => {
  await subscribe()
  const own = graph
  graph = await played.account('microsoft', 'heidi@example.com')
  await subscribe()
  const both = async () => {
    hook.received.length = 0
    await created(graph, meeting('a', 9))
    await created(own, meeting('b', 9))
    await soon()
    return messages().length
  }
  expect(await both()).toBe(2)
  await set({ 'microsoft.notificationBatches': 'address' })
  expect(await both()).toBe(1)
  hook.received.length = 0
  for (let index = 0; index < 101; index += 1) await created(own, meeting('x', 9))
  await soon()
  expect(messages().map(({ body }) => list(object(JSON.parse(body))['value']).length)).toEqual([100, 1])
})

test('/me/events tells of the default calendar, or of every calendar as switched; a calendar’s own subscription of that one', async () => {
  const { body } = await graph('GET', "/v1.0/me/calendars?$filter=name eq 'Team'")
  const team = `/v1.0/me/calendars/${String(list(body['value'])[0]?.['id'])}/events`
  await subscribe()
  await subscribe({ resource: team.replace('/v1.0', ''), notificationUrl: `${hook.url}/team` })
  await created(graph, meeting('a', 9), team)
  await soon()
  expect([typesAt(), typesAt('/team')]).toEqual([[], ['created']])
  await set({ 'microsoft.meEventsCoverage': 'all' })
  await subscribe({ resource: 'users/grace@example.com/events', notificationUrl: `${hook.url}/all` })
  await created(graph, meeting('b', 9), team)
  await created(graph, meeting('c', 9))
  await soon()
  expect(typesAt('/all')).toEqual(['created', 'created'])
})

test('the calendars of a mailbox are told of when they change or go, and not when they come', async () => {
  await subscribe({ resource: '/me/calendars', changeType: 'updated,deleted' })
  const calendar = idOf(await graph('POST', '/v1.0/me/calendars', { name: 'New' }))
  await soon()
  expect(itemsAt()).toEqual([])
  await graph('PATCH', `/v1.0/me/calendars/${calendar}`, { name: 'Renamed' })
  await graph('DELETE', `/v1.0/me/calendars/${calendar}`)
  await soon()
  expect(itemsAt()).toMatchObject([
    { changeType: 'updated', resourceData: { '@odata.type': '#Microsoft.Graph.Calendar', id: calendar } },
    { changeType: 'deleted', resourceData: { id: calendar } },
  ])
})

test('Microsoft §12.5: a subscription ends silently', async () => {
  await subscribe({ resource: 'me/events' })
  await advance('P6D')
  await newToken()
  hook.received.length = 0
  await created(graph, meeting('a', 9))
  await soon()
  expect(hook.received).toEqual([])
})

test('a deleted subscription is silent at once, even about what had happened before', async () => {
  const id = await subscribe()
  await created(graph, meeting('a', 9))
  await graph('DELETE', `${subscriptions}/${id}`)
  await soon()
  expect(hook.received).toEqual([])
})

test.each([201, 202, 204])('Microsoft §12.5: %s is an answer like 200', async (status) => {
  await subscribe()
  hook.answerWith(status)
  await created(graph, meeting('a', 9))
  await advance('PT5H')
  expect(messages().length).toBe(1)
})

test('Microsoft §12.5: a message that is not accepted is repeated, soon or with growing pauses for four hours, and then said to be missed', async () => {
  const id = await subscribe()
  hook.answerWith(500)
  await created(graph, meeting('a', 9))
  await advance('PT5S')
  expect(messages().length).toBe(4)
  expect(lifecycle()[0]).toBe('missed')
  const { body } = await played.control('GET', 'notifications?kind=change')
  expect(list(body['items']).map(({ attempt, status }) => [attempt, status])).toEqual(
    [1, 2, 3, 4].map((attempt) => [attempt, 500]),
  )

  await set({
    'microsoft.notificationRetries': 'fourHours',
    'microsoft.subscriptionAuthorization': 'lasting',
  })
  hook.received.length = 0
  await graph('PATCH', `${subscriptions}/${id}`, {})
  await created(graph, meeting('b', 9))
  await advance('PT1H')
  const within = messages().length
  expect(within).toBeGreaterThan(5)
  await advance('PT4H')
  expect(messages().length).toBeGreaterThan(within)
  const ended = messages().length
  await advance('PT8H')
  expect(messages().length).toBe(ended)
})

test('a message that is accepted at last is not repeated, and nothing was missed', async () => {
  await subscribe()
  hook.answerWith(503)
  await created(graph, meeting('a', 9))
  await advance('PT0.2S')
  hook.answerWith(202)
  await advance('PT1H')
  expect(messages().length).toBe(3)
  expect(lifecycle()).not.toContain('missed')
})

test('Microsoft §12.5: an address that answers slowly is told late, and a very slow one is told nothing for ten minutes and then that it missed something', async () => {
  const slowIs = (slowAnswerMs: number) => set({ 'microsoft.slowAnswerMs': slowAnswerMs })
  await set({ 'microsoft.dropPercent': 50, 'microsoft.slowPercent': 10 })
  await subscribe()
  const change = async () => {
    await created(graph, meeting('x', 9))
    await soon()
  }
  await slowIs(0)
  for (let index = 0; index < 3; index += 1) await change()
  await slowIs(10_000)
  for (let index = 0; index < 7; index += 1) await change()
  const before = messages().length
  await change()
  expect(messages().length).toBe(before)
  await advance('PT10S')
  expect(messages().length).toBe(before + 1)

  await slowIs(0)
  for (let index = 0; index < 10; index += 1) {
    await created(graph, meeting('x', 9))
    await advance('PT11S')
  }
  const slow = messages().length
  await change()
  await advance('PT1M')
  expect(messages().length).toBe(slow)
  const { body } = await played.control('GET', 'notifications?dropped=true')
  expect(list(body['items']).length).toBeGreaterThan(0)
  await slowIs(10_000)
  await advance('PT10M')
  expect(lifecycle().filter((event) => event === 'missed')).toHaveLength(1)
  await newToken()
  await change()
  await advance('PT10S')
  expect(messages().length).toBe(slow + 1)
})

test('Microsoft §12.5: a new token is asked for before the old one ends; without it changes are missed until it comes', async () => {
  const id = await subscribe()
  await advance('PT40M')
  expect(lifecycle()).toEqual([])
  await advance('PT10M')
  expect(itemsAt('/life')).toEqual([
    {
      subscriptionId: id,
      subscriptionExpirationDateTime: expect.any(String),
      tenantId: expect.any(String),
      clientState: 'secret',
      lifecycleEvent: 'reauthorizationRequired',
    },
  ])
  await advance('PT15M')
  await newToken()
  await created(graph, meeting('lost', 9))
  await soon()
  expect(typesAt()).toEqual([])
  await graph('POST', `${subscriptions}/${id}/reauthorize`)
  await soon()
  expect(lifecycle()).toEqual(['reauthorizationRequired', 'missed'])
  await created(graph, meeting('told', 9))
  await soon()
  expect(typesAt()).toEqual(['created'])
})

test('a renewal brings a new token too, and a subscription may outlast its tokens as switched', async () => {
  const id = await subscribe()
  await advance('PT30M')
  await newToken()
  const { body } = await played.control('GET', 'clock')
  const later = new Date(Date.parse(String(body['now'])) + 86_400_000).toISOString()
  await graph('PATCH', `${subscriptions}/${id}`, { expirationDateTime: later })
  await advance('PT20M')
  expect(lifecycle()).toEqual([])
  await advance('PT30M')
  expect(lifecycle()).toEqual(['reauthorizationRequired'])
  await set({ 'microsoft.subscriptionAuthorization': 'lasting' })
  await advance('PT2H')
  await newToken()
  await created(graph, meeting('a', 9))
  await soon()
  expect(typesAt()).toEqual(['created'])
})

test('Microsoft §12.5: taking back what an app was allowed removes its subscriptions and says so', async () => {
  const id = await subscribe()
  await played.control('POST', `accounts/${email}/revoke`, { vendor: 'microsoft' })
  await soon()
  expect(itemsAt('/life')).toMatchObject([{ subscriptionId: id, lifecycleEvent: 'subscriptionRemoved' }])
  await newToken()
  expect((await graph('GET', `${subscriptions}/${id}`)).status).toBe(404)
  await created(graph, meeting('a', 9))
  await soon()
  expect(itemsAt()).toEqual([])
})

test.each(['reauthorizationRequired', 'missed', 'subscriptionRemoved'])(
  'Microsoft §12.5: %s is sent on command, and without a lifecycle address nobody is told',
  async (lifecycleEvent) => {
    const id = await subscribe()
    const silent = await subscribe({ lifecycleNotificationUrl: undefined, changeType: 'updated' })
    const send = (of: string) => played.control('POST', `subscriptions/${of}/lifecycle`, { lifecycleEvent })
    expect((await send(id)).body).toEqual({ sent: true })
    expect((await send(silent)).body).toEqual({ sent: false })
    await soon()
    expect(itemsAt('/life')).toMatchObject([{ subscriptionId: id, lifecycleEvent }])
    const left = (await graph('GET', subscriptions)).body['value']
    expect(list(left).length).toBe(lifecycleEvent === 'subscriptionRemoved' ? 0 : 2)
  },
)

test('a notification may be doubled, held back behind a later one, or lost, which is told as missed', async () => {
  await subscribe()
  await played.control('POST', 'faults', { kind: 'doubleNotification', path: '/notify' })
  await created(graph, meeting('a', 9))
  await soon()
  expect(typesAt()).toEqual(['created', 'created'])
  hook.received.length = 0
  await played.control('POST', 'faults', { kind: 'reorderNotification', path: '/notify', ms: 60_000 })
  const id = await created(graph, meeting('b', 9))
  await soon()
  await graph('PATCH', `/v1.0/me/events/${id}`, { subject: 'c' })
  await soon()
  expect(typesAt()).toEqual(['updated', 'created'])
  hook.received.length = 0
  await played.control('POST', 'faults', { kind: 'dropNotification', path: '/notify' })
  await created(graph, meeting('d', 9))
  await soon()
  expect([typesAt(), lifecycle()]).toEqual([[], ['missed']])
})
