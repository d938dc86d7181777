import type { FastifyInstance } from 'fastify'
import type { World } from '../world.ts'
import { metadata, readCall, readScopes } from './calls.ts'
import { findSubscription, renderSubscription, renew, subscribe } from './subscriptions.ts'

const ofSubscription = { '@odata.context': `${metadata}#subscriptions/$entity` }

type OfSubscription = { Params: { id: string } }

/** Subscriptions to changes of events. */
export function microsoftSubscriptionRoutes(app: FastifyInstance, world: World): void {
  app.post('/v1.0/subscriptions', async (request, reply) => {
    const { caller, account, preferences } = readCall(world, request, reply, readScopes)
    const made = await subscribe(world, caller, account, request.body, preferences.immutableIds)
    return reply.status(201).send({ ...ofSubscription, ...renderSubscription(made) })
  })

  app.get('/v1.0/subscriptions', (request, reply) => {
    const { caller } = readCall(world, request, reply, readScopes)
    const own = [...world.state.subscriptions.values()].filter(
      ({ email, clientId }) => email === caller.email && clientId === caller.clientId,
    )
    return { '@odata.context': `${metadata}#subscriptions`, value: own.map(renderSubscription) }
  })

  app.get<OfSubscription>('/v1.0/subscriptions/:id', (request, reply) => {
    const { caller } = readCall(world, request, reply, readScopes)
    return { ...ofSubscription, ...renderSubscription(findSubscription(world, caller, request.params.id)) }
  })

  app.patch<OfSubscription>('/v1.0/subscriptions/:id', async (request, reply) => {
    const { caller } = readCall(world, request, reply, readScopes)
    const renewed = await renew(world, findSubscription(world, caller, request.params.id), request.body)
    return { ...ofSubscription, ...renderSubscription(renewed) }
  })

  app.post<OfSubscription>('/v1.0/subscriptions/:id/reauthorize', (request, reply) => {
    const { caller } = readCall(world, request, reply, readScopes)
    findSubscription(world, caller, request.params.id)
    return reply.status(204).send()
  })

  app.delete<OfSubscription>('/v1.0/subscriptions/:id', (request, reply) => {
    const { caller } = readCall(world, request, reply, readScopes)
    world.state.subscriptions.delete(findSubscription(world, caller, request.params.id).id)
    return reply.status(204).send()
  })
}
