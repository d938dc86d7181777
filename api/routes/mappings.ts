import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { listMappings, type Mapping as MappingRow } from '../../db/mappings.ts'
import { decodeCursor, pageOf, readId } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { resetMapping } from '../mapping-reset.ts'
import { nudgeFlipped } from '../nudge.ts'
import { causeOf, tenantOf } from '../principal.ts'
import { Id, IdParams, line, listOf, Mapping, MappingState, pageQuery } from '../schemas.ts'

/** Which entry is which external event, and why one is not kept the same. */
export function mappingRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.post(
    '/mappings/:id/reset',
    {
      config: { atLeast: 'operator' } as const,
      schema: {
        tags: ['mappings'],
        params: IdParams,
        body: Type.Object({ reason: line(500) }, { additionalProperties: false }),
        response: { 200: Mapping },
      },
    },
    async (request) => {
      const tenantId = tenantOf(request)
      const author = { tenantId, cause: causeOf(request), now: deps.now() }
      const { mapping, flipped } = await deps.database.tenant(tenantId, (db) =>
        resetMapping(db, author, request.params.id, request.body.reason),
      )
      await nudgeFlipped(deps, tenantId, flipped, request.log)
      return showMapping(mapping)
    },
  )

  routes.get(
    '/mappings',
    {
      schema: {
        tags: ['mappings'],
        querystring: Type.Object(
          {
            ...pageQuery,
            providerId: Type.Optional(Id),
            entryId: Type.Optional(Id),
            state: Type.Optional(MappingState),
          },
          { additionalProperties: false },
        ),
        response: { 200: listOf(Mapping) },
      },
    },
    async (request) => {
      const { limit = 100, cursor, ...filters } = request.query
      const page = { ...filters, after: decodeCursor(cursor, readId), limit: limit + 1 }
      const found = await deps.database.tenant(tenantOf(request), (db) => listMappings(db, page))
      const { rows, nextCursor } = pageOf(found, limit, (last) => [last.id])
      return { items: rows.map(showMapping), nextCursor }
    },
  )
}

const showMapping = (row: MappingRow) => ({ ...row, updatedAt: row.updatedAt.toISOString() })
