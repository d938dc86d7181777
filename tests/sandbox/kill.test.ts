import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listen, type Hook } from './hook.ts'
import { list, meeting, object, send, timed, until, type Call, type Json } from './played.ts'
import { startProcess, type SandboxProcess } from './process.ts'

const googleEvents = '/calendar/v3/calendars/primary/events'
const delta =
  '/v1.0/me/calendarView/delta?startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
let folder: string
let sandbox: SandboxProcess
let hook: Hook

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  sandbox = await startProcess(join(folder, 'world'))
  hook = await listen()
})
afterEach(async () => {
  await sandbox.kill()
  await hook.close()
  rmSync(folder, { recursive: true })
})

async function killAndRestart(): Promise<void> {
  await sandbox.kill()
  sandbox = await startProcess(join(folder, 'world'), sandbox.port)
}

const control = (method: string, path: string, body?: unknown) =>
  send(`${sandbox.url}/_sandbox/${path}`, method, body, {})

/** A caller with a token from now; the token is not renewed after a restart. */
async function account(vendor: 'google' | 'microsoft', email: string): Promise<Call> {
  await control('POST', 'accounts', { vendor, email })
  const { body } = await control('POST', `accounts/${email}/token?vendor=${vendor}`)
  const authorization = `Bearer ${String(body['access_token'])}`
  return (method, path, sent, headers = {}) =>
    send(path.startsWith('http') ? path : `${sandbox.url}${path}`, method, sent, {
      authorization,
      ...headers,
    })
}

/** Writes one event after another until the sandbox is gone; answers what was acknowledged. */
async function writeUntilKilled(
  write: (index: number) => Promise<string>,
  enough: number,
): Promise<string[]> {
  const acknowledged: string[] = []
  let killing: Promise<void> | undefined
  for (let index = 0; ; index += 1) {
    try {
      acknowledged.push(await write(index))
    } catch {
      await killing
      return acknowledged
    }
    if (acknowledged.length === enough) killing = sandbox.kill()
  }
}

async function deltaRound(graph: Call, from: string): Promise<{ items: Json[]; link: string }> {
  const items: Json[] = []
  for (let link = from; ;) {
    const { status, body } = await graph('GET', link)
    expect(status).toBe(200)
    items.push(...list(body['value']))
    const end = body['@odata.deltaLink']
    if (typeof end === 'string') return { items, link: end }
    link = String(body['@odata.nextLink'])
  }
}

test('every event acknowledged before a kill is there, once, and a sync token and a delta link tell of it', async () => {
  const google = await account('google', 'ada@example.com')
  const graph = await account('microsoft', 'grace@example.com')
  await google('POST', googleEvents, timed('long ago', 9))
  await graph('POST', '/v1.0/me/events', meeting('long ago', 9))
  const token = String((await google('GET', googleEvents)).body['nextSyncToken'])
  const { link } = await deltaRound(graph, delta)

  const writers = [0, 1, 2].flatMap((writer) => [
    writeUntilKilled(async (index) => {
      const { status, body } = await google('POST', googleEvents, timed(`${writer}-${index}`, 9))
      if (status !== 200) throw new Error('refused')
      return String(body['id'])
    }, 40 + writer),
    writeUntilKilled(async (index) => {
      const { status, body } = await graph('POST', '/v1.0/me/events', meeting(`${writer}-${index}`, 9))
      if (status !== 201) throw new Error('refused')
      return String(body['id'])
    }, 1000),
  ])
  const acknowledged = (await Promise.all(writers)).flat()
  expect(acknowledged.length).toBeGreaterThan(40)
  await killAndRestart()

  const changes = await google('GET', `${googleEvents}?maxResults=2500&syncToken=${token}`)
  const told = [...list(changes.body['items']), ...(await deltaRound(graph, link)).items].map(({ id }) => id)
  expect(new Set(told).size).toBe(told.length)
  expect(acknowledged.filter((id) => !told.includes(id))).toEqual([])

  const after = await google('POST', googleEvents, timed('after', 9))
  const next = String(changes.body['nextSyncToken'])
  const { body } = await google('GET', `${googleEvents}?syncToken=${next}`)
  expect(list(body['items']).map(({ id }) => id)).toEqual([after.body['id']])
})

