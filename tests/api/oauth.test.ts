import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { decideConsent, type ConsentChoice } from '../../scripts/consent.ts'
import { sandboxControl, type SandboxControl } from '../support/sandbox-control.ts'
import {
  ask,
  asOperator,
  newProvider,
  runningApi,
  type Answer,
  type Caller,
  type RunningApi,
} from './running-api.ts'

let api: RunningApi
let sandbox: Sandbox
let control: SandboxControl
let tenant: Caller
const clients = {
  google: { clientId: 'sandbox-google.apps.googleusercontent.com', clientSecret: 'sandbox-google-secret' },
  microsoft: { clientId: '00000000-5a4d-4b0c-8000-000000000001', clientSecret: 'sandbox-microsoft-secret' },
}

beforeAll(async () => {
  sandbox = await startSandbox()
  control = sandboxControl(sandbox.control)
  api = await runningApi({ sandboxUrl: sandbox.url })
  tenant = await connectableTenant()
})
afterAll(async () => {
  await api.close()
  await sandbox.close()
})

async function connectableTenant(): Promise<Caller> {
  const caller = await api.newTenant()
  for (const vendor of ['google', 'microsoft'] as const) {
    await caller.call('PUT', `/integrations/${vendor}`, { ...clients[vendor], endpoints: 'sandbox' })
  }
  return caller
}

let made = 0
async function newAccount(vendor: 'google' | 'microsoft'): Promise<string> {
  const email = `person${++made}@${vendor}.example`
  await control.makeAccount(vendor, email)
  return email
}

const authorize = async (id: string): Promise<string> =>
  String((await tenant.call('POST', `/providers/${id}/authorize`)).body.authorizeUrl)

async function callback(authorizeUrl: string, email: string, choice: ConsentChoice = {}): Promise<string> {
  const url = new URL(await decideConsent(authorizeUrl, email, choice))
  return url.pathname + url.search
}
const visit = (url: string, cookie = ''): Promise<Answer> => ask(api.app, { url, headers: { cookie } })

async function connect(email: string, vendor: 'google' | 'microsoft' = 'google') {
  const { id } = await newProvider(tenant, { vendor })
  return { id, page: await visit(await callback(await authorize(id), email)) }
}

