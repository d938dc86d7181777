import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Db } from '../../db/connection.ts'
import { listDeliveries, repeatDelivery, type DeliveryLog } from '../../db/webhook-deliveries.ts'
import { findEndpoint, type WebhookEndpoint } from '../../db/webhook-endpoints.ts'
import { decodeCursor, pageOf } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { Delivery, DeliveryState } from '../endpoint-schemas.ts'
import { wakeEndpoint } from '../endpoint-workflow.ts'
import { tenantOf } from '../principal.ts'
import { conflicting, forbidden } from '../problem.ts'
import { Id, IdParams, listOf, pageQuery } from '../schemas.ts'

const config = { atLeast: 'operator' } as const
const tags = ['webhook-endpoints']

/** What an endpoint was sent and what became of it, kept for 30 days after its end. */
export function deliveryRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.get(
    '/webhook-endpoints/:id/deliveries',
    {
      config,
      schema: {
        tags,
        description: 'Newest first, each with every call of it.',
        params: IdParams,
        querystring: Type.Object(
          { ...pageQuery, state: Type.Optional(DeliveryState) },
          { additionalProperties: false },
        ),
        response: { 200: listOf(Delivery) },
      },
    },
    async (request) => {
      const { limit = 100, cursor, state } = request.query
      const before = decodeCursor(cursor, readPosition)
      const found = await deps.database.tenant(tenantOf(request), async (db) => {
        const { id: endpointId } = await requireEndpoint(db, request.params.id)
        return listDeliveries(db, { endpointId, state, before, limit: limit + 1 })
      })
      const { rows, nextCursor } = pageOf(found, limit, (last) => [last.delivery.position])
      return { items: rows.map(showDelivery), nextCursor }
    },
  )

  routes.post(
    '/webhook-endpoints/:id/deliveries/:deliveryId/redeliver',
    {
      config,
      schema: {
        tags,
        description:
          'Sends the event again, under the same webhook-id. One that waits is tried at once; one that has ended waits for no other of its entry.',
        params: Type.Object({ id: Id, deliveryId: Id }),
        response: { 202: Delivery },
      },
    },
    async (request, reply) => {
      const tenantId = tenantOf(request)
      const { id: endpointId, deliveryId: eventId } = request.params
      const delivery = await deps.database.tenant(tenantId, (db) =>
        redeliver(db, { endpointId, eventId }, deps.now()),
      )
      await wakeEndpoint(deps, { tenantId, endpointId }, request.log)
      return reply.status(202).send(showDelivery(delivery))
    },
  )
}

const readPosition = ([position]: unknown[]): number | undefined =>
  Number.isSafeInteger(position) ? Number(position) : undefined

async function requireEndpoint(db: Db, id: string): Promise<WebhookEndpoint> {
  const endpoint = await findEndpoint(db, id)
  if (!endpoint) throw forbidden()
  return endpoint
}

async function redeliver(
  db: Db,
  wish: { endpointId: string; eventId: string },
  now: Date,
): Promise<DeliveryLog> {
  const { enabled } = await requireEndpoint(db, wish.endpointId)
  if (!enabled) throw conflicting('endpoint-disabled', 'The endpoint is disabled: enable it first.')
  const isThere = await repeatDelivery(db, wish, now)
  const [delivery] = isThere ? await listDeliveries(db, { ...wish, limit: 1 }) : []
  if (!delivery) throw forbidden()
  return delivery
}

const showDelivery = ({ delivery, event, calls }: DeliveryLog) => ({
  id: event.id,
  type: event.type,
  subjectId: event.subjectId,
  position: delivery.position,
  occurredAt: event.at.toISOString(),
  state: delivery.state,
  attempts: delivery.attempts,
  nextAttemptAt: delivery.state === 'waiting' ? delivery.nextAttemptAt.toISOString() : null,
  endedAt: delivery.endedAt?.toISOString() ?? null,
  calls: calls.map(({ attempt, at, durationMs, status, error }) => ({
    attempt,
    at: at.toISOString(),
    durationMs,
    status,
    error,
  })),
})
