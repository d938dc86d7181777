import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { lastDecidedBrake, openBrakes } from '../../db/brakes.ts'
import { countHeldLosses, listHeldLosses } from '../../db/losses.ts'
import { findProvider } from '../../db/providers.ts'
import { decideBrake } from '../brake-decision.ts'
import { decodeCursor, pageOf } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { nudgeFlipped } from '../nudge.ts'
import { causeOf, tenantOf } from '../principal.ts'
import { forbidden } from '../problem.ts'
import {
  Brake,
  CauseShape,
  Content,
  Id,
  IdParams,
  LosingSide,
  Nullable,
  pageQuery,
  Timestamp,
} from '../schemas.ts'
import { showBrake, showHeldLoss } from '../show-brake.ts'

/** Deletions that the safety brake holds: what they would delete, and a person's word on them. */
export function brakeRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.get(
    '/providers/:id/brake',
    {
      schema: {
        tags: ['providers'],
        params: IdParams,
        querystring: Type.Object(
          { ...pageQuery, side: Type.Optional(LosingSide) },
          { additionalProperties: false },
        ),
        response: { 200: Held },
      },
    },
    async (request) => {
      const { limit = 100, cursor, side } = request.query
      const { id: providerId } = request.params
      const after = decodeCursor(cursor, readPlace)
      return deps.database.tenant(tenantOf(request), async (db) => {
        if (!(await findProvider(db, providerId))) throw forbidden()
        const counts = await countHeldLosses(db, [providerId])
        const brakes = await openBrakes(db, [providerId])
        const found = await listHeldLosses(db, { providerId, side, after, limit: limit + 1 })
        const { rows, nextCursor } = pageOf(found, limit, (last) => [last.seq])
        const last = await lastDecidedBrake(db, providerId)
        const places = counts.flatMap((row) => (!side || row.side === side ? row.last : []))
        return {
          brakes: brakes.map((brake) =>
            showBrake(brake, counts.find((row) => row.side === brake.side)?.held ?? 0),
          ),
          reviewed: places.length === 0 ? null : Math.max(...places),
          items: rows.map(showHeldLoss),
          nextCursor,
          lastDecision: last?.decision
            ? {
                decision: last.decision,
                side: last.side,
                decided: last.decided ?? 0,
                by: last.decidedBy,
                at: last.decidedAt?.toISOString() ?? last.since.toISOString(),
              }
            : null,
        }
      })
    },
  )

  for (const [action, decision] of [
    ['approve', 'approved'],
    ['refuse', 'refused'],
  ] as const) {
    routes.post(
      `/providers/:id/brake/${action}`,
      {
        config: { atLeast: 'operator' } as const,
        schema: { tags: ['providers'], params: IdParams, body: Reviewed, response: { 200: Decided } },
      },
      async (request) => {
        const tenantId = tenantOf(request)
        const author = { tenantId, cause: causeOf(request), now: deps.now() }
        const { flipped, ...answer } = await deps.database.tenant(tenantId, (db) =>
          decideBrake(db, deps, author, request.params.id, { decision, ...request.body }),
        )
        await nudgeFlipped(deps, tenantId, flipped, request.log)
        return answer
      },
    )
  }
}

const readPlace = ([place]: unknown[]): number | undefined =>
  typeof place === 'number' && Number.isSafeInteger(place) ? place : undefined

const HeldDeletion = Type.Object({
  mappingId: Id,
  entryId: Nullable(Id),
  externalId: Nullable(Type.String()),
  side: LosingSide,
  reason: Type.String(),
  heldAt: Timestamp,
  /** What would be deleted. */
  event: Nullable(Content),
})

const Held = Type.Object({
  brakes: Type.Array(Brake),
  /** Names everything that is held now: send it with the decision. */
  reviewed: Nullable(Type.Integer()),
  items: Type.Array(HeldDeletion),
  nextCursor: Nullable(Type.String()),
  lastDecision: Nullable(
    Type.Object({
      decision: Type.Enum(['approved', 'refused', 'ended']),
      side: LosingSide,
      decided: Type.Integer(),
      by: Nullable(CauseShape),
      at: Timestamp,
    }),
  ),
})

const Reviewed = Type.Object(
  {
    reviewed: Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'As the list of what is held names it: what was held after it is not decided by this.',
    }),
    side: Type.Optional(LosingSide),
  },
  { additionalProperties: false },
)

const Decided = Type.Object({
  /** Deletions that are decided by this. */
  decided: Type.Integer(),
  /** Deletions that are still held, because they came after the review. */
  held: Type.Integer(),
})