describe('a consent', () => {
  test.each(['google', 'microsoft'] as const)('connects the calendar of a %s account', async (vendor) => {
    const email = await newAccount(vendor)
    const { id, page } = await connect(email, vendor)
    expect(page.status).toBe(200)
    expect(page.text).toContain('Connected')
    const { body } = await tenant.call('GET', `/providers/${id}`)
    expect(body).toMatchObject({ authorization: 'connected', accountEmail: email, status: 'connected' })
    const history = await api.temporal.workflow.getHandle(`provider/${id}`).fetchHistory()
    const names = history.events?.flatMap(
      (event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? [],
    )
    expect(names).toEqual(['changed'])
  })

  test('an OAuth state is used once', async () => {
    const { id } = await newProvider(tenant)
    const url = await callback(await authorize(id), await newAccount('google'))
    const [one, other] = await Promise.all([visit(url), visit(url)])
    expect([one.status, other.status].toSorted((a, b) => a - b)).toEqual([200, 400])
    expect((await visit(url)).text).toContain('state_expired')
  })

  test('an OAuth state lives ten minutes', async () => {
    const { id } = await newProvider(tenant)
    const url = await callback(await authorize(id), await newAccount('google'))
    api.advance(10 * 60_000 + 1)
    expect((await visit(url)).text).toContain('state_expired')
  })

  test.each([
    ['made up', '/oauth/google/callback?state=guess&code=x'],
    ['missing', '/oauth/google/callback?code=x'],
  ])('a state that is %s connects nothing', async (_case, url) => {
    const page = await visit(url)
    expect(page.status).toBe(400)
    expect(page.text).toContain('state_expired')
  })

  test('a state of one vendor is no state of the other', async () => {
    const { id } = await newProvider(tenant)
    const url = await callback(await authorize(id), await newAccount('google'))
    expect((await visit(url.replace('/oauth/google/', '/oauth/microsoft/'))).text).toContain('state_expired')
  })

  test('started in one browser is not finished in another', async () => {
    const { id } = await newProvider(tenant)
    const link = await asOperator(api.app, 'POST', `/tenants/${tenant.tenantId}/sign-in-links`)
    const { pathname, search } = new URL(String(link.body.url))
    const signedIn = await visit(pathname + search)
    const session = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
    const begin = async () => {
      const headers = { cookie: session, 'x-requested-with': 'calendar-sync' }
      const answer = await ask(api.app, { method: 'POST', url: `/api/v1/providers/${id}/authorize`, headers })
      const browser = String(answer.headers['set-cookie']).split(';')[0] ?? ''
      return { url: await callback(String(answer.body.authorizeUrl), email), browser }
    }
    const email = await newAccount('google')
    expect((await visit((await begin()).url)).text).toContain('other_browser')
    const { url, browser } = await begin()
    expect((await visit(url, browser)).status).toBe(200)
  })

  test('that was denied says so and leaves the provider as it was', async () => {
    const { id } = await newProvider(tenant)
    const url = await callback(await authorize(id), await newAccount('google'), { decision: 'deny' })
    expect((await visit(url)).text).toContain('access_denied')
    expect((await tenant.call('GET', `/providers/${id}`)).body.status).toBe('unauthorized')
  })

  test('with a box unticked connects nothing and names what is missing', async () => {
    const { id } = await newProvider(tenant)
    const grantedScopes = ['https://www.googleapis.com/auth/calendar.calendarlist.readonly']
    const url = await callback(await authorize(id), await newAccount('google'), { grantedScopes })
    const page = await visit(url)
    expect(page.text).toContain('scopes_missing')
    expect(page.text).toContain('auth/calendar.events')
  })

  test('to a calendar that is connected already is refused', async () => {
    const email = await newAccount('google')
    await connect(email)
    const { id, page } = await connect(email)
    expect(page.text).toContain('already_connected')
    expect((await tenant.call('GET', `/providers/${id}`)).body.status).toBe('unauthorized')
  })

  test('again with the same account renews the connection, with another one is refused', async () => {
    const email = await newAccount('google')
    const { id } = await connect(email)
    expect((await visit(await callback(await authorize(id), email))).status).toBe(200)
    const other = await visit(await callback(await authorize(id), await newAccount('google')))
    expect(other.text).toContain('other_account')
    expect((await tenant.call('GET', `/providers/${id}`)).body.accountEmail).toBe(email)
  })

  test('again stands when the mailbox has moved with every id meanwhile', async () => {
    const email = await newAccount('microsoft')
    const { id } = await connect(email, 'microsoft')
    await control.fault({ kind: 'mailboxMoved', ids: 'all', vendor: 'microsoft', account: email })
    expect((await visit(await callback(await authorize(id), email))).status).toBe(200)
    expect((await tenant.call('GET', `/providers/${id}`)).body.accountEmail).toBe(email)
  })

  test('with a wrong client secret says whose fault it is', async () => {
    const caller = await api.newTenant()
    const wrong = { clientId: clients.google.clientId, clientSecret: 'wrong', endpoints: 'sandbox' }
    await caller.call('PUT', '/integrations/google', wrong)
    const { id } = await newProvider(caller)
    const { body } = await caller.call('POST', `/providers/${id}/authorize`)
    const page = await visit(await callback(body.authorizeUrl, await newAccount('google')))
    expect(page.text).toContain('client_refused')
  })

  test('cannot begin without an OAuth client, and the refusal says so', async () => {
    const caller = await api.newTenant()
    const { id } = await newProvider(caller)
    const refused = await caller.call('POST', `/providers/${id}/authorize`)
    expect(refused.status).toBe(409)
    expect(refused.body.detail).toContain('OAuth client')
  })

  test('is asked for by PKCE and a state nobody can guess, for the least that syncing needs', async () => {
    const { id } = await newProvider(tenant)
    const url = new URL(await authorize(id))
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    expect(url.searchParams.get('state')?.length).toBeGreaterThanOrEqual(43)
    expect(url.searchParams.get('redirect_uri')).toBe('http://127.0.0.1:4400/oauth/google/callback')
  })
})

test('the page after a consent loads nothing and tells its opener one thing, by exact origin', async () => {
  const { page } = await connect(await newAccount('google'))
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1]
  expect(page.text).toContain(`<script nonce="${nonce}">`)
  expect(page.text).toContain(
    `postMessage({ type: 'calendar-sync-oauth', done: true }, "http://127.0.0.1:4400")`,
  )
})

test('no answer and no log line carries a token or secret', async () => {
  const { id, page } = await connect(await newAccount('microsoft'), 'microsoft')
  const answers = [page.text]
  const readings = '/providers /api-keys /me /members /integrations/google /integrations/microsoft'.split(' ')
  for (const path of [...readings, `/providers/${id}`, `/providers/${id}/calendars`]) {
    const answer = await tenant.call('GET', path)
    expect(answer.status).toBe(200)
    answers.push(answer.text)
  }
  const [row] = await api.database.owner`select * from provider_credentials where provider_id = ${id}`
  const told = [...answers, ...api.logs].join('\n')
  const secrets = [tenant.apiKey, clients.google.clientSecret, clients.microsoft.clientSecret]
  const marks = 'Ciphertext EwB M.C5_ state= code='.split(' ')
  for (const secret of [...secrets, ...marks, String(row?.['access_token_ciphertext'])]) {
    expect(told).not.toContain(secret)
  }
  expect((await tenant.call('GET', '/integrations/google')).body).toMatchObject({
    clientId: clients.google.clientId,
    secretHint: 'cret',
    complete: true,
    redirectUri: 'http://127.0.0.1:4400/oauth/google/callback',
  })
})

test.each([
  ['http beyond this machine', 'http://example.com'],
  ['a user in the address', 'https://user@example.com'],
  ['a query', 'https://example.com/?x=1'],
])('an integration does not speak to %s', async (_case, api) => {
  const endpoints = { api, authorize: 'https://example.com', token: 'https://example.com' }
  const refused = await tenant.call('PUT', '/integrations/google', { ...clients.google, endpoints })
  expect(refused.status).toBe(400)
})
