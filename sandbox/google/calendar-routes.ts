import type { FastifyInstance } from 'fastify'
import type { World } from '../world.ts'
import { accessAtLeast, accessTo, lacksAccess } from './access.ts'
import { readCalendar, renderCalendar } from './calendar-resource.ts'
import { changeCalendar, makeCalendar, newCalendarId, removeCalendar } from './calendars.ts'
import { callerOf } from './caller.ts'
import { announce } from './channel-messages.ts'
import { GoogleError, invalid } from './errors.ts'
import { answerTagged, checkIfMatch } from './etags.ts'
import { timeZoneOf } from './settings.ts'
import { googleSwitch } from './switches.ts'
import { deleteEvent } from './write.ts'
import type { GoogleAccount, GoogleCalendar } from './types.ts'

type OfCalendar = { Params: { calendarId: string } }

const writeScopes = ['calendar', 'calendar.app.created', 'calendar.calendars']
const readScopes = [...writeScopes, 'calendar.calendars.readonly', 'calendar.readonly']

/** Calendars themselves: what they are called, where they are, and whether they are. */
export function googleCalendarRoutes(app: FastifyInstance, world: World): void {
  const calendars = '/calendar/v3/calendars'

  app.get<OfCalendar>(`${calendars}/:calendarId`, (request, reply) => {
    const { account } = callerOf(world, request, readScopes)
    const { calendar } = accessTo(world, account, request.params.calendarId)
    return answerTagged(request, reply, renderCalendar(calendar))
  })

  app.post(calendars, (request) => {
    const { account } = callerOf(world, request, writeScopes)
    const isUtc = googleSwitch(world.state, 'newCalendarTimeZone') === 'UTC'
    const timeZone = isUtc ? 'UTC' : timeZoneOf(world, account)
    const facts = { timeZone, ...readCalendar(world, request.body, { isWhole: true }) }
    return renderCalendar(makeCalendar(world, account, newCalendarId(world), facts))
  })

  app.patch<OfCalendar>(`${calendars}/:calendarId`, (request) => {
    const { account } = callerOf(world, request, writeScopes)
    const { calendar } = accessAtLeast(world, account, request.params.calendarId, 'owner')
    checkIfMatch(request, calendar.etag)
    const change = readCalendar(world, request.body, { isWhole: false })
    return renderCalendar(changeCalendar(world, calendar, change))
  })

  app.put<OfCalendar>(`${calendars}/:calendarId`, (request) => {
    const { account } = callerOf(world, request, writeScopes)
    const { calendar } = accessAtLeast(world, account, request.params.calendarId, 'owner')
    checkIfMatch(request, calendar.etag)
    const cleared = { description: null, location: null }
    const change = readCalendar(world, request.body, { isWhole: true })
    return renderCalendar(changeCalendar(world, calendar, { ...cleared, ...change }))
  })

  app.delete<OfCalendar>(`${calendars}/:calendarId`, (request, reply) => {
    const { account } = callerOf(world, request, writeScopes)
    const { calendar } = accessTo(world, account, request.params.calendarId)
    checkIfMatch(request, calendar.etag)
    if (calendar.owner !== account.email) throw lacksAccess(world, 'owner')
    if (calendar.primary) {
      const message = 'Cannot delete primary calendars.'
      throw new GoogleError(403, 'cannotDeletePrimaryCalendar', message, { domain: 'calendar' })
    }
    removeCalendar(world, calendar)
    return reply.status(204).send()
  })

  app.post<OfCalendar>(`${calendars}/:calendarId/clear`, (request, reply) => {
    const { account } = callerOf(world, request, ['calendar', 'calendar.calendars'])
    const { calendar } = accessAtLeast(world, account, request.params.calendarId, 'owner')
    if (!calendar.primary || calendar.owner !== account.email)
      throw invalid('Only a primary calendar can be cleared.')
    clear(world, account, calendar)
    announce(world, 'events', calendar.id)
    return reply.status(204).send()
  })
}

/** Deletes every event, each leaving what a deleted event leaves; exceptions go with their series. */
function clear(world: World, account: GoogleAccount, calendar: GoogleCalendar): void {
  const events = [...calendar.log.entries.values()].map(({ event }) => event)
  for (const { id, status, recurringEventId } of events) {
    if (status === 'cancelled' || recurringEventId !== undefined) continue
    deleteEvent({ world, account, calendar }, id, undefined)
  }
}
