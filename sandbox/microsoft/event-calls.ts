import type { FastifyReply, FastifyRequest } from 'fastify'
import type { JsonObject } from '../json.ts'
import type { World } from '../world.ts'
import { calendarOf, checkEditable, metadata, readCall, readScopes, writeScopes } from './calls.ts'
import type { Preferences } from './preferences.ts'
import { findEvent, type Found, type Mailbox } from './store.ts'
import type { MicrosoftAccount, MicrosoftCalendar } from './types.ts'
import { viewEvent, type ListPage, type Reading } from './views.ts'

export type EventRequest = FastifyRequest<{
  Params: { calendarId?: string; id?: string; extensionId?: string }
}>

/** A call about events, for whom and in which calendar. */
export interface EventCall {
  mailbox: Mailbox
  preferences: Preferences
  calendar: MicrosoftCalendar
  /** The calendar the address names, if it names one. */
  within: MicrosoftCalendar | undefined
  reading: Reading
}

export type Access = 'reads' | 'writes'

export function eventCall(
  world: World,
  request: EventRequest,
  reply: FastifyReply,
  access: Access,
): EventCall {
  const scopes = access === 'reads' ? readScopes : writeScopes
  const { account, preferences } = readCall(world, request, reply, scopes)
  const { calendarId } = request.params
  const within = calendarId === undefined ? undefined : calendarOf(account, calendarId)
  const calendar = within ?? calendarOf(account, undefined)
  if (access === 'writes') checkEditable(calendar)
  return {
    mailbox: { world, account },
    preferences,
    calendar,
    within,
    reading: { state: world.state, account, preferences, options: request.query },
  }
}

/** A call about one event or occurrence. */
export function foundCall(
  world: World,
  request: EventRequest,
  reply: FastifyReply,
  access: Access,
): EventCall & { found: Found } {
  const call = eventCall(world, request, reply, access)
  const found = findEvent(call.mailbox.account, request.params.id ?? '', call.within)
  if (access === 'writes') checkEditable(found.calendar)
  return { ...call, found }
}

/** One event as the answer to a call. */
export function entity(reading: Reading, found: Found): JsonObject {
  const { value, select } = viewEvent(reading, found)
  return { '@odata.context': `${contextOf(reading.account, select)}/$entity`, ...value }
}

/** A page of events as the answer to a call, with the way to the next one. */
export function collection(
  world: World,
  request: EventRequest,
  account: MicrosoftAccount,
  page: ListPage,
): JsonObject {
  return {
    '@odata.context': contextOf(account, page.select),
    ...(page.count === null ? {} : { '@odata.count': page.count }),
    ...(page.nextSkip === null ? {} : { '@odata.nextLink': nextLink(world, request, page.nextSkip) }),
    value: page.value,
  }
}

function nextLink(world: World, request: EventRequest, skip: number): string {
  const next = new URL(request.url, world.origin)
  next.searchParams.set('$skip', String(skip))
  return next.href
}

function contextOf({ subject }: MicrosoftAccount, select: ReadonlySet<string> | undefined): string {
  const selected = select === undefined ? '' : `(${[...select].join(',')})`
  return `${metadata}#users('${subject}')/events${selected}`
}
