import type { FastifyInstance } from 'fastify'
import type { World } from '../world.ts'
import { cancelEvent, removeEvent } from './actions.ts'
import { calendarBases, mailboxBases, readCall, readScopes } from './calls.ts'
import { foundCall, type EventRequest } from './event-calls.ts'
import { deserialise } from './odata/deserialise.ts'
import { complex } from './odata/edm.ts'
import { respond, type Reply } from './responses.ts'
import { translateIds } from './translate-ids.ts'

const cancelBody = complex('cancelRequestBody', { comment: { kind: 'string' } })

/** What one can do with an event besides changing and deleting it. */
export function microsoftActionRoutes(app: FastifyInstance, world: World): void {
  for (const base of calendarBases) routesUnder(app, world, `${base}/events/:id`)
  for (const base of mailboxBases) {
    app.post(`${base}/translateExchangeIds`, (request, reply) => {
      const { account } = readCall(world, request, reply, ['User.ReadBasic.All', 'User.Read', ...readScopes])
      return translateIds(account, request.body)
    })
  }
}

function routesUnder(app: FastifyInstance, world: World, event: string): void {
  const replies: Record<string, Reply> = {
    accept: 'accepted',
    tentativelyAccept: 'tentativelyAccepted',
    decline: 'declined',
  }
  for (const [action, kind] of Object.entries(replies)) {
    app.post(`${event}/${action}`, (request: EventRequest, reply) => {
      const { mailbox, found } = foundCall(world, request, reply, 'writes')
      respond(mailbox, found, kind, request.body)
      return reply.status(202).send()
    })
  }

  app.post(`${event}/cancel`, (request: EventRequest, reply) => {
    const { mailbox, found } = foundCall(world, request, reply, 'writes')
    deserialise(request.body ?? {}, cancelBody, 'refused')
    cancelEvent(mailbox, found)
    return reply.status(202).send()
  })

  app.post(`${event}/permanentDelete`, (request: EventRequest, reply) => {
    const { mailbox, found } = foundCall(world, request, reply, 'writes')
    removeEvent(mailbox, found, undefined)
    return reply.status(204).send()
  })
}
