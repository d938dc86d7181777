import type { FastifyInstance } from 'fastify'
import { textOf } from '../json.ts'
import { resetWorld, restoreSnapshot, takeSnapshot, type World } from '../world.ts'
import { armWarnings, lifecycleEvents, removeSubscription, sendLifecycle } from '../microsoft/lifecycle.ts'
import { bodyOf } from './account-routes.ts'
import { ControlError } from './errors.ts'
import { fieldsOf } from './fields.ts'

/** Subscriptions, and the whole state. */
export function worldRoutes(app: FastifyInstance, world: World): void {
  app.post<{ Params: { id: string } }>('/_sandbox/subscriptions/:id/lifecycle', (request) => {
    const subscription = world.state.subscriptions.get(request.params.id)
    if (subscription === undefined) throw new ControlError(404, 'There is no such subscription.')
    const lifecycleEvent = fieldsOf(bodyOf(request)).oneOf('lifecycleEvent', lifecycleEvents)
    if (lifecycleEvent === undefined) throw new ControlError(400, 'lifecycleEvent is missing.')
    if (lifecycleEvent === 'subscriptionRemoved') removeSubscription(world, subscription)
    else sendLifecycle(world, subscription, lifecycleEvent)
    return { sent: subscription.lifecycleNotificationUrl !== null }
  })

  app.post('/_sandbox/reset', () => {
    resetWorld(world)
    return { reset: true }
  })
  app.post('/_sandbox/snapshot', () => ({ id: takeSnapshot(world) }))
  app.get('/_sandbox/snapshots', () => ({
    items: [...world.snapshots].map(([id, { takenAtMs }]) => ({ id, at: new Date(takenAtMs).toISOString() })),
    nextCursor: null,
  }))
  app.delete<{ Params: { id: string } }>('/_sandbox/snapshots/:id', (request, reply) => {
    if (!world.snapshots.delete(request.params.id)) throw new ControlError(404, 'There is no such snapshot.')
    return reply.status(204).send()
  })
  app.post('/_sandbox/restore', (request) => {
    const id = textOf(bodyOf(request)['id']) ?? [...world.snapshots.keys()].at(-1)
    if (id === undefined || !restoreSnapshot(world, id))
      throw new ControlError(404, 'There is no such snapshot.')
    armWarnings(world)
    return { id }
  })
}
