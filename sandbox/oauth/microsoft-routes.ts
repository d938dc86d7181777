import type { FastifyInstance } from 'fastify'
import { findAccount } from '../accounts.ts'
import { nowOf, type World } from '../world.ts'
import { decide, parametersOf, showConsent, type AuthorizeRules } from './authorize.ts'
import { answer } from './google-routes.ts'
import {
  accessTokenSeconds,
  findClient,
  findGrantByRefreshToken,
  identityToken,
  issueAccessToken,
  issueRefreshToken,
  isVerified,
  redeemCode,
} from './grants.ts'
import type { Grant } from './types.ts'

const rules: AuthorizeRules = {
  vendor: 'microsoft',
  unknownClient: 'AADSTS700016: Application was not found in the directory.',
  issuesRefreshToken: ({ scopes }) => scopes.includes('offline_access'),
  denial: {
    error: 'access_denied',
    error_description: 'AADSTS65004: User declined to consent to access the app.',
  },
  echoesScope: false,
}

export const tenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

type TokenAnswer = { status: number; body: Record<string, unknown> }

/** Microsoft's sign-in: consent, token exchange and refresh, under any tenant's path. */
export function microsoftOAuthRoutes(app: FastifyInstance, world: World): void {
  const path = '/:tenant/oauth2/v2.0/authorize'
  app.get(path, (request, reply) => {
    const action = request.url.split('?')[0] ?? request.url
    return answer(reply, showConsent(world, rules, action, parametersOf(request.query)))
  })
  app.post(path, (request, reply) => answer(reply, decide(world, rules, request.body)))

  app.post('/:tenant/oauth2/v2.0/token', (request, reply) => {
    const { status, body } = exchange(world, parametersOf(request.body))
    return reply.status(status).header('cache-control', 'no-store, no-cache').send(body)
  })
}

function exchange(world: World, form: Record<string, string>): TokenAnswer {
  const client = findClient(world, 'microsoft', form['client_id'])
  if (client === undefined) {
    const text = `Application with identifier '${form['client_id'] ?? ''}' was not found in the directory.`
    return refusal(world, 400, 'unauthorized_client', 700016, text)
  }
  if (form['client_secret'] === undefined) {
    const text =
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
    return refusal(world, 401, 'invalid_client', 7000218, text)
  }
  if (client.clientSecret !== form['client_secret']) {
    const text =
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.'
    return refusal(world, 401, 'invalid_client', 7000215, text)
  }
  if (form['grant_type'] === 'refresh_token') return refresh(world, form, client.clientId)
  if (form['grant_type'] !== 'authorization_code') {
    return refusal(
      world,
      400,
      'unsupported_grant_type',
      70003,
      'The app requested an unsupported grant type.',
    )
  }
  return redeem(world, form, client.clientId)
}

function redeem(world: World, form: Record<string, string>, clientId: string): TokenAnswer {
  const code = world.state.codes.get(form['code'] ?? '')
  const grant = world.state.grants.get(code?.grantId ?? '')
  if (code === undefined || grant?.vendor !== 'microsoft' || grant.clientId !== clientId) {
    return refusal(world, 400, 'invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.')
  }
  if (grant.revoked) return refusal(world, 400, 'invalid_grant', 50173, revokedText)
  if (code.redeemed) {
    const text = 'OAuth2 Authorization code was already redeemed, please retry with a new valid code.'
    return refusal(world, 400, 'invalid_grant', 54005, text)
  }
  if (code.expiresAtMs <= nowOf(world)) {
    return refusal(world, 400, 'invalid_grant', 70008, 'The provided authorization code has expired.')
  }
  if (code.redirectUri !== form['redirect_uri']) {
    const text = "The 'redirect_uri' does not match the one the authorization code was requested with."
    return refusal(world, 400, 'invalid_grant', 50011, text)
  }
  if (!isVerified(code, form['code_verifier'])) {
    const text = 'The Code_Verifier does not match the code_challenge supplied in the authorization request.'
    return refusal(world, 400, 'invalid_grant', 501481, text)
  }
  redeemCode(world, code)
  return { status: 200, body: tokens(world, grant, code.scopes, code.issuesRefreshToken, code.nonce) }
}

const revokedText = 'The provided grant has expired due to it being revoked, a fresh auth token is needed.'

function refresh(world: World, form: Record<string, string>, clientId: string): TokenAnswer {
  const grant = findGrantByRefreshToken(world, 'microsoft', form['refresh_token'] ?? '')
  if (grant === undefined || grant.clientId !== clientId) {
    const text = 'The request was denied because one or more scopes requested are unauthorized or expired.'
    return refusal(world, 400, 'invalid_grant', 70000, text)
  }
  if (grant.revoked) return refusal(world, 400, 'invalid_grant', 50173, revokedText)
  const asked = (form['scope'] ?? '').split(/\s+/).filter((scope) => scope !== '')
  const scopes =
    asked.length === 0 ? grant.scopes : grant.scopes.filter((scope) => includesScope(asked, scope))
  return { status: 200, body: tokens(world, grant, scopes, true, null) }
}

/** A scope may be spelt with or without its resource. */
export function includesScope(scopes: readonly string[], wanted: string): boolean {
  const bare = (scope: string): string => scope.replace('https://graph.microsoft.com/', '').toLowerCase()
  return scopes.some((scope) => bare(scope) === bare(wanted) || bare(scope) === '.default')
}

function tokens(
  world: World,
  grant: Grant,
  scopes: readonly string[],
  withRefreshToken: boolean,
  nonce: string | null,
): Record<string, unknown> {
  const holder = {
    vendor: grant.vendor,
    email: grant.email,
    clientId: grant.clientId,
    grantId: grant.id,
    scopes,
  }
  const issued = issueAccessToken(world, holder)
  const account = findAccount(world, 'microsoft', grant.email)
  const now = Math.floor(nowOf(world) / 1000)
  const claims = {
    iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    aud: grant.clientId,
    sub: account?.subject,
    oid: account?.subject,
    tid: tenantId,
    email: grant.email,
    preferred_username: grant.email,
    iat: now,
    exp: now + accessTokenSeconds,
    ...(nonce === null ? {} : { nonce }),
  }
  return {
    token_type: 'Bearer',
    // offline_access is never listed among the scopes of an answer.
    scope: scopes.filter((scope) => scope !== 'offline_access').join(' '),
    expires_in: accessTokenSeconds,
    ext_expires_in: accessTokenSeconds,
    access_token: issued.token,
    ...(withRefreshToken ? { refresh_token: issueRefreshToken(world, grant) } : {}),
    ...(scopes.includes('openid') ? { id_token: identityToken(claims) } : {}),
  }
}

/** A refusal of the token endpoint with its code in the several places Entra repeats it. */
export function refusal(
  world: World,
  status: number,
  error: string,
  code: number,
  text: string,
): TokenAnswer {
  const traceId = world.random.uuid()
  const correlationId = world.random.uuid()
  const timestamp = `${new Date(nowOf(world)).toISOString().slice(0, 19).replace('T', ' ')}Z`
  const description = `AADSTS${code}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`
  const body = {
    error,
    error_description: description,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  }
  return { status, body }
}
