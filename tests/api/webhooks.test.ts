import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../api/app.ts'
import { fingerprintOf } from '../../db/envelope.ts'
import { insertSubscription } from '../../db/subscriptions.ts'
import type { Vendor } from '../../domain/event.ts'
import { ask, newProvider, runningApi, type Answer, type Caller, type RunningApi } from './running-api.ts'

let api: RunningApi
let tenant: Caller
let providerId: string
let subscriptionId: string
const secret = 'only-the-vendor-knows'

beforeAll(async () => {
  api = await runningApi()
  tenant = await api.newTenant()
})
afterAll(() => api.close())

async function subscribe(vendor: Vendor): Promise<void> {
  providerId = (await newProvider(tenant, { vendor })).id
  subscriptionId = randomUUID()
  const at = api.deps.now()
  await api.database.tenant(tenant.tenantId, (db) =>
    insertSubscription(db, {
      id: randomUUID(),
      tenantId: tenant.tenantId,
      providerId,
      vendor,
      externalId: subscriptionId,
      resourceId: vendor === 'google' ? 'resource' : null,
      secretHash: fingerprintOf(secret),
      state: 'active',
      grantedAt: at,
      expiresAt: new Date(at.getTime() + 3_600_000),
      lastNotificationAt: null,
    }),
  )
}

async function isNudged(): Promise<boolean> {
  const [row] = await api.database.owner`select nudge_pending from providers where id = ${providerId}`
  return row?.['nudge_pending'] === true
}

