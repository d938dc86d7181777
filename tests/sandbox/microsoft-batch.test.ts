import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { allAtOnce } from './at-once.ts'
import { created } from './delta-round.ts'
import {
  codeOf,
  list,
  meeting,
  object,
  play,
  type Answer,
  type Call,
  type Json,
  type Played,
} from './played.ts'

let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  graph = await played.account('microsoft', 'grace@example.com')
})

const json = { 'Content-Type': 'application/json' }
const batch = (requests: unknown) => graph('POST', '/v1.0/$batch', { requests })
const answersOf = ({ body }: Answer): Map<unknown, Json> =>
  new Map(list(body['responses']).map((one) => [one['id'], one]))
const statusesOf = (answer: Answer) =>
  Object.fromEntries([...answersOf(answer)].map(([id, { status }]) => [String(id), status]))
const messageOf = ({ body }: Answer) => object(body['error'])['message']
const post = (id: string, title: string, more: Json = {}): Json => ({
  id,
  method: 'POST',
  url: '/me/events',
  headers: json,
  body: meeting(title, 9),
  ...more,
})

test('a batch does what its requests do alone and tells each answer with its headers', async () => {
  const id = await created(graph, meeting('old', 9))
  const answer = await batch([
    { id: 'patch', method: 'PATCH', url: `/me/events/${id}`, headers: json, body: { subject: 'new' } },
    { id: 'get', method: 'GET', url: 'me/calendar', headers: { Prefer: 'IdType="ImmutableId"' } },
    { id: 'none', method: 'GET', url: `/me/events/${id.replace(/.AAA=$/, 'xAAA=')}` },
    post('make', 'made'),
  ])
  expect(answer.status).toBe(200)
  expect(statusesOf(answer)).toEqual({ patch: 200, get: 200, none: 404, make: 201 })
  const answers = answersOf(answer)
  expect(answers.get('patch')).toMatchObject({ body: { subject: 'new' } })
  expect(object(answers.get('get')?.['headers'])).toMatchObject({
    'Content-Type': expect.stringContaining('application/json'),
    'Request-Id': expect.any(String),
    'Preference-Applied': 'IdType="ImmutableId"',
  })
  expect(answers.get('none')).toMatchObject({ body: { error: { code: 'ErrorItemNotFound' } } })
})

test('a request without an answer’s body has none in a batch', async () => {
  const id = await created(graph, meeting('a', 9))
  const answer = await batch([{ id: '1', method: 'DELETE', url: `/me/events/${id}` }])
  expect(answersOf(answer).get('1')).not.toHaveProperty('body')
  expect(statusesOf(answer)).toEqual({ 1: 204 })
})

test('each request of a batch is logged as one of its own, with its status', async () => {
  await played.control('DELETE', 'requests')
  await batch([post('1', 'a'), post('2', 'b')])
  const { body } = await played.control('GET', 'requests?vendor=microsoft')
  const lines = list(body['items']).map(({ method, path, status }) => [method, path, status].join(' '))
  expect(lines.toSorted()).toEqual([
    'POST /v1.0/$batch 200',
    'POST /v1.0/me/events 201',
    'POST /v1.0/me/events 201',
  ])
})

test('the answers of a batch come in any order, and all of them come', async () => {
  const orders = new Set<string>()
  for (let run = 0; run < 10; run += 1) {
    const answer = await batch([1, 2, 3, 4, 5].map((id) => ({ id: `${id}`, method: 'GET', url: '/me' })))
    const ids = list(answer.body['responses']).map(({ id }) => String(id))
    orders.add(ids.join())
    expect(ids.toSorted()).toEqual(['1', '2', '3', '4', '5'])
  }
  expect(orders.size).toBeGreaterThan(1)
})

test('a chain is run in its order, and what depends on a failure fails with 424 unrun', async () => {
  const answer = await batch([
    post('1', 'first'),
    { id: '2', method: 'GET', url: '/me/events/nonsense', dependsOn: ['1'] },
    post('3', 'never', { dependsOn: ['2'] }),
    post('4', 'never', { dependsOn: ['3'] }),
  ])
  expect(statusesOf(answer)).toEqual({ 1: 201, 2: 400, 3: 424, 4: 424 })
  const { body } = await graph('GET', '/v1.0/me/events')
  expect(list(body['value']).map(({ subject }) => subject)).toEqual(['first'])
})

