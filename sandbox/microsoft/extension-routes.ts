import type { FastifyInstance } from 'fastify'
import type { World } from '../world.ts'
import { calendarBases, metadata } from './calls.ts'
import { foundCall, type EventRequest } from './event-calls.ts'
import {
  addExtension,
  findExtension,
  patchExtension,
  removeExtension,
  renderExtension,
  type RenderedExtension,
} from './extensions.ts'

/** Open extensions of events: https://learn.microsoft.com/graph/api/resources/opentypeextension */
export function microsoftExtensionRoutes(app: FastifyInstance, world: World): void {
  for (const base of calendarBases) routesUnder(app, world, `${base}/events/:id/extensions`)
}

function routesUnder(app: FastifyInstance, world: World, extensions: string): void {
  app.post(extensions, (request: EventRequest, reply) => {
    const { mailbox, found } = foundCall(world, request, reply, 'writes')
    return reply.status(201).send(answer(addExtension(mailbox, found, request.body)))
  })

  app.get(`${extensions}/:extensionId`, (request: EventRequest, reply) => {
    const { found } = foundCall(world, request, reply, 'reads')
    const { name, content } = findExtension(found, request.params.extensionId ?? '')
    return answer(renderExtension(name, content))
  })

  app.patch(`${extensions}/:extensionId`, (request: EventRequest, reply) => {
    const { mailbox, found } = foundCall(world, request, reply, 'writes')
    return answer(patchExtension(mailbox, found, request.params.extensionId ?? '', request.body))
  })

  app.delete(`${extensions}/:extensionId`, (request: EventRequest, reply) => {
    const { mailbox, found } = foundCall(world, request, reply, 'writes')
    removeExtension(mailbox, found, request.params.extensionId ?? '')
    return reply.status(204).send()
  })
}

function answer(extension: RenderedExtension): RenderedExtension {
  return { '@odata.context': `${metadata}#users/events/extensions/$entity`, ...extension }
}
