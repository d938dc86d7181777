import type { FastifyInstance } from 'fastify'
import type { World } from '../world.ts'
import { addEvent, changeEvent, removeEvent } from './actions.ts'
import { countAnswer, countingOptions } from './answers.ts'
import { renderCalendar } from './calendar-resource.ts'
import { calendarBases, metadata } from './calls.ts'
import { collection, entity, eventCall, foundCall, type EventRequest } from './event-calls.ts'
import { staleView } from './stale.ts'
import { listEvents, viewEvents, viewInstances } from './views.ts'

/** Events of the default calendar and of any other one, under each of their addresses. */
export function microsoftEventRoutes(app: FastifyInstance, world: World): void {
  for (const base of calendarBases) {
    listRoutes(app, world, base)
    eventRoutes(app, world, `${base}/events`)
  }
}

function listRoutes(app: FastifyInstance, world: World, base: string): void {
  app.get(`${base}/calendarView`, (request: EventRequest, reply) => {
    const { reading, calendar } = eventCall(world, request, reply, 'reads')
    return collection(world, request, reading.account, viewEvents(reading, calendar))
  })

  app.get(`${base}/events`, (request: EventRequest, reply) => {
    const { reading, calendar } = eventCall(world, request, reply, 'reads')
    return collection(world, request, reading.account, listEvents(reading, calendar))
  })

  app.get(`${base}/events/$count`, (request: EventRequest, reply) => {
    const { reading, calendar } = eventCall(world, request, reply, 'reads')
    const options = countingOptions(request.query)
    return countAnswer(reply, listEvents({ ...reading, options }, calendar).count)
  })

  app.post(`${base}/events`, (request: EventRequest, reply) => {
    const { mailbox, preferences, calendar, reading } = eventCall(world, request, reply, 'writes')
    const event = addEvent(mailbox, calendar, request.body, preferences)
    const answer = entity({ ...reading, options: {} }, { event, calendar, occurrence: undefined })
    void reply.status(201).header('location', `${world.origin}/v1.0/me/events/${String(answer['id'])}`)
    return reply.send(answer)
  })
}

function eventRoutes(app: FastifyInstance, world: World, events: string): void {
  app.get(`${events}/:id`, (request: EventRequest, reply) => {
    const { reading, found } = foundCall(world, request, reply, 'reads')
    return entity(reading, staleView(world, found))
  })

  app.get(`${events}/:id/instances`, (request: EventRequest, reply) => {
    const { reading, found } = foundCall(world, request, reply, 'reads')
    return collection(world, request, reading.account, viewInstances(reading, found))
  })

  app.get(`${events}/:id/calendar`, (request: EventRequest, reply) => {
    const { mailbox, found } = foundCall(world, request, reply, 'reads')
    const context = { '@odata.context': `${metadata}#users('${mailbox.account.subject}')/calendars/$entity` }
    return { ...context, ...renderCalendar(found.calendar, mailbox.account) }
  })

  app.get(`${events}/:id/attachments`, (request: EventRequest, reply) => {
    const { mailbox } = foundCall(world, request, reply, 'reads')
    return {
      '@odata.context': `${metadata}#users('${mailbox.account.subject}')/events/attachments`,
      value: [],
    }
  })

  app.patch(`${events}/:id`, (request: EventRequest, reply) => {
    const { mailbox, reading, found } = foundCall(world, request, reply, 'writes')
    const after = changeEvent(mailbox, found, request.body, request.headers['if-match'])
    return entity({ ...reading, options: {} }, after)
  })

  app.delete(`${events}/:id`, (request: EventRequest, reply) => {
    const { mailbox, found } = foundCall(world, request, reply, 'writes')
    removeEvent(mailbox, found, request.headers['if-match'])
    return reply.status(204).send()
  })
}
