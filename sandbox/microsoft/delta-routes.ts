import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { World } from '../world.ts'
import { calendarBases, calendarOf, mailboxBases, metadata, readCall, readScopes } from './calls.ts'
import { deltaPage } from './delta.ts'
import { noChangeTracking } from './delta-errors.ts'

type OfCalendar = FastifyRequest<{ Params: { calendarId?: string } }>

/** Incremental rounds over the calendar view of any calendar, under each of its addresses. */
export function microsoftDeltaRoutes(app: FastifyInstance, world: World): void {
  for (const base of calendarBases) {
    app.get(`${base}/calendarView/delta`, (request: OfCalendar, reply) => {
      const { account, preferences } = readCall(world, request, reply, readScopes)
      const calendar = calendarOf(account, request.params.calendarId)
      const address = `${world.origin}${request.url.split('?')[0] ?? ''}`
      const { value, next } = deltaPage({ world, account, calendar, address }, request.query, preferences)
      const token = next.kind === 'nextLink' ? '$skiptoken' : '$deltatoken'
      return {
        '@odata.context': `${metadata}#Collection(event)`,
        [`@odata.${next.kind}`]: `${address}?${token}=${next.token}`,
        value,
      }
    })
    app.get(`${base}/events/delta`, (request, reply) => {
      readCall(world, request, reply, readScopes)
      throw noChangeTracking('event')
    })
  }
  for (const base of mailboxBases) {
    app.get(`${base}/calendars/delta`, (request, reply) => {
      readCall(world, request, reply, readScopes)
      throw noChangeTracking('calendar')
    })
  }
}
