import { describe, expect, test } from 'vitest'
import { oauthClients } from './consent.ts'
import { begin, microsoftSignIn, numberOf, refusalOf, scope } from './microsoft-sign-in.ts'
import { codeOf, object, playHere, send } from './played.ts'
import { person, signingIn } from './signing-in.ts'

const played = playHere({ now: Date.parse(begin), frozen: true })
const { microsoft, register, advance, requireOf, call } = microsoftSignIn(played)

describe('Microsoft §12.6: refresh tokens', () => {
  test('rotate at each use, and each old one stays good, also two at once', async () => {
    const { refresh_token: first } = await microsoft.tokens()
    const [second, third] = await Promise.all([microsoft.refresh(first), microsoft.refresh(first)])
    const tokens = [first, second.body['refresh_token'], third.body['refresh_token']]
    expect(new Set(tokens).size).toBe(3)
    for (const token of tokens) expect((await microsoft.refresh(token)).status).toBe(200)
  })

  test('come with offline_access only, which is not among the scopes of the answer', async () => {
    expect(await microsoft.tokens({ scope: 'User.Read' })).not.toHaveProperty('refresh_token')
    const tokens = await microsoft.tokens()
    expect([tokens['scope'], 'refresh_token' in tokens]).toEqual([
      'openid User.Read Calendars.ReadWrite',
      true,
    ])
  })

  test('live 90 days from their last use', async () => {
    const { refresh_token: token } = await microsoft.tokens()
    await advance('P89D')
    expect((await microsoft.refresh(token)).status).toBe(200)
    await advance('P89D')
    expect((await microsoft.refresh(token)).status).toBe(200)
    await advance('P90D')
    expect(refusalOf(await microsoft.refresh(token))).toEqual([400, 'invalid_grant', 700082, 'token_expired'])
  })

  test('of a page in a browser live a day, whatever comes of them', async () => {
    await register({ singlePage: true })
    const { refresh_token: first } = (
      await microsoft.redeem((await microsoft.allow()).get('code'), { client_secret: '' })
    ).body
    await advance('PT23H')
    const second = await microsoft.refresh(first, { client_secret: '' })
    await advance('PT1H')
    const late = await microsoft.refresh(second.body['refresh_token'], { client_secret: '' })
    expect(refusalOf(late)).toEqual([400, 'invalid_grant', 700084, 'token_expired'])
    expect(refusalOf(await microsoft.refresh(first))).toEqual([401, 'invalid_client', 700025, undefined])
  })

  test('end with the sessions of a person, by a reset password or by Graph; access tokens live on', async () => {
    const tokens = await microsoft.tokens()
    await played.control('POST', `accounts/${person}/reset-password?vendor=microsoft`)
    const refused = await microsoft.refresh(tokens['refresh_token'])
    expect(refusalOf(refused)).toEqual([400, 'invalid_grant', 50173, 'bad_token'])
    expect((await call(tokens['access_token'])).status).toBe(200)

    const again = await microsoft.tokens({ scope: `${scope} User.RevokeSessions.All` })
    const revoked = await call(again['access_token'], '/v1.0/me/revokeSignInSessions', 'POST')
    expect([revoked.status, revoked.body['value']]).toEqual([200, true])
    expect(numberOf(await microsoft.refresh(again['refresh_token']))).toBe(50173)
    const weak = await call(tokens['access_token'], '/v1.0/me/revokeSignInSessions', 'POST')
    expect(codeOf(weak)).toBe('ErrorAccessDenied')
  })
})

describe('Microsoft §12.6: access tokens', () => {
  test('live 60 to 90 minutes by chance, and 3599 seconds as switched', async () => {
    const lives = new Set<number>()
    for (let count = 0; count < 20; count += 1) lives.add(Number((await microsoft.tokens())['expires_in']))
    expect(lives.size).toBeGreaterThan(10)
    expect(Math.min(...lives)).toBeGreaterThanOrEqual(3599)
    expect(Math.max(...lives)).toBeLessThan(5400)
    await played.control('POST', 'switches', { 'microsoft.accessTokenSeconds': 3599 })
    expect(await microsoft.tokens()).toMatchObject({ expires_in: 3599, ext_expires_in: 3599 })
  })

  test('end by the clock, as the answer said', async () => {
    const { access_token: token, expires_in: seconds } = await microsoft.tokens()
    await advance(`PT${Number(seconds) - 1}S`)
    expect((await call(token)).status).toBe(200)
    await advance('PT1S')
    const { status, body } = await call(token)
    expect([status, object(body['error'])['code']]).toEqual([401, 'InvalidAuthenticationToken'])
  })

  test('of personal accounts look different and end differently', async () => {
    const {
      access_token: token,
      refresh_token: refresh,
      expires_in: seconds,
    } = await microsoft.tokens({
      account: 'zoe@outlook.com',
    })
    expect([String(token).slice(0, 3), String(refresh).slice(0, 5), seconds]).toEqual(['EwB', 'M.C5_', 3600])
    await advance('PT1H')
    expect(object((await call(token)).body['error'])['message']).toContain('CompactToken validation failed')
    const work = await microsoft.tokens()
    expect([String(work['access_token']).slice(0, 3), String(work['refresh_token']).slice(0, 4)]).toEqual([
      'eyJ',
      '0.AX',
    ])
  })
})