test.each([
  [
    'a request that depends on a later one',
    [post('1', 'a', { dependsOn: ['2'] }), post('2', 'b')],
    'Invalid dependency for request Id 1.',
  ],
  [
    'a mixture of chain and parallel requests',
    [post('1', 'a'), post('2', 'b'), post('3', 'c', { dependsOn: ['1'] })],
    'Batch should be either fully sequential or fully parallel.',
  ],
  [
    'ids that differ in case only',
    [post('AAMkx', 'a'), post('AAMkX', 'b')],
    'Request Id AAMkX has to be unique in a batch.',
  ],
  [
    'a body without its type',
    [post('1', 'a', { headers: {} })],
    'Write request id : 1 does not contain Content-Type header or body.',
  ],
  ['no requests', [], 'Invalid batch payload format.'],
  ['requests that are none', ['GET /me'], 'Invalid batch payload format.'],
  [
    'an address out of the version',
    [{ id: '1', method: 'POST', url: '/../_sandbox/reset', headers: json, body: {} }],
    'Invalid batch payload format.',
  ],
  [
    'more than twenty requests',
    Array.from({ length: 21 }, (_, index) => post(`${index}`, 'a')),
    'Number of batch request steps exceeds the maximum value of 20.',
  ],
])('a batch with %s is refused as a whole', async (_case, requests, message) => {
  const refused = await batch(requests)
  expect([refused.status, codeOf(refused), messageOf(refused)]).toEqual([400, 'BadRequest', message])
  expect((await graph('GET', '/v1.0/me/events')).body['value']).toEqual([])
})

test.each(['https://graph.microsoft.com/v1.0/me', '//elsewhere/me', '/$batch'])(
  'a batch cannot reach %s',
  async (url) => {
    const refused = await batch([{ id: '1', method: 'GET', url }])
    expect([refused.status, codeOf(refused)]).toEqual([400, 'BadRequest'])
  },
)

test('several requests may depend on one, as switched', async () => {
  const requests = [
    post('1', 'a'),
    post('2', 'b', { dependsOn: ['1'] }),
    post('3', 'c', { dependsOn: ['1'] }),
  ]
  expect((await batch(requests)).status).toBe(400)
  await played.control('POST', 'switches', { 'microsoft.batchSharedDependency': 'allowed' })
  expect(statusesOf(await batch(requests))).toEqual({ 1: 201, 2: 201, 3: 201 })
})

test('a fault strikes one request of a batch and leaves the others', async () => {
  await played.control('POST', 'faults', {
    kind: 'error',
    status: 429,
    retryAfter: 7,
    path: '/me/events',
    nth: 2,
  })
  const answer = await batch([post('1', 'a'), post('2', 'b'), post('3', 'c')])
  const answers = [...answersOf(answer).values()]
  expect(answers.map(({ status }) => Number(status)).toSorted((a, b) => a - b)).toEqual([201, 201, 429])
  const struck = answers.find(({ status }) => status === 429)
  expect(object(struck?.['headers'])).toMatchObject({ 'Retry-After': '7' })
})

test('a request of a batch whose answer is lost is told as a gateway’s failure, and is done', async () => {
  await played.control('POST', 'faults', { kind: 'responseLost', method: 'POST', path: '/me/events' })
  expect(statusesOf(await batch([post('1', 'done')]))).toEqual({ 1: 504 })
  await played.control('POST', 'faults', { kind: 'reset', method: 'POST', path: '/me/events' })
  expect(statusesOf(await batch([post('1', 'not done')]))).toEqual({ 1: 504 })
  const { body } = await graph('GET', '/v1.0/me/events')
  expect(list(body['value']).map(({ subject }) => subject)).toEqual(['done'])
})

test('twenty requests of a batch are done four at a time, so none of them is throttled', async () => {
  await played.control('POST', 'faults', { kind: 'latency', ms: 5, path: '/me/events', times: 20 })
  const answer = await batch(Array.from({ length: 20 }, (_, index) => post(`${index}`, 'a')))
  expect(new Set(Object.values(statusesOf(answer)))).toEqual(new Set([201]))
})

test('two batches at once for one mailbox are more than it serves, and what is too much is told to wait', async () => {
  await played.control('POST', 'faults', { kind: 'latency', ms: 50, path: '/me/events', times: 40 })
  const batches = () =>
    [1, 2].map(() => batch(Array.from({ length: 8 }, (_, index) => post(`${index}`, 'a'))))
  const two = await allAtOnce(played, batches, { arrived: 1, query: 'status=429' })
  const answers = two.flatMap((answer) => [...answersOf(answer).values()])
  const throttled = answers.filter(({ status }) => status === 429)
  expect(throttled.length).toBeGreaterThan(0)
  for (const { headers, body } of throttled) {
    expect(object(headers)).toHaveProperty('Retry-After')
    expect(body).toMatchObject({ error: { code: 'ApplicationThrottled' } })
  }
})

test('a batch needs a token', async () => {
  const refused = await fetch(`${played.sandbox.url}/v1.0/$batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ requests: [{ id: '1', method: 'GET', url: '/me' }] }),
  })
  expect(refused.status).toBe(401)
})
