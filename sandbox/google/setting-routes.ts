import type { FastifyInstance } from 'fastify'
import type { World } from '../world.ts'
import { callerOf } from './caller.ts'
import { openChannel, stopChannel } from './channels.ts'
import { listCollection } from './collections.ts'
import { notFound } from './errors.ts'
import { answerTagged } from './etags.ts'
import { freeBusy } from './free-busy.ts'
import { readFreeBusyQuery } from './free-busy-query.ts'
import { allColors } from './palette.ts'
import { queryOf } from './parameters.ts'
import { isUsual, settingsOf } from './settings.ts'
import { googleSwitch } from './switches.ts'

const scopes = ['calendar', 'calendar.readonly', 'calendar.settings', 'calendar.settings.readonly']
const listingScopes = ['calendar.calendarlist', 'calendar.calendarlist.readonly']
const eventScopes = [
  'calendar.events.freebusy',
  'calendar.events.owned',
  'calendar.events.owned.readonly',
  'calendar.events.public.readonly',
]
const colorScopes = [
  'calendar',
  'calendar.readonly',
  'calendar.app.created',
  ...listingScopes,
  ...eventScopes,
]
const busyScopes = ['calendar', 'calendar.events.freebusy', 'calendar.freebusy', 'calendar.readonly']
const stopScopes = [
  ...colorScopes,
  ...scopes,
  'calendar.acls',
  'calendar.acls.readonly',
  'calendar.events',
  'calendar.events.readonly',
]

/** A person's settings, the colours there are, when people are busy, and closing channels. */
export function googleSettingRoutes(app: FastifyInstance, world: World): void {
  const path = '/calendar/v3/users/me/settings'

  app.get(path, (request, reply) => {
    const { account } = callerOf(world, request, scopes)
    const isWhole = googleSwitch(world.state, 'settingsListed') === 'all'
    const entries = settingsOf(world, account)
    const isShown = (entry: (typeof entries)[number]): boolean => isWhole || !isUsual(entry)
    const collection = { kind: 'calendar#settings', of: account.email, entries, isShown }
    return answerTagged(request, reply, listCollection(world, collection, queryOf(request)))
  })

  app.get<{ Params: { setting: string } }>(`${path}/:setting`, (request, reply) => {
    const { account } = callerOf(world, request, scopes)
    const entry = settingsOf(world, account).find(({ id }) => id === request.params.setting)
    if (entry === undefined) throw notFound()
    return answerTagged(request, reply, entry.resource)
  })

  app.post(`${path}/watch`, (request) => {
    const { caller, account } = callerOf(world, request, scopes)
    const watched = { topic: 'settings', of: account.email, path: 'users/me/settings' } as const
    return openChannel(world, caller, watched, request.body)
  })

  app.get('/calendar/v3/colors', (request) => {
    callerOf(world, request, colorScopes)
    return allColors()
  })

  app.post('/calendar/v3/freeBusy', (request) => {
    const { account } = callerOf(world, request, busyScopes)
    return freeBusy(world, account, readFreeBusyQuery(request.body))
  })

  app.post('/calendar/v3/channels/stop', (request, reply) => {
    const { caller } = callerOf(world, request, stopScopes)
    stopChannel(world, caller, request.body)
    return reply.status(204).send()
  })
}
