import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../dependencies.ts'
import { ProviderHealth } from '../health-schemas.ts'
import { tenantOf } from '../principal.ts'
import { providerHealth } from '../provider-health.ts'
import { IdParams } from '../schemas.ts'

/** How one connected calendar fares, part by part, with the evidence for it. */
export function providerHealthRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      '/providers/:id/health',
      { schema: { tags: ['health'], params: IdParams, response: { 200: ProviderHealth } } },
      async (request) => providerHealth(deps, tenantOf(request), request.params.id),
    )
}
