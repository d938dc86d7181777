import { CodeChallengeMethod, gaxios, OAuth2Client, type Credentials } from 'google-auth-library'
import { calendar } from 'googleapis/build/src/apis/calendar/index.js'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { consent, oauthClients, redirectUri } from './consent.ts'
import { list, object, play, type Played } from './played.ts'

// Google's own OAuth client, told nothing but other endpoints.
const scope = ['https://www.googleapis.com/auth/calendar.events']
let played: Played
let auth: OAuth2Client
let emails = 0
let email: string

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  email = `person${(emails += 1)}@example.com`
  await played.control('POST', 'accounts', { vendor: 'google', email })
  auth = ownClient()
})

function ownClient(secret = oauthClients.google.secret): OAuth2Client {
  const { url } = played.sandbox
  return new OAuth2Client({
    clientId: oauthClients.google.id,
    clientSecret: secret,
    redirectUri,
    forceRefreshOnFailure: true,
    endpoints: {
      oauth2AuthBaseUrl: `${url}/o/oauth2/v2/auth`,
      oauth2TokenUrl: `${url}/token`,
      oauth2RevokeUrl: `${url}/revoke`,
    },
  })
}

async function connect(options: Record<string, unknown> = {}): Promise<Credentials> {
  const url = new URL(auth.generateAuthUrl({ access_type: 'offline', scope, ...options }))
  const { tokens } = await auth.getToken(await consent(url, email))
  return tokens
}

/** What the token endpoint refused a call with. */
async function refusal(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
    return 'not refused'
  } catch (error) {
    if (!(error instanceof gaxios.GaxiosError)) throw error
    return [error.status, object(error.response?.data)['error']]
  }
}

test('Google’s OAuth client exchanges a code for tokens that work', async () => {
  const tokens = await connect()
  expect(tokens).toMatchObject({
    refresh_token: expect.any(String),
    token_type: 'Bearer',
    scope: scope.join(' '),
  })
  expect(tokens.expiry_date ?? 0).toBeGreaterThan(Date.now())
  auth.setCredentials(tokens)
  const api = calendar({ version: 'v3', auth, rootUrl: `${played.sandbox.google}/` })
  expect((await api.events.list({ calendarId: 'primary' })).data.items).toEqual([])
})

test('Google’s OAuth client proves by PKCE that the code is its own', async () => {
  const { codeVerifier, codeChallenge = '' } = await auth.generateCodeVerifierAsync()
  const challenge = { code_challenge: codeChallenge, code_challenge_method: CodeChallengeMethod.S256 }
  const url = () => new URL(auth.generateAuthUrl({ access_type: 'offline', scope, ...challenge }))
  const { tokens } = await auth.getToken({ code: await consent(url(), email), codeVerifier })
  expect(tokens.access_token).toEqual(expect.any(String))
  const stolen = auth.getToken({ code: await consent(url(), email), codeVerifier: 'x'.repeat(43) })
  expect(await refusal(stolen)).toEqual([400, 'invalid_grant'])
})

test('Google’s OAuth client refreshes by itself when the token has expired, and keeps its refresh token', async () => {
  const { refresh_token: refreshToken = null } = await connect()
  const seen: Credentials[] = []
  auth.on('tokens', (tokens) => seen.push(tokens))
  auth.setCredentials({ refresh_token: refreshToken, access_token: 'old', expiry_date: Date.now() - 1000 })
  const api = calendar({ version: 'v3', auth, rootUrl: `${played.sandbox.google}/` })
  await api.events.list({ calendarId: 'primary' })
  expect(seen.map(({ access_token: token }) => token === 'old')).toEqual([false])
  expect(auth.credentials.refresh_token).toBe(refreshToken)
})

test('Google’s OAuth client refreshes once when a token it thought good is refused', async () => {
  auth.setCredentials(await connect())
  const api = calendar({ version: 'v3', auth, rootUrl: `${played.sandbox.google}/` })
  await api.events.list({ calendarId: 'primary' })
  await played.control('DELETE', 'requests')
  await played.control('POST', 'faults', { kind: 'error', account: email, status: 401, times: 1 })
  await api.events.list({ calendarId: 'primary' })
  const { body } = await played.control('GET', 'requests?vendor=google')
  expect(list(body['items']).map(({ method, path, status }) => [method, path, status])).toEqual([
    ['GET', '/calendar/v3/calendars/primary/events', 401],
    ['POST', '/token', 200],
    ['GET', '/calendar/v3/calendars/primary/events', 200],
  ])
})

test('a second consent brings Google’s OAuth client no refresh token, unless consent is asked for', async () => {
  await connect()
  expect((await connect()).refresh_token).toBeUndefined()
  expect((await connect({ prompt: 'consent' })).refresh_token).toEqual(expect.any(String))
})

test('what Google’s OAuth client revokes can neither be used nor refreshed', async () => {
  const tokens = await connect()
  auth.setCredentials(tokens)
  await auth.revokeToken(tokens.access_token ?? '')
  const api = calendar({ version: 'v3', auth, rootUrl: `${played.sandbox.google}/` })
  // It tries to refresh when the token is refused, and that is what fails.
  expect(await refusal(api.events.list({ calendarId: 'primary' }))).toEqual([400, 'invalid_grant'])
})

test('Google’s OAuth client is refused for a wrong secret and a used code', async () => {
  const url = () => new URL(auth.generateAuthUrl({ access_type: 'offline', scope }))
  expect(await refusal(ownClient('wrong').getToken(await consent(url(), email)))).toEqual([
    401,
    'invalid_client',
  ])
  const code = await consent(url(), email)
  await auth.getToken(code)
  expect(await refusal(auth.getToken(code))).toEqual([400, 'invalid_grant'])
})
