import { createPublicKey, randomUUID, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { oauthClients } from './consent.ts'
import { list, object, play, send, type Json, type Played } from './played.ts'
import { claimsOf, person, signingIn } from './signing-in.ts'

const begin = '2026-03-05T08:00:00.000Z'
const now = Date.parse(begin) / 1000
let played: Played

beforeAll(async () => {
  played = await play({ now: Date.parse(begin), frozen: true })
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  for (const vendor of ['google', 'microsoft'])
    await played.control('POST', 'accounts', { vendor, email: person })
})

const get = async (path: string, headers: Record<string, string> = {}) =>
  (await send(path.startsWith('http') ? path : `${played.sandbox.url}${path}`, 'GET', undefined, headers))
    .body

const both = [
  ['google', '/.well-known/openid-configuration', 'openid email profile'],
  ['microsoft', '/common/v2.0/.well-known/openid-configuration', 'openid email profile'],
] as const

test.each(both)(
  '%s signs identity tokens with a key that its discovery document leads to',
  async (vendor, path, scope) => {
    const discovery = await get(path)
    const { id_token: token } = await signingIn(played, vendor).tokens({ scope })
    const keys = list((await get(String(discovery['jwks_uri'])))['keys'])
    expect(verified(token, keys)).toBe(true)
    const [head, payload, signature] = String(token).split('.')
    expect(verified(`${head}.${payload?.slice(1)}.${signature}`, keys)).toBe(false)
    for (const name of ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint'])
      expect(discovery[name]).toMatch(new RegExp(`^${played.sandbox.url}/`))
  },
)

test.each(both)('%s keeps its key in the state file', async (_vendor, path) => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const key = async () => {
    const own = await play({ stateFile: join(folder, 'world'), seed: randomUUID() })
    const { body } = await send(`${own.sandbox.url}${path}`, 'GET', undefined, {})
    const keys = await send(String(body['jwks_uri']), 'GET', undefined, {})
    await own.close()
    return keys.body
  }
  expect(await key()).toEqual(await key())
  rmSync(folder, { recursive: true })
})

function verified(token: unknown, keys: Json[]): boolean {
  const [head = '', payload = '', signature = ''] = String(token).split('.')
  const { alg, kid } = object(JSON.parse(Buffer.from(head, 'base64url').toString()))
  const key = keys.find((one) => one['kid'] === kid)
  expect([alg, key?.['alg']]).toEqual(['RS256', 'RS256'])
  const publicKey = createPublicKey({ key: { ...key }, format: 'jwk' })
  return verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${payload}`),
    publicKey,
    Buffer.from(signature, 'base64url'),
  )
}

test('Google’s identity token says who it is for, whom it is about and until when', async () => {
  const { id_token: token } = await signingIn(played, 'google').tokens({
    scope: 'openid email profile',
    nonce: 'once',
    account: '',
    other_account: 'dana.doe@acme.example',
  })
  expect(claimsOf(token)).toEqual({
    iss: 'https://accounts.google.com',
    azp: oauthClients.google.id,
    aud: oauthClients.google.id,
    sub: expect.stringMatching(/^1\d{20}$/),
    hd: 'acme.example',
    email: 'dana.doe@acme.example',
    email_verified: true,
    name: 'Dana Doe',
    given_name: 'Dana',
    family_name: 'Doe',
    at_hash: expect.any(String),
    nonce: 'once',
    iat: now,
    exp: now + 3600,
  })
})

test('Google tells of a person what the scopes allow, in the token and at userinfo', async () => {
  const google = signingIn(played, 'google')
  const tell = async (scope: string) => {
    const tokens = await google.tokens({ scope })
    const known = await get('/v1/userinfo', { authorization: `Bearer ${String(tokens['access_token'])}` })
    return [Object.keys(known), 'id_token' in tokens]
  }
  expect(await tell('openid')).toEqual([['sub', 'hd'], true])
  expect(await tell('email')).toEqual([['sub', 'hd', 'email', 'email_verified'], true])
  expect(await tell('https://www.googleapis.com/auth/calendar')).toEqual([
    ['error', 'error_description'],
    false,
  ])
})

test('Google’s tokeninfo knows a live access token and no other', async () => {
  const google = signingIn(played, 'google')
  const { access_token: token } = await google.tokens()
  const look = () =>
    send(`${played.sandbox.url}/tokeninfo?access_token=${String(token)}`, 'GET', undefined, {})
  expect((await look()).body).toMatchObject({
    aud: oauthClients.google.id,
    email: person,
    expires_in: '3599',
    exp: String(now + 3599),
    access_type: 'offline',
  })
  await google.post('/revoke', { token: String(token) })
  const { status, body } = await look()
  expect([status, body['error']]).toEqual([400, 'invalid_token'])
  expect((await send(`${played.sandbox.url}/tokeninfo?id_token=x`, 'GET', undefined, {})).status).toBe(501)
})

test('Microsoft’s identity token says which tenant a person is of', async () => {
  const microsoft = signingIn(played, 'microsoft')
  const scope = 'openid profile email offline_access'
  const work = claimsOf((await microsoft.tokens({ scope, nonce: 'once' }))['id_token'])
  const { body } = await played.control('GET', 'accounts')
  const account = list(body['items']).find(({ vendor }) => vendor === 'microsoft')
  expect(work).toMatchObject({
    ver: '2.0',
    iss: `https://login.microsoftonline.com/${String(account?.['tenantId'])}/v2.0`,
    aud: oauthClients.microsoft.id,
    tid: account?.['tenantId'],
    preferred_username: person,
    email: person,
    name: 'Ada',
    nonce: 'once',
    iat: now,
    exp: now + 3600,
  })
  const personal = claimsOf(
    (await microsoft.tokens({ scope, account: '', other_account: 'zoe@outlook.com' }))['id_token'],
  )
  expect(personal).toMatchObject({
    tid: '9188040d-6c67-4c5b-b112-36a304b66dad',
    oid: expect.stringMatching(/^00000000-0000-0000-[0-9a-f]{4}-[0-9a-f]{12}$/),
  })
})