describe('Microsoft §12.6: a refresh', () => {
  test('may ask for less, but not for what was never consented to', async () => {
    const { refresh_token: token } = await microsoft.tokens()
    const less = await microsoft.refresh(token, { scope: 'https://graph.microsoft.com/Calendars.ReadWrite' })
    expect(less.body['scope']).toContain('Calendars.ReadWrite')
    expect(less.body['scope']).not.toContain('User.Read')
    const more = await microsoft.refresh(token, { scope: 'Mail.Read' })
    expect(refusalOf(more)).toEqual([400, 'invalid_grant', 65001, 'consent_required'])
    expect(refusalOf(await microsoft.refresh(token, { scope: 'no scope!' }))[2]).toBe(70011)
  })

  test.each<[string, number, string, string | undefined]>([
    ['mfa', 50076, 'interaction_required', 'basic_action'],
    ['mfa-enrolment', 50079, 'interaction_required', 'basic_action'],
    ['conditional-access', 53003, 'interaction_required', 'message_only'],
    ['compliant-device', 53000, 'interaction_required', 'message_only'],
    ['sign-in-frequency', 70043, 'invalid_grant', 'token_expired'],
    ['disabled', 50057, 'invalid_grant', undefined],
  ])('of an account under %s is refused with %d', async (requires, number, error, suberror) => {
    const { refresh_token: token } = await microsoft.tokens()
    await requireOf(requires)
    const refused = await microsoft.refresh(token)
    expect(refusalOf(refused)).toEqual([400, error, number, suberror])
    const isInteraction = error === 'interaction_required'
    expect('claims' in refused.body).toBe(isInteraction)
    if (isInteraction)
      expect(object(JSON.parse(String(refused.body['claims'])))).toHaveProperty('access_token')
    await requireOf(null)
    expect((await microsoft.refresh(token)).status).toBe(200)
  })

  test('that needs a person is called invalid_grant as switched', async () => {
    const { refresh_token: token } = await microsoft.tokens()
    await requireOf('mfa')
    await played.control('POST', 'switches', { 'microsoft.interactionError': 'invalid_grant' })
    expect(refusalOf(await microsoft.refresh(token))).toEqual([400, 'invalid_grant', 50076, 'basic_action'])
  })

  test('works again once the person has done what was asked', async () => {
    const { refresh_token: token } = await microsoft.tokens()
    await requireOf('mfa')
    await microsoft.allow()
    expect((await microsoft.refresh(token)).status).toBe(200)
  })

  test('after the consent was removed or reduced says so', async () => {
    const { refresh_token: token } = await microsoft.tokens()
    const clientId = oauthClients.microsoft.id
    const consent = (scopes: string[]) =>
      played.control('POST', `accounts/${person}/consent?vendor=microsoft`, { clientId, scopes })
    await consent(['openid', 'offline_access', 'User.Read'])
    const reduced = await microsoft.refresh(token)
    expect(codeOf(await call(reduced.body['access_token']))).toBe('ErrorAccessDenied')
    expect(numberOf(await microsoft.refresh(token, { scope: 'Calendars.ReadWrite' }))).toBe(65001)
    await consent([])
    expect(refusalOf(await microsoft.refresh(token))).toEqual([
      400,
      'invalid_grant',
      65001,
      'consent_required',
    ])
  })

  test('with garbage or another client’s token is refused with 70000', async () => {
    const { refresh_token: token } = await microsoft.tokens()
    await played.control('POST', 'clients', {
      vendor: 'microsoft',
      clientId: 'other',
      clientSecret: 'secret',
    })
    const other = signingIn(played, 'microsoft', { id: 'other', secret: 'secret' })
    for (const answer of [await microsoft.refresh('nonsense'), await other.refresh(token)])
      expect(refusalOf(answer)).toEqual([400, 'invalid_grant', 70000, 'bad_token'])
  })
})

