import type { FastifyInstance } from 'fastify'
import type { World } from '../world.ts'
import { bodyOf } from './account-routes.ts'
import { ControlError } from './errors.ts'
import { readFault } from './fault-wishes.ts'

/** What is to go wrong. */
export function faultRoutes(app: FastifyInstance, world: World): void {
  app.get('/_sandbox/faults', () => ({ items: world.faults.list(), nextCursor: null }))
  app.post('/_sandbox/faults', (request) => world.faults.add(readFault(bodyOf(request))))
  app.delete('/_sandbox/faults', (_request, reply) => {
    world.faults.clear()
    return reply.status(204).send()
  })
  app.delete<{ Params: { id: string } }>('/_sandbox/faults/:id', (request, reply) => {
    if (!world.faults.remove(request.params.id)) throw new ControlError(404, 'There is no such fault.')
    return reply.status(204).send()
  })
}