async function signals(): Promise<string[]> {
  const history = await api.temporal.workflow.getHandle(`provider/${providerId}`).fetchHistory()
  return (history.events ?? []).flatMap(
    (event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? [],
  )
}

const google = (changes: Record<string, string | undefined> = {}): Promise<Answer> => {
  const headers = {
    'x-goog-channel-id': subscriptionId,
    'x-goog-channel-token': secret,
    'x-goog-resource-id': 'resource',
    'x-goog-resource-state': 'exists',
    ...changes,
  }
  const given = Object.entries(headers).filter(([, value]) => value !== undefined)
  return ask(api.app, { method: 'POST', url: '/webhooks/google', headers: Object.fromEntries(given) })
}

const microsoft = (value: unknown, path = ''): Promise<Answer> =>
  ask(api.app, {
    method: 'POST',
    url: `/webhooks/microsoft${path}`,
    headers: { 'content-type': 'application/json' },
    payload: typeof value === 'string' ? value : JSON.stringify({ value }),
  })

describe('a push message of Google', () => {
  beforeEach(() => subscribe('google'))

  test('nudges its provider; a hundred of them cost one signal', async () => {
    for (let sent = 0; sent < 100; sent++) expect((await google()).status).toBe(204)
    expect(await isNudged()).toBe(true)
    expect(await signals()).toEqual(['nudged'])
  })

  test('the hello of a new channel is answered and does no work', async () => {
    expect((await google({ 'x-goog-resource-state': 'sync' })).status).toBe(204)
    expect(await isNudged()).toBe(false)
  })

  test.each([
    ['of another channel', { 'x-goog-channel-id': 'nobody' }, 404],
    ['without a channel', { 'x-goog-channel-id': undefined }, 404],
    ['with another token', { 'x-goog-channel-token': 'guess' }, 401],
    ['without a token', { 'x-goog-channel-token': undefined }, 401],
    ['of another resource', { 'x-goog-resource-id': 'other' }, 401],
    ['without a resource', { 'x-goog-resource-id': undefined }, 401],
  ])('a forged notification is refused and does no work: %s', async (_case, changes, status) => {
    expect((await google(changes)).status).toBe(status)
    expect(await isNudged()).toBe(false)
    expect(await signals()).toEqual([])
  })

  test('of a channel that was stopped or has run out is refused', async () => {
    await api.database
      .owner`update subscriptions set expires_at = now() - interval '1 second' where provider_id = ${providerId}`
    expect((await google()).status).toBe(404)
    await api.database
      .owner`update subscriptions set expires_at = now() + interval '1 day', state = 'stopped' where provider_id = ${providerId}`
    expect((await google()).status).toBe(404)
    expect(await isNudged()).toBe(false)
  })

  test('that cannot be passed on is a 503, and the next one tries again', async () => {
    const temporal = Object.create(api.temporal, {
      withDeadline: { value: async () => Promise.reject(Object.assign(new Error('down'), { code: 14 })) },
    }) as typeof api.temporal
    const app = await createApp({ ...api.deps, temporal })
    const headers = {
      'x-goog-channel-id': subscriptionId,
      'x-goog-channel-token': secret,
      'x-goog-resource-id': 'resource',
    }
    const late = await ask(app, { method: 'POST', url: '/webhooks/google', headers })
    expect(late.status).toBe(503)
    expect(late.headers['retry-after']).toBe('5')
    expect(await isNudged()).toBe(false)
    await app.close()
    expect((await google()).status).toBe(204)
    expect(await signals()).toEqual(['nudged'])
  })
})

describe('a notification of Microsoft', () => {
  beforeEach(() => subscribe('microsoft'))
  const item = (more: Record<string, unknown> = {}) => ({ subscriptionId, clientState: secret, ...more })

  test('the question whether the address is ours is answered with its own text', async () => {
    const token = 'Validation: <b>Testing</b> Request-Id: 1'
    for (const path of ['', '/lifecycle']) {
      const url = `/webhooks/microsoft${path}?validationToken=${encodeURIComponent(token)}`
      const headers = { 'content-type': 'text/plain; charset=utf-8' }
      const answer = await ask(api.app, { method: 'POST', url, headers })
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toContain('text/plain')
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
      expect(answer.text).toBe(token)
    }
  })

  test('nudges its provider once, however many items it holds', async () => {
    expect((await microsoft([item(), item({ changeType: 'updated' }), item()])).status).toBe(202)
    expect(await signals()).toEqual(['nudged'])
  })

  test('an item with another secret does no work, and one that is ours beside it does', async () => {
    expect((await microsoft([item({ clientState: 'guess' })])).status).toBe(401)
    expect((await microsoft([item({ clientState: null })])).status).toBe(401)
    expect((await microsoft([item({ subscriptionId: randomUUID() })])).status).toBe(404)
    expect(await isNudged()).toBe(false)
    expect((await microsoft([item({ clientState: 'guess' }), item()])).status).toBe(202)
    expect(await isNudged()).toBe(true)
  })

  test.each(['subscriptionRemoved', 'reauthorizationRequired', 'missed'])(
    'of its life (%s) makes the provider read everything again',
    async (lifecycleEvent) => {
      expect((await microsoft([item({ lifecycleEvent })], '/lifecycle')).status).toBe(202)
      expect((await signals()).toSorted((one, other) => one.localeCompare(other))).toEqual([
        'changed',
        'nudged',
      ])
    },
  )

  test.each([
    ['subscriptionRemoved', 'stopped'],
    ['reauthorizationRequired', 'renewal-due'],
    ['missed', 'active'],
  ])('of its life (%s) leaves the subscription %s', async (lifecycleEvent, state) => {
    await microsoft([item({ lifecycleEvent })], '/lifecycle')
    const [row] = await api.database.owner`select state from subscriptions where provider_id = ${providerId}`
    expect(row?.['state']).toBe(state)
  })

  test('still counts while its renewal is due', async () => {
    await microsoft([item({ lifecycleEvent: 'reauthorizationRequired' })], '/lifecycle')
    expect((await microsoft([item()])).status).toBe(202)
  })

  test.each([
    ['broken JSON', '{"value":', 400],
    ['another shape', '{"value":"x"}', 400],
    ['nothing', '', 400],
    ['more than anybody sends', `{"value":[],"x":"${'x'.repeat(300_000)}"}`, 413],
  ])('that is %s is refused', async (_case, body, status) => {
    expect((await microsoft(body)).status).toBe(status)
  })
})

test('what became of notifications is counted', async () => {
  const { text } = await ask(api.app, { url: '/metrics' })
  expect(text).toMatch(/calendar_webhooks_total\{vendor="google",outcome="forged"\} \d+/)
})
