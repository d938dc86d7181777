import type { FastifyInstance } from 'fastify'
import { windowsZoneOf } from '../zones.ts'
import type { World } from '../world.ts'
import { calendarOf, metadata, readCall, readScopes } from './calls.ts'
import { renderCalendar } from './render.ts'
import { findSubscription, renderSubscription, renew, subscribe } from './subscriptions.ts'

const context = `${metadata}#me/calendars/$entity`
const ofSubscription = { '@odata.context': `${metadata}#subscriptions/$entity` }

type OfCalendar = { Params: { calendarId: string } }
type OfSubscription = { Params: { id: string } }

/** The person, their calendars, and subscriptions. */
export function microsoftMailboxRoutes(app: FastifyInstance, world: World): void {
  app.get('/v1.0/me', (request, reply) => {
    const { account } = readCall(world, request, reply, ['User.Read', 'User.ReadWrite', 'profile', 'openid'])
    const { email, subject } = account
    return {
      '@odata.context': `${metadata}#users/$entity`,
      id: subject,
      displayName: email,
      mail: email,
      userPrincipalName: email,
    }
  })

  app.get('/v1.0/me/mailboxSettings/timeZone', (request, reply) => {
    const { account } = readCall(world, request, reply, ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'])
    return { value: windowsZoneOf(account.timeZone) }
  })

  app.get('/v1.0/me/calendars', (request, reply) => {
    const { account } = readCall(world, request, reply, readScopes)
    const value = [...account.calendars.values()].map((calendar) => renderCalendar(calendar, account))
    return { '@odata.context': `${metadata}#me/calendars`, value }
  })

  app.get('/v1.0/me/calendar', (request, reply) => {
    const { account } = readCall(world, request, reply, readScopes)
    return { '@odata.context': context, ...renderCalendar(calendarOf(account, undefined), account) }
  })

  app.get<OfCalendar>('/v1.0/me/calendars/:calendarId', (request, reply) => {
    const { account } = readCall(world, request, reply, readScopes)
    const calendar = calendarOf(account, request.params.calendarId)
    return { '@odata.context': context, ...renderCalendar(calendar, account) }
  })

  app.post('/v1.0/subscriptions', async (request, reply) => {
    const { caller, account, preferences } = readCall(world, request, reply, readScopes)
    const made = await subscribe(world, caller, account, request.body, preferences.immutableIds)
    return reply.status(201).send({ ...ofSubscription, ...renderSubscription(made) })
  })

  app.get('/v1.0/subscriptions', (request, reply) => {
    const { caller } = readCall(world, request, reply, readScopes)
    const own = [...world.state.subscriptions.values()].filter(
      ({ email, clientId }) => email === caller.email && clientId === caller.clientId,
    )
    return { '@odata.context': `${metadata}#subscriptions`, value: own.map(renderSubscription) }
  })

  app.get<OfSubscription>('/v1.0/subscriptions/:id', (request, reply) => {
    const { caller } = readCall(world, request, reply, readScopes)
    return { ...ofSubscription, ...renderSubscription(findSubscription(world, caller, request.params.id)) }
  })

  app.patch<OfSubscription>('/v1.0/subscriptions/:id', async (request, reply) => {
    const { caller } = readCall(world, request, reply, readScopes)
    const renewed = await renew(world, findSubscription(world, caller, request.params.id), request.body)
    return { ...ofSubscription, ...renderSubscription(renewed) }
  })

  app.post<OfSubscription>('/v1.0/subscriptions/:id/reauthorize', (request, reply) => {
    const { caller } = readCall(world, request, reply, readScopes)
    findSubscription(world, caller, request.params.id)
    return reply.status(204).send()
  })

  app.delete<OfSubscription>('/v1.0/subscriptions/:id', (request, reply) => {
    const { caller } = readCall(world, request, reply, readScopes)
    world.state.subscriptions.delete(findSubscription(world, caller, request.params.id).id)
    return reply.status(204).send()
  })
}