test('an access token, a refresh token, a revocation, a client and the clock outlive a kill', async () => {
  await control('POST', 'clients', { vendor: 'google', clientId: 'mine', clientSecret: 'secret' })
  await control('POST', 'accounts', { vendor: 'google', email: 'ada@example.com' })
  await control('POST', 'accounts', { vendor: 'google', email: 'bob@example.com' })
  await control('POST', 'clock', { now: '2030-01-01T00:00:00Z' })
  const ada = await signIn('ada@example.com')
  const bob = await signIn('bob@example.com')
  await control('POST', 'accounts/bob@example.com/revoke')
  await killAndRestart()

  expect(String((await control('GET', 'clock')).body['now']).slice(0, 15)).toBe('2030-01-01T00:0')
  const read = (token: unknown) =>
    send(`${sandbox.url}${googleEvents}`, 'GET', undefined, { authorization: `Bearer ${String(token)}` })
  expect((await read(ada.tokens['access_token'])).status).toBe(200)
  expect((await read(bob.tokens['access_token'])).status).toBe(401)
  const refreshed = await exchange({
    grant_type: 'refresh_token',
    refresh_token: String(ada.tokens['refresh_token']),
  })
  expect((await read(refreshed['access_token'])).status).toBe(200)
  expect(
    await exchange({ grant_type: 'refresh_token', refresh_token: String(bob.tokens['refresh_token']) }),
  ).toMatchObject({ error: 'invalid_grant' })
  expect(await exchange(ada.redemption)).toMatchObject({ error: 'invalid_grant' })
})

const redirectUri = 'http://127.0.0.1:9/callback'

async function signIn(email: string): Promise<{ tokens: Json; redemption: Record<string, string> }> {
  const consented = await fetch(`${sandbox.url}/o/oauth2/v2/auth`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({
      client_id: 'mine',
      redirect_uri: redirectUri,
      response_type: 'code',
      access_type: 'offline',
      scope: 'https://www.googleapis.com/auth/calendar.events',
      account: email,
      decision: 'allow',
    }),
  })
  const code = new URL(consented.headers.get('location') ?? '').searchParams.get('code') ?? ''
  const redemption = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
  return { tokens: await exchange(redemption), redemption }
}

async function exchange(fields: Record<string, string>): Promise<Json> {
  const body = new URLSearchParams({ client_id: 'mine', client_secret: 'secret', ...fields })
  return object(await (await fetch(`${sandbox.url}/token`, { method: 'POST', body })).json())
}

test('a channel and a subscription opened before a kill tell of changes after it', async () => {
  const google = await account('google', 'ada@example.com')
  const graph = await account('microsoft', 'grace@example.com')
  const address = `${hook.url}/google`
  await google('POST', `${googleEvents}/watch`, { id: 'channel-1', type: 'web_hook', address })
  await until(() => hook.received.length === 1)
  const subscription = await graph('POST', '/v1.0/subscriptions', {
    changeType: 'created,updated,deleted',
    notificationUrl: `${hook.url}/microsoft`,
    resource: '/me/events',
    expirationDateTime: new Date(Date.now() + 86_400_000).toISOString(),
    clientState: 'mine',
  })
  expect(subscription.status).toBe(201)
  await killAndRestart()

  await google('POST', googleEvents, timed('a', 9))
  await graph('POST', '/v1.0/me/events', meeting('b', 9))
  await until(() => hook.received.length === 3)
  const [, ...told] = hook.received.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  expect(told[0]?.headers).toMatchObject({
    'x-goog-channel-id': 'channel-1',
    'x-goog-message-number': expect.stringMatching(/^[2-9]$/),
  })
  expect(told[1]?.body).toContain(String(subscription.body['id']))
  const renewal = { expirationDateTime: new Date(Date.now() + 2 * 86_400_000).toISOString() }
  const path = `/v1.0/subscriptions/${String(subscription.body['id'])}`
  expect((await graph('PATCH', path, renewal)).status).toBe(200)
})
