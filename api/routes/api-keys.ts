import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { listApiKeys, type ApiKey as ApiKeyRow } from '../../db/api-keys.ts'
import type { ApiDeps } from '../dependencies.ts'
import { tenantOf } from '../principal.ts'
import { ApiKey, listOf } from '../schemas.ts'

/** The tenant's API keys, without the keys. */
export function apiKeyRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      '/api-keys',
      { config: { atLeast: 'admin' }, schema: { tags: ['api-keys'], response: { 200: listOf(ApiKey) } } },
      async (request) => {
        const keys = await deps.database.tenant(tenantOf(request), listApiKeys)
        return { items: keys.map(showApiKey), nextCursor: null }
      },
    )
}

export const showApiKey = (key: ApiKeyRow) => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  role: key.role,
  createdAt: key.createdAt.toISOString(),
  expiresAt: key.expiresAt?.toISOString() ?? null,
  revokedAt: key.revokedAt?.toISOString() ?? null,
})
