import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isObject, type JsonObject } from '../json.ts'
import type { World } from '../world.ts'
import { calendarBases, calendarOf, metadata, readCall, readScopes, writeScopes } from './calls.ts'
import { noteMail } from './mail.ts'
import { announceChange } from './notifications.ts'
import { render } from './render.ts'
import { listEvents, shape, viewEvents, viewInstances, type ListPage } from './views.ts'
import { findEvent, type Found } from './store.ts'
import { createEvent, deleteEvent, patchEvent } from './write.ts'

type Request = FastifyRequest<{ Params: { calendarId?: string; id?: string } }>

/** Events of the default calendar and of any other one, under each of their addresses. */
export function microsoftEventRoutes(app: FastifyInstance, world: World): void {
  for (const base of calendarBases) routesUnder(app, world, base)
}

function routesUnder(app: FastifyInstance, world: World, base: string): void {
  app.get(`${base}/calendarView`, (request: Request, reply) => {
    const { account, preferences } = readCall(world, request, reply, readScopes)
    return collection(
      world,
      request,
      viewEvents(calendarOf(account, request.params.calendarId), request.query, preferences),
    )
  })

  app.get(`${base}/events`, (request: Request, reply) => {
    const { account, preferences } = readCall(world, request, reply, readScopes)
    return collection(
      world,
      request,
      listEvents(calendarOf(account, request.params.calendarId), request.query, preferences),
    )
  })

  app.post(`${base}/events`, (request: Request, reply) => {
    const { account, preferences } = readCall(world, request, reply, writeScopes)
    const calendar = calendarOf(account, request.params.calendarId)
    const event = createEvent({ world, account }, calendar, request.body, preferences)
    announceChange(world, account, calendar.id, 'created', event)
    noteMail({ world, account }, 'invitation', event)
    const rendered = render(event, preferences)
    void reply.status(201).header('location', `${world.origin}/v1.0/me/events/${rendered.id ?? ''}`)
    return reply.send({ '@odata.context': `${metadata}#me/events/$entity`, ...rendered })
  })

  const found = (request: Request, reply: FastifyReply, scopes: string[]) => {
    const call = readCall(world, request, reply, scopes)
    const { calendarId, id } = request.params
    const within = calendarId === undefined ? undefined : calendarOf(call.account, calendarId)
    return { ...call, found: findEvent(call.account, id ?? '', within) }
  }

  app.get(`${base}/events/:id`, (request: Request, reply) => {
    const { preferences, found: at } = found(request, reply, readScopes)
    return entity(at, preferences, request.query)
  })

  app.get(`${base}/events/:id/instances`, (request: Request, reply) => {
    const { preferences, found: at } = found(request, reply, readScopes)
    return collection(world, request, viewInstances(at.event, request.query, preferences))
  })

  app.patch(`${base}/events/:id`, (request: Request, reply) => {
    const { account, preferences, found: before } = found(request, reply, writeScopes)
    const after = patchEvent({ world, account }, before, request.body, request.headers['if-match'])
    announceChange(world, account, after.calendar.id, 'updated', after.event)
    noteMail({ world, account }, 'update', after.event, before.event)
    return entity(after, preferences, {})
  })

  app.delete(`${base}/events/:id`, (request: Request, reply) => {
    const { account, found: at } = found(request, reply, writeScopes)
    deleteEvent({ world, account }, at, request.headers['if-match'])
    // The loss of one occurrence is an update of its series.
    const changeType = at.occurrence === undefined ? 'deleted' : 'updated'
    announceChange(world, account, at.calendar.id, changeType, at.event)
    noteMail({ world, account }, 'cancellation', at.event)
    return reply.status(204).send()
  })
}

function entity(at: Found, preferences: Parameters<typeof render>[1], query: unknown): JsonObject {
  const rendered = render(at.event, preferences, at.occurrence)
  const shaped = shape(rendered, at.event, at.occurrence, isObject(query) ? query : {})
  return { '@odata.context': `${metadata}#me/events/$entity`, ...shaped }
}

function collection(world: World, request: FastifyRequest, page: ListPage): JsonObject {
  const context = { '@odata.context': `${metadata}#me/events` }
  if (page.nextSkip === null) return { ...context, value: page.value }
  const next = new URL(request.url, world.origin)
  next.searchParams.set('$skip', String(page.nextSkip))
  return { ...context, '@odata.nextLink': next.href, value: page.value }
}
