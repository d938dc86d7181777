import type { Vendor } from '../../domain/event.ts'
import { authorizeUrl, exchangeCode, type Tokens } from '../../providers/oauth.ts'
import { decideConsent } from '../../scripts/consent.ts'

/** The OAuth clients that the sandbox knows from the start. */
export const clients = {
  google: { id: 'sandbox-google.apps.googleusercontent.com', secret: 'sandbox-google-secret' },
  microsoft: { id: '00000000-5a4d-4b0c-8000-000000000001', secret: 'sandbox-microsoft-secret' },
} as const

// RFC 7636, appendix B.
const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const codeChallenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

/** The tokens that the sandbox gives when this account consents. */
export async function consentAt(sandboxUrl: string, vendor: Vendor, email: string): Promise<Tokens> {
  const endpoints = { api: sandboxUrl, authorize: sandboxUrl, token: sandboxUrl }
  const redirectUri = 'http://127.0.0.1:1/callback'
  const client = { clientId: clients[vendor].id, clientSecret: clients[vendor].secret, endpoints }
  const request = { redirectUri, state: 'state', codeChallenge, loginHint: null }
  const callback = new URL(await decideConsent(authorizeUrl(vendor, client, request), email))
  const code = callback.searchParams.get('code') ?? ''
  return exchangeCode(vendor, client, { code, redirectUri, codeVerifier })
}
