import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newProvider, runningApi, type Caller, type RunningApi } from './running-api.ts'

let api: RunningApi
let tenant: Caller
beforeAll(async () => {
  api = await runningApi({ publicUrl: 'https://calendar.example.com' })
  tenant = await api.newTenant()
  const client = { clientId: 'ours', clientSecret: 'ours-too' }
  await tenant.call('PUT', '/integrations/google', client)
})
afterAll(() => api.close())

const minutesAgo = (minutes: number) => new Date(api.deps.now().getTime() - minutes * 60_000)

/** A provider that a member consented to a while ago, and that looked three minutes ago. */
async function connected(): Promise<string> {
  const { id } = await newProvider(tenant)
  const { owner } = api.database
  const times = { access_token_expires_at: minutesAgo(-50), consented_at: minutesAgo(600) }
  const credentials = { provider_id: id, tenant_id: tenant.tenantId, scope: '', version: 2, ...times }
  const ciphertexts = { refresh_token_ciphertext: '', access_token_ciphertext: '' }
  const row = { ...credentials, ...ciphertexts, refreshed_at: minutesAgo(10) }
  await owner`insert into provider_credentials ${owner(row)}`
  await owner`update providers set "authorization" = 'connected', last_sync_at = ${minutesAgo(3)} where id = ${id}`
  return id
}

async function subscribed(providerId: string): Promise<void> {
  const { owner } = api.database
  const ids = { id: randomUUID(), tenant_id: tenant.tenantId, provider_id: providerId, vendor: 'google' }
  const times = {
    granted_at: minutesAgo(60),
    expires_at: minutesAgo(-6_000),
    last_notification_at: minutesAgo(5),
  }
  const row = { ...ids, external_id: randomUUID(), secret_hash: '', state: 'active', ...times }
  await owner`insert into subscriptions ${owner(row)}`
}

const health = async (id: string) => {
  const { status, body } = await tenant.call('GET', `/providers/${id}/health`)
  expect(status).toBe(200)
  return body
}

test('a provider that nobody authorized waits, part by part', async () => {
  const { id } = await newProvider(tenant)
  const body = await health(id)
  expect(body).toMatchObject({
    status: 'unauthorized',
    authorization: { health: 'waiting', state: 'unauthorized', since: null, refreshedAt: null },
    inbound: { health: 'waiting', lastSyncAt: null, lateAt: null, failuresInARow: 0, error: null },
    outbound: { health: 'waiting', writes: 0, marks: 0, oldestWriteAt: null, oldestChangeAt: null, held: 0 },
    subscription: { health: 'waiting', state: 'none', expiresAt: null, lastNotificationAt: null },
  })
})

test('one that works says on what evidence, and that no worker asks for its work', async () => {
  const id = await connected()
  await subscribed(id)
  const body = await health(id)
  expect(body).toMatchObject({
    status: 'connected',
    health: 'broken',
    authorization: { health: 'well', state: 'connected' },
    inbound: { health: 'well', error: null },
    outbound: { health: 'well' },
    subscription: { health: 'well', state: 'active' },
    worker: { health: 'broken', queues: [{ name: 'calendar-sync' }, { name: 'google', lastPolledAt: null }] },
  })
  const minutes = (at: string) => Math.round((api.deps.now().getTime() - Date.parse(at)) / 60_000)
  const { authorization, inbound, subscription } = body
  expect([authorization.since, authorization.refreshedAt, inbound.lastSyncAt].map(minutes)).toEqual([
    600, 10, 3,
  ])
  // While changes are told it may be silent for longer: two polls of a quarter of an hour.
  expect(minutes(inbound.lateAt)).toBe(3 - 35)
  expect(minutes(subscription.lastNotificationAt)).toBe(5)
})

test('R21: a failure is told with the vendor’s words, and the status agrees', async () => {
  const id = await connected()
  const error = {
    code: 'quota',
    message: 'Too many calls.',
    requestId: 'r-1',
    at: minutesAgo(1).toISOString(),
  }
  const { owner } = api.database
  await owner`update providers set last_error = ${owner.json(error)}, failures = 2 where id = ${id}`
  const body = await health(id)
  expect(body).toMatchObject({
    status: 'error',
    inbound: { health: 'attention', failuresInARow: 2, error },
    subscription: { health: 'attention', state: 'missing' },
  })
  expect(body.inbound.message).toContain('Too many calls. (quota,')
  expect((await tenant.call('GET', `/providers/${id}`)).body.status).toBe('error')
})

test('work that waits is counted with its age, whatever it is about', async () => {
  const id = await connected()
  const { owner } = api.database
  const provider = { tenant_id: tenant.tenantId, provider_id: id }
  const mark = (kind: string, subjectId: string) => ({ ...provider, kind, subject_id: subjectId })
  const time = { allDay: true, start: '2026-03-05', end: '2026-03-06' }
  const entry = await tenant.call('POST', '/entries', { title: 'Old', ...time, assignees: [] })
  await owner`update schedule_entries set updated_at = ${minutesAgo(90)} where id = ${entry.body.id}`
  await owner`insert into pending ${owner(mark('entry', entry.body.id))}`
  await owner`insert into pending ${owner(mark('external', 'no-uuid'))}`
  const write = { kind: 'delete', state: 'sent', idempotency_key: 'k', fields: {}, attempts: 1 }
  const ids = { id: randomUUID(), mapping_id: randomUUID() }
  const intent = { ...provider, ...ids, ...write, created_at: minutesAgo(80) }
  await owner`insert into intents ${owner(intent)}`
  const { outbound } = await health(id)
  expect(outbound).toMatchObject({ health: 'attention', writes: 1, marks: 2 })
  expect(Date.parse(outbound.oldestWriteAt)).toBe(intent.created_at.getTime())
  expect(outbound.message).toContain(`the oldest since ${outbound.oldestChangeAt}`)
})

test('where PUBLIC_URL is not https, it says that polls are all there is', async () => {
  const id = await connected()
  const before = api.deps.config.publicUrl
  api.deps.config.publicUrl = 'http://calendar.example.com'
  const { subscription } = await health(id)
  api.deps.config.publicUrl = before
  expect(subscription).toMatchObject({ health: 'well', state: 'polling-only', expiresAt: null })
  expect(subscription.message).toContain('PUBLIC_URL is not https')
})

test('a consent that ended is told since when', async () => {
  const id = await connected()
  const error = {
    code: 'invalid_grant',
    message: 'Revoked.',
    requestId: null,
    at: minutesAgo(7).toISOString(),
  }
  const { owner } = api.database
  await owner`update providers set "authorization" = 'reauthorization-required', last_error = ${owner.json(error)} where id = ${id}`
  const body = await health(id)
  expect(body).toMatchObject({
    status: 'reauthorization-required',
    health: 'broken',
    authorization: { health: 'broken', since: error.at },
    inbound: { health: 'waiting' },
  })
})
