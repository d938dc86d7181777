import type { FastifyInstance, FastifyRequest } from 'fastify'
import { allAccounts, ensureAccount, findAccount, findCalendar, type Account } from '../accounts.ts'
import { isObject, numberOf, textOf, type JsonObject } from '../json.ts'
import { requirementOf } from '../oauth/sign-ins.ts'
import { tenantOf } from '../oauth/tenants.ts'
import { listOf } from '../google/calendar-list.ts'
import { announce } from '../google/channel-messages.ts'
import { seedEvents as seedGoogle } from '../google/seed.ts'
import { announceChange as announceMicrosoft } from '../microsoft/notifications.ts'
import { importCalendar } from '../import/import-calendar.ts'
import { seedEvents as seedMicrosoft } from '../microsoft/seed.ts'
import { isVendor } from '../state.ts'
import { isIanaZone } from '../zones.ts'
import { nowOf, type World } from '../world.ts'
import { ensureWished, readWishes } from './calendar-wishes.ts'
import { ControlError } from './errors.ts'
import { fieldsOf } from './fields.ts'
import { currentEvents } from './current-events.ts'

export type OfAccount = { Params: { email: string } }

/** Accounts: making them, acting for them, and looking into them. */
export function accountRoutes(app: FastifyInstance, world: World): void {
  app.get('/_sandbox/accounts', () => {
    const items = allAccounts(world).map((account) => describe(world, account))
    return { items, nextCursor: null }
  })

  app.post('/_sandbox/accounts', (request) => {
    const body = bodyOf(request)
    const { vendor } = body
    const email = textOf(body['email'])?.trim()
    if (!isVendor(vendor)) throw new ControlError(400, 'vendor must be "google" or "microsoft".')
    if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email))
      throw new ControlError(400, 'email must be an address.')
    const timeZone = textOf(body['timeZone'])
    if (timeZone !== undefined && !isIanaZone(timeZone))
      throw new ControlError(400, `${timeZone} is no IANA time zone.`)
    const kind = fieldsOf(body).oneOf('kind', ['work', 'personal'])
    if (kind !== undefined && vendor === 'google')
      throw new ControlError(400, 'kind means nothing for an account of Google.')
    const { names: calendars, wishes } = readWishes(body['calendars'])
    if (vendor === 'microsoft' && wishes.length > 0)
      throw new ControlError(400, 'The calendars of a Microsoft account are names.')
    const more = { ...(timeZone === undefined ? {} : { timeZone }), ...(kind === undefined ? {} : { kind }) }
    const account = ensureAccount(world, { vendor, email, calendars, ...more })
    if (account.vendor === 'google') ensureWished(world, account, wishes)
    return describe(world, account)
  })

  app.get<OfAccount>('/_sandbox/accounts/:email/events', (request) => {
    const asked = isObject(request.query) ? textOf(request.query['calendar']) : undefined
    return { items: currentEvents(accountOf(world, request), asked), nextCursor: null }
  })

  app.post<OfAccount>('/_sandbox/accounts/:email/events', (request) => {
    const body = bodyOf(request)
    const account = accountOf(world, request)
    const count = numberOf(body['count'])
    if (count === undefined || !Number.isInteger(count) || count < 1 || count > 200_000) {
      throw new ControlError(400, 'count must be a whole number from 1 to 200000.')
    }
    const startsAtMs = Date.parse(
      textOf(body['startsAt']) ?? new Date(nowOf(world)).toISOString().slice(0, 14) + '00:00Z',
    )
    if (Number.isNaN(startsAtMs)) throw new ControlError(400, 'startsAt must be a time in ISO 8601.')
    return { created: seed(world, account, textOf(body['calendar']) ?? 'primary', count, startsAtMs) }
  })
}

