import { describe, expect, test } from 'vitest'
import { oauthClients } from './consent.ts'
import { begin, emails, microsoftSignIn, numberOf, personalTenant, refusalOf } from './microsoft-sign-in.ts'
import { playHere, send } from './played.ts'
import { claimsOf, person, signingIn, told } from './signing-in.ts'

const played = playHere({ now: Date.parse(begin), frozen: true })
const { microsoft, account, register, tenantOf } = microsoftSignIn(played)

describe('a tenant in the path', () => {
  test.each([
    ['common', [person, 'zoe@outlook.com']],
    ['organizations', [person]],
    ['consumers', ['zoe@outlook.com']],
    [personalTenant, ['zoe@outlook.com']],
    ['example.com', [person]],
  ])('%s shows the accounts that are its own', async (tenant, expected) => {
    const { body } = await signingIn(played, 'microsoft', { tenant }).look()
    expect(emails(body['text'])).toEqual(expected)
  })

  test('is known by the id of its accounts, and refuses those of another', async () => {
    const tenant = await tenantOf(person)
    const own = signingIn(played, 'microsoft', { tenant })
    expect(claimsOf((await own.tokens())['id_token'])).toMatchObject({ tid: tenant })
    const other = await own.decide({ account: 'zoe@outlook.com' })
    expect([other.status, other.body['text']]).toEqual([400, expect.stringContaining('AADSTS50020:')])
    const { refresh_token: token } = await own.tokens()
    expect(numberOf(await signingIn(played, 'microsoft', { tenant: 'consumers' }).refresh(token))).toBe(
      700005,
    )
  })

  test('without an account in it is unknown', async () => {
    const unknown = signingIn(played, 'microsoft', { tenant: 'nowhere.example' })
    expect((await unknown.look()).body['text']).toContain('AADSTS90002:')
    expect(refusalOf(await unknown.refresh('any'))).toEqual([400, 'invalid_request', 90002, undefined])
  })

  test('hints narrow the accounts and choose among them', async () => {
    expect(emails((await microsoft.look({ domain_hint: 'consumers' })).body['text'])).toEqual([
      'zoe@outlook.com',
    ])
    expect(emails((await microsoft.look({ domain_hint: 'example.com' })).body['text'])).toEqual([person])
    const { body } = await microsoft.look({ login_hint: 'zoe@outlook.com' })
    expect(body['text']).toMatch(/value="zoe@outlook.com"\s+checked/)
  })
})

describe('whom a client takes', () => {
  test('is one tenant, and not by the common path', async () => {
    await register({ audience: 'one-tenant', tenant: 'example.com' })
    expect((await microsoft.look()).body['text']).toContain('AADSTS50194:')
    expect(refusalOf(await microsoft.refresh('any'))).toEqual([400, 'invalid_request', 50194, undefined])
    const own = signingIn(played, 'microsoft', { tenant: await tenantOf(person) })
    expect(await own.tokens()).toHaveProperty('access_token')
    await account('bo@other.example')
    const other = signingIn(played, 'microsoft', { tenant: 'other.example' })
    expect((await other.look()).body['text']).toContain('AADSTS700016:')
  })

  test('is organizations, and a personal account is refused', async () => {
    await register({ audience: 'organizations' })
    expect((await microsoft.decide({ account: 'zoe@outlook.com' })).body['text']).toContain('AADSTS50020:')
    expect((await signingIn(played, 'microsoft', { tenant: 'consumers' }).look()).body['text']).toContain(
      'AADSTS700016:',
    )
    expect((await microsoft.decide()).status).toBe(302)
  })

  test('waits for an administrator, who allows it for the whole tenant', async () => {
    await register({ needsAdminConsent: true })
    const refused = told(await microsoft.decide())
    expect([refused['error'], refused['error_description']]).toEqual([
      'access_denied',
      expect.stringContaining('AADSTS90094:'),
    ])

    const asked = {
      client_id: oauthClients.microsoft.id,
      redirect_uri: 'http://127.0.0.1:9/callback',
      state: 'admin',
    }
    const page = await send(
      `${played.sandbox.url}/organizations/v2.0/adminconsent?${new URLSearchParams({ ...asked, scope: '.default' })}`,
      'GET',
      undefined,
      {},
    )
    expect([page.status, emails(page.body['text'])]).toEqual([200, [person]])
    const no = await microsoft.post('/common/adminconsent', { ...asked, account: person, decision: 'deny' })
    expect(told(no)).toMatchObject({ error: 'access_denied', state: 'admin' })
    const yes = await microsoft.post('/common/adminconsent', { ...asked, account: person, decision: 'allow' })
    expect(told(yes)).toEqual({ admin_consent: 'True', tenant: await tenantOf(person), state: 'admin' })
    expect(await microsoft.tokens()).toHaveProperty('access_token')
  })
})
