import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { World } from '../world.ts'
import { metadata, readCall, readScopes, tokenOf, type Call } from './calls.ts'
import { renderSubscription } from './subscription-resource.ts'
import {
  findSubscription,
  liveSubscriptions,
  reauthorize,
  renew,
  subscribe,
  type Holder,
} from './subscriptions.ts'

const ofSubscription = { '@odata.context': `${metadata}#subscriptions/$entity` }

type OfSubscription = FastifyRequest<{ Params: { id: string } }>

/** Subscriptions to changes: https://learn.microsoft.com/graph/api/resources/subscription */
export function microsoftSubscriptionRoutes(app: FastifyInstance, world: World): void {
  const read = (request: FastifyRequest, reply: FastifyReply): Call & { holder: Holder } => {
    const call = readCall(world, request, reply, readScopes)
    const { email, clientId } = call.caller
    return { ...call, holder: { email, clientId, expiresAtMs: tokenOf(world, request)?.expiresAtMs ?? 0 } }
  }

  app.post('/v1.0/subscriptions', async (request, reply) => {
    const { holder, account, preferences } = read(request, reply)
    const made = await subscribe(world, holder, account, request.body, preferences.immutableIds)
    return reply.status(201).send({ ...ofSubscription, ...renderSubscription(world.state, made, 'creation') })
  })

  app.get('/v1.0/subscriptions', (request, reply) => {
    const { holder } = read(request, reply)
    const own = liveSubscriptions(world).filter(
      ({ email, clientId }) => email === holder.email && clientId === holder.clientId,
    )
    const value = own.map((one) => renderSubscription(world.state, one, 'other'))
    return { '@odata.context': `${metadata}#subscriptions`, value }
  })

  app.get('/v1.0/subscriptions/:id', (request: OfSubscription, reply) => {
    const found = findSubscription(world, read(request, reply).holder, request.params.id)
    return { ...ofSubscription, ...renderSubscription(world.state, found, 'other') }
  })

  app.patch('/v1.0/subscriptions/:id', async (request: OfSubscription, reply) => {
    const { holder } = read(request, reply)
    const found = findSubscription(world, holder, request.params.id)
    const renewed = await renew(world, holder, found, request.body)
    return { ...ofSubscription, ...renderSubscription(world.state, renewed, 'other') }
  })

  app.post('/v1.0/subscriptions/:id/reauthorize', (request: OfSubscription, reply) => {
    const { holder } = read(request, reply)
    reauthorize(world, holder, findSubscription(world, holder, request.params.id))
    return reply.status(204).send()
  })

  app.delete('/v1.0/subscriptions/:id', (request: OfSubscription, reply) => {
    const { holder } = read(request, reply)
    world.state.subscriptions.delete(findSubscription(world, holder, request.params.id).id)
    return reply.status(204).send()
  })
}
