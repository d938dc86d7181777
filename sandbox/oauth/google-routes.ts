import type { FastifyInstance } from 'fastify'
import type { World } from '../world.ts'
import { answer, formOf, parametersOf } from './authorize.ts'
import { decideAtGoogle, showGoogleConsent } from './google-authorize.ts'
import { googleDiscovery, tokenInfo, userInfo } from './google-identity.ts'
import { exchangeAtGoogle, refusal } from './google-token.ts'
import { endGrant } from './grants.ts'
import { publicKeys } from './keys.ts'
import { findRefreshToken } from './tokens.ts'

/** Google's sign-in, at today's addresses and at older ones that libraries still know. */
export function googleOAuthRoutes(app: FastifyInstance, world: World): void {
  for (const path of ['/o/oauth2/v2/auth', '/o/oauth2/auth']) {
    app.get(path, (request, reply) =>
      answer(reply, showGoogleConsent(world, path, parametersOf(request.query))),
    )
    app.post(path, (request, reply) => answer(reply, decideAtGoogle(world, formOf(request))))
  }
  for (const path of ['/token', '/oauth2/v4/token', '/o/oauth2/token']) {
    app.post(path, (request, reply) => {
      const { status, body } = exchangeAtGoogle(world, formOf(request), request.headers.authorization)
      return reply.status(status).header('cache-control', 'no-cache, no-store').send(body)
    })
  }
  for (const path of ['/revoke', '/o/oauth2/revoke']) {
    app.post(path, (request, reply) => {
      const token = { ...parametersOf(request.query), ...parametersOf(formOf(request)) }['token']
      const { status, body } = revoke(world, token)
      return reply.status(status).send(body)
    })
  }
  for (const path of ['/v1/userinfo', '/oauth2/v3/userinfo']) {
    app.get(path, (request, reply) => {
      const known = userInfo(world, request.headers.authorization)
      if (known !== null) return reply.send(known)
      void reply.header(
        'www-authenticate',
        'Bearer realm="https://accounts.google.com/", error="invalid_token"',
      )
      return reply.status(401).send(refusal(401, 'invalid_request', 'Invalid Credentials').body)
    })
  }
  for (const path of ['/tokeninfo', '/oauth2/v3/tokeninfo']) {
    app.get(path, (request, reply) => {
      const { access_token: accessToken, id_token: idToken } = parametersOf(request.query)
      if (idToken !== undefined) {
        const text = 'The sandbox does not play the tokeninfo of identity tokens.'
        return reply.status(501).send(refusal(501, 'not_implemented', text).body)
      }
      const known = tokenInfo(world, accessToken)
      return known === null ? reply.status(400).send(unknownToken) : reply.send(known)
    })
  }
  app.get('/.well-known/openid-configuration', () => googleDiscovery(world))
  app.get('/oauth2/v3/certs', () => publicKeys(world, 'google'))
}

const unknownToken = { error: 'invalid_token', error_description: 'Invalid Value' }

/** Whichever token is given, all that the person granted the client ends. */
function revoke(world: World, token: string | undefined): { status: number; body: Record<string, unknown> } {
  if (!token) return refusal(400, 'invalid_request', 'Missing required parameter: token')
  const access = world.state.accessTokens.get(token)
  const grant =
    findRefreshToken(world, 'google', token)?.grant ?? world.state.grants.get(access?.grantId ?? '')
  if (grant?.vendor !== 'google' || grant.ended !== null || access?.revoked === true)
    return refusal(400, 'invalid_token', 'Token expired or revoked')
  endGrant(world, grant, 'revoked')
  return { status: 200, body: {} }
}
