import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { findRun } from '../../db/runs.ts'
import type { ApiDeps } from '../dependencies.ts'
import { tenantOf } from '../principal.ts'
import { forbidden } from '../problem.ts'
import { IdParams, Run } from '../schemas.ts'
import { showRun } from '../show-provider.ts'

/** One sync pass: how it began, what it did, how it ended. */
export function runRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      '/runs/:id',
      { schema: { tags: ['runs'], params: IdParams, response: { 200: Run } } },
      async (request) => {
        const run = await deps.database.tenant(tenantOf(request), (db) => findRun(db, request.params.id))
        if (!run) throw forbidden()
        return showRun(run)
      },
    )
}