test('Microsoft tells apart accounts by what its own libraries ask for', async () => {
  const { id_token: token, client_info: info } = object(
    (
      await signingIn(played, 'microsoft').redeem(
        (await signingIn(played, 'microsoft').allow({ scope: 'openid profile' })).get('code'),
        { client_info: '1' },
      )
    ).body,
  )
  const { oid, tid } = claimsOf(token)
  expect(JSON.parse(Buffer.from(String(info), 'base64url').toString())).toEqual({ uid: oid, utid: tid })
})

test('Microsoft’s userinfo tells what the scopes allow, under the subject each client knows', async () => {
  const { access_token: token, id_token: identity } = await signingIn(played, 'microsoft').tokens({
    scope: 'openid profile email',
  })
  const known = await get('/oidc/userinfo', { authorization: `Bearer ${String(token)}` })
  expect(known).toMatchObject({ sub: claimsOf(identity)['sub'], name: 'Ada', email: person })
  const refused = await send(`${played.sandbox.url}/oidc/userinfo`, 'GET', undefined, {})
  expect([refused.status, refused.body['error']]).toEqual([401, 'invalid_token'])
})

test('tokens come from the sandbox’s own address when that is switched, for clients that insist', async () => {
  await played.control('POST', 'switches', {
    'google.identityIssuer': 'sandbox',
    'microsoft.identityIssuer': 'sandbox',
  })
  for (const [vendor, path, scope] of both) {
    const claims = claimsOf((await signingIn(played, vendor).tokens({ scope }))['id_token'])
    const { issuer } = await get(path)
    expect(claims['iss']).toBe(String(issuer).replace('{tenantid}', String(claims['tid'])))
    expect(String(issuer).startsWith(played.sandbox.url)).toBe(true)
  }
})
