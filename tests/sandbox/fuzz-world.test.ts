import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { oauthClients, redirectUri } from './consent.ts'
import { play, type Played } from './played.ts'

let played: Played

beforeAll(async () => {
  played = await play()
  for (const vendor of ['google', 'microsoft'])
    await played.control('POST', 'accounts', { vendor, email: 'ada@example.com' })
})
afterAll(() => played.close())

/** Whatever was sent, the answer is neither a failure of the sandbox nor a stack trace. */
async function answersWell(path: string, init: RequestInit): Promise<void> {
  const response = await fetch(`${played.sandbox.url}${path}`, { redirect: 'manual', ...init })
  const text = await response.text()
  expect([response.status === 501 || response.status < 500, path, text.slice(0, 200)]).toEqual([
    true,
    path,
    text.slice(0, 200),
  ])
  expect(text).not.toMatch(/\n {4}at /)
}

const word = fc.oneof(
  fc.string(),
  fc.constantFrom('', 'none', 'consent', 'ada@example.com', 'S256', '\u0000', '%', '🗓'),
)
const names = [
  'client_id',
  'client_secret',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'prompt',
  'access_type',
  'code',
  'code_verifier',
  'code_challenge',
  'code_challenge_method',
  'grant_type',
  'refresh_token',
  'token',
  'account',
  'decision',
  'granted_scope',
  'scopes',
  'response_mode',
  'login_hint',
  'domain_hint',
  'nonce',
]
const fields = fc.array(fc.tuple(fc.constantFrom(...names), word), { maxLength: 8 })
const signIn = fc.constantFrom(
  '/o/oauth2/v2/auth',
  '/token',
  '/revoke',
  '/v1/userinfo',
  '/tokeninfo',
  '/oauth2/v3/certs',
  '/common/oauth2/v2.0/authorize',
  '/common/oauth2/v2.0/token',
  '/nowhere/oauth2/v2.0/token',
  '/organizations/v2.0/adminconsent',
  '/common/oauth2/v2.0/logout',
  '/oidc/userinfo',
  '/common/v2.0/.well-known/openid-configuration',
)

test('whatever is sent to a sign-in is answered, with known parameters or with anything else', async () => {
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE')
  await fc.assert(
    fc.asyncProperty(
      signIn,
      method,
      fields,
      fc.boolean(),
      fc.boolean(),
      async (path, method, given, isKnown, isJson) => {
        const vendor = path.includes('2.0') ? 'microsoft' : 'google'
        const { id, secret, scope } = oauthClients[vendor]
        const known = {
          client_id: id,
          client_secret: secret,
          redirect_uri: redirectUri,
          response_type: 'code',
          scope,
        }
        const parameters = new URLSearchParams([...(isKnown ? Object.entries(known) : []), ...given])
        if (method === 'GET') return answersWell(`${path}?${parameters}`, { method })
        const body = isJson ? JSON.stringify(Object.fromEntries(parameters)) : parameters
        await answersWell(path, {
          method,
          body,
          ...(isJson ? { headers: { 'content-type': 'application/json' } } : {}),
        })
      },
    ),
    { numRuns: 300 },
  )
})

const control = fc.constantFrom(
  'accounts',
  'accounts/ada@example.com/token',
  'accounts/ada@example.com/revoke?vendor=google',
  'accounts/ada@example.com/consent?vendor=google',
  'accounts/ada@example.com/sign-in?vendor=microsoft',
  'accounts/ada@example.com/expire-tokens?vendor=google',
  'accounts/nobody@example.com/token',
  'clients',
  'faults',
  'switches',
  'notifications',
  'requests',
  'requests/counts',
  'mail',
  'restore',
  'snapshots/x',
  'subscriptions/x/lifecycle',
  'nothing',
)
const members = [
  'vendor',
  'email',
  'kind',
  'timeZone',
  'calendars',
  'clientId',
  'clientSecret',
  'redirectUris',
  'scopes',
  'testing',
  'audience',
  'tenant',
  'requires',
  'status',
  'code',
  'ms',
  'nth',
  'times',
  'probability',
  'path',
  'account',
  'address',
  'headers',
  'body',
  'id',
  'to',
  'calendar',
]
const value = fc.oneof(
  word,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(word),
  fc.dictionary(word, word),
)
const sent = fc.oneof(fc.dictionary(fc.constantFrom(...members), value), fc.jsonValue())

test('whatever is sent to the control API is answered', async () => {
  const method = fc.constantFrom('GET', 'POST', 'DELETE', 'PATCH')
  await fc.assert(
    fc.asyncProperty(control, method, sent, async (path, method, body) => {
      const headers = { 'content-type': 'application/json' }
      await answersWell(`/_sandbox/${path}`, {
        method,
        ...(method === 'GET' ? {} : { headers, body: JSON.stringify(body) }),
      })
    }),
    { numRuns: 400 },
  )
})
