import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { object, play, send, type Answer, type Json, type Played } from './played.ts'

const redirectUri = 'http://127.0.0.1:9/callback'
const verifier = 'v'.repeat(50)
const challenge = createHash('sha256').update(verifier).digest('base64url')
let played: Played

const google = {
  authorize: '/o/oauth2/v2/auth',
  token: '/token',
  id: 'sandbox-google.apps.googleusercontent.com',
  secret: 'sandbox-google-secret',
  scope: 'openid email https://www.googleapis.com/auth/calendar.events',
}
const microsoft = {
  authorize: '/common/oauth2/v2.0/authorize',
  token: '/common/oauth2/v2.0/token',
  id: '00000000-5a4d-4b0c-8000-000000000001',
  secret: 'sandbox-microsoft-secret',
  scope: 'openid offline_access User.Read Calendars.ReadWrite',
}
type Vendor = typeof google

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  for (const vendor of ['google', 'microsoft'])
    await played.control('POST', 'accounts', { vendor, email: 'ada@example.com' })
})

const parametersOf = (vendor: Vendor, more: Record<string, string> = {}) => ({
  client_id: vendor.id,
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: vendor.scope,
  state: 'the-state',
  access_type: 'offline',
  code_challenge: challenge,
  code_challenge_method: 'S256',
  ...more,
})

async function post(path: string, fields: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${played.sandbox.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
  })
  const text = await response.text()
  const body: Json =
    response.headers.get('content-type')?.includes('json') === true ? object(JSON.parse(text)) : { text }
  return { status: response.status, headers: response.headers, body }
}

async function allow(vendor: Vendor, more: Record<string, string> = {}): Promise<URLSearchParams> {
  const answer = await post(vendor.authorize, {
    ...parametersOf(vendor, more),
    account: 'ada@example.com',
    decision: 'allow',
  })
  expect(answer.status).toBe(302)
  return new URL(answer.headers.get('location') ?? '').searchParams
}

function redeem(vendor: Vendor, code: string | null, more: Record<string, string> = {}): Promise<Answer> {
  return post(vendor.token, {
    client_id: vendor.id,
    client_secret: vendor.secret,
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...more,
  })
}

function refresh(vendor: Vendor, refreshToken: unknown): Promise<Answer> {
  const fields = { client_id: vendor.id, client_secret: vendor.secret, grant_type: 'refresh_token' }
  return post(vendor.token, { ...fields, refresh_token: String(refreshToken) })
}

const both: [string, Vendor][] = [
  ['google', google],
  ['microsoft', microsoft],
]

test.each(both)(
  '%s shows the hinted account chosen, with every parameter carried along and escaped',
  async (_name, vendor) => {
    await played.control('POST', 'accounts', { vendor: _name, email: 'zoe@example.com' })
    const query = new URLSearchParams(
      parametersOf(vendor, { login_hint: 'zoe@example.com', state: '"><script>' }),
    )
    const { status, body } = await send(
      `${played.sandbox.url}${vendor.authorize}?${query.toString()}`,
      'GET',
      undefined,
      {},
    )
    expect(status).toBe(200)
    expect(body['text']).toMatch(/value="zoe@example.com"\s+checked/)
    expect(body['text']).toContain('name="state" value="&quot;&gt;&lt;script&gt;"')
  },
)

test.each(both)(
  '%s gives a code that is good once, for its own redirect and verifier',
  async (_name, vendor) => {
    const answer = await allow(vendor)
    expect(answer.get('state')).toBe('the-state')
    const code = answer.get('code')
    expect((await redeem(vendor, code, { redirect_uri: 'http://127.0.0.1:9/other' })).status).toBe(400)
    expect((await redeem(vendor, code, { code_verifier: 'w'.repeat(50) })).body['error']).toBe(
      'invalid_grant',
    )
    const { status, body } = await redeem(vendor, code)
    expect([status, body['token_type']]).toEqual([200, 'Bearer'])
    expect((await redeem(vendor, code)).body['error']).toBe('invalid_grant')
  },
)

test.each(both)('%s gives a code that is good for ten minutes', async (_name, vendor) => {
  const code = (await allow(vendor)).get('code')
  await played.control('POST', 'clock', { advance: 'PT11M' })
  expect((await redeem(vendor, code)).body['error']).toBe('invalid_grant')
})

test.each(both)('%s tells a refusal by the person as access_denied', async (_name, vendor) => {
  const answer = await post(vendor.authorize, {
    ...parametersOf(vendor),
    account: 'ada@example.com',
    decision: 'deny',
  })
  const told = new URL(answer.headers.get('location') ?? '').searchParams
  expect([told.get('error'), told.get('state'), told.get('code')]).toEqual([
    'access_denied',
    'the-state',
    null,
  ])
})

