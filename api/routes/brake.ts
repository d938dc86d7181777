import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { decideBrake } from '../brake-decision.ts'
import { decodeCursor } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { readHeld } from '../held-deletions.ts'
import { announceDecision } from '../nudge.ts'
import { causeOf, tenantOf } from '../principal.ts'
import { Content } from '../entry-schemas.ts'
import { Brake, CauseShape, Id, IdParams, LosingSide, Nullable, pageQuery, Timestamp } from '../schemas.ts'

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
      const page = { providerId, side, after: decodeCursor(cursor, readPlace), limit }
      return deps.database.tenant(tenantOf(request), (db) => readHeld(db, page))
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
        const { id: providerId } = request.params
        await announceDecision(deps, { tenantId, providerId, request: 'approve', flipped }, request.log)
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
      description: 'As the brake of that side named it: what was held after it is not decided by this.',
    }),
    side: LosingSide,
  },
  { additionalProperties: false },
)

const Decided = Type.Object({
  /** Deletions that are decided by this. */
  decided: Type.Integer(),
  /** Deletions that are still held, because they came after the review. */
  held: Type.Integer(),
})