test.each<[string, Record<string, string>, [number, string, number, string | undefined]]>([
  ['a garbage code', { code: 'nonsense' }, [400, 'invalid_grant', 9002313, 'bad_token']],
  ['no code', { code: '' }, [400, 'invalid_request', 900144, undefined]],
  ['another redirect', { redirect_uri: 'https://example.com' }, [400, 'invalid_grant', 500112, undefined]],
  ['no verifier', { code_verifier: '' }, [400, 'invalid_grant', 501481, undefined]],
  ['a wrong verifier', { code_verifier: 'w'.repeat(50) }, [400, 'invalid_grant', 501481, undefined]],
  ['no client', { client_id: '' }, [400, 'invalid_request', 900144, undefined]],
  ['an unknown client', { client_id: 'x' }, [400, 'unauthorized_client', 700016, undefined]],
  ['no secret', { client_secret: '' }, [401, 'invalid_client', 7000218, undefined]],
  ['a wrong secret', { client_secret: 'x' }, [401, 'invalid_client', 7000215, undefined]],
  ['no grant type', { grant_type: '' }, [400, 'invalid_request', 900144, undefined]],
  ['an unknown grant type', { grant_type: 'wish' }, [400, 'unsupported_grant_type', 70003, undefined]],
  [
    'an application’s own grant',
    { grant_type: 'client_credentials' },
    [501, 'unsupported_grant_type', 70003, undefined],
  ],
  ['a scope that is none', { scope: 'no!' }, [400, 'invalid_scope', 70011, undefined]],
])(
  'Microsoft §12.6: an exchange with %s is refused by its number, and the code stays good',
  async (_name, more, expected) => {
    const code = (await microsoft.allow()).get('code')
    expect(refusalOf(await microsoft.redeem(code, more))).toEqual(expected)
    expect((await microsoft.redeem(code)).status).toBe(200)
  },
)

test('Microsoft §12.6: a code is good once and for ten minutes', async () => {
  const [first, second] = [await microsoft.allow(), await microsoft.allow()]
  await microsoft.redeem(first.get('code'))
  expect(refusalOf(await microsoft.redeem(first.get('code')))).toEqual([
    400,
    'invalid_grant',
    54005,
    'bad_token',
  ])
  await advance('PT10M')
  expect(refusalOf(await microsoft.redeem(second.get('code')))).toEqual([
    400,
    'invalid_grant',
    70008,
    'token_expired',
  ])
})

test('Microsoft §12.6: an expired secret is the client’s trouble and not the person’s', async () => {
  const { refresh_token: token } = await microsoft.tokens()
  await register({ secretExpired: true })
  expect(refusalOf(await microsoft.refresh(token))).toEqual([401, 'invalid_client', 7000222, undefined])
  await register({ secretExpired: null })
  expect((await microsoft.refresh(token)).status).toBe(200)
})

test.each<[string | number, [number, string, number]]>([
  [50196, [400, 'invalid_grant', 50196]],
  ['AADSTS70043', [400, 'invalid_grant', 70043]],
  ['temporarily_unavailable', [503, 'temporarily_unavailable', 90033]],
  ['interaction_required', [400, 'interaction_required', 50076]],
  ['invalid_client', [401, 'invalid_client', 7000215]],
])('Microsoft §12.6: a fault of the code %s befalls a refresh', async (code, expected) => {
  const { refresh_token: token } = await microsoft.tokens()
  await played.control('POST', 'faults', { kind: 'error', vendor: 'microsoft', path: '/token', code })
  expect(refusalOf(await microsoft.refresh(token)).slice(0, 3)).toEqual(expected)
  expect((await microsoft.refresh(token)).status).toBe(200)
})

test('other methods and bodies are refused in the shape of the token endpoint', async () => {
  const url = `${played.sandbox.url}/common/oauth2/v2.0/token`
  expect(refusalOf(await send(url, 'GET', undefined, {}))).toEqual([
    400,
    'invalid_request',
    900561,
    undefined,
  ])
  expect(refusalOf(await send(url, 'POST', { grant_type: 'refresh_token' }, {}))[2]).toBe(900144)
  expect(refusalOf(await microsoft.post('/common/oauth2/v2.0/devicecode', {}))[0]).toBe(501)
  expect(
    refusalOf(await send(`${played.sandbox.url}/common/oauth2/v2.0/nothing`, 'GET', undefined, {}))[0],
  ).toBe(404)
})
