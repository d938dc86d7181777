import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { findTenant } from '../../db/tenants.ts'
import { lastMaintenance } from '../../db/upkeep.ts'
import { backgroundHealth } from '../background-health.ts'
import type { ApiDeps } from '../dependencies.ts'
import { tenantOf } from '../principal.ts'
import { BackgroundHealth } from '../health-schemas.ts'

/** Whether the work behind the API is done: by workers, and by maintenance. */
export function backgroundRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      '/health',
      { schema: { tags: ['health'], response: { 200: BackgroundHealth } } },
      async (request) => {
        const tenantId = tenantOf(request)
        const { lastPassAt, tenant } = await deps.database.tenant(tenantId, async (db) => ({
          lastPassAt: await lastMaintenance(db),
          tenant: await findTenant(db, tenantId),
        }))
        return backgroundHealth(deps, lastPassAt, tenant?.createdAt ?? deps.now())
      },
    )
}
