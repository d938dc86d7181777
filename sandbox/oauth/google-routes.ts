import type { FastifyInstance, FastifyReply } from 'fastify'
import { findAccount } from '../accounts.ts'
import { nowOf, type World } from '../world.ts'
import { decide, parametersOf, showConsent, type AuthorizeAnswer, type AuthorizeRules } from './authorize.ts'
import {
  accessTokenSeconds,
  checkBearer,
  findClient,
  findGrantByRefreshToken,
  identityToken,
  issueAccessToken,
  issueRefreshToken,
  isVerified,
  redeemCode,
  revokeGrant,
} from './grants.ts'
import type { Grant } from './types.ts'

const rules: AuthorizeRules = {
  vendor: 'google',
  unknownClient: 'Error 401: invalid_client. The OAuth client was not found.',
  // A refresh token comes with the first consent only, unless consent is asked for again.
  issuesRefreshToken: ({ parameters, isFirst }) =>
    parameters['access_type'] === 'offline' &&
    (isFirst || (parameters['prompt'] ?? '').split(' ').includes('consent')),
  denial: { error: 'access_denied' },
  echoesScope: true,
}

type TokenAnswer = { status: number; body: Record<string, unknown> }

/** Google's sign-in: consent, token exchange, refresh, revocation and the OpenID userinfo. */
export function googleOAuthRoutes(app: FastifyInstance, world: World): void {
  const path = '/o/oauth2/v2/auth'
  app.get(path, (request, reply) =>
    answer(reply, showConsent(world, rules, path, parametersOf(request.query))),
  )
  app.post(path, (request, reply) => answer(reply, decide(world, rules, request.body)))

  app.post('/token', (request, reply) => {
    const { status, body } = exchange(world, parametersOf(request.body))
    return reply.status(status).header('cache-control', 'no-cache, no-store').send(body)
  })

  app.post('/revoke', (request, reply) => {
    const token = { ...parametersOf(request.query), ...parametersOf(request.body) }['token'] ?? ''
    const access = world.state.accessTokens.get(token)
    const grant =
      findGrantByRefreshToken(world, 'google', token) ?? world.state.grants.get(access?.grantId ?? '')
    if (grant === undefined || grant.revoked) {
      return reply.status(400).send(refusal('invalid_token', 'Token expired or revoked'))
    }
    revokeGrant(world, grant)
    return reply.send({})
  })

  app.get('/v1/userinfo', (request, reply) => {
    const checked = checkBearer(world, 'google', request.headers.authorization)
    const account = checked.kind === 'valid' ? findAccount(world, 'google', checked.caller.email) : undefined
    if (account === undefined) {
      const body = { error: 'invalid_request', error_description: 'Invalid Credentials' }
      return reply.status(401).send(body)
    }
    return reply.send({
      sub: account.subject,
      email: account.email,
      email_verified: true,
      name: account.email,
    })
  })
}

/** Sends the answer of an authorize endpoint, which is a page or a redirect. */
export function answer(reply: FastifyReply, given: AuthorizeAnswer): FastifyReply {
  if (given.kind === 'redirect') return reply.redirect(given.location, 302)
  return reply.status(given.status).type('text/html; charset=utf-8').send(given.html)
}

function exchange(world: World, form: Record<string, string>): TokenAnswer {
  const client = findClient(world, 'google', form['client_id'])
  if (client === undefined)
    return { status: 401, body: refusal('invalid_client', 'The OAuth client was not found.') }
  if (client.clientSecret !== form['client_secret']) {
    return { status: 401, body: refusal('invalid_client', 'Unauthorized') }
  }
  if (form['grant_type'] === 'refresh_token') return refresh(world, form, client.clientId)
  if (form['grant_type'] !== 'authorization_code') {
    return {
      status: 400,
      body: refusal('unsupported_grant_type', `Invalid grant_type: ${form['grant_type'] ?? ''}`),
    }
  }

  const code = world.state.codes.get(form['code'] ?? '')
  if (code === undefined) return { status: 400, body: refusal('invalid_grant', 'Malformed auth code.') }
  const grant = world.state.grants.get(code.grantId)
  const isOurs = grant !== undefined && grant.vendor === 'google' && grant.clientId === client.clientId
  if (!isOurs || grant.revoked || code.redeemed || code.expiresAtMs <= nowOf(world)) {
    return { status: 400, body: refusal('invalid_grant', 'Bad Request') }
  }
  if (code.redirectUri !== form['redirect_uri']) {
    return { status: 400, body: refusal('redirect_uri_mismatch', 'Bad Request') }
  }
  if (!isVerified(code, form['code_verifier'])) {
    return { status: 400, body: refusal('invalid_grant', 'Invalid code verifier.') }
  }
  redeemCode(world, code)
  const refreshToken = code.issuesRefreshToken ? { refresh_token: issueRefreshToken(world, grant) } : {}
  return { status: 200, body: { ...tokens(world, grant, code.scopes, code.nonce), ...refreshToken } }
}

function refresh(world: World, form: Record<string, string>, clientId: string): TokenAnswer {
  const grant = findGrantByRefreshToken(world, 'google', form['refresh_token'] ?? '')
  if (grant === undefined || grant.revoked || grant.clientId !== clientId) {
    return { status: 400, body: refusal('invalid_grant', 'Token has been expired or revoked.') }
  }
  return { status: 200, body: tokens(world, grant, grant.scopes, null) }
}

function tokens(
  world: World,
  grant: Grant,
  scopes: readonly string[],
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
  const account = findAccount(world, 'google', grant.email)
  const now = Math.floor(nowOf(world) / 1000)
  const claims = {
    iss: 'https://accounts.google.com',
    azp: grant.clientId,
    aud: grant.clientId,
    sub: account?.subject,
    email: grant.email,
    email_verified: true,
    iat: now,
    exp: now + accessTokenSeconds,
    ...(nonce === null ? {} : { nonce }),
  }
  return {
    access_token: issued.token,
    expires_in: accessTokenSeconds,
    scope: scopes.join(' '),
    token_type: 'Bearer',
    ...(scopes.includes('openid') ? { id_token: identityToken(claims) } : {}),
  }
}

function refusal(error: string, description: string): Record<string, unknown> {
  return { error, error_description: description }
}
