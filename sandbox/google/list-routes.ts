import type { FastifyInstance } from 'fastify'
import { isObject, textOf } from '../json.ts'
import type { World } from '../world.ts'
import { accessTo } from './access.ts'
import { findEntry, listOf, saveEntry, startingEntry, withFacts } from './calendar-list.ts'
import { callerOf } from './caller.ts'
import { openChannel } from './channels.ts'
import { listCollection } from './collections.ts'
import { GoogleError, notFound } from './errors.ts'
import { answerTagged, checkIfMatch } from './etags.ts'
import { readEntry, type EntryWish } from './list-resource.ts'
import { checkSyncParameters, choiceOf, flagOf, queryOf } from './parameters.ts'
import { isAtLeast, isRole, roles } from './roles.ts'
import { googleSwitch } from './switches.ts'
import type { GoogleAccount, ListEntry } from './types.ts'

type OfCalendar = { Params: { calendarId: string } }

const readScopes = [
  'calendar',
  'calendar.readonly',
  'calendar.calendarlist',
  'calendar.calendarlist.readonly',
]
const insertScopes = ['calendar', 'calendar.calendarlist']
const writeScopes = [...insertScopes, 'calendar.app.created']

/** The calendars an account has in its list, and how it has them there. */
export function googleListRoutes(app: FastifyInstance, world: World): void {
  const path = '/calendar/v3/users/me/calendarList'

  app.get(path, (request, reply) => {
    const { account } = callerOf(world, request, readScopes)
    return answerTagged(request, reply, listCalendars(world, account, queryOf(request)))
  })

  app.post(path, (request) => {
    const { account } = callerOf(world, request, insertScopes)
    const id = isObject(request.body) ? textOf(request.body['id']) : undefined
    if (!id) throw new GoogleError(400, 'required', 'Required: id')
    const { calendar } = accessTo(world, account, id)
    const known = findEntry(world, account.email, calendar.id)
    if (known !== undefined && googleSwitch(world.state, 'secondSubscription') === 409)
      throw new GoogleError(409, 'duplicate', 'The requested identifier already exists.')
    const start = known?.resource ?? startingEntry(world, account, calendar)
    return save(world, account, start, readEntry(request.body, flagOf(queryOf(request), 'colorRgbFormat')))
  })

  app.get<OfCalendar>(`${path}/:calendarId`, (request, reply) => {
    const { account } = callerOf(world, request, [...readScopes, 'calendar.app.created'])
    return answerTagged(request, reply, entryOf(world, account, request.params.calendarId).resource)
  })

  app.patch<OfCalendar>(`${path}/:calendarId`, (request) => {
    const { account } = callerOf(world, request, writeScopes)
    const { resource } = entryOf(world, account, request.params.calendarId)
    checkIfMatch(request, resource.etag)
    const wish = readEntry(request.body, flagOf(queryOf(request), 'colorRgbFormat'))
    return save(world, account, resource, wish)
  })

  app.put<OfCalendar>(`${path}/:calendarId`, (request) => {
    const { account } = callerOf(world, request, writeScopes)
    const { resource } = entryOf(world, account, request.params.calendarId)
    checkIfMatch(request, resource.etag)
    const { calendar } = accessTo(world, account, resource.id)
    const bare = { id: resource.id, ...colorsWithin(resource), defaultReminders: [] }
    const wish = readEntry(request.body, flagOf(queryOf(request), 'colorRgbFormat'))
    return save(world, account, withFacts(world, account.email, calendar, bare), wish)
  })

  app.delete<OfCalendar>(`${path}/:calendarId`, (request, reply) => {
    const { account } = callerOf(world, request, writeScopes)
    const { resource } = entryOf(world, account, request.params.calendarId)
    checkIfMatch(request, resource.etag)
    refuseOwn(account, resource)
    saveEntry(world, account.email, { ...resource, deleted: true })
    return reply.status(204).send()
  })

  app.post(`${path}/watch`, (request) => {
    const { caller, account } = callerOf(world, request, readScopes)
    const watched = { topic: 'calendarList', of: account.email, path: 'users/me/calendarList' } as const
    return openChannel(world, caller, watched, request.body)
  })
}

function listCalendars(world: World, account: GoogleAccount, query: Record<string, unknown>) {
  checkSyncParameters(query, ['minAccessRole', 'showOwnOrganizationOnly'], ['showDeleted', 'showHidden'])
  const least = choiceOf(query, 'minAccessRole', roles.slice(1)) ?? 'freeBusyReader'
  const showsDeleted = flagOf(query, 'showDeleted')
  const showsHidden = flagOf(query, 'showHidden')
  const isShown = ({ resource: { deleted, hidden, accessRole } }: ListEntry): boolean =>
    (showsDeleted || deleted !== true) &&
    (showsHidden || hidden !== true) &&
    (!isRole(accessRole) || isAtLeast(accessRole, least))
  const kind = 'calendar#calendarList'
  return listCollection(
    world,
    { kind, of: account.email, entries: listOf(world, account.email), isShown },
    query,
  )
}

function entryOf(world: World, account: GoogleAccount, calendarId: string): ListEntry {
  const id = calendarId === 'primary' ? account.email : calendarId
  const entry = findEntry(world, account.email, id)
  if (entry === undefined) throw notFound()
  return entry
}

function save(
  world: World,
  { email }: GoogleAccount,
  resource: Omit<ListEntry['resource'], 'etag'>,
  wish: EntryWish,
): ListEntry['resource'] {
  const wished = Object.entries({ ...resource, ...wish }).filter(([, value]) => value !== null)
  return saveEntry(world, email, { ...Object.fromEntries(wished), id: resource.id }).resource
}

/** The colours stay when a whole entry is written without any: every calendar has some. */
function colorsWithin(resource: ListEntry['resource']): Partial<ListEntry['resource']> {
  const names = ['colorId', 'backgroundColor', 'foregroundColor']
  return Object.fromEntries(Object.entries(resource).filter(([name]) => names.includes(name)))
}

/** One's own calendars are deleted, not left: the refusals as observed, and worded by ourselves. */
function refuseOwn({ email }: GoogleAccount, { primary, dataOwner }: ListEntry['resource']): void {
  const place = { domain: 'calendar' }
  if (primary === true) {
    const message = 'The primary calendar cannot be removed from the list.'
    throw new GoogleError(403, 'cannotChangeOwnPrimarySubscription', message, place)
  }
  if (dataOwner === email) {
    const message = 'A calendar cannot be removed from the list of its data owner.'
    throw new GoogleError(403, 'cannotUnsubscribeFromOwnedCalendar', message, place)
  }
}
