import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { JsonObject } from '../json.ts'
import type { World } from '../world.ts'
import { calendarBases, calendarOf, metadata, readCall, readScopes, writeScopes } from './calls.ts'
import { noteMail } from './mail.ts'
import { announceChange } from './notifications.ts'
import { listEvents, viewEvent, viewEvents, viewInstances, type ListPage, type Reading } from './views.ts'
import { findEvent, type Found } from './store.ts'
import type { MicrosoftAccount } from './types.ts'
import { createEvent, deleteEvent, patchEvent } from './write.ts'

type Request = FastifyRequest<{ Params: { calendarId?: string; id?: string } }>

/** Events of the default calendar and of any other one, under each of their addresses. */
export function microsoftEventRoutes(app: FastifyInstance, world: World): void {
  for (const base of calendarBases) routesUnder(app, world, base)
}

function routesUnder(app: FastifyInstance, world: World, base: string): void {
  const read = (request: Request, reply: FastifyReply, scopes = readScopes) => {
    const { account, preferences } = readCall(world, request, reply, scopes)
    const { calendarId } = request.params
    const within = calendarId === undefined ? undefined : calendarOf(account, calendarId)
    const reading: Reading = { state: world.state, account, preferences, options: request.query }
    return { account, preferences, within, calendar: within ?? calendarOf(account, undefined), reading }
  }
  const find = (request: Request, reply: FastifyReply, scopes = readScopes) => {
    const call = read(request, reply, scopes)
    return { ...call, found: findEvent(call.account, request.params.id ?? '', call.within) }
  }

  app.get(`${base}/calendarView`, (request: Request, reply) => {
    const { reading, calendar } = read(request, reply)
    return collection(world, request, reading.account, viewEvents(reading, calendar))
  })

  app.get(`${base}/events`, (request: Request, reply) => {
    const { reading, calendar } = read(request, reply)
    return collection(world, request, reading.account, listEvents(reading, calendar))
  })

  app.post(`${base}/events`, (request: Request, reply) => {
    const { account, preferences, calendar, reading } = read(request, reply, writeScopes)
    const event = createEvent({ world, account }, calendar, request.body, preferences)
    announceChange(world, account, calendar.id, 'created', event)
    noteMail({ world, account }, 'invitation', event)
    const answer = entity({ ...reading, options: {} }, { event, calendar, occurrence: undefined })
    void reply.status(201).header('location', `${world.origin}/v1.0/me/events/${String(answer['id'])}`)
    return reply.send(answer)
  })

  app.get(`${base}/events/:id`, (request: Request, reply) => {
    const { reading, found } = find(request, reply)
    return entity(reading, found)
  })

  app.get(`${base}/events/:id/instances`, (request: Request, reply) => {
    const { reading, found } = find(request, reply)
    return collection(world, request, reading.account, viewInstances(reading, found))
  })

  app.patch(`${base}/events/:id`, (request: Request, reply) => {
    const { account, reading, found } = find(request, reply, writeScopes)
    const after = patchEvent({ world, account }, found, request.body, request.headers['if-match'])
    announceChange(world, account, after.calendar.id, 'updated', after.event)
    noteMail({ world, account }, 'update', after.event, found.event)
    return entity({ ...reading, options: {} }, after)
  })

  app.delete(`${base}/events/:id`, (request: Request, reply) => {
    const { account, found } = find(request, reply, writeScopes)
    deleteEvent({ world, account }, found, request.headers['if-match'])
    // The loss of one occurrence is an update of its series.
    const changeType = found.occurrence === undefined ? 'deleted' : 'updated'
    announceChange(world, account, found.calendar.id, changeType, found.event)
    noteMail({ world, account }, 'cancellation', found.event)
    return reply.status(204).send()
  })
}

function entity(reading: Reading, found: Found): JsonObject {
  const { value, select } = viewEvent(reading, found)
  return { '@odata.context': `${contextOf(reading.account, select)}/$entity`, ...value }
}

function collection(world: World, request: Request, account: MicrosoftAccount, page: ListPage): JsonObject {
  const next = new URL(request.url, world.origin)
  if (page.nextSkip !== null) next.searchParams.set('$skip', String(page.nextSkip))
  return {
    '@odata.context': contextOf(account, page.select),
    ...(page.count === null ? {} : { '@odata.count': page.count }),
    ...(page.nextSkip === null ? {} : { '@odata.nextLink': next.href }),
    value: page.value,
  }
}

function contextOf({ subject }: MicrosoftAccount, select: ReadonlySet<string> | undefined): string {
  const selected = select === undefined ? '' : `(${[...select].join(',')})`
  return `${metadata}#users('${subject}')/events${selected}`
}
