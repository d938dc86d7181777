import { createHash } from 'node:crypto'
import { findAccount, type Account } from '../accounts.ts'
import { googleSwitch } from '../google/switches.ts'
import { nowOf, type World } from '../world.ts'
import { includesEmail, includesProfile } from './google-scopes.ts'
import { signToken } from './keys.ts'
import { nameOf } from './names.ts'
import { checkBearer } from './tokens.ts'
import type { Grant } from './types.ts'

const vendor = 'google'

export function issuerOf(world: World): string {
  return googleSwitch(world.state, 'identityIssuer') === 'vendor'
    ? 'https://accounts.google.com'
    : world.origin
}

/** Who granted, signed; what it tells depends on the scopes (https://developers.google.com/identity/openid-connect/openid-connect). */
export function identityToken(
  world: World,
  grant: Grant,
  about: { scopes: readonly string[]; nonce: string | null; accessToken: string },
): string {
  const account = findAccount(world, vendor, grant.email)
  const now = Math.floor(nowOf(world) / 1000)
  const half = createHash('sha256').update(about.accessToken).digest().subarray(0, 16)
  return signToken(world, vendor, {
    iss: issuerOf(world),
    azp: grant.clientId,
    aud: grant.clientId,
    ...(account === undefined ? {} : claimsOf(account, about.scopes)),
    at_hash: half.toString('base64url'),
    ...(about.nonce === null ? {} : { nonce: about.nonce }),
    iat: now,
    exp: now + 3600,
  })
}

function claimsOf(account: Account, scopes: readonly string[] | null): Record<string, unknown> {
  const domain = account.email.split('@')[1] ?? ''
  return {
    sub: account.subject,
    ...(['gmail.com', 'googlemail.com'].includes(domain) ? {} : { hd: domain }),
    ...(scopes === null || includesEmail(scopes) ? { email: account.email, email_verified: true } : {}),
    ...(scopes === null || includesProfile(scopes) ? nameOf(account) : {}),
  }
}

/** What OpenID's userinfo tells the holder of a token; nothing when the token does not say who somebody is. */
export function userInfo(world: World, authorization: string | undefined): Record<string, unknown> | null {
  const checked = checkBearer(world, vendor, authorization)
  if (checked.kind !== 'valid') return null
  const { email, scopes } = checked.caller
  const account = findAccount(world, vendor, email)
  const tells = scopes === null || scopes.includes('openid')
  return account === undefined || !tells ? null : claimsOf(account, scopes)
}

/** What is known of an access token; nothing when it is not good. */
export function tokenInfo(world: World, text: string | undefined): Record<string, unknown> | null {
  const token = world.state.accessTokens.get(text ?? '')
  const now = nowOf(world)
  if (token === undefined || token.vendor !== vendor || token.revoked || token.expiresAtMs <= now) return null
  const account = findAccount(world, vendor, token.email)
  const { scopes, clientId, expiresAtMs } = token
  const refreshes = [...world.state.refreshTokens.values()].some(({ grantId }) => grantId === token.grantId)
  return {
    azp: clientId,
    aud: clientId,
    ...(scopes === null || scopes.includes('openid') ? { sub: account?.subject } : {}),
    scope: scopes?.join(' ') ?? 'https://www.googleapis.com/auth/calendar',
    exp: String(Math.floor(expiresAtMs / 1000)),
    expires_in: String(Math.floor((expiresAtMs - now) / 1000)),
    ...(scopes === null || includesEmail(scopes) ? { email: token.email, email_verified: 'true' } : {}),
    access_type: refreshes ? 'offline' : 'online',
  }
}

/** https://accounts.google.com/.well-known/openid-configuration, with the sandbox's addresses. */
export function googleDiscovery(world: World): Record<string, unknown> {
  const at = (path: string): string => `${world.origin}${path}`
  return {
    issuer: issuerOf(world),
    authorization_endpoint: at('/o/oauth2/v2/auth'),
    token_endpoint: at('/token'),
    userinfo_endpoint: at('/v1/userinfo'),
    revocation_endpoint: at('/revoke'),
    jwks_uri: at('/oauth2/v3/certs'),
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: [
      'aud',
      'email',
      'email_verified',
      'exp',
      'family_name',
      'given_name',
      'iat',
      'iss',
      'name',
      'picture',
      'sub',
    ],
    code_challenge_methods_supported: ['plain', 'S256'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
  }
}
