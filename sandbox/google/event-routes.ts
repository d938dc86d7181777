import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isObject } from '../json.ts'
import type { World } from '../world.ts'
import { callerOf } from './calendar-routes.ts'
import { announceChange, calendarOf, watch } from './channels.ts'
import { listEvents } from './list.ts'
import { noteMail } from './mail.ts'
import { readListQuery } from './query.ts'
import { withZone } from './render.ts'
import { instancesOf } from './series.ts'
import { deleteEvent, existing, insertEvent, patchEvent, updateEvent, type Target } from './write.ts'
import type { GoogleEvent } from './types.ts'

type InCalendar = { Params: { calendarId: string } }
type OfEvent = { Params: { calendarId: string; eventId: string } }

const writeScopes = ['calendar', 'calendar.events', 'calendar.events.owned', 'calendar.app.created']
const readScopes = [
  ...writeScopes,
  'calendar.readonly',
  'calendar.events.readonly',
  'calendar.events.owned.readonly',
]

/** Events of a calendar: list, read, write, watch. */
export function googleEventRoutes(app: FastifyInstance, world: World): void {
  const events = '/calendar/v3/calendars/:calendarId/events'

  const target = (request: FastifyRequest<InCalendar>, scopes: string[]): Target => {
    const { account } = callerOf(world, request, scopes)
    return { world, account, calendar: calendarOf(world, account.email, request.params.calendarId) }
  }
  const committed = (
    at: Target,
    request: FastifyRequest,
    kind: 'insert' | 'change' | 'delete',
    event: GoogleEvent,
  ) => {
    announceChange(world, at.account.email, at.calendar.id)
    noteMail(at, kind, request.query, event)
    return event
  }

  app.get<InCalendar>(events, (request) =>
    listEvents(target(request, readScopes), readListQuery(request.query)),
  )

  app.get<OfEvent>(`${events}/:eventId`, (request, reply) => {
    const event = existing(target(request, readScopes), request.params.eventId)
    if (request.headers['if-none-match'] === event.etag) return reply.status(304).send()
    const zone = isObject(request.query) ? request.query['timeZone'] : undefined
    return reply.header('etag', event.etag).send(withZone(event, typeof zone === 'string' ? zone : undefined))
  })

  app.get<OfEvent>(`${events}/:eventId/instances`, (request) => {
    const at = target(request, readScopes)
    const query = readListQuery(request.query)
    const master = existing(at, request.params.eventId)
    const span = { from: query.fromMs, to: query.toMs }
    const kept = [...(at.calendar.exceptions.get(master.id) ?? [])].map((id) => existing(at, id))
    const changed = new Map(kept.map((event) => [event.id, event]))
    const items: GoogleEvent[] = []
    for (const instance of instancesOf(at.calendar, master, span)) {
      const event = changed.get(instance.id) ?? instance
      if (event.status !== 'cancelled' || query.showDeleted) items.push(event)
      if (items.length === query.pageSize) break
    }
    return {
      kind: 'calendar#events',
      etag: '"1"',
      summary: at.calendar.name,
      updated: master.updated,
      timeZone: at.calendar.timeZone,
      accessRole: 'owner',
      defaultReminders: [],
      items,
    }
  })

  app.post<InCalendar>(events, (request) => {
    const at = target(request, writeScopes)
    return committed(at, request, 'insert', insertEvent(at, request.body))
  })

  app.patch<OfEvent>(`${events}/:eventId`, (request) => {
    const at = target(request, writeScopes)
    const event = patchEvent(at, request.params.eventId, request.body, request.headers['if-match'])
    return committed(at, request, 'change', event)
  })

  app.put<OfEvent>(`${events}/:eventId`, (request) => {
    const at = target(request, writeScopes)
    const event = updateEvent(at, request.params.eventId, request.body, request.headers['if-match'])
    return committed(at, request, 'change', event)
  })

  app.delete<OfEvent>(`${events}/:eventId`, (request, reply) => {
    const at = target(request, writeScopes)
    const event = deleteEvent(at, request.params.eventId, request.headers['if-match'])
    committed(at, request, 'delete', event)
    return reply.status(204).send()
  })

  app.post<InCalendar>(`${events}/watch`, (request) => {
    const at = target(request, readScopes)
    const { caller } = callerOf(world, request, readScopes)
    const channel = watch(world, caller, at.calendar, request.body)
    return {
      kind: 'api#channel',
      id: channel.id,
      resourceId: channel.resourceId,
      resourceUri: channel.resourceUri,
      ...(channel.token === null ? {} : { token: channel.token }),
      expiration: String(channel.expiresAtMs),
    }
  })
}
