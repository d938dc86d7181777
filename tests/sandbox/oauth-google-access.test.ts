import { describe, expect, test } from 'vitest'
import { oauthClients } from './consent.ts'
import { begin, calendar, calendarList, dead, googleSignIn } from './google-sign-in.ts'
import { playHere, reasonOf } from './played.ts'
import { person } from './signing-in.ts'

const played = playHere({ now: Date.parse(begin), frozen: true })
const { google, advance, call } = googleSignIn(played)

describe('Google §11.7: a revocation', () => {
  test.each(['access_token', 'refresh_token'])('of the %s ends both', async (name) => {
    const tokens = await google.tokens()
    expect((await google.post('/revoke', { token: String(tokens[name]) })).status).toBe(200)
    expect((await google.refresh(tokens['refresh_token'])).body).toEqual(dead)
    expect((await call(tokens['access_token'])).status).toBe(401)
    expect(await google.tokens()).toHaveProperty('refresh_token')
  })

  test('of an unknown, a revoked or no token is refused', async () => {
    const { access_token: token } = await google.tokens()
    await google.post('/revoke', { token: String(token) })
    for (const fields of [{ token: String(token) }, { token: 'nonsense' }]) {
      const { status, body } = await google.post('/revoke', fields)
      expect([status, body]).toEqual([
        400,
        { error: 'invalid_token', error_description: 'Token expired or revoked' },
      ])
    }
    expect((await google.post('/revoke', {})).body['error']).toBe('invalid_request')
  })
})

describe('Google §11.6: an access token', () => {
  test('lives an hour by the clock', async () => {
    const { access_token: token } = await google.tokens()
    await advance('PT59M')
    expect((await call(token)).status).toBe(200)
    await advance('PT1M')
    const { status, body } = await call(token)
    expect(status).toBe(401)
    expect(body['error']).toMatchObject({
      code: 401,
      status: 'UNAUTHENTICATED',
      errors: [{ domain: 'global', reason: 'authError', location: 'Authorization', locationType: 'header' }],
    })
  })

  test('can be let expire at once, and a refresh brings another', async () => {
    const tokens = await google.tokens()
    const { body } = await played.control('POST', `accounts/${person}/expire-tokens?vendor=google`)
    expect(body).toEqual({ expired: 1 })
    expect((await call(tokens['access_token'])).status).toBe(401)
    const again = await google.refresh(tokens['refresh_token'])
    expect((await call(again.body['access_token'])).status).toBe(200)
  })

  test('loses the scopes a person takes back, and a refresh does not bring them again', async () => {
    const tokens = await google.tokens({ scope: `${calendar} ${calendarList}` })
    const clientId = oauthClients.google.id
    await played.control('POST', `accounts/${person}/consent?vendor=google`, {
      clientId,
      scopes: [calendarList],
    })
    expect(reasonOf(await call(tokens['access_token']))).toBe('insufficientPermissions')
    expect((await google.refresh(tokens['refresh_token'])).body['scope']).toBe(calendarList)
  })
})
