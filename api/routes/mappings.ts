import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { listMappings } from '../../db/mappings.ts'
import { decodeCursor, pageOf, readId } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { tenantOf } from '../principal.ts'
import { Id, listOf, Mapping, MappingState, pageQuery } from '../schemas.ts'

/** Which entry is which external event, and why one is not kept the same. */
export function mappingRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
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
      const items = rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }))
      return { items, nextCursor }
    },
  )
}
