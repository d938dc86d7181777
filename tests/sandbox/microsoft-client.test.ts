import { setDefaultCACertificates } from 'node:tls'
import {
  BatchRequestContent,
  BatchResponseContent,
  type BatchResponseBody,
  Client,
  GraphError,
  PageIterator,
  type PageCollection,
} from '@microsoft/microsoft-graph-client'
import type { Event, Subscription } from '@microsoft/microsoft-graph-types'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { allAtOnce } from './at-once.ts'
import { ownCertificate } from './certificate.ts'
import { listen } from './hook.ts'
import { list, meeting, object, play, until, type Json, type Played } from './played.ts'

// Microsoft's own client, as it is published and with all its usual handlers, told nothing but another base address.
// It sends tokens to https addresses only and follows only https links, so the sandbox speaks https here.
let played: Played
let client: Client
let emails = 0
let email: string

beforeAll(async () => {
  const tls = ownCertificate()
  setDefaultCACertificates([tls.cert])
  played = await play({ tls })
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('DELETE', 'faults')
  email = `person${(emails += 1)}@example.com`
  await signIn()
})

async function signIn(): Promise<void> {
  await played.control('POST', 'accounts', { vendor: 'microsoft', email, calendars: ['Work'] })
  const { body } = await played.control('POST', `accounts/${email}/token?vendor=microsoft`)
  client = Client.init({
    baseUrl: `${played.sandbox.microsoft}/`,
    customHosts: new Set(['127.0.0.1']),
    authProvider: (done) => done(null, String(body['access_token'])),
  })
}

const create = async (subject: string, more: Json = {}): Promise<Event> => {
  const made: Event = await client.api('/me/events').post(meeting(subject, 9, more))
  return made
}

/** What a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<GraphError> {
  try {
    await call
  } catch (error) {
    if (error instanceof GraphError) return error
    throw error
  }
  throw new Error('not refused')
}

/** Every item from a first page on, by the client's own iterator, and the delta link at its end. */
async function iterate(first: PageCollection): Promise<{ items: Json[]; deltaLink: string | undefined }> {
  const items: Json[] = []
  const iterator = new PageIterator(client, first, (item) => items.push(object(item)) > 0)
  await iterator.iterate()
  expect(iterator.isComplete()).toBe(true)
  return { items, deltaLink: iterator.getDeltaLink() }
}

const march = { startDateTime: '2026-03-01T00:00:00Z', endDateTime: '2026-04-01T00:00:00Z' }
const firstDelta = (): Promise<PageCollection> =>
  client.api('/me/calendarView/delta').query(march).header('Prefer', 'odata.maxpagesize=2').get()

test('Graph’s client creates, reads, changes and deletes an event', async () => {
  const made = await create('Retro')
  const path = `/me/events/${made.id ?? ''}`
  const read: Event = await client.api(path).select('id,subject').get()
  expect(read).toMatchObject({ id: made.id, subject: 'Retro' })
  expect(read.start).toBeUndefined()
  const changed: Event = await client.api(path).patch({ subject: 'Demo' })
  expect([changed.subject, changed.changeKey === made.changeKey]).toEqual(['Demo', false])
  await client.api(path).delete()
  expect(await refusal(client.api(path).get())).toMatchObject({ statusCode: 404, code: 'ErrorItemNotFound' })
})

test('Graph’s client reads an error with its code, its request id and its date', async () => {
  const made = await create('Retro')
  const path = `/me/events/${made.id ?? ''}`
  const stale = client.api(path).header('If-Match', 'W/"old"').patch({ subject: 'Demo' })
  const error = await refusal(stale)
  expect(error).toMatchObject({ statusCode: 412, code: 'ErrorIrresolvableConflict' })
  expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(error.requestId).toBe(error.headers?.get('request-id'))
  expect(error.date.getTime()).not.toBeNaN()
})

test('Graph’s page iterator sees every event of a calendar once', async () => {
  const subjects = ['a', 'b', 'c', 'd', 'e']
  for (const subject of subjects) await create(subject)
  const first: PageCollection = await client.api('/me/events').top(2).get()
  expect(first.value).toHaveLength(2)
  const { items } = await iterate(first)
  expect(items.map(({ subject }) => String(subject)).toSorted()).toEqual(subjects)
  const view: PageCollection = await client.api('/me/calendarView').query(march).top(3).get()
  expect((await iterate(view)).items).toHaveLength(5)
})

test('Graph’s page iterator ends a delta round with a link, and that link tells of changes only', async () => {
  const made = []
  for (const subject of ['a', 'b', 'c']) made.push(await create(subject))
  const round = await iterate(await firstDelta())
  expect(round.items.map(({ subject }) => String(subject)).toSorted()).toEqual(['a', 'b', 'c'])

  await client.api(`/me/events/${made[0]?.id ?? ''}`).patch({ subject: 'A' })
  await client.api(`/me/events/${made[1]?.id ?? ''}`).delete()
  const changes = await iterate(await client.api(round.deltaLink ?? '').get())
  expect(changes.items).toEqual([
    expect.objectContaining({ id: made[0]?.id, subject: 'A' }),
    { '@odata.type': '#microsoft.graph.event', id: made[1]?.id, '@removed': { reason: 'deleted' } },
  ])
  expect((await iterate(await client.api(changes.deltaLink ?? '').get())).items).toEqual([])
})

