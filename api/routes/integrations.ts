import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { findOAuthClient, saveOAuthClient, type OAuthClient } from '../../db/oauth-clients.ts'
import type { Vendor } from '../../domain/event.ts'
import { clientSecretContext } from '../../oauth/access-token.ts'
import { redirectUriOf } from '../../oauth/consent.ts'
import type { ApiConfig, ApiDeps } from '../dependencies.ts'
import { tenantOf } from '../principal.ts'
import { Integration, IntegrationInput, VendorParams } from '../schemas.ts'
import { endpointsFor } from '../vendor-endpoints.ts'

/** The tenant's own OAuth client at each vendor. Its secret goes in and never comes out. */
export function integrationRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.get(
    '/integrations/:vendor',
    { schema: { tags: ['integrations'], params: VendorParams, response: { 200: Integration } } },
    async (request) => {
      const { vendor } = request.params
      const client = await deps.database.tenant(tenantOf(request), (db) => findOAuthClient(db, vendor))
      return showIntegration(deps.config, vendor, client)
    },
  )

  routes.put(
    '/integrations/:vendor',
    {
      config: { atLeast: 'admin' },
      schema: {
        tags: ['integrations'],
        params: VendorParams,
        body: IntegrationInput,
        response: { 200: Integration },
      },
    },
    async (request) => {
      const tenantId = tenantOf(request)
      const { vendor } = request.params
      const { clientId, clientSecret, endpoints } = request.body
      const client: OAuthClient = {
        id: deps.newId(),
        tenantId,
        vendor,
        clientId,
        secretCiphertext: deps.envelope.seal(clientSecret, clientSecretContext({ tenantId, vendor })),
        // Four characters tell long secrets apart; of a short one they would tell too much.
        secretHint: clientSecret.length >= 12 ? clientSecret.slice(-4) : '',
        endpoints: endpointsFor(deps.config, vendor, endpoints ?? 'vendor'),
        updatedAt: deps.now(),
      }
      await deps.database.tenant(tenantId, (db) => saveOAuthClient(db, client))
      return showIntegration(deps.config, vendor, client)
    },
  )
}

function showIntegration(config: ApiConfig, vendor: Vendor, client: OAuthClient | undefined) {
  return {
    vendor,
    clientId: client?.clientId ?? null,
    secretHint: client?.secretHint ?? null,
    endpoints: client?.endpoints ?? config.vendorUrls[vendor],
    redirectUri: redirectUriOf(config.publicUrl, vendor),
    complete: client !== undefined,
    reason: client ? null : 'There is no OAuth client yet: give its id and secret.',
    updatedAt: client?.updatedAt.toISOString() ?? null,
  }
}
