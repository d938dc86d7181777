import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emit } from '../../db/outbox.ts'
import { sequence } from '../../db/sequence.ts'
import { asOperator, runningApi, type Answer, type Caller, type RunningApi } from './running-api.ts'

let api: RunningApi
let tenant: Caller
beforeAll(async () => {
  api = await runningApi()
  tenant = await api.newTenant()
})
afterAll(() => api.close())

const url = 'https://example.com/hooks'
const newEndpoint = async (caller = tenant, wish: object = {}): Promise<Answer['body']> => {
  const answer = await caller.call('POST', '/webhook-endpoints', { url, ...wish })
  expect(answer.status).toBe(201)
  return answer.body
}

/** Something happens to an entry of the tenant and is on its way. Answers the event's id. */
async function happen({ tenantId }: Caller): Promise<string> {
  const event = {
    id: randomUUID(),
    tenantId,
    type: 'SCHEDULE_ENTRY_CREATED' as const,
    subjectId: randomUUID(),
    data: { version: 1 },
    at: api.deps.now(),
  }
  await api.database.tenant(tenantId, (db) => emit(db, [event]))
  await api.database.tenant(tenantId, (db) => sequence(db, tenantId, api.deps.now(), 100))
  return event.id
}

test('an endpoint is made, and its secret is shown in that answer alone', async () => {
  const { endpoint, secret } = await newEndpoint(tenant, { description: 'The PSA', types: null })
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/=]{44}$/)
  expect(endpoint).toMatchObject({
    url,
    description: 'The PSA',
    types: null,
    enabled: true,
    failures: 0,
    formerSecretUntil: null,
  })
  const one = await tenant.call('GET', `/webhook-endpoints/${endpoint.id}`)
  const all = await tenant.call('GET', '/webhook-endpoints')
  expect(one.body).toEqual(endpoint)
  expect(all.body.items).toContainEqual(endpoint)
  expect(one.text + all.text + api.logs.join('')).not.toContain(secret.slice('whsec_'.length))
  const stored = await api.database.owner`select secret_ciphertext from webhook_endpoints`
  expect(JSON.stringify(stored)).not.toContain(secret.slice('whsec_'.length))
})

test('a rotated secret is another one, and the one before is good for a day', async () => {
  const { endpoint, secret } = await newEndpoint()
  const { status, body } = await tenant.call('POST', `/webhook-endpoints/${endpoint.id}/rotate-secret`)
  expect(status).toBe(200)
  expect(body.secret).not.toBe(secret)
  const goodFor = Date.parse(body.endpoint.formerSecretUntil) - api.deps.now().getTime()
  expect(Math.round(goodFor / 3_600_000)).toBe(24)
})

test('a change touches what it names, and a person who enables an endpoint ends its rest', async () => {
  const { endpoint } = await newEndpoint(tenant, { description: 'before' })
  await api.database
    .owner`update webhook_endpoints set enabled = false, disabled_reason = 'It answered 410: it is gone.',
    failures = 12, failing_since = now(), rests_until = now() + interval '5 minutes' where id = ${endpoint.id}`
  const path = `/webhook-endpoints/${endpoint.id}`
  const renamed = await tenant.call('PATCH', path, { description: 'after' })
  expect(renamed.body).toMatchObject({ description: 'after', enabled: false, failures: 12, url })
  const enabled = await tenant.call('PATCH', path, { enabled: true })
  expect(enabled.body).toMatchObject({
    enabled: true,
    disabledReason: null,
    failures: 0,
    failingSince: null,
  })
})

describe('an address is refused, with its rule', () => {
  test.each([
    ['http://example.com/hooks', 'must be https; http only on loopback.'],
    ['https://127.0.0.1/hooks', 'must lead to a public address'],
    ['https://169.254.169.254/latest', 'must lead to a public address'],
    ['https://[::ffff:10.0.0.1]/hooks', 'must lead to a public address'],
    ['https://localhost/hooks', 'must lead to a public address'],
    ['javascript:alert(1)', 'must be https'],
    ['hooks', 'must be a URL'],
  ])('%s', async (wrong, rule) => {
    const { endpoint } = await newEndpoint()
    const made = await tenant.call('POST', '/webhook-endpoints', { url: wrong })
    const changed = await tenant.call('PATCH', `/webhook-endpoints/${endpoint.id}`, { url: wrong })
    for (const { status, text } of [made, changed]) {
      expect(status).toBe(400)
      expect(text).toContain('url')
      expect(text).toContain(rule)
    }
  })
})

describe('nonsense is a 400 that names the field', () => {
  test.each([
    ['url', { url: '' }],
    ['url', { url: `https://example.com/${'x'.repeat(2_001)}` }],
    ['url', { url: 7 }],
    ['url', {}],
    ['types', { url, types: [] }],
    ['types', { url, types: ['SOMETHING_ELSE'] }],
    ['types', { url, types: ['CALENDAR_SYNC_FAILED', 'CALENDAR_SYNC_FAILED'] }],
    ['description', { url, description: 'x'.repeat(201) }],
    ['enabled', { url, enabled: 'yes' }],
    ['secret', { url, secret: 'my own' }],
  ])('%s of %j', async (field, body) => {
    const answer = await tenant.call('POST', '/webhook-endpoints', body)
    expect(answer.status).toBe(400)
    expect(answer.text).toContain(field)
  })

  test('a change that changes nothing', async () => {
    const { endpoint } = await newEndpoint()
    expect((await tenant.call('PATCH', `/webhook-endpoints/${endpoint.id}`, {})).status).toBe(400)
  })
})

