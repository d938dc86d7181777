import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { findConflict, listConflicts, type Conflict as ConflictRow } from '../../db/conflicts.ts'
import { decodeCursor, pageOf, readTimeAndId } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { differingFields } from '../../domain/resolve.ts'
import { refreshConflict, resolveConflict, SidesMoved } from '../conflict-resolution.ts'
import { announceDecision } from '../nudge.ts'
import { causeOf, tenantOf } from '../principal.ts'
import { forbidden } from '../problem.ts'
import { Conflict, ConflictDecision } from '../conflict-schemas.ts'
import { Id, IdParams, listOf, pageQuery } from '../schemas.ts'
import { showContent } from '../show-entry.ts'

/** Where both sides edited the same event: both versions and what they last agreed on. */
export function conflictRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.get(
    '/conflicts',
    {
      schema: {
        tags: ['conflicts'],
        querystring: Type.Object(
          {
            ...pageQuery,
            state: Type.Optional(Type.Enum(['open', 'resolved', 'all'])),
            providerId: Type.Optional(Id),
          },
          { additionalProperties: false },
        ),
        response: { 200: listOf(Conflict) },
      },
    },
    async (request) => {
      const { limit = 100, cursor, state = 'open', providerId } = request.query
      const page = { state, providerId, before: decodeCursor(cursor, readTimeAndId), limit: limit + 1 }
      const found = await deps.database.tenant(tenantOf(request), (db) => listConflicts(db, page))
      const { rows, nextCursor } = pageOf(found, limit, (last) => [last.detectedAt.toISOString(), last.id])
      return { items: rows.map(showConflict), nextCursor }
    },
  )

  routes.get(
    '/conflicts/:id',
    { schema: { tags: ['conflicts'], params: IdParams, response: { 200: Conflict } } },
    async (request) => {
      const conflict = await deps.database.tenant(tenantOf(request), (db) =>
        findConflict(db, request.params.id),
      )
      if (!conflict) throw forbidden()
      return showConflict(conflict)
    },
  )

  routes.post(
    '/conflicts/:id/resolve',
    {
      config: { atLeast: 'operator' } as const,
      schema: {
        tags: ['conflicts'],
        params: IdParams,
        body: ConflictDecision,
        response: { 200: Conflict },
      },
    },
    async (request) => {
      const tenantId = tenantOf(request)
      const { id } = request.params
      const author = { tenantId, cause: causeOf(request), now: deps.now() }
      const decision = { fields: {}, ...request.body }
      const { flipped } = await deps.database
        .tenant(tenantId, (db) => resolveConflict(db, deps, author, id, decision))
        .catch(async (error: unknown) => {
          if (error instanceof SidesMoved)
            await deps.database.tenant(tenantId, (db) => refreshConflict(db, id))
          throw error
        })
      const conflict = await deps.database.tenant(tenantId, (db) => findConflict(db, id))
      if (!conflict) throw forbidden()
      const { providerId } = conflict
      await announceDecision(deps, { tenantId, providerId, request: 'resolve', flipped }, request.log)
      return showConflict(conflict)
    },
  )
}

const showConflict = (conflict: ConflictRow) => ({
  id: conflict.id,
  mappingId: conflict.mappingId,
  providerId: conflict.providerId,
  entryId: conflict.entryId,
  state: conflict.resolvedAt ? ('resolved' as const) : ('open' as const),
  resolution: conflict.resolution,
  base: conflict.base && showContent(conflict.base),
  schedule: conflict.schedule && showContent(conflict.schedule),
  external: conflict.external && showContent(conflict.external),
  entryVersion: conflict.entryVersion,
  externalRevision: conflict.externalRevision,
  differing:
    conflict.schedule && conflict.external ? differingFields(conflict.schedule, conflict.external) : [],
  scheduleBy: conflict.scheduleBy,
  scheduleAt: conflict.scheduleAt?.toISOString() ?? null,
  externalAt: conflict.externalAt?.toISOString() ?? null,
  resolvedBy: conflict.resolvedBy,
  reason: conflict.reason,
  detectedAt: conflict.detectedAt.toISOString(),
  resolvedAt: conflict.resolvedAt?.toISOString() ?? null,
})
