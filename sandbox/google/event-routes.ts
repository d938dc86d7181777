import type { FastifyInstance, FastifyRequest } from 'fastify'
import { textOf } from '../json.ts'
import type { World } from '../world.ts'
import { accessAtLeast, type Access } from './access.ts'
import { callerOf } from './caller.ts'
import { watchCalendar } from './channels.ts'
import type { Target } from './complete-event.ts'
import { GoogleError } from './errors.ts'
import { existing } from './find-event.ts'
import { importEvent } from './import-event.ts'
import { listInstances } from './instances.ts'
import { listEvents } from './list.ts'
import { noteMail } from './mail.ts'
import { moveEvent } from './move-event.ts'
import { queryOf } from './parameters.ts'
import { readListQuery, zoneParameter } from './query.ts'
import { withAttendeesMax, withZone } from './render.ts'
import { refuseHidden, seenBy, seenPage, zoneOf } from './visibility.ts'
import { deleteEvent, insertEvent, patchEvent, updateEvent, type Change } from './write.ts'
import { attendeesMaxOf, readWriteQuery, type WriteQuery } from './write-query.ts'

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

  const target = (request: FastifyRequest<InCalendar>, scopes: string[]): Target & Access => {
    const { account } = callerOf(world, request, scopes)
    const least = scopes === writeScopes ? 'writerWithoutPrivateAccess' : 'freeBusyReader'
    return { world, account, ...accessAtLeast(world, account, request.params.calendarId, least) }
  }
  const writable = (request: FastifyRequest<OfEvent>): Target & Access => {
    const at = target(request, writeScopes)
    refuseHidden(at, existing(at, request.params.eventId))
    return at
  }
  /** Does a write whose parameters are good, and answers the event as the caller sees it. */
  const written = (
    request: FastifyRequest,
    at: Target & Access,
    write: (query: WriteQuery) => Change,
    { mails } = { mails: true },
  ) => {
    const query = readWriteQuery(queryOf(request))
    const change = write(query)
    if (mails) noteMail(at, change, query)
    const shown = withZone(withAttendeesMax(change.after, query.attendeesMax), zoneOf(at.calendar))
    return seenBy(at.role, shown)
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
    const query = queryOf(request)
    const zone = zoneParameter(query) ?? zoneOf(at.calendar)
    const event = existing(at, request.params.eventId)
    return seenBy(at.role, withZone(withAttendeesMax(event, attendeesMaxOf(query)), zone))
  })

  app.get<OfEvent>(`${events}/:eventId/instances`, (request) => {
    const at = target(request, readScopes)
    const query = queryOf(request)
    return seenPage(at, listInstances(at, request.params.eventId, query), textOf(query['timeZone']))
  })

  app.post<InCalendar>(events, (request) => {
    const at = target(request, writeScopes)
    return written(request, at, (query) => insertEvent(at, request.body, query))
  })

  app.post<InCalendar>(`${events}/import`, (request) => {
    const at = target(request, writeScopes)
    return written(request, at, (query) => importEvent(at, request.body, query), { mails: false })
  })

  app.post<OfEvent>(`${events}/:eventId/move`, (request) => {
    const from = writable(request)
    const destination = textOf(queryOf(request)['destination'])
    if (!destination) throw new GoogleError(400, 'required', 'Required parameter: destination')
    const to = { ...from, ...accessAtLeast(world, from.account, destination, 'writerWithoutPrivateAccess') }
    return written(request, to, () => moveEvent(from, to, request.params.eventId))
  })

  app.patch<OfEvent>(`${events}/:eventId`, (request) => {
    const at = writable(request)
    const { eventId } = request.params
    const ifMatch = request.headers['if-match']
    return written(request, at, (query) => patchEvent(at, eventId, request.body, ifMatch, query))
  })

  app.put<OfEvent>(`${events}/:eventId`, (request) => {
    const at = writable(request)
    const { eventId } = request.params
    const ifMatch = request.headers['if-match']
    return written(request, at, (query) => updateEvent(at, eventId, request.body, ifMatch, query))
  })

  app.delete<OfEvent>(`${events}/:eventId`, (request, reply) => {
    const at = writable(request)
    written(request, at, () => deleteEvent(at, request.params.eventId, request.headers['if-match']))
    return reply.status(204).send()
  })

  app.post<InCalendar>(`${events}/watch`, (request) => {
    const { caller } = callerOf(world, request, readScopes)
    return watchCalendar(world, caller, target(request, readScopes).calendar, 'events', request.body)
  })
}
