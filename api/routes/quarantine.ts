import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { listQuarantined, type Quarantined } from '../../db/quarantine.ts'
import { decodeCursor, pageOf } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { tenantOf } from '../principal.ts'
import { requireProvider } from '../provider-found.ts'
import { IdParams, listOf, PageQuery, Timestamp } from '../schemas.ts'

/** Items that a vendor sent and nobody could read: each waits alone until the vendor sends it well. */
export function quarantineRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/providers/:id/quarantine',
    {
      schema: {
        tags: ['providers'],
        params: IdParams,
        querystring: PageQuery,
        response: { 200: listOf(QuarantinedItem) },
      },
    },
    async (request) => {
      const { limit = 100, cursor } = request.query
      const after = decodeCursor(cursor, readExternalId)
      const { id: providerId } = await requireProvider(deps, tenantOf(request), request.params.id)
      const found = await deps.database.tenant(tenantOf(request), (db) =>
        listQuarantined(db, { providerId, after, limit: limit + 1 }),
      )
      const { rows, nextCursor } = pageOf(found, limit, (last) => [last.externalId])
      return { items: rows.map(showQuarantined), nextCursor }
    },
  )
}

const QuarantinedItem = Type.Object(
  {
    externalId: Type.String({ description: 'As the vendor names it.' }),
    reason: Type.String({ description: 'Why it cannot be read.' }),
    rawSize: Type.Integer({ description: 'Bytes of the vendor’s JSON; none of its words are kept.' }),
    firstSeenAt: Timestamp,
    lastSeenAt: Timestamp,
  },
  { description: 'An item that leaves the list when the vendor sends it well.' },
)

const readExternalId = ([id]: unknown[]): string | undefined => (typeof id === 'string' ? id : undefined)

const showQuarantined = ({ externalId, reason, rawSize, firstSeenAt, lastSeenAt }: Quarantined) => ({
  externalId,
  reason,
  rawSize,
  firstSeenAt: firstSeenAt.toISOString(),
  lastSeenAt: lastSeenAt.toISOString(),
})