/** Imports an iCalendar file into an account's calendar. */
export function importRoute(app: FastifyInstance, world: World): void {
  app.post<OfAccount>('/_sandbox/accounts/:email/import', (request) => {
    const account = accountOf(world, request)
    const query: JsonObject = isObject(request.query) ? request.query : {}
    const shiftWeeks = numberOf(query['shiftWeeks'] ?? 0)
    if (shiftWeeks === undefined || !Number.isInteger(shiftWeeks)) {
      throw new ControlError(400, 'shiftWeeks must be a whole number.')
    }
    if (typeof request.body !== 'string')
      throw new ControlError(400, 'The body must be an iCalendar text (text/calendar).')
    const calendarId = textOf(query['calendar']) ?? 'primary'
    const report = importCalendar(world, account, { calendarId, shiftWeeks, text: request.body })
    announceImport(world, account, calendarId)
    return report
  })
}

function announceImport(world: World, account: Account, calendarId: string): void {
  if (account.vendor === 'google') {
    announce(world, 'events', findCalendar(account, calendarId)?.id ?? calendarId)
    return
  }
  const calendar = findCalendar(account, calendarId)
  const event = calendar?.log.entries.get(calendar.log.changes.at(-1)?.id ?? '')?.event
  if (calendar !== undefined && event !== undefined)
    announceMicrosoft(world, account, calendar.id, 'created', event)
}

function seed(world: World, account: Account, calendarId: string, count: number, startsAtMs: number): number {
  if (account.vendor === 'google') {
    const calendar = findCalendar(account, calendarId)
    if (calendar === undefined) throw new ControlError(404, `There is no calendar ${calendarId}.`)
    seedGoogle({ world, account, calendar }, count, startsAtMs)
    announce(world, 'events', calendar.id)
    return count
  }
  const calendar = findCalendar(account, calendarId)
  if (calendar === undefined) throw new ControlError(404, `There is no calendar ${calendarId}.`)
  const last = seedMicrosoft(world, account, calendar, count, startsAtMs)
  if (last !== undefined) announceMicrosoft(world, account, calendar.id, 'created', last)
  return count
}

/** The account a request names; the vendor may be left out where only one has it. */
export function accountOf(world: World, request: FastifyRequest<OfAccount>): Account {
  const { email } = request.params
  const query: JsonObject = isObject(request.query) ? request.query : {}
  const body: JsonObject = isObject(request.body) ? request.body : {}
  const vendor = query['vendor'] ?? body['vendor']
  if (vendor !== undefined && !isVendor(vendor))
    throw new ControlError(400, 'vendor must be "google" or "microsoft".')
  const found = (vendor === undefined ? (['google', 'microsoft'] as const) : [vendor]).flatMap(
    (name) => findAccount(world, name, email) ?? [],
  )
  const [account, other] = found
  if (account === undefined) throw new ControlError(404, `There is no account ${email}.`)
  if (other !== undefined)
    throw new ControlError(400, `Both vendors have ${email}: say vendor=google or vendor=microsoft.`)
  return account
}

function describe(world: World, account: Account): JsonObject {
  const own = [...account.calendars.values()].map(({ id, name, primary, timeZone }) => {
    return { id, name, primary, timeZone }
  })
  const { vendor, email, timeZone } = account
  return {
    vendor,
    email,
    timeZone,
    ...(vendor === 'microsoft' ? { kind: account.kind, tenantId: tenantOf(account) } : {}),
    requires: requirementOf(world, vendor, email),
    calendars: [...own, ...sharedCalendars(world, account)],
  }
}

/** The calendars of others that an account has in its list. */
function sharedCalendars(world: World, { vendor, email, calendars }: Account): JsonObject[] {
  if (vendor === 'microsoft') return []
  const shared = listOf(world, email).filter(
    ({ id, resource }) => !calendars.has(id) && resource.deleted !== true,
  )
  return shared.map(({ id, resource: { summary, timeZone, accessRole } }) => {
    return { id, name: summary, primary: false, timeZone, accessRole }
  })
}

export function bodyOf(request: FastifyRequest): JsonObject {
  if (request.body === undefined || request.body === null) return {}
  if (!isObject(request.body)) throw new ControlError(400, 'The body must be a JSON object.')
  return request.body
}
