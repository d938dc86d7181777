import { expect, test } from 'vitest'
import { begin, microsoftSignIn, scope } from './microsoft-sign-in.ts'
import { object, playHere, send } from './played.ts'
import { person, told } from './signing-in.ts'

const played = playHere({ now: Date.parse(begin), frozen: true })
const { microsoft, requireOf } = microsoftSignIn(played)

test.each<[string, Record<string, string>, number]>([
  ['no client', { client_id: '' }, 900144],
  ['an unknown client', { client_id: 'x' }, 700016],
  ['a plain http redirect elsewhere', { redirect_uri: 'http://example.com/' }, 50011],
  ['no response type', { response_type: '' }, 900144],
  ['no scope', { scope: '' }, 900144],
])('a sign-in with %s ends on a page, whoever decides what', async (_name, more, number) => {
  for (const answer of [await microsoft.look(more), await microsoft.decide(more)]) {
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    expect(answer.body['text']).toContain(`AADSTS${number}:`)
  }
})

test.each<[string, Record<string, string>, string, number]>([
  ['an identity token instead of a code', { response_type: 'id_token' }, 'unsupported_response_type', 700054],
  ['a scope that is none', { scope: 'User.Read no!' }, 'invalid_scope', 70011],
  ['.default beside another scope', { scope: '.default User.Read' }, 'invalid_scope', 70011],
  ['an unknown prompt', { prompt: 'please' }, 'invalid_request', 90023],
  ['two prompts', { prompt: 'login consent' }, 'invalid_request', 90023],
  ['an unknown response mode', { response_mode: 'mail' }, 'invalid_request', 90023],
  ['a short challenge', { code_challenge: 'short' }, 'invalid_request', 90023],
])('a sign-in with %s is told to the client', async (_name, more, error, number) => {
  const answer = told(await microsoft.look(more))
  expect(answer).toMatchObject({ error, state: 'the-state' })
  expect(answer['error_description']).toContain(`AADSTS${number}:`)
})

test('a person who declines is told as access_denied', async () => {
  const answer = told(await microsoft.decide({ decision: 'deny' }))
  expect(answer).toMatchObject({ error: 'access_denied', error_subcode: 'cancel', state: 'the-state' })
  expect(answer['error_description']).toContain('AADSTS65004:')
})

test('the client is answered in the query, the fragment or a form that sends itself', async () => {
  expect(told(await microsoft.decide({ response_mode: 'query' }))).toMatchObject({ code: expect.any(String) })
  const fragment = await microsoft.decide({ response_mode: 'fragment' })
  expect(new URL(fragment.headers.get('location') ?? '').search).toBe('')
  expect(told(fragment)).toMatchObject({ code: expect.any(String), state: 'the-state' })
  const { status, body } = await microsoft.decide({ response_mode: 'form_post', state: '"><b>' })
  expect(status).toBe(200)
  expect(body['text']).toContain('method="post" action="http://127.0.0.1:9/callback"')
  expect(body['text']).toContain('name="state" value="&quot;&gt;&lt;b&gt;"')
  const code = /name="code" value="([^"]+)"/.exec(String(body['text']))?.[1] ?? ''
  expect((await microsoft.redeem(code)).status).toBe(200)
})

test('without a page a sign-in succeeds where all is known, and says what is missing where not', async () => {
  const silent = async (more: Record<string, string> = {}) =>
    told(await microsoft.look({ prompt: 'none', login_hint: person, ...more }))
  expect(await silent()).toMatchObject({ error: 'consent_required', state: 'the-state' })
  await microsoft.tokens()
  expect(await silent()).toHaveProperty('code')
  expect(await silent({ scope: `${scope} Mail.Read` })).toMatchObject({ error: 'consent_required' })
  expect((await silent({ login_hint: '' }))['error_description']).toContain('AADSTS16000:')
  expect((await silent({ login_hint: 'nobody@example.com' }))['error_description']).toContain('AADSTS50058:')
  await requireOf('mfa')
  const needed = await silent()
  expect(needed['error']).toBe('interaction_required')
  expect(object(JSON.parse(needed['claims'] ?? ''))).toHaveProperty('access_token')
})

test.each([
  ['disabled', 50057],
  ['conditional-access', 53003],
])('an account under %s cannot sign in, and the person is told', async (requires, number) => {
  await requireOf(requires)
  const answer = await microsoft.decide()
  expect([answer.status, answer.body['text']]).toEqual([400, expect.stringContaining(`AADSTS${number}:`)])
})

test('a person signs out, and goes where the client wished', async () => {
  const logout = `${played.sandbox.url}/common/oauth2/v2.0/logout`
  expect((await send(logout, 'GET', undefined, {})).body['text']).toContain('You signed out')
  const back = await send(
    `${logout}?post_logout_redirect_uri=https://app.example.com/bye`,
    'GET',
    undefined,
    {},
  )
  expect([back.status, back.headers.get('location')]).toEqual([302, 'https://app.example.com/bye'])
})

test('Microsoft §12.6: a fault befalls a sign-in, on a page or told to the client', async () => {
  const fault = (code: number) =>
    played.control('POST', 'faults', {
      kind: 'error',
      account: person,
      path: 'authorize',
      method: 'POST',
      code,
    })
  await fault(90094)
  expect(told(await microsoft.decide())).toMatchObject({ error: 'access_denied', state: 'the-state' })
  await fault(53003)
  expect((await microsoft.decide()).body['text']).toContain('AADSTS53003:')
  expect((await microsoft.decide()).status).toBe(302)
})