test('Graph’s client meets 410 with an old link, and a new round starts it over', async () => {
  await create('a')
  const { deltaLink } = await iterate(await firstDelta())
  await played.control('POST', 'clock', { advance: 'P60D' })
  await signIn()
  const error = await refusal(client.api(deltaLink ?? '').get())
  expect(error.statusCode).toBe(410)
  expect((await iterate(await firstDelta())).items).toHaveLength(1)
})

test.each([429, 503, 504])(
  'Graph’s client tries again by itself after %i, when it was told to',
  async (status) => {
    const fault = { kind: 'error', vendor: 'microsoft', account: email, status, retryAfter: 0, times: 2 }
    await played.control('POST', 'faults', fault)
    await create('a')
    const { body } = await played.control('GET', `requests?vendor=microsoft&account=${email}`)
    expect(list(body['items']).map((one) => one['status'])).toEqual([status, status, 201])
  },
)

test('eight calls of Graph’s client at once end well, though a mailbox serves four at a time', async () => {
  await played.control('POST', 'faults', {
    kind: 'latency',
    vendor: 'microsoft',
    account: email,
    ms: 500,
    times: 4,
  })
  const subjects = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const query = `vendor=microsoft&account=${email}&status=429`
  await allAtOnce(played, () => subjects.map((subject) => create(subject)), { arrived: 1, query })
  const first: PageCollection = await client.api('/me/events').get()
  expect((await iterate(first)).items).toHaveLength(8)
})

test('Graph’s client finds an event by a property of its own', async () => {
  const id = 'String {00020329-0000-0000-C000-000000000046} Name Marker'
  const made = await create('a', { singleValueExtendedProperties: [{ id, value: "it's me" }] })
  await create('b')
  const found: PageCollection = await client
    .api('/me/events')
    .filter(`singleValueExtendedProperties/Any(ep: ep/id eq '${id}' and ep/value eq 'it''s me')`)
    .expand(`singleValueExtendedProperties($filter=id eq '${id}')`)
    .get()
  expect(found.value).toEqual([
    expect.objectContaining({
      id: made.id,
      singleValueExtendedProperties: [{ id, value: "it's me" }],
    }),
  ])
})

test('Graph’s client reads times in the zone it prefers, and bodies as text', async () => {
  const made = await create('a', { body: { contentType: 'text', content: 'Hello' } })
  const read: Event = await client
    .api(`/me/events/${made.id ?? ''}`)
    .header('Prefer', 'outlook.timezone="Tokyo Standard Time", outlook.body-content-type="text"')
    .get()
  expect(read.start).toEqual({ dateTime: '2026-03-05T17:00:00.0000000', timeZone: 'Tokyo Standard Time' })
  expect(read.body?.content?.trim()).toBe('Hello')
})

test('Graph’s client asks many things in one batch, one after the other where it says so', async () => {
  const step = (id: string, method: string, path: string, body?: Json, dependsOn: string[] = []) => ({
    id,
    dependsOn,
    // The client leaves out the host only, so an address must come without its version, as in its own samples.
    request: new Request(`${played.sandbox.microsoft}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }),
  })
  const batch = new BatchRequestContent([
    step('1', 'POST', '/me/events', meeting('a', 9)),
    step('2', 'GET', '/me/events/nothing', undefined, ['1']),
    step('3', 'GET', '/me/events', undefined, ['2']),
  ])
  const answer: BatchResponseBody = await client.api('/$batch').post(await batch.getContent())
  const answers = new BatchResponseContent(answer)
  expect(await answers.getResponseById('1').json()).toMatchObject({ subject: 'a' })
  expect([1, 2, 3].map((id) => answers.getResponseById(String(id)).status)).toEqual([201, 400, 424])
})

test('Graph’s client subscribes, is told of a change, renews and ends', async () => {
  const hook = await listen()
  const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
  await played.control('POST', 'reset')
  await signIn()
  const made: Subscription = await client.api('/subscriptions').post({
    changeType: 'created,updated,deleted',
    notificationUrl: `${hook.url}/notify`,
    lifecycleNotificationUrl: `${hook.url}/life`,
    resource: '/me/events',
    expirationDateTime: soon(1),
    clientState: 'secret',
  })
  const event = await create('a')
  await until(() => hook.received.length > 0)
  expect(JSON.parse(hook.received[0]?.body ?? '')).toMatchObject({
    value: [
      {
        subscriptionId: made.id,
        clientState: 'secret',
        changeType: 'created',
        resourceData: { '@odata.type': '#Microsoft.Graph.Event', id: event.id },
      },
      { changeType: 'updated' },
    ],
  })
  const path = `/subscriptions/${made.id ?? ''}`
  const renewed: Subscription = await client.api(path).patch({ expirationDateTime: soon(24) })
  expect(Date.parse(renewed.expirationDateTime ?? '')).toBeGreaterThan(
    Date.parse(made.expirationDateTime ?? ''),
  )
  await client.api(path).delete()
  expect((await refusal(client.api(path).get())).statusCode).toBe(404)
  await hook.close()
})
