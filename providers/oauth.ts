import type { Vendor } from '../domain/event.ts'
import { lostAnswer, retryAfterMs } from './call.ts'
import { ClientRefused, ConsentRevoked, OutcomeUnknown, Refused, Throttled } from './errors.ts'
import type { Endpoints } from './port.ts'

/** A tenant's OAuth client with its secret, for the length of one call. */
export interface ClientCredentials {
  clientId: string
  clientSecret: string
  endpoints: Endpoints
}

export interface Tokens {
  accessToken: string
  /** Null when the vendor keeps the old one valid (Google never rotates). */
  refreshToken: string | null
  expiresInSeconds: number
  scope: string
}

/** The least that two-way sync needs (Google: calendar.events and the calendar list; Graph: Calendars.ReadWrite). */
const scopes: Record<Vendor, string> = {
  google:
    'https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/calendar.calendarlist.readonly',
  microsoft: 'offline_access User.Read Calendars.ReadWrite',
}

const paths: Record<Vendor, { authorize: string; token: string }> = {
  google: { authorize: '/o/oauth2/v2/auth', token: '/token' },
  microsoft: { authorize: '/common/oauth2/v2.0/authorize', token: '/common/oauth2/v2.0/token' },
}

/** Where the member consents: authorization code with PKCE S256 (RFC 6749 §4.1, RFC 7636). */
export function authorizeUrl(
  vendor: Vendor,
  client: Pick<ClientCredentials, 'clientId' | 'endpoints'>,
  request: { redirectUri: string; state: string; codeChallenge: string; loginHint: string | null },
): string {
  const url = new URL(paths[vendor].authorize, client.endpoints.authorize)
  const parameters = {
    client_id: client.clientId,
    redirect_uri: request.redirectUri,
    response_type: 'code',
    scope: scopes[vendor],
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    ...(vendor === 'google' ? { access_type: 'offline', prompt: 'consent' } : { response_mode: 'query' }),
    ...(request.loginHint ? { login_hint: request.loginHint } : {}),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.toString()
}

export function exchangeCode(
  vendor: Vendor,
  client: ClientCredentials,
  grant: { code: string; redirectUri: string; codeVerifier: string },
): Promise<Tokens> {
  return requestTokens(vendor, client, {
    grant_type: 'authorization_code',
    code: grant.code,
    redirect_uri: grant.redirectUri,
    code_verifier: grant.codeVerifier,
  })
}

export function refreshTokens(
  vendor: Vendor,
  client: ClientCredentials,
  refreshToken: string,
): Promise<Tokens> {
  return requestTokens(vendor, client, { grant_type: 'refresh_token', refresh_token: refreshToken })
}

/**
 * Ends a person's consent to a Google client, with every token of it (https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke).
 * One that is over already is answered with 400 `invalid_token`, and is done. Graph offers nothing like it for one app.
 */
export async function revokeToken(
  client: Pick<ClientCredentials, 'endpoints'>,
  token: string,
): Promise<void> {
  const response = await fetch(new URL('/revoke', client.endpoints.token), {
    method: 'POST',
    body: new URLSearchParams({ token }),
    signal: AbortSignal.timeout(15_000),
  }).catch((error: unknown) => {
    throw lostAnswer(error)
  })
  const body: unknown = await response.json().catch(() => null)
  const error = typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : undefined
  if (!response.ok && error !== 'invalid_token') throw tokenError(response, body)
}

/** The scopes a consent lacks: people can untick them (granular consent), so what was granted is what counts. */
export function missingScopes(vendor: Vendor, granted: string): string[] {
  const held = new Set(
    granted.split(/\s+/).map((scope) => scope.replace('https://graph.microsoft.com/', '').toLowerCase()),
  )
  return scopes[vendor]
    .split(' ')
    .filter((scope) => scope !== 'offline_access' && !held.has(scope.toLowerCase()))
}

async function requestTokens(
  vendor: Vendor,
  client: ClientCredentials,
  grant: Record<string, string>,
): Promise<Tokens> {
  const response = await fetch(new URL(paths[vendor].token, client.endpoints.token), {
    method: 'POST',
    body: new URLSearchParams({ client_id: client.clientId, client_secret: client.clientSecret, ...grant }),
    signal: AbortSignal.timeout(15_000),
  }).catch((error: unknown) => {
    throw lostAnswer(error)
  })
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) throw tokenError(response, body)
  const field = (name: string): unknown =>
    typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
  const accessToken = field('access_token')
  const refreshToken = field('refresh_token')
  if (typeof accessToken !== 'string')
    throw new Refused('no-access-token', 'The token endpoint answered without a token.')
  const scope = field('scope')
  return {
    accessToken,
    refreshToken: typeof refreshToken === 'string' ? refreshToken : null,
    expiresInSeconds: Number(field('expires_in') ?? 3600),
    scope: typeof scope === 'string' ? scope : '',
  }
}

/** Branches on `error`, and keeps its AADSTS number for people; descriptions may carry more than we want to store. */
function tokenError(response: Response, body: unknown) {
  const read = (name: string): unknown =>
    typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
  const error = typeof read('error') === 'string' ? String(read('error')) : `http-${response.status}`
  const numbers: unknown = read('error_codes')
  const code = Array.isArray(numbers) && numbers.length > 0 ? `${error} AADSTS${String(numbers[0])}` : error
  const requestId = response.headers.get('x-ms-request-id') ?? null
  switch (error) {
    case 'invalid_grant':
    case 'interaction_required':
    case 'consent_required':
    case 'access_denied':
      return new ConsentRevoked(code, `The consent is no longer valid (${code}): authorize again.`, requestId)
    case 'invalid_client':
    case 'unauthorized_client':
      return new ClientRefused(
        code,
        `The vendor refuses the OAuth client (${code}): check its id and secret.`,
        requestId,
      )
    default:
      if (response.status === 429) {
        const wait = retryAfterMs(response.headers.get('retry-after'), 5_000)
        return new Throttled(code, `The token endpoint is busy (${code}).`, requestId, wait)
      }
      if (response.status >= 500 || error === 'temporarily_unavailable' || error === 'server_error') {
        return new OutcomeUnknown(code, `The token endpoint failed (${code}).`, requestId)
      }
      return new Refused(code, `The token endpoint refused the request (${code}).`, requestId)
  }
}
