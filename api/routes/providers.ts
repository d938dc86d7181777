import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { overviewOf } from '../../db/provider-overview.ts'
import { listProvidersAfter } from '../../db/providers.ts'
import { decodeCursor, pageOf, readTimeAndId } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { logFailed } from '../plugins/logging.ts'
import { tenantOf } from '../principal.ts'
import { changeProvider, createProvider } from '../provider-changes.ts'
import { overviewOfOne } from '../provider-found.ts'
import { startProviderWorkflow } from '../provider-workflow.ts'
import { IdParams, listOf, NewProvider, PageQuery, Provider, ProviderChanges } from '../schemas.ts'
import { showProvider } from '../show-provider.ts'

/** Connected calendars: list, make, read, change. */
export function providerRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.get(
    '/providers',
    { schema: { tags: ['providers'], querystring: PageQuery, response: { 200: listOf(Provider) } } },
    async (request) => {
      const { limit = 100, cursor } = request.query
      const after = decodeCursor(cursor, readTimeAndId)
      return deps.database.tenant(tenantOf(request), async (db) => {
        const found = await listProvidersAfter(db, after, limit + 1)
        const { rows, nextCursor } = pageOf(found, limit, (last) => [last.createdAt.toISOString(), last.id])
        const overviews = await overviewOf(
          db,
          rows.map((row) => row.id),
        )
        const now = deps.now()
        // Every row was asked for by its id.
        return { items: rows.map((row) => showProvider(row, overviews.get(row.id)!, now)), nextCursor }
      })
    },
  )

  routes.post(
    '/providers',
    {
      config: { atLeast: 'operator' },
      schema: { tags: ['providers'], body: NewProvider, response: { 201: Provider } },
    },
    async (request, reply) => {
      const provider = await createProvider(deps, tenantOf(request), request.body)
      await startProviderWorkflow(deps, provider).catch((error: unknown) => {
        // The row is there; authorizing or syncing starts the workflow when it is missing.
        logFailed(request.log, 'the workflow could not be started yet', error, { providerId: provider.id })
      })
      return reply.status(201).send(await overviewOfOne(deps, provider))
    },
  )

  routes.get(
    '/providers/:id',
    { schema: { tags: ['providers'], params: IdParams, response: { 200: Provider } } },
    async (request) => overviewOfOne(deps, { id: request.params.id, tenantId: tenantOf(request) }),
  )

  routes.patch(
    '/providers/:id',
    {
      config: { atLeast: 'operator' },
      schema: { tags: ['providers'], params: IdParams, body: ProviderChanges, response: { 200: Provider } },
    },
    async (request) => {
      const provider = await changeProvider(deps, tenantOf(request), request.params.id, request.body)
      return overviewOfOne(deps, provider)
    },
  )
}
