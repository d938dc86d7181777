import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../api/app.ts'
import { connect } from '../../db/connection.ts'
import {
  ask,
  asOperator,
  newProvider,
  operatorKey,
  runningApi,
  type Caller,
  type RunningApi,
} from './running-api.ts'

let api: RunningApi
let ours: Caller
let theirs: Caller
const foreign: Record<string, string> = {}

beforeAll(async () => {
  api = await runningApi()
  ours = await api.newTenant()
  theirs = await api.newTenant()
  const provider = await newProvider(theirs)
  foreign['providers'] = provider.id
  const time = { allDay: true, start: '2026-03-05', end: '2026-03-06' }
  const entry = await theirs.call('POST', '/entries', { title: 'Secret', ...time, assignees: [] })
  foreign['entries'] = entry.body.id
  for (const table of ['runs', 'conflicts']) foreign[table] = randomUUID()
  const { owner } = api.database
  const row = { id: foreign['runs']!, tenant_id: theirs.tenantId, provider_id: provider.id } // Filled above.
  await owner`insert into runs ${owner({ ...row, number: 1, trigger: 'poll', counts: {}, started_at: new Date() })}`
  const conflict = { ...row, id: foreign['conflicts']!, mapping_id: randomUUID(), entry_id: entry.body.id }
  const versions = { entry_version: 1, external_revision: 1, detected_at: new Date() }
  await owner`insert into conflicts ${owner({ ...conflict, ...versions })}`
})
afterAll(() => api.close())

describe('a foreign id and an absent id get the same bytes', () => {
  test.each([
    ['GET', 'providers', ''],
    ['PATCH', 'providers', '', { name: 'x' }],
    ['POST', 'providers', '/sync'],
    ['POST', 'providers', '/pause'],
    ['POST', 'providers', '/authorize'],
    ['GET', 'providers', '/runs'],
    ['GET', 'providers', '/health'],
    ['GET', 'providers', '/calendars'],
    ['GET', 'providers', '/brake'],
    ['GET', 'providers', '/preview'],
    ['POST', 'providers', '/brake/approve', { side: 'schedule', reviewed: 1 }],
    ['POST', 'providers', '/brake/refuse', { side: 'schedule', reviewed: 1 }],
    ['GET', 'entries', ''],
    ['GET', 'entries', '/history'],
    ['PATCH', 'entries', '', { title: 'x' }],
    ['DELETE', 'entries', ''],
    ['POST', 'entries', '/restore'],
    ['POST', 'entries', '/undo', { version: 1 }],
    ['GET', 'runs', ''],
    ['GET', 'conflicts', ''],
  ] as const)('%s %s%s', async (method, noun, action, body?: unknown) => {
    const headers = { 'if-match': '"v1"' }
    const absent = await ours.call(method, `/${noun}/${randomUUID()}${action}`, body, headers)
    const other = await ours.call(method, `/${noun}/${foreign[noun]}${action}`, body, headers)
    expect(other.status).toBe(403)
    expect(other.text).toBe(absent.text)
    expect(other.body.detail).toMatch(/^Forbidden/)
  })
})

test("one tenant's lists hold nothing of another", async () => {
  for (const list of ['providers', 'entries', 'members', 'conflicts?state=all', 'mappings']) {
    expect((await ours.call('GET', `/${list}`)).body.items).toEqual([])
  }
  const filtered = await ours.call('GET', `/mappings?providerId=${foreign['providers']}`)
  expect(filtered.body).toEqual({ items: [], nextCursor: null })
})

