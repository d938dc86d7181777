import { findAccount } from '../accounts.ts'
import { isObject } from '../json.ts'
import { nowOf, type World } from '../world.ts'
import { googleSwitch } from '../google/switches.ts'
import { parametersOf } from './authorize.ts'
import { findClient, presentedClient } from './clients.ts'
import { checkVerifier, redeemCode } from './codes.ts'
import { identityToken } from './google-identity.ts'
import { isIdentityScope } from './google-scopes.ts'
import { requirementOf } from './sign-ins.ts'
import {
  accessTokenSeconds,
  findRefreshToken,
  issueAccessToken,
  issueRefreshToken,
  noteUse,
} from './tokens.ts'
import type { AuthorizationCode, Client, Grant, RefreshToken } from './types.ts'

export interface TokenAnswer {
  status: number
  body: Record<string, unknown>
}

const dayMs = 86_400_000
/** Six months without a use end a refresh token. */
const idleMaxMs = 182 * dayMs
const testingMs = 7 * dayMs
/** Live refresh tokens that one account can have with one client. */
const tokensMax = 100

/** Google's token endpoint: exchange of a code, and refresh. */
export function exchangeAtGoogle(
  world: World,
  body: unknown,
  authorization: string | undefined,
): TokenAnswer {
  const repeated = Object.entries(isObject(body) ? body : {}).find(([, value]) => Array.isArray(value))
  if (repeated !== undefined)
    return refusal(400, 'invalid_request', `OAuth 2 parameters can only have a single value: ${repeated[0]}`)
  const form = parametersOf(body)
  const grantType = form['grant_type']
  if (!grantType) return missing('grant_type')
  if (['urn:ietf:params:oauth:grant-type:jwt-bearer', deviceCode].includes(grantType))
    return refusal(501, 'unsupported_grant_type', `The sandbox does not play ${grantType}.`)
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token')
    return refusal(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType}`)

  const { clientId, secret } = presentedClient(form, authorization)
  if (!clientId) return refusal(400, 'invalid_request', 'Could not determine client ID from request.')
  const client = findClient(world, 'google', clientId)
  if (client === undefined) return refusal(401, 'invalid_client', 'The OAuth client was not found.')
  if (!secret) return refusal(400, 'invalid_request', 'client_secret is missing.')
  if (client.clientSecret !== secret)
    return refusal(401, 'invalid_client', 'The provided client secret is invalid.')
  return grantType === 'refresh_token' ? refresh(world, client, form) : redeem(world, client, form)
}

const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code'

function redeem(world: World, client: Client, form: Record<string, string>): TokenAnswer {
  if (!form['code']) return missing('code')
  const code = world.state.codes.get(form['code'])
  const grant = world.state.grants.get(code?.grantId ?? '')
  if (code === undefined || grant?.vendor !== 'google')
    return refusal(400, 'invalid_grant', 'Malformed auth code.')
  const isDead = grant.ended !== null || code.redeemed || code.expiresAtMs <= nowOf(world)
  if (isDead || grant.clientId !== client.clientId) return refusal(400, 'invalid_grant', 'Bad Request')
  if (!form['redirect_uri']) return missing('redirect_uri')
  if (code.redirectUri !== form['redirect_uri']) return refusal(400, 'redirect_uri_mismatch', 'Bad Request')
  const verified = checkVerifier(code, form['code_verifier'])
  if (verified !== 'good') return refusal(400, 'invalid_grant', verifierFaults[verified])
  const person = refusePerson(world, grant)
  if (person !== null) return person

  redeemCode(world, code)
  const limitMs = accessLimitMs(client, code.scopes)
  const issued = answerWith(world, grant, code.scopes, code.nonce)
  if (givesRefreshToken(code, grant)) {
    const endsAtMs = limitMs === null ? null : nowOf(world) + limitMs
    const { token } = issueRefreshToken(world, grant, { prefix: '1//0', scopes: code.scopes, endsAtMs })
    issued.body['refresh_token'] = token
    if (limitMs !== null) issued.body['refresh_token_expires_in'] = Math.floor(limitMs / 1000) - 1
    forgetOldest(world, grant)
  }
  const counts = code.isOffline || !googleSwitch(world.state, 'refreshTokenAfterOnlineAccess')
  world.state.grants.set(grant.id, { ...grant, wasExchanged: grant.wasExchanged || counts })
  return issued
}

const verifierFaults = {
  missing: 'Missing code verifier.',
  wrong: 'Invalid code verifier.',
  'not needed': 'code_verifier or verifier is not needed.',
}

/** With the first exchange only, unless the client had the person asked again. */
function givesRefreshToken(code: AuthorizationCode, grant: Grant): boolean {
  return code.isOffline && (code.wasPrompted || !grant.wasExchanged)
}

/** An application in testing gets a week, unless it only wants to know who somebody is. */
function accessLimitMs(client: Client, scopes: readonly string[]): number | null {
  const limits = [
    client.testing === true && !scopes.every(isIdentityScope) ? testingMs : null,
    client.accessLimitSeconds === undefined ? null : client.accessLimitSeconds * 1000,
  ].filter((limit) => limit !== null)
  return limits.length === 0 ? null : Math.min(...limits)
}

/** The oldest tokens of an account with a client die without a word. */
function forgetOldest(world: World, grant: Grant): void {
  const tokens = [...world.state.refreshTokens.values()].filter(({ grantId }) => grantId === grant.id)
  for (const { token } of tokens.slice(0, -tokensMax)) world.state.refreshTokens.delete(token)
}

function refresh(world: World, client: Client, form: Record<string, string>): TokenAnswer {
  const text = form['refresh_token']
  if (!text) return missing('refresh_token')
  const found = findRefreshToken(world, 'google', text)
  if (found === undefined) return refusal(400, 'invalid_grant', text.startsWith('1//') ? dead : 'Bad Request')
  const { token, grant } = found
  if (grant.clientId !== client.clientId) return refusal(401, 'unauthorized_client', 'Unauthorized')
  if (grant.ended !== null || isSpent(world, token)) return refusal(400, 'invalid_grant', dead)
  const person = refusePerson(world, grant)
  if (person !== null) return person
  noteUse(world, token)
  const scopes = token.scopes.filter((scope) => grant.scopes.includes(scope))
  return answerWith(world, grant, scopes, null)
}

const dead = 'Token has been expired or revoked.'

function isSpent(world: World, { revoked, usedAtMs, endsAtMs }: RefreshToken): boolean {
  const now = nowOf(world)
  return revoked || now - usedAtMs > idleMaxMs || (endsAtMs !== null && endsAtMs <= now)
}

/** What keeps an account from tokens, whatever it has allowed. */
function refusePerson(world: World, grant: Grant): TokenAnswer | null {
  if (findAccount(world, 'google', grant.email) === undefined)
    return refusal(400, 'invalid_grant', 'Account has been deleted')
  const requirement = requirementOf(world, 'google', grant.email)
  if (requirement === 'admin-policy') {
    const text = 'Access is restricted by policies within the organization.'
    return refusal(400, 'admin_policy_enforced', text)
  }
  if (requirement === 'session-control') return sessionControl()
  return requirement === 'disabled' ? refusal(400, 'invalid_grant', 'Account has been disabled') : null
}

/** https://support.google.com/a/answer/9368756 */
export function sessionControl(): TokenAnswer {
  const { status, body } = refusal(400, 'invalid_grant', 'reauth related error (invalid_rapt)')
  const more = { error_subtype: 'invalid_rapt', error_uri: 'https://support.google.com/a/answer/9368756' }
  return { status, body: { ...body, ...more } }
}

function answerWith(
  world: World,
  grant: Grant,
  scopes: readonly string[],
  nonce: string | null,
): TokenAnswer {
  const { vendor, email, clientId, id } = grant
  const holder = { vendor, email, clientId, grantId: id, scopes }
  const { token } = issueAccessToken(world, holder, { prefix: 'ya29.a0', seconds: accessTokenSeconds })
  const body: Record<string, unknown> = {
    access_token: token,
    expires_in: accessTokenSeconds,
    scope: scopes.join(' '),
    token_type: 'Bearer',
  }
  if (scopes.includes('openid'))
    body['id_token'] = identityToken(world, grant, { scopes, nonce, accessToken: token })
  return { status: 200, body }
}

function missing(name: string): TokenAnswer {
  return refusal(400, 'invalid_request', `Missing required parameter: ${name}`)
}

export function refusal(status: number, error: string, description: string): TokenAnswer {
  return { status, body: { error, error_description: description } }
}
