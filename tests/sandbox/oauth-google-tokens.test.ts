import { describe, expect, test } from 'vitest'
import { oauthClients } from './consent.ts'
import { begin, calendar, calendarList, dead, googleSignIn } from './google-sign-in.ts'
import { list, object, playHere, send, type Json } from './played.ts'
import { person, signingIn, verifier } from './signing-in.ts'

const played = playHere({ now: Date.parse(begin), frozen: true })
const { google, register, advance } = googleSignIn(played)

describe('Google §11.7: refresh tokens', () => {
  test('come with offline access only', async () => {
    expect(await google.tokens({ access_type: 'online' })).not.toHaveProperty('refresh_token')
    expect(await google.tokens({ access_type: '', prompt: 'consent' })).not.toHaveProperty('refresh_token')
  })

  test('come with the first exchange only, unless consent is asked for again', async () => {
    expect(await google.tokens()).toHaveProperty('refresh_token')
    expect(await google.tokens()).not.toHaveProperty('refresh_token')
    expect(await google.tokens({ prompt: 'select_account' })).not.toHaveProperty('refresh_token')
    expect(await google.tokens({ prompt: 'select_account consent' })).toHaveProperty('refresh_token')
  })

  test('come after an exchange for online access only as switched', async () => {
    await google.tokens({ access_type: 'online' })
    expect(await google.tokens()).not.toHaveProperty('refresh_token')
    await played.control('POST', 'reset')
    await played.control('POST', 'switches', { 'google.refreshTokenAfterOnlineAccess': true })
    await played.control('POST', 'accounts', { vendor: 'google', email: person })
    await google.tokens({ access_type: 'online' })
    expect(await google.tokens()).toHaveProperty('refresh_token')
  })

  test('come to each client of a person for itself', async () => {
    await google.tokens()
    await played.control('POST', 'clients', { vendor: 'google', clientId: 'other', clientSecret: 'secret' })
    const other = signingIn(played, 'google', { id: 'other', secret: 'secret' })
    expect(await other.tokens()).toHaveProperty('refresh_token')
  })

  test('are not rotated by a refresh, and bring the scopes of their own consent', async () => {
    const { refresh_token: token } = await google.tokens({ scope: calendar })
    await google.tokens({ scope: calendarList })
    const { status, body } = await google.refresh(token)
    expect([status, body['scope'], body['expires_in'], body['token_type']]).toEqual([
      200,
      calendar,
      3599,
      'Bearer',
    ])
    expect(body).not.toHaveProperty('refresh_token')
    expect((await google.refresh(token)).status).toBe(200)
  })

  test('die of six months without a use', async () => {
    const { refresh_token: token } = await google.tokens()
    await advance('P170D')
    expect((await google.refresh(token)).status).toBe(200)
    await advance('P170D')
    expect((await google.refresh(token)).status).toBe(200)
    await advance('P190D')
    expect((await google.refresh(token)).body).toEqual(dead)
  })

  test('of one person and client live a hundred at a time, and the oldest dies without a word', async () => {
    const tokens: unknown[] = []
    for (let count = 0; count < 101; count += 1)
      tokens.push((await google.tokens({ prompt: 'consent' }))['refresh_token'])
    expect((await google.refresh(tokens[0])).body).toEqual(dead)
    expect((await google.refresh(tokens[1])).status).toBe(200)
    expect((await google.refresh(tokens[100])).status).toBe(200)
  })

  test('of a client in testing live seven days, and say so', async () => {
    await register({ testing: true })
    const { refresh_token: token, refresh_token_expires_in: seconds } = await google.tokens()
    expect(seconds).toBe(604_799)
    await advance('P6DT23H')
    expect((await google.refresh(token)).status).toBe(200)
    await advance('PT2H')
    expect((await google.refresh(token)).body).toEqual(dead)
  })

  test('of a client in testing that asks only who somebody is live on', async () => {
    await register({ testing: true })
    const { refresh_token: token, ...more } = await google.tokens({ scope: 'openid email' })
    await advance('P30D')
    expect([(await google.refresh(token)).status, more['refresh_token_expires_in']]).toEqual([200, undefined])
  })

  test('of time-limited access end with it', async () => {
    await register({ accessLimitSeconds: 7200 })
    const { refresh_token: token, refresh_token_expires_in: seconds } = await google.tokens()
    expect(seconds).toBe(7199)
    await advance('PT2H')
    expect((await google.refresh(token)).body).toEqual(dead)
  })
})

