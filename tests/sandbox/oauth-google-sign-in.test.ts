import { describe, expect, test } from 'vitest'
import { begin, calendar, calendarList, googleSignIn } from './google-sign-in.ts'
import { playHere, reasonOf, send } from './played.ts'
import { person, told } from './signing-in.ts'

const played = playHere({ now: Date.parse(begin), frozen: true })
const { google, register, call } = googleSignIn(played)

describe('Google §11.7: consent', () => {
  test('can be given to a part of the scopes, by ticks or by a list', async () => {
    const scope = `${calendar} ${calendarList}`
    const ticked = await google.allow({ scope, granted_scope: calendar })
    expect(ticked.get('scope')).toBe(calendar)
    const listed = await google.tokens({ scope, scopes: calendarList })
    expect(listed['scope']).toBe(calendarList)
    expect(reasonOf(await call(listed['access_token']))).toBe('insufficientPermissions')
    expect((await call(listed['access_token'], '/calendar/v3/users/me/calendarList')).status).toBe(200)
  })

  test('the page has a tick for each scope but those that say who somebody is', async () => {
    const { body } = await google.look({ scope: `openid email ${calendar} ${calendarList}` })
    const ticks = [...String(body['text']).matchAll(/type="checkbox" name="granted_scope" value="([^"]+)"/g)]
    expect(ticks.map(([, scope]) => scope)).toEqual([calendar, calendarList])
  })

  test('without any scope left is a refusal, and so is no', async () => {
    expect(told(await google.decide({ scope: calendar, granted_scope: ' ' }))).toEqual({
      error: 'access_denied',
      state: 'the-state',
    })
    expect(told(await google.decide({ decision: 'deny' }))).toEqual({
      error: 'access_denied',
      state: 'the-state',
    })
  })

  test('covers what was granted before only when that is asked for', async () => {
    await google.tokens({ scope: calendar })
    expect((await google.tokens({ scope: calendarList }))['scope']).toBe(calendarList)
    const both = String(
      (await google.tokens({ scope: calendarList, include_granted_scopes: 'true' }))['scope'],
    )
    expect(both.split(' ').toSorted()).toEqual([calendarList, calendar].toSorted())
  })

  test('spells the scopes of identity in long and adds openid', async () => {
    const { scope } = await google.tokens({ scope: `email profile ${calendar}` })
    expect(String(scope).split(' ').toSorted()).toEqual(
      [
        calendar,
        'https://www.googleapis.com/auth/userinfo.email',
        'https://www.googleapis.com/auth/userinfo.profile',
        'openid',
      ].toSorted(),
    )
  })

  test('drops scopes that are not on the client’s consent screen, without a word', async () => {
    await register({ scopes: [calendar] })
    expect((await google.tokens({ scope: `${calendar} ${calendarList}` }))['scope']).toBe(calendar)
  })
})

test.each<[string, Record<string, string>, [number, string]]>([
  ['no client', { client_id: '' }, [400, 'Missing required parameter: client_id']],
  ['an unknown client', { client_id: 'x' }, [401, 'invalid_client']],
  ['no redirect', { redirect_uri: '' }, [400, 'Missing required parameter: redirect_uri']],
  [
    'a plain http redirect elsewhere',
    { redirect_uri: 'http://example.com/' },
    [400, 'redirect_uri_mismatch'],
  ],
  ['no response type', { response_type: '' }, [400, 'Required parameter is missing: response_type']],
  ['another response type', { response_type: 'token' }, [400, 'unsupported_response_type']],
  ['no scope', { scope: '' }, [400, 'Required parameter is missing: scope']],
  ['an unknown scope', { scope: `${calendar} nonsense` }, [400, 'invalid=[nonsense]']],
  [
    'an unknown calendar scope',
    { scope: 'https://www.googleapis.com/auth/calendar.all' },
    [400, 'invalid_scope'],
  ],
  ['an unknown access type', { access_type: 'always' }, [400, 'access_type: always']],
  ['an unknown prompt', { prompt: 'login' }, [400, 'Invalid prompt: login']],
  ['a prompt beside none', { prompt: 'none consent' }, [400, 'prompt: none consent']],
  ['a short challenge', { code_challenge: 'short' }, [400, 'code_challenge']],
  ['an unknown challenge method', { code_challenge_method: 'S512' }, [400, 'code_challenge_method']],
])('a sign-in with %s ends on a page, whoever decides what', async (_name, more, [status, words]) => {
  for (const answer of [await google.look(more), await google.decide(more)]) {
    expect([answer.status, answer.headers.get('location')]).toEqual([status, null])
    expect(answer.body['text']).toContain(words)
  }
})

test('a registered redirect is met exactly, to the last slash', async () => {
  const redirectUri = 'https://app.example.com/callback'
  await register({ redirectUris: [redirectUri] })
  expect((await google.look({ redirect_uri: redirectUri })).status).toBe(200)
  for (const other of [`${redirectUri}/`, redirectUri.toUpperCase(), 'http://127.0.0.1:9/callback']) {
    const { status, body } = await google.look({ redirect_uri: other })
    expect([status, body['text']]).toEqual([400, expect.stringContaining('redirect_uri_mismatch')])
  }
})

test('without a page a sign-in succeeds where all is known, and says what is missing where not', async () => {
  const silent = async (more: Record<string, string> = {}) =>
    told(await google.look({ prompt: 'none', ...more }))
  expect(await silent()).toEqual({ error: 'consent_required', state: 'the-state' })
  await google.tokens()
  const { code = '', ...rest } = await silent()
  expect(rest).toMatchObject({ state: 'the-state', prompt: 'none' })
  expect((await google.redeem(code)).status).toBe(200)
  expect((await silent({ login_hint: 'nobody@example.com' }))['error']).toBe('login_required')
  await played.control('POST', 'accounts', { vendor: 'google', email: 'zoe@example.com' })
  expect((await silent())['error']).toBe('interaction_required')
  expect(await silent({ login_hint: person })).toHaveProperty('code')
  const { body } = await send(`${played.sandbox.url}/v1/userinfo`, 'GET', undefined, {
    authorization: `Bearer ${String((await google.tokens())['access_token'])}`,
  })
  expect(await silent({ login_hint: String(body['sub']) })).toHaveProperty('code')
})

test.each([
  ['admin-policy', 400, 'admin_policy_enforced'],
  ['disabled', 403, 'access_denied'],
])('an account under %s cannot sign in', async (requires, status, name) => {
  await played.control('POST', `accounts/${person}/sign-in?vendor=google`, { requires })
  const answer = await google.decide()
  expect([answer.status, answer.body['text']]).toEqual([status, expect.stringContaining(name)])
  await played.control('POST', `accounts/${person}/sign-in?vendor=google`, { requires: null })
  expect((await google.decide()).status).toBe(302)
})

test('a client of one organization refuses everybody else', async () => {
  await register({ internalTo: 'acme.example' })
  const answer = await google.decide()
  expect([answer.status, answer.body['text']]).toEqual([403, expect.stringContaining('org_internal')])
  expect((await google.decide({ other_account: 'dana@acme.example' })).status).toBe(302)
})

test.each([
  ['admin_policy_enforced', 400],
  ['org_internal', 403],
  ['disallowed_useragent', 403],
])('a fault shows the page of %s', async (code, status) => {
  await played.control('POST', 'faults', { kind: 'error', vendor: 'google', path: '/o/oauth2', code })
  const answer = await google.look()
  expect([answer.status, answer.body['text']]).toEqual([status, expect.stringContaining(code)])
  expect((await google.look()).status).toBe(200)
})
