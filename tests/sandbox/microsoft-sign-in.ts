import { beforeEach, expect } from 'vitest'
import { oauthClients } from './consent.ts'
import { list, send, type Answer, type Json, type Played } from './played.ts'
import { person, signingIn } from './signing-in.ts'

export const begin = '2026-03-05T08:00:00.000Z'
export const scope = 'openid offline_access User.Read Calendars.ReadWrite'
export const personalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** The accounts a page lets a person choose from. */
export function emails(text: unknown): (string | undefined)[] {
  return [...String(text).matchAll(/name="account"[^>]*value="([^"]+)"/g)].map(([, email]) => email)
}

export function numberOf({ body }: { body: Json }): number | undefined {
  return (body['error_codes'] as number[] | undefined)?.[0]
}

/** Status, error, number and suberror of a refusal, which repeats its number in several places. */
export function refusalOf({ status, body }: { status: number; body: Json }) {
  const number = numberOf({ body })
  expect(body['error_description']).toMatch(
    new RegExp(
      `^AADSTS${number}: .+\\r\\nTrace ID: ${String(body['trace_id'])}\\r\\nCorrelation ID: ${String(body['correlation_id'])}\\r\\nTimestamp: ${String(body['timestamp'])}$`,
    ),
  )
  expect(body['error_uri']).toBe(`https://login.microsoftonline.com/error?code=${number}`)
  return [status, body['error'], number, body['suberror']]
}

/** People of a company and at home who sign in to the client a sandbox has from the start. */
export function microsoftSignIn(played: Played) {
  const account = (email: string): Promise<Answer> =>
    played.control('POST', 'accounts', { vendor: 'microsoft', email })
  beforeEach(async () => {
    await played.control('POST', 'reset')
    await account(person)
    await account('zoe@outlook.com')
  })
  return {
    microsoft: signingIn(played, 'microsoft'),
    account,
    register: (options: Json) =>
      played.control('POST', 'clients', {
        vendor: 'microsoft',
        clientId: oauthClients.microsoft.id,
        ...options,
      }),
    advance: (duration: string) => played.control('POST', 'clock', { advance: duration }),
    requireOf: (requires: string | null) =>
      played.control('POST', `accounts/${person}/sign-in?vendor=microsoft`, { requires }),
    call: (token: unknown, path = '/v1.0/me/events', method = 'GET') =>
      send(`${played.sandbox.url}${path}`, method, undefined, { authorization: `Bearer ${String(token)}` }),
    tenantOf: async (email: string): Promise<string> => {
      const { body } = await played.control('GET', 'accounts')
      return String(list(body['items']).find((one) => one['email'] === email)?.['tenantId'])
    },
  }
}
