import type { FastifyInstance } from 'fastify'
import { html, page } from '../pages/html.ts'
import type { World } from '../world.ts'
import { refusal } from './aadsts.ts'
import { decideAdminConsent, showAdminConsent } from './admin-consent.ts'
import { answer, formOf, parametersOf } from './authorize.ts'
import { publicKeys } from './keys.ts'
import { decideAtMicrosoft, showMicrosoftConsent } from './microsoft-authorize.ts'
import { microsoftDiscovery, microsoftUserInfo } from './microsoft-identity.ts'
import { exchangeAtMicrosoft } from './microsoft-token.ts'
import { audienceOf } from './tenants.ts'

type UnderTenant = { Params: { tenant: string } }

/** Microsoft's sign-in under any tenant's path: consent, tokens, discovery, administrators' consent, sign-out. */
export function microsoftOAuthRoutes(app: FastifyInstance, world: World): void {
  const authorize = '/:tenant/oauth2/v2.0/authorize'
  app.get<UnderTenant>(authorize, (request, reply) => {
    const action = request.url.split('?')[0] ?? request.url
    const { tenant } = request.params
    return answer(reply, showMicrosoftConsent(world, tenant, action, parametersOf(request.query)))
  })
  app.post<UnderTenant>(authorize, (request, reply) =>
    answer(reply, decideAtMicrosoft(world, request.params.tenant, formOf(request))),
  )

  const token = '/:tenant/oauth2/v2.0/token'
  app.post<UnderTenant>(token, (request, reply) => {
    const { tenant } = request.params
    const { status, body } = exchangeAtMicrosoft(
      world,
      tenant,
      formOf(request),
      request.headers.authorization,
    )
    return reply.status(status).header('cache-control', 'no-store, no-cache').send(body)
  })
  for (const path of ['/:tenant/adminconsent', '/:tenant/v2.0/adminconsent']) {
    app.get<UnderTenant>(path, (request, reply) => {
      const action = request.url.split('?')[0] ?? request.url
      const { tenant } = request.params
      return answer(reply, showAdminConsent(world, tenant, action, parametersOf(request.query)))
    })
    app.post<UnderTenant>(path, (request, reply) =>
      answer(reply, decideAdminConsent(world, request.params.tenant, formOf(request))),
    )
  }

  app.get<UnderTenant>('/:tenant/oauth2/v2.0/logout', (request, reply) => {
    const back = parametersOf(request.query)['post_logout_redirect_uri']
    if (back !== undefined && URL.canParse(back) && /^https?:/.test(back)) return reply.redirect(back, 302)
    const body = page(
      'Signed out',
      html`<h1>Microsoft</h1>
        <p>You signed out of your account.</p>`,
    )
    return reply.type('text/html; charset=utf-8').send(body)
  })

  discoveryRoutes(app, world)
}

function discoveryRoutes(app: FastifyInstance, world: World): void {
  app.get<UnderTenant>('/:tenant/v2.0/.well-known/openid-configuration', (request, reply) => {
    const { tenant } = request.params
    const audience = audienceOf(world, tenant)
    if (audience.kind !== 'unknown') return microsoftDiscovery(world, tenant, audience)
    const { status, body } = refusal(world, 90002, {
      text: `Tenant '${tenant}' not found.`,
      error: 'invalid_tenant',
    })
    return reply.status(status).send(body)
  })
  app.get('/:tenant/discovery/v2.0/keys', () => publicKeys(world, 'microsoft'))
  app.get('/oidc/userinfo', (request, reply) => {
    const known = microsoftUserInfo(world, request.headers.authorization)
    if (known !== null) return reply.send(known)
    const { body } = refusal(world, 70000, { error: 'invalid_token', text: 'The access token is not valid.' })
    return reply.status(401).header('www-authenticate', 'Bearer error="invalid_token"').send(body)
  })
}
