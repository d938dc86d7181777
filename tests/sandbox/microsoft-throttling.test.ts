import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { allAtOnce } from './at-once.ts'
import { codeOf, meeting, object, play, type Answer, type Call, type Json, type Played } from './played.ts'

const email = 'grace@example.com'
let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  // Only time that a test lets pass goes by.
  await played.control('POST', 'clock', { frozen: true })
  graph = await played.account('microsoft', email)
})

const set = (switches: Json) => played.control('POST', 'switches', switches)
const advance = (duration: string) => played.control('POST', 'clock', { advance: duration })
const statusesOf = async (times: number, call = graph): Promise<number[]> => {
  const statuses: number[] = []
  for (let time = 0; time < times; time += 1) statuses.push((await call('GET', '/v1.0/me')).status)
  return statuses
}
const messageOf = ({ body }: Answer) => object(body['error'])['message']

test('Microsoft §12.6: a mailbox serves four requests of an app at once and refuses the fifth, saying why and how long', async () => {
  await played.control('POST', 'faults', { kind: 'latency', ms: 100, path: '/v1.0/me', times: 4 })
  const five = () => [1, 2, 3, 4, 5].map(() => graph('GET', '/v1.0/me'))
  const answers = await allAtOnce(played, five, { arrived: 1, query: 'status=429' })
  const refused = answers.filter(({ status }) => status !== 200)
  expect(
    refused.map((one) => [one.status, codeOf(one), messageOf(one), one.headers.get('retry-after')]),
  ).toEqual([[429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', '1']])
  expect((await graph('GET', '/v1.0/me')).status).toBe(200)
})

test('four requests at once are each mailbox’s own', async () => {
  const other = await played.account('microsoft', 'heidi@example.com')
  await played.control('POST', 'faults', { kind: 'latency', ms: 50, path: '/v1.0/me', times: 8 })
  const calls = () => [1, 2, 3, 4].flatMap(() => [graph('GET', '/v1.0/me'), other('GET', '/v1.0/me')])
  const answers = await allAtOnce(played, calls, { arrived: 8, query: 'path=/v1.0/me' })
  for (const { status } of answers) expect(status).toBe(200)
})

test('Microsoft §12.6: a mailbox serves 10,000 requests of an app in ten minutes, and goes on as they fall out of the window', async () => {
  const { body } = await played.control('GET', 'switches')
  expect(JSON.stringify(body)).toContain('"name":"microsoft.requestsPerMailbox","value":10000')
  await set({ 'microsoft.requestsPerMailbox': 5 })
  expect(await statusesOf(2)).toEqual([200, 200])
  await advance('PT4M')
  expect(await statusesOf(4)).toEqual([200, 200, 200, 429])
  const refused = await graph('GET', '/v1.0/me')
  expect([codeOf(refused), refused.headers.get('retry-after')]).toEqual([
    'ApplicationThrottled',
    expect.stringMatching(/^36[01]$/),
  ])
  await advance('PT6M2S')
  expect(await statusesOf(3)).toEqual([200, 200, 429])
})

test('the window is each mailbox’s own, and what was refused is not counted', async () => {
  await set({ 'microsoft.requestsPerMailbox': 5, 'microsoft.earlyRetry': 'nothing' })
  expect(await statusesOf(7)).toEqual([200, 200, 200, 200, 200, 429, 429])
  const other = await played.account('microsoft', 'heidi@example.com')
  expect(await statusesOf(1, other)).toEqual([200])
  await advance('PT10M2S')
  expect(await statusesOf(5)).toEqual([200, 200, 200, 200, 200])
})

test('a retry before its time makes the wait longer, as switched', async () => {
  await set({ 'microsoft.requestsPerMailbox': 5 })
  await statusesOf(6)
  await advance('PT9M')
  const early = await graph('GET', '/v1.0/me')
  expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(590)
  await advance('PT2M')
  expect(await statusesOf(1)).toEqual([429])
  await advance('PT11M')
  expect(await statusesOf(1)).toEqual([200])

  await set({ 'microsoft.earlyRetry': 'nothing' })
  await statusesOf(5)
  await advance('PT9M')
  expect(await statusesOf(1)).toEqual([429])
  await advance('PT2M')
  expect(await statusesOf(1)).toEqual([200])
})

test('a wait may go unsaid, as switched', async () => {
  await set({ 'microsoft.requestsPerMailbox': 5, 'microsoft.retryAfter': 'absent' })
  await statusesOf(5)
  const refused = await graph('GET', '/v1.0/me')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null])
})

test('an app has a limit over all mailboxes, as switched', async () => {
  await set({ 'microsoft.requestsPerApp': 10 })
  const other = await played.account('microsoft', 'heidi@example.com')
  expect(await statusesOf(6)).not.toContain(429)
  expect(await statusesOf(6, other)).toEqual([200, 200, 200, 200, 429, 429])
  await advance('PT30S')
  expect(await statusesOf(1, other)).toEqual([200])
})

test('the requests of a batch count one by one', async () => {
  await set({ 'microsoft.requestsPerMailbox': 5 })
  const requests = [1, 2, 3, 4, 5, 6].map((id) => ({ id: `${id}`, method: 'GET', url: '/me' }))
  const { status, body } = await graph('POST', '/v1.0/$batch', { requests })
  expect(status).toBe(200)
  expect(JSON.stringify(body).match(/"status":429/g)).toHaveLength(1)
})

test.each(['TooManyRequests', 'activityLimitReached', 'RequestThrottled'])(
  'Microsoft §12.6: a throttled request may have the code %s, by a fault',
  async (code) => {
    const fault = { kind: 'error', status: 429, code, retryAfter: 3, path: '/v1.0/me' }
    await played.control('POST', 'faults', fault)
    const refused = await graph('GET', '/v1.0/me')
    expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([429, code, '3'])
    expect(String(messageOf(refused))).not.toBe('')
  },
)

test.each([503, 504])('Microsoft §12.6: %d may say how long to wait', async (status) => {
  await played.control('POST', 'faults', { kind: 'error', status, retryAfter: 5, path: '/v1.0/me' })
  const refused = await graph('GET', '/v1.0/me')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([status, '5'])
})

test('every answer has an id of its own, and the caller’s id comes back with it', async () => {
  const sent = { 'client-request-id': '5f0c', 'return-client-request-id': 'true' }
  const [first, second] = [await graph('GET', '/v1.0/me', undefined, sent), await graph('GET', '/v1.0/me')]
  expect(first.headers.get('client-request-id')).toBe('5f0c')
  expect(first.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(second.headers.get('request-id')).not.toBe(first.headers.get('request-id'))
  const silent = await graph('GET', '/v1.0/me', undefined, { ...sent, 'return-client-request-id': 'false' })
  expect(silent.headers.get('client-request-id')).toBe(null)
})

test('a failure names the ids of its request within its body', async () => {
  const refused = await graph('GET', '/v1.0/me/events/nonsense', undefined, { 'client-request-id': '5f0c' })
  const { innerError } = object(refused.body['error'])
  expect(innerError).toEqual({
    date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    'request-id': refused.headers.get('request-id'),
    'client-request-id': '5f0c',
  })
})

test('Microsoft §12.6: an expired token is told by its life', async () => {
  await advance('PT2H')
  const refused = await graph('GET', '/v1.0/me')
  expect([refused.status, codeOf(refused), messageOf(refused)]).toEqual([
    401,
    'InvalidAuthenticationToken',
    'Lifetime validation failed, the token is expired.',
  ])
  expect(refused.headers.get('www-authenticate')).toContain('authorization_uri=')
})

test('a revoked token is refused plainly or with a claims challenge, as switched, or by a fault', async () => {
  const claimsOf = (answer: Answer): unknown => {
    const [, claims] = /claims="([^"]+)"/.exec(answer.headers.get('www-authenticate') ?? '') ?? []
    return claims === undefined ? undefined : JSON.parse(Buffer.from(claims, 'base64').toString())
  }
  const challenge = { access_token: { nbf: { essential: true, value: expect.stringMatching(/^\d+$/) } } }
  await played.control('POST', 'faults', { kind: 'error', status: 401, code: 'claims', path: '/v1.0/me' })
  const struck = await graph('GET', '/v1.0/me')
  expect([struck.status, codeOf(struck), claimsOf(struck)]).toEqual([
    401,
    'InvalidAuthenticationToken',
    challenge,
  ])

  await played.control('POST', `accounts/${email}/revoke`, { vendor: 'microsoft' })
  const plain = await graph('GET', '/v1.0/me')
  expect([plain.status, claimsOf(plain)]).toEqual([401, undefined])
  await set({ 'microsoft.challenge': 'claims' })
  const challenged = await graph('POST', '/v1.0/me/events', meeting('a', 9))
  expect([challenged.status, claimsOf(challenged)]).toEqual([401, challenge])
})