test.each<[string, Record<string, string>, [number, string, string]]>([
  ['a garbage code', { code: 'nonsense' }, [400, 'invalid_grant', 'Malformed auth code.']],
  [
    'a redirect of another client',
    { redirect_uri: 'https://example.com' },
    [400, 'redirect_uri_mismatch', 'Bad Request'],
  ],
  ['no redirect', { redirect_uri: '' }, [400, 'invalid_request', 'Missing required parameter: redirect_uri']],
  ['no code', { code: '' }, [400, 'invalid_request', 'Missing required parameter: code']],
  ['no verifier', { code_verifier: '' }, [400, 'invalid_grant', 'Missing code verifier.']],
  ['a wrong verifier', { code_verifier: 'w'.repeat(50) }, [400, 'invalid_grant', 'Invalid code verifier.']],
  ['no client', { client_id: '' }, [400, 'invalid_request', 'Could not determine client ID from request.']],
  ['an unknown client', { client_id: 'x' }, [401, 'invalid_client', 'The OAuth client was not found.']],
  ['no secret', { client_secret: '' }, [400, 'invalid_request', 'client_secret is missing.']],
  [
    'a wrong secret',
    { client_secret: 'x' },
    [401, 'invalid_client', 'The provided client secret is invalid.'],
  ],
  ['no grant type', { grant_type: '' }, [400, 'invalid_request', 'Missing required parameter: grant_type']],
  [
    'an unknown grant type',
    { grant_type: 'wish' },
    [400, 'unsupported_grant_type', 'Invalid grant_type: wish'],
  ],
  [
    'a service account',
    { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' },
    [501, 'unsupported_grant_type', 'The sandbox does not play urn:ietf:params:oauth:grant-type:jwt-bearer.'],
  ],
])(
  'an exchange with %s is refused in Google’s words, and the code stays good',
  async (_name, more, expected) => {
    const code = (await google.allow()).get('code')
    const { status, body } = await google.redeem(code, more)
    expect([status, body['error'], body['error_description']]).toEqual(expected)
    expect((await google.redeem(code)).status).toBe(200)
  },
)

test('a code is good once, for ten minutes, and for its own client', async () => {
  const first = (await google.allow()).get('code')
  await google.redeem(first)
  const second = (await google.allow()).get('code')
  await played.control('POST', 'clients', { vendor: 'google', clientId: 'other', clientSecret: 'secret' })
  const stolen = await signingIn(played, 'google', { id: 'other', secret: 'secret' }).redeem(second)
  await advance('PT10M')
  for (const answer of [await google.redeem(first), stolen, await google.redeem(second)])
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: 'invalid_grant', error_description: 'Bad Request' },
    ])
})

test('a verifier that was not announced is not needed, and a plain challenge is its own verifier', async () => {
  const bare = await google.allow({ code_challenge: '', code_challenge_method: '' })
  expect((await google.redeem(bare.get('code'))).body['error_description']).toBe(
    'code_verifier or verifier is not needed.',
  )
  expect((await google.redeem(bare.get('code'), { code_verifier: '' })).status).toBe(200)
  const plain = await google.allow({ code_challenge: verifier, code_challenge_method: '' })
  expect((await google.redeem(plain.get('code'))).status).toBe(200)
})

test('the client may name itself by basic authentication', async () => {
  const { id, secret } = oauthClients.google
  const code = (await google.allow()).get('code') ?? ''
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: google.asked()['redirect_uri'] ?? '',
    code_verifier: verifier,
  }
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  expect((await google.post('/token', form, { authorization })).status).toBe(200)
})

test('a parameter that comes twice, JSON and other methods are refused in the shape of the token endpoint', async () => {
  const twice = await google.post(
    '/token',
    new URLSearchParams('code=a&code=b&grant_type=authorization_code'),
  )
  expect(twice.body['error_description']).toBe('OAuth 2 parameters can only have a single value: code')
  const url = `${played.sandbox.url}/token`
  const json = await send(url, 'POST', { grant_type: 'refresh_token' }, {})
  expect([json.status, json.body['error']]).toEqual([400, 'invalid_request'])
  const broken = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  })
  expect([broken.status, object(await broken.json())['error']]).toEqual([400, 'invalid_request'])
  const got = await send(url, 'GET', undefined, {})
  expect([got.status, got.body['error']]).toEqual([404, 'invalid_request'])
  const device = await google.post('/device/code', {})
  expect([device.status, device.body['error']]).toEqual([501, 'server_error'])
})

test('a refresh token of another client, or none, is told apart from a dead one', async () => {
  const { refresh_token: token } = await google.tokens()
  await played.control('POST', 'clients', { vendor: 'google', clientId: 'other', clientSecret: 'secret' })
  const other = await signingIn(played, 'google', { id: 'other', secret: 'secret' }).refresh(token)
  expect([other.status, other.body['error']]).toEqual([401, 'unauthorized_client'])
  expect((await google.refresh('nonsense')).body['error_description']).toBe('Bad Request')
  expect((await google.refresh('1//0nonsense')).body).toEqual(dead)
  expect((await google.refresh('')).body['error_description']).toBe(
    'Missing required parameter: refresh_token',
  )
})

test.each<[string, Json]>([
  ['admin-policy', { error: 'admin_policy_enforced' }],
  ['disabled', { error: 'invalid_grant', error_description: 'Account has been disabled' }],
  ['session-control', { error: 'invalid_grant', error_subtype: 'invalid_rapt' }],
])('an account under %s gets no token by a refresh', async (requires, expected) => {
  const { refresh_token: token } = await google.tokens()
  await played.control('POST', `accounts/${person}/sign-in?vendor=google`, { requires })
  const { status, body } = await google.refresh(token)
  expect([status, body]).toEqual([400, expect.objectContaining(expected)])
  await played.control('POST', `accounts/${person}/sign-in?vendor=google`, { requires: null })
  expect((await google.refresh(token)).status).toBe(200)
})

test('a fault befalls the refresh of one account only, by its token', async () => {
  await played.control('POST', 'accounts', { vendor: 'google', email: 'zoe@example.com' })
  const [ada, zoe] = [await google.tokens(), await google.tokens({ account: 'zoe@example.com' })]
  const aim = { path: '/token', account: 'zoe@example.com', code: 'invalid_rapt' }
  await played.control('POST', 'faults', { kind: 'error', ...aim })
  expect((await google.refresh(ada['refresh_token'])).status).toBe(200)
  expect((await google.refresh(zoe['refresh_token'])).body).toMatchObject({ error_subtype: 'invalid_rapt' })
  const { body } = await played.control('GET', 'requests?account=zoe@example.com&path=/token')
  expect(list(body['items']).map(({ status }) => status)).toEqual([200, 400])
})
