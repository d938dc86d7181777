import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { listen, type Hook } from './hook.ts'
import {
  codeOf,
  list,
  meeting,
  object,
  play,
  reasonOf,
  timed,
  until,
  type Call,
  type Json,
  type Played,
} from './played.ts'

const begin = Date.parse('2026-03-05T08:00:00Z')
const events = '/calendar/v3/calendars/primary/events'
let played: Played
let google: Call
let graph: Call
let hook: Hook

beforeAll(async () => {
  played = await play({ now: begin, frozen: true })
  hook = await listen()
})
afterAll(async () => {
  await played.close()
  await hook.close()
})
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', 'ada@example.com')
  graph = await played.account('microsoft', 'grace@example.com')
})
afterEach(() => {
  hook.answerWith(200)
  hook.received.length = 0
})

const fault = (wish: Json) => played.control('POST', 'faults', wish)
const move = (by: string) => played.control('POST', 'clock', { advance: by })
const held = async () => {
  const { body } = await played.control('GET', 'accounts/ada@example.com/events')
  return list(body['items']).map(({ title }) => title)
}

/** Says whether a call that has arrived is still without its answer. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  await until(async () => list((await played.control('GET', 'requests')).body['items']).length > 0)
  // Whatever can be answered is answered before a call that comes later.
  const later = played.control('GET', 'clock').then(() => 'later')
  return (await Promise.race([promise, later])) === 'later'
}

test('Google §11.6: latency holds a call back before its work, for as long as the clock says', async () => {
  await fault({ kind: 'latency', vendor: 'google', ms: 30_000 })
  const answer = google('POST', events, timed('late', 9))
  expect(await isPending(answer)).toBe(true)
  expect(await held()).toEqual([])
  await move('PT30S')
  expect((await answer).status).toBe(200)
})

test('latency after the work holds back the answer only', async () => {
  await fault({ kind: 'latency', vendor: 'google', ms: 30_000, when: 'after' })
  const answer = google('POST', events, timed('done', 9))
  expect(await isPending(answer)).toBe(true)
  expect(await held()).toEqual(['done'])
  await move('PT30S')
  expect((await answer).status).toBe(200)
})

test('Google §11.6: an insert whose answer is lost is done, and its id is taken', async () => {
  await fault({ kind: 'responseLost', vendor: 'google', method: 'POST', path: '/events' })
  const event = { ...timed('done', 9), id: 'chosen0' }
  await expect(google('POST', events, event)).rejects.toThrow('fetch failed')
  expect(reasonOf(await google('POST', events, event))).toBe('duplicate')
  expect(await held()).toEqual(['done'])
})

test('a connection that breaks off in the middle of an answer leaves the work done', async () => {
  await fault({ kind: 'truncatedBody', method: 'POST' })
  await expect(google('POST', events, timed('done', 9))).rejects.toThrow('terminated')
  expect(await held()).toEqual(['done'])
})

test('an answer whose JSON is cut arrives whole by its length and cannot be read', async () => {
  await fault({ kind: 'truncatedBody', cut: 'json' })
  const { status, headers, body } = await google('GET', events)
  const text = String(body['text'])
  expect([status, text.startsWith('{'), headers.get('content-length')]).toEqual([
    200,
    true,
    String(text.length),
  ])
  expect(() => void JSON.parse(text)).toThrow(SyntaxError)
})

test('a slow answer trickles in until the time is over', async () => {
  await google('POST', events, timed('a', 9))
  await played.control('DELETE', 'requests')
  await fault({ kind: 'slowBody', method: 'GET', ms: 10_000 })
  const answer = google('GET', events)
  expect(await isPending(answer)).toBe(true)
  let seconds = 0
  for (; await isPending(answer); seconds += 1) await move('PT1S')
  expect(seconds).toBeGreaterThanOrEqual(10)
  expect(list((await answer).body['items'])).toHaveLength(1)
})

const words = 'Rate Limit Exceeded'
test.each<[string, Json, number, string, Json]>([
  ['a rate limit', { status: 403 }, 403, 'rateLimitExceeded', { message: words, domain: 'usageLimits' }],
  [
    'a rate limit as 429',
    { status: 429 },
    429,
    'rateLimitExceeded',
    { message: words, domain: 'usageLimits' },
  ],
  [
    'a user’s rate limit',
    { status: 403, reason: 'userRateLimitExceeded' },
    403,
    'userRateLimitExceeded',
    { message: 'User Rate Limit Exceeded', domain: 'usageLimits' },
  ],
  [
    'a quota that is used up',
    { status: 403, reason: 'quotaExceeded' },
    403,
    'quotaExceeded',
    { message: 'Calendar usage limits exceeded.', domain: 'usageLimits' },
  ],
  [
    'no access',
    { status: 403, reason: 'forbidden' },
    403,
    'forbidden',
    { message: 'Forbidden', domain: 'global' },
  ],
  ['an inner error', { status: 500 }, 500, 'backendError', { message: 'Backend Error', domain: 'global' }],
  [
    'an outage',
    { status: 503 },
    503,
    'serviceUnavailable',
    { message: 'Service Unavailable', domain: 'global' },
  ],
])('Google §11.6: %s is told in Google’s own words', async (_name, wish, status, reason, error) => {
  await fault({ kind: 'error', vendor: 'google', ...wish })
  const answer = await google('GET', events)
  expect([answer.status, reasonOf(answer)]).toEqual([status, reason])
  expect(list(object(answer.body['error'])['errors'])).toMatchObject([error])
  expect(answer.body['error']).not.toHaveProperty('status')
})

test('Google §11.6: the front end names a status beside the reason', async () => {
  await fault({ kind: 'error', status: 403, form: 'frontEnd' })
  await fault({ kind: 'error', status: 401, nth: 2 })
  expect((await google('GET', events)).body['error']).toMatchObject({
    code: 403,
    status: 'PERMISSION_DENIED',
  })
  expect((await google('GET', events)).body['error']).toMatchObject({ code: 401, status: 'UNAUTHENTICATED' })
})

test.each<[string, Json, string]>([
  ['an expired token', { status: 401 }, 'InvalidAuthenticationToken'],
  ['no access', { status: 403 }, 'ErrorAccessDenied'],
  ['a throttled mailbox', { status: 429, retryAfter: 3 }, 'ApplicationThrottled'],
  ['a busy server', { status: 503, code: 'ErrorServerBusy', retryAfter: 3 }, 'ErrorServerBusy'],
  ['a timeout', { status: 504 }, 'UnknownError'],
  ['an inner error', { status: 500 }, 'ErrorInternalServerError'],
])('Microsoft §12.6: %s is told in Graph’s own words', async (_name, wish, code) => {
  await fault({ kind: 'error', vendor: 'microsoft', ...wish })
  const answer = await graph('GET', '/v1.0/me/events')
  expect([answer.status, codeOf(answer)]).toEqual([wish['status'], code])
  expect(answer.headers.get('retry-after')).toBe('retryAfter' in wish ? '3' : null)
  expect(object(answer.body['error'])['innerError']).toMatchObject({
    'request-id': answer.headers.get('request-id'),
  })
})

test.each(['google', 'microsoft'])('a gateway before %s answers with a page', async (vendor) => {
  await fault({ kind: 'error', vendor, status: 502, form: 'html' })
  const { status, headers, body } = await (vendor === 'google'
    ? google('GET', events)
    : graph('GET', '/v1.0/me/events'))
  expect([status, headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
  expect(body['text']).toContain('<h1>502 Bad Gateway</h1>')
})

test('a fault is aimed at a vendor, account, method and path at once, and counts what it saw and struck', async () => {
  await played.account('google', 'zoe@example.com')
  const aim = {
    vendor: 'google',
    account: 'ADA@example.com',
    method: 'get',
    path: '/events$',
    nth: 2,
    times: 2,
  }
  await fault({ kind: 'error', status: 503, ...aim })
  await graph('GET', '/v1.0/me/events')
  await google('POST', events, timed('a', 9))
  await google('GET', '/calendar/v3/users/me/calendarList')
  const statuses = []
  for (let call = 0; call < 4; call += 1) statuses.push((await google('GET', events)).status)
  expect(statuses).toEqual([200, 503, 503, 200])
  const { body } = await played.control('GET', 'faults')
  expect(list(body['items'])).toMatchObject([{ ...aim, kind: 'error', seen: 3, fired: 2, probability: 1 }])
})

test('a fault of some probability strikes the same calls for the same seed', async () => {
  const run = async () => {
    const own = await play({ now: begin, frozen: true })
    const caller = await own.account('google', 'ada@example.com')
    await own.control('POST', 'faults', { kind: 'error', status: 503, probability: 0.5, times: 'always' })
    const statuses = []
    for (let call = 0; call < 30; call += 1) statuses.push((await caller('GET', events)).status)
    await own.close()
    return statuses
  }
  const statuses = await run()
  expect(new Set(statuses)).toEqual(new Set([200, 503]))
  expect(await run()).toEqual(statuses)
})

const watch = async () => {
  await google('POST', `${events}/watch`, {
    id: 'channel',
    type: 'web_hook',
    address: `${hook.url}/hook`,
    token: 'secret',
  })
  await move('PT1S')
  hook.received.length = 0
}
const subscribe = async () => {
  await graph('POST', '/v1.0/subscriptions', {
    changeType: 'created',
    notificationUrl: `${hook.url}/hook`,
    resource: '/me/events',
    expirationDateTime: new Date(begin + 86_400_000).toISOString(),
    clientState: 'secret',
  })
}
const numbers = () => hook.received.map(({ headers }) => Number(headers['x-goog-message-number']))

test('a dropped notification never arrives, and the log says so', async () => {
  await watch()
  await fault({ kind: 'dropNotification', path: '/hook' })
  await google('POST', events, timed('a', 9))
  await move('P1D')
  expect(hook.received).toEqual([])
  const { body } = await played.control('GET', 'notifications')
  expect(list(body['items']).at(-1)).toMatchObject({
    dropped: true,
    status: null,
    troubles: ['dropNotification'],
  })
})

test('a doubled notification arrives twice under the same number', async () => {
  await watch()
  await fault({ kind: 'doubleNotification' })
  await google('POST', events, timed('a', 9))
  await move('PT1S')
  const [first, second, ...others] = numbers()
  expect([first, others]).toEqual([second, []])
})

test('a delayed notification arrives when its time has come', async () => {
  await watch()
  await fault({ kind: 'delayNotification', ms: 3_600_000 })
  await google('POST', events, timed('a', 9))
  await move('PT59M')
  expect(numbers()).toEqual([])
  await move('PT2M')
  expect(numbers()).toHaveLength(1)
})

test('a reordered notification arrives after the next one', async () => {
  await watch()
  await fault({ kind: 'reorderNotification' })
  await google('POST', events, timed('a', 9))
  await move('PT1S')
  await google('POST', events, timed('b', 9))
  await move('PT1S')
  const [first = 0, second = 0] = numbers()
  expect(first).toBeGreaterThan(second)
})

test('a reordered notification without a next one arrives late', async () => {
  await watch()
  await fault({ kind: 'reorderNotification', ms: 5000 })
  await google('POST', events, timed('a', 9))
  await move('PT4S')
  expect(numbers()).toEqual([])
  await move('PT4S')
  expect(numbers()).toHaveLength(1)
})

test('a forged notification of either vendor bears a wrong secret and comes beside the true one', async () => {
  await watch()
  await subscribe()
  await fault({ kind: 'forgeNotification', times: 2 })
  await google('POST', events, timed('a', 9))
  await graph('POST', '/v1.0/me/events', meeting('b', 9))
  await move('PT1S')
  const secrets = hook.received.map(({ headers, body }) =>
    body === ''
      ? headers['x-goog-channel-token']
      : list(object(JSON.parse(body))['value'])[0]?.['clientState'],
  )
  expect(secrets).toEqual(['forged', 'secret', 'forged', 'secret'])
})

test.each<[Json, string]>([
  [{}, 'kind must be one of latency'],
  [{ kind: 'flood' }, 'kind must be one of'],
  [{ kind: 'error', status: 200 }, 'status must be a whole number from 400 to 599'],
  [{ kind: 'error', status: '503' }, 'status must be'],
  [{ kind: 'error', form: 'xml' }, 'form must be one of backend, frontEnd, html'],
  [{ kind: 'error', code: [] }, 'code must be a text'],
  [{ kind: 'error', message: 7 }, 'message must be a text'],
  [{ kind: 'error', retryAfter: -1 }, 'retryAfter must be'],
  [{ kind: 'latency', ms: 'long' }, 'ms must be a number from 0'],
  [{ kind: 'latency', when: 'never' }, 'when must be one of before, after'],
  [{ kind: 'truncatedBody', cut: 'hair' }, 'cut must be one of'],
  [{ kind: 'reset', vendor: 'apple' }, 'vendor must be one of google, microsoft'],
  [{ kind: 'reset', account: 7 }, 'account must be a text'],
  [{ kind: 'reset', path: '(' }, 'path must be a part of a path or a regular expression'],
  [{ kind: 'reset', nth: 0 }, 'nth must be a whole number of at least 1'],
  [{ kind: 'reset', times: 0.5 }, 'times must be a whole number of at least 1 or "always"'],
  [{ kind: 'reset', probability: 2 }, 'probability must be a number from 0 to 1'],
  [{ kind: 'reset', status: 500 }, 'status means nothing here'],
  [{ kind: 'reset', reason: 'x' }, 'reason means nothing here'],
])('the fault %j is refused by the name of what is wrong', async (wish, words) => {
  const { status, body } = await fault(wish)
  expect([status, body['error']]).toEqual([400, expect.stringContaining(words)])
  expect((await played.control('GET', 'faults')).body['items']).toEqual([])
})