test.each(both)('%s refuses a wrong secret with 401 invalid_client', async (_name, vendor) => {
  const code = (await allow(vendor)).get('code')
  const refused = await redeem(vendor, code, { client_secret: 'wrong' })
  expect([refused.status, refused.body['error']]).toEqual([401, 'invalid_client'])
})

test('Google gives a refresh token with the first consent only, unless consent is asked for', async () => {
  const tokenOf = async (more: Record<string, string>) =>
    (await redeem(google, (await allow(google, more)).get('code'))).body['refresh_token']
  expect(await tokenOf({ access_type: 'online' })).toBeUndefined()
  await played.control('POST', 'accounts/ada@example.com/revoke?vendor=google')
  expect(await tokenOf({})).toEqual(expect.any(String))
  expect(await tokenOf({})).toBeUndefined()
  expect(await tokenOf({ prompt: 'consent' })).toEqual(expect.any(String))
})

test('Google does not rotate a refresh token', async () => {
  const { body } = await redeem(google, (await allow(google)).get('code'))
  const refreshed = await refresh(google, body['refresh_token'])
  expect(refreshed.status).toBe(200)
  expect(refreshed.body).not.toHaveProperty('refresh_token')
})

test('Microsoft gives a new refresh token at each use and the old one stays good', async () => {
  const { body } = await redeem(microsoft, (await allow(microsoft)).get('code'))
  const refreshed = await refresh(microsoft, body['refresh_token'])
  expect(refreshed.body['refresh_token']).not.toBe(body['refresh_token'])
  expect((await refresh(microsoft, body['refresh_token'])).status).toBe(200)
  expect((await refresh(microsoft, refreshed.body['refresh_token'])).status).toBe(200)
})

test('Microsoft gives no refresh token without offline_access', async () => {
  const code = (await allow(microsoft, { scope: 'User.Read Calendars.ReadWrite' })).get('code')
  expect((await redeem(microsoft, code)).body).not.toHaveProperty('refresh_token')
})

test('a revoked grant ends its refresh and access tokens, in the words of each vendor', async () => {
  const grants = [
    await redeem(google, (await allow(google)).get('code')),
    await redeem(microsoft, (await allow(microsoft)).get('code')),
  ]
  for (const vendor of ['google', 'microsoft'])
    await played.control('POST', `accounts/ada@example.com/revoke?vendor=${vendor}`)
  expect((await refresh(google, grants[0]?.body['refresh_token'])).body).toEqual({
    error: 'invalid_grant',
    error_description: 'Token has been expired or revoked.',
  })
  expect((await refresh(microsoft, grants[1]?.body['refresh_token'])).body).toMatchObject({
    error: 'invalid_grant',
    error_codes: [50173],
  })
  const authorization = `Bearer ${String(grants[0]?.body['access_token'])}`
  expect((await send(`${played.sandbox.url}/v1/userinfo`, 'GET', undefined, { authorization })).status).toBe(
    401,
  )
})

test('Google revokes at its own address', async () => {
  const { body } = await redeem(google, (await allow(google)).get('code'))
  expect((await post('/revoke', { token: String(body['access_token']) })).status).toBe(200)
  expect((await refresh(google, body['refresh_token'])).body['error']).toBe('invalid_grant')
})

test('a scope that was unticked is missing from the answer and its calls are refused with 403', async () => {
  const fields = {
    ...parametersOf(google),
    account: 'ada@example.com',
    decision: 'allow',
    granted_scope: 'openid',
  }
  const answer = await post(google.authorize, fields)
  const { body } = await redeem(
    google,
    new URL(answer.headers.get('location') ?? '').searchParams.get('code'),
  )
  expect(body['scope']).toBe('openid https://www.googleapis.com/auth/userinfo.email')
  const authorization = `Bearer ${String(body['access_token'])}`
  const events = `${played.sandbox.url}/calendar/v3/calendars/primary/events`
  expect((await send(events, 'GET', undefined, { authorization })).status).toBe(403)
})

test('further clients are registered by the control API', async () => {
  const other = { ...google, id: 'other.apps.googleusercontent.com', secret: 'other-secret' }
  const query = new URLSearchParams(parametersOf(other)).toString()
  expect((await send(`${played.sandbox.url}${google.authorize}?${query}`, 'GET', undefined, {})).status).toBe(
    401,
  )
  await played.control('POST', 'clients', {
    vendor: 'google',
    clientId: other.id,
    clientSecret: other.secret,
  })
  expect((await redeem(other, (await allow(other)).get('code'))).status).toBe(200)
})

test.each(both)(
  'a fault makes %s refuse a refresh in the words of its token endpoint',
  async (_name, vendor) => {
    const { body } = await redeem(vendor, (await allow(vendor)).get('code'))
    await played.control('POST', 'faults', {
      kind: 'error',
      path: vendor.token,
      status: 400,
      code: 'invalid_grant',
    })
    const refused = await refresh(vendor, body['refresh_token'])
    expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_grant'])
    expect((await refresh(vendor, body['refresh_token'])).status).toBe(200)
  },
)