test('the log of deliveries tells each call, newest event first, by pages and by state', async () => {
  const caller = await api.newTenant()
  const { endpoint } = await newEndpoint(caller)
  const ids = [await happen(caller), await happen(caller), await happen(caller)]
  await api.database.owner`update webhook_deliveries set state = 'delivered', ended_at = now(), attempts = 1
    where event_id = ${ids[0]!}`
  await api.database.owner`insert into webhook_attempts ${api.database.owner({
    id: randomUUID(),
    tenant_id: caller.tenantId,
    endpoint_id: endpoint.id,
    event_id: ids[0]!, // Filled above.
    attempt: 1,
    at: new Date(),
    duration_ms: 12,
    status: 204,
    error: null,
  })}`
  const path = `/webhook-endpoints/${endpoint.id}/deliveries`
  const first = await caller.call('GET', `${path}?limit=2`)
  expect(first.body.items.map((item: { id: string }) => item.id)).toEqual([ids[2], ids[1]])
  const rest = await caller.call('GET', `${path}?limit=2&cursor=${first.body.nextCursor}`)
  expect(rest.body).toMatchObject({
    items: [
      { id: ids[0], position: 1, state: 'delivered', calls: [{ attempt: 1, status: 204, durationMs: 12 }] },
    ],
    nextCursor: null,
  })
  const waiting = await caller.call('GET', `${path}?state=waiting`)
  expect(waiting.body.items).toHaveLength(2)
  expect((await caller.call('GET', `${path}?cursor=nonsense`)).status).toBe(400)
  expect((await caller.call('GET', `${path}?state=lost`)).status).toBe(400)

  const again = await caller.call('POST', `${path}/${ids[0]}/redeliver`)
  expect(again.status).toBe(202)
  expect(again.body).toMatchObject({ id: ids[0], state: 'waiting', attempts: 1 })
  await caller.call('PATCH', `/webhook-endpoints/${endpoint.id}`, { enabled: false })
  const refused = await caller.call('POST', `${path}/${ids[0]}/redeliver`)
  expect([refused.status, refused.body.detail]).toEqual([409, 'The endpoint is disabled: enable it first.'])
})

test('a deleted endpoint is gone with its log', async () => {
  const caller = await api.newTenant()
  const { endpoint } = await newEndpoint(caller)
  await happen(caller)
  expect((await caller.call('DELETE', `/webhook-endpoints/${endpoint.id}`)).status).toBe(204)
  expect((await caller.call('GET', `/webhook-endpoints/${endpoint.id}`)).status).toBe(403)
  const left = await api.database.owner`select 1 from webhook_deliveries where endpoint_id = ${endpoint.id}`
  expect(left).toHaveLength(0)
})

test('a tenant has twenty endpoints at most, and is told so', async () => {
  const caller = await api.newTenant()
  for (let number = 0; number < 20; number++) await newEndpoint(caller)
  const answer = await caller.call('POST', '/webhook-endpoints', { url })
  expect([answer.status, answer.body.detail]).toEqual([
    409,
    'There are 20 webhook endpoints already: delete one first.',
  ])
})

test('a foreign endpoint and an absent one get the same bytes', async () => {
  const other = await api.newTenant()
  const { endpoint } = await newEndpoint(other)
  const eventId = await happen(other)
  const asked = [
    ['GET', ''],
    ['PATCH', '', { enabled: false }],
    ['DELETE', ''],
    ['POST', '/rotate-secret'],
    ['GET', '/deliveries'],
    ['POST', `/deliveries/${eventId}/redeliver`],
  ] as const
  for (const [method, action, body] of asked) {
    const foreign = await tenant.call(method, `/webhook-endpoints/${endpoint.id}${action}`, body)
    const absent = await tenant.call(method, `/webhook-endpoints/${randomUUID()}${action}`, body)
    expect(foreign.status).toBe(403)
    expect(foreign.text).toBe(absent.text)
  }
  // An endpoint of one's own with somebody else's event.
  const { endpoint: own } = await newEndpoint()
  const crossed = await tenant.call('POST', `/webhook-endpoints/${own.id}/deliveries/${eventId}/redeliver`)
  expect(crossed.status).toBe(403)
  expect((await other.call('GET', `/webhook-endpoints/${endpoint.id}`)).body).toMatchObject({ enabled: true })
})

test('a member key has no endpoints to see or to make', async () => {
  const { body } = await asOperator(api.app, 'POST', `/tenants/${tenant.tenantId}/api-keys`, {
    role: 'member',
  })
  const headers = { authorization: `Bearer ${body.apiKey}` }
  expect((await tenant.call('GET', '/webhook-endpoints', undefined, headers)).status).toBe(403)
  expect((await tenant.call('POST', '/webhook-endpoints', { url }, headers)).status).toBe(403)
})