describe('who calls', () => {
  const withKey = (authorization: string | undefined, url = '/api/v1/providers') =>
    ask(api.app, { url, ...(authorization ? { headers: { authorization } } : {}) })

  test.each([
    ['nobody', undefined],
    ['a key that is not known', 'Bearer cs_00000000_guess'],
    ['the operator', `Bearer ${operatorKey}`],
    ['something else than a bearer', 'Basic dXNlcjpwYXNz'],
  ])('%s reads no tenant', async (_case, authorization) => {
    expect((await withKey(authorization)).status).toBe(401)
  })

  test('a key that was revoked or expired opens nothing', async () => {
    const tenant = await api.newTenant()
    await api.database.owner`update api_keys set revoked_at = now() where tenant_id = ${tenant.tenantId}`
    expect((await tenant.call('GET', '/providers')).status).toBe(401)
  })

  test("a tenant's key makes no tenants", async () => {
    expect((await ours.call('POST', '/tenants', { name: 'x' })).status).toBe(403)
    expect((await ours.call('GET', '/tenants?name=x')).status).toBe(403)
  })

  test('a member key writes entries and changes no provider', async () => {
    const tenant = await api.newTenant()
    const { body } = await asOperator(api.app, 'POST', `/tenants/${tenant.tenantId}/api-keys`, {
      role: 'member',
    })
    const headers = { authorization: `Bearer ${body.apiKey}` }
    const time = { allDay: true, start: '2026-03-05', end: '2026-03-06' }
    expect(
      (await tenant.call('POST', '/entries', { title: 'x', ...time, assignees: [] }, headers)).status,
    ).toBe(201)
    expect((await tenant.call('GET', '/api-keys', undefined, headers)).status).toBe(403)
    for (const action of ['pause', 'brake/approve', 'brake/refuse']) {
      const url = `/providers/${randomUUID()}/${action}`
      const refused = await tenant.call('POST', url, { side: 'schedule', reviewed: 1 }, headers)
      expect([refused.status, refused.body.title]).toEqual([403, 'Not allowed'])
    }
  })

  test('a tenant is found by its name, and a name is taken once', async () => {
    const name = `Acme ${randomUUID()}`
    const made = await asOperator(api.app, 'POST', '/tenants', { name })
    const found = await asOperator(api.app, 'GET', `/tenants?name=${encodeURIComponent(name)}`)
    expect(found.body.items[0].id).toBe(made.body.tenant.id)
    expect((await asOperator(api.app, 'POST', '/tenants', { name })).status).toBe(409)
  })
})

describe('a sign-in link', () => {
  const signIn = async () => {
    const { body } = await asOperator(api.app, 'POST', `/tenants/${ours.tenantId}/sign-in-links`)
    const link = new URL(String(body.url))
    const url = link.pathname + link.search
    return { url, answer: await ask(api.app, { url }) }
  }

  test('signs one browser in, once', async () => {
    const { url, answer } = await signIn()
    expect(answer.status).toBe(302)
    expect(answer.headers['location']).toBe('/')
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^session=.+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    const again = await ask(api.app, { url })
    expect(again.status).toBe(403)
    expect(again.text).toContain('works once')
  })

  test('is too old after ten minutes', async () => {
    const { body } = await asOperator(api.app, 'POST', `/tenants/${ours.tenantId}/sign-in-links`)
    api.advance(10 * 60_000 + 1)
    const link = new URL(String(body.url))
    expect((await ask(api.app, { url: link.pathname + link.search })).status).toBe(403)
  })

  test('opens a session that reads at once and writes only with the header of our own page', async () => {
    const { answer } = await signIn()
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
    const me = await ask(api.app, { url: '/api/v1/me', headers: { cookie } })
    expect(me.body).toMatchObject({ tenant: { id: ours.tenantId }, kind: 'session', role: 'admin' })
    const write = (headers: Record<string, string>) =>
      ask(api.app, {
        method: 'POST',
        url: '/api/v1/members',
        headers: { cookie, ...headers },
        payload: { email: `${randomUUID()}@example.com`, name: 'x' },
      })
    expect((await write({})).status).toBe(403)
    expect((await write({ 'x-requested-with': 'calendar-sync' })).status).toBe(201)
    const headers = { cookie, 'x-requested-with': 'calendar-sync' }
    await ask(api.app, { method: 'DELETE', url: '/api/v1/session', headers })
    expect((await ask(api.app, { url: '/api/v1/me', headers: { cookie } })).status).toBe(401)
  })
})

