import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isObject } from '../json.ts'
import type { World } from '../world.ts'
import { accessAtLeast } from './access.ts'
import { callerOf } from './caller.ts'
import { announce } from './channel-messages.ts'
import { watchCalendar } from './channels.ts'
import { listEvents } from './list.ts'
import { noteMail } from './mail.ts'
import { readListQuery } from './query.ts'
import { withZone } from './render.ts'
import type { Role } from './roles.ts'
import { instancesOf } from './series.ts'
import { deleteEvent, existing, insertEvent, patchEvent, updateEvent, type Target } from './write.ts'
import type { GoogleEvent } from './types.ts'
import { refuseHidden, seenBy, seenPage, zoneOf } from './visibility.ts'

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

  const target = (request: FastifyRequest<InCalendar>, scopes: string[]): Target & { role: Role } => {
    const { account } = callerOf(world, request, scopes)
    const least = scopes === writeScopes ? 'writerWithoutPrivateAccess' : 'freeBusyReader'
    return { world, account, ...accessAtLeast(world, account, request.params.calendarId, least) }
  }
  const writable = (request: FastifyRequest<OfEvent>) => {
    const at = target(request, writeScopes)
    refuseHidden(at, existing(at, request.params.eventId))
    return at
  }
  const committed = (
    at: Target & { role: Role },
    request: FastifyRequest,
    kind: 'insert' | 'change' | 'delete',
    event: GoogleEvent,
  ) => {
    announce(world, 'events', at.calendar.id)
    noteMail(at, kind, request.query, event)
    return seenBy(at.role, event)
  }

  app.get<InCalendar>(events, (request) => {
    const at = target(request, readScopes)
    const query = readListQuery(request.query)
    // Somebody who is to see when a person is busy gets occurrences and never a rule.
    const asked = at.role === 'freeBusyReader' ? { ...query, singleEvents: true } : query
    return seenPage(at, listEvents(at, asked), query.timeZone)
  })

  app.get<OfEvent>(`${events}/:eventId`, (request) => {
    const at = target(request, readScopes)
    const event = existing(at, request.params.eventId)
    const zone = isObject(request.query) ? request.query['timeZone'] : undefined
    const shown = withZone(event, typeof zone === 'string' ? zone : zoneOf(at.calendar))
    return seenBy(at.role, shown)
  })

  app.get<OfEvent>(`${events}/:eventId/instances`, (request) => {
    const at = target(request, readScopes)
    const query = readListQuery(request.query)
    const master = existing(at, request.params.eventId)
    const span = { from: query.fromMs, to: query.toMs }
    const kept = [...(at.calendar.exceptions.get(master.id) ?? [])].map((id) => existing(at, id))
    const changed = new Map(kept.map((event) => [event.id, event]))
    const items: GoogleEvent[] = []
    for (const instance of instancesOf(at, master, span)) {
      const event = changed.get(instance.id) ?? instance
      if (event.status !== 'cancelled' || query.showDeleted) items.push(event)
      if (items.length === query.pageSize) break
    }
    const { name: summary, timeZone } = at.calendar
    const { updated } = master
    const page = { kind: 'calendar#events', etag: '"1"', summary, updated, timeZone, items }
    return seenPage(at, page, query.timeZone)
  })

  app.post<InCalendar>(events, (request) => {
    const at = target(request, writeScopes)
    return committed(at, request, 'insert', insertEvent(at, request.body))
  })

  app.patch<OfEvent>(`${events}/:eventId`, (request) => {
    const at = writable(request)
    const event = patchEvent(at, request.params.eventId, request.body, request.headers['if-match'])
    return committed(at, request, 'change', event)
  })

  app.put<OfEvent>(`${events}/:eventId`, (request) => {
    const at = writable(request)
    const event = updateEvent(at, request.params.eventId, request.body, request.headers['if-match'])
    return committed(at, request, 'change', event)
  })

  app.delete<OfEvent>(`${events}/:eventId`, (request, reply) => {
    const at = writable(request)
    const event = deleteEvent(at, request.params.eventId, request.headers['if-match'])
    committed(at, request, 'delete', event)
    return reply.status(204).send()
  })

  app.post<InCalendar>(`${events}/watch`, (request) => {
    const { caller } = callerOf(world, request, readScopes)
    return watchCalendar(world, caller, target(request, readScopes).calendar, 'events', request.body)
  })
}