describe('every refusal is problem details', () => {
  test.each([
    ['a malformed id', 'GET', '/api/v1/providers/not-a-uuid', 400, 'id must be a UUID'],
    ['an unknown address', 'GET', '/api/v1/nothing', 404, 'no such address'],
    ['an unknown query', 'GET', '/api/v1/entries?colour=red', 400, 'colour is not known'],
    ['a page too long', 'GET', '/api/v1/entries?limit=501', 400, 'limit'],
    ['a window without a zone', 'GET', '/api/v1/entries?from=2026-01-01', 400, 'from must be an RFC 3339'],
    ['a page that is no whole number', 'GET', '/api/v1/entries?limit=5.5', 400, 'limit must be an integer'],
    ['a window no calendar has', 'GET', '/api/v1/entries?from=0000-01-01T00:00:00Z', 400, 'from must be'],
    ['a second nobody can count', 'GET', '/api/v1/entries?to=9999-12-31T23:59:60Z', 400, 'to must be'],
    ['an address that cannot be read', 'GET', '/api/v1/providers/%E0%A4%A', 404, 'no such address'],
    ['a cursor nobody gave', 'GET', '/api/v1/entries?cursor=abc', 400, 'cursor must be'],
  ] as const)('%s', async (_case, method, url, status, words) => {
    const headers = { authorization: `Bearer ${ours.apiKey}` }
    const refused = await ask(api.app, { method, url, headers })
    expect(refused.status).toBe(status)
    expect(refused.headers['content-type']).toContain('application/problem+json')
    expect(refused.body).toMatchObject({ status, type: expect.stringMatching(/^urn:calendar-sync:problem:/) })
    expect(refused.body.detail).toContain(words)
    expect(refused.body.instance).toBe(refused.headers['x-request-id'])
  })

  test('a cursor beyond all calendars', async () => {
    const parts = ['+275760-09-13T00:00:00.000Z', randomUUID()]
    const cursor = Buffer.from(JSON.stringify(parts)).toString('base64url')
    expect((await ours.call('GET', `/entries?cursor=${cursor}`)).status).toBe(400)
  })

  test('a body nested without end', async () => {
    const payload = `{"recurrence":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
    const headers = { authorization: `Bearer ${ours.apiKey}`, 'content-type': 'application/json' }
    const refused = await ask(api.app, { method: 'POST', url: '/api/v1/entries', headers, payload })
    expect(refused.status).toBe(400)
  })

  test.each([
    ['malformed JSON', '{"title":', 'application/json', 400],
    ['a body of another type', '<xml/>', 'application/xml', 415],
    ['a body that is too large', JSON.stringify({ title: 'x'.repeat(2_000_000) }), 'application/json', 413],
  ])('%s', async (_case, payload, type, status) => {
    const headers = { authorization: `Bearer ${ours.apiKey}`, 'content-type': type }
    const refused = await ask(api.app, { method: 'POST', url: '/api/v1/entries', headers, payload })
    expect(refused.status).toBe(status)
    expect(refused.headers['content-type']).toContain('application/problem+json')
  })

  test('a database that does not answer is a 503 that says when to come again, and readiness names it', async () => {
    const database = connect('postgres://nobody:nothing@127.0.0.1:1/none')
    const app = await createApp({ ...api.deps, database })
    const headers = { authorization: 'Bearer cs_00000000_x' }
    const refused = await ask(app, { url: '/api/v1/providers', headers })
    expect(refused.status).toBe(503)
    expect(refused.headers['retry-after']).toBe('5')
    const ready = await ask(app, { url: '/readyz' })
    expect(ready.status).toBe(503)
    expect(ready.body.missing).toEqual(['database'])
    await app.close()
    await database.close()
  })
})

test('it says that it lives, that it is ready, and what it can do', async () => {
  expect((await ask(api.app, { url: '/healthz' })).status).toBe(200)
  expect((await ask(api.app, { url: '/readyz' })).body).toEqual({ status: 'ready', missing: [] })
  const { body } = await ask(api.app, { url: '/openapi.json' })
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining(['/api/v1/providers/{id}/sync', '/api/v1/entries/{id}']),
  )
  expect((await ask(api.app, { url: '/docs/' })).status).toBe(200)
})
