import type { FastifyReply, FastifyRequest } from 'fastify'
import { findAccount, findCalendar } from '../accounts.ts'
import { isObject, textOf } from '../json.ts'
import type { Caller } from '../oauth/grants.ts'
import { includesScope } from '../oauth/microsoft-scopes.ts'
import type { AccessToken } from '../oauth/types.ts'
import { nowOf, type World } from '../world.ts'
import { accessDenied, claimsChallenge, GraphError, itemNotFound, unauthenticated } from './errors.ts'
import { findGroup } from './groups.ts'
import { groupOf, mailboxFacts } from './mailbox.ts'
import { readPreferences, type Preferences } from './preferences.ts'
import { microsoftSwitch } from './switches.ts'
import type { MicrosoftAccount, MicrosoftCalendar } from './types.ts'

/** Who calls, for which mailbox, and how the answer is wanted. */
export interface Call {
  caller: Caller
  account: MicrosoftAccount
  preferences: Preferences
}

export function readCall(world: World, request: FastifyRequest, reply: FastifyReply, scopes: string[]): Call {
  const { caller, account } = readCaller(world, request)
  const granted = caller.scopes
  if (granted !== null && !scopes.some((scope) => includesScope(granted, scope))) throw accessDenied()
  const named = isObject(request.params) ? request.params : {}
  checkOwner(world, account, textOf(named['userId']))
  checkGroup(world, account, textOf(named['groupId']), textOf(named['calendarId']))
  return { caller, account, preferences: readPreferences(request, reply) }
}

/** Who calls, whatever they are allowed. */
export function readCaller(
  world: World,
  { caller, headers }: FastifyRequest,
): { caller: Caller; account: MicrosoftAccount } {
  const account = caller === null ? undefined : findAccount(world, 'microsoft', caller.email)
  if (caller === null || account?.vendor !== 'microsoft') {
    if (tokenOf(world, { headers })?.revoked && microsoftSwitch(world.state, 'challenge') === 'claims')
      throw claimsChallenge(nowOf(world))
    const isAbsent = headers.authorization === undefined
    throw unauthenticated(
      isAbsent ? 'Access token is empty.' : 'Access token has expired or is not yet valid.',
    )
  }
  return { caller, account }
}

/** The token a request carries, whether or not it is any good. */
export function tokenOf(world: World, { headers }: Pick<FastifyRequest, 'headers'>): AccessToken | undefined {
  return world.state.accessTokens.get(headers.authorization?.replace(/^Bearer\s+/i, '') ?? '')
}

/** An address under /users names its mailbox, which has to be the caller's own: nobody shares one here. */
function checkOwner(world: World, account: MicrosoftAccount, userId: string | undefined): void {
  if (userId === undefined) return
  const isNamed = ({ subject, email }: MicrosoftAccount): boolean =>
    subject === userId || email === userId.toLowerCase()
  if (isNamed(account)) return
  if ([...world.state.microsoft.values()].some(isNamed)) throw accessDenied()
  throw new GraphError(404, 'ErrorInvalidUser', `The requested user '${userId}' is invalid.`)
}

/** A group in an address is one of the mailbox's, and the calendar after it one of the group's. */
function checkGroup(
  world: World,
  account: MicrosoftAccount,
  groupId: string | undefined,
  calendarId: string | undefined,
): void {
  if (groupId === undefined) return
  const facts = mailboxFacts(world, account)
  const group = findGroup(facts, groupId)
  if (calendarId === undefined) return
  if (groupOf(facts, calendarOf(account, calendarId).groupId)?.id !== group.id) throw itemNotFound()
}

/** Holds a write of events to the calendars whose events may be written. */
export function checkEditable({ canEdit }: MicrosoftCalendar): void {
  if (canEdit === false) throw accessDenied()
}

/** Where a mailbox's routes stand: its owner says me, or names themselves. */
export const mailboxBases = ['/v1.0/me', '/v1.0/users/:userId'] as const

/** Where a calendar's routes stand: the default one below the mailbox itself, any other by its id or in its group. */
export const calendarBases = mailboxBases.flatMap((base) => [
  base,
  `${base}/calendar`,
  `${base}/calendars/:calendarId`,
  `${base}/calendarGroup/calendars/:calendarId`,
  `${base}/calendarGroups/:groupId/calendars/:calendarId`,
])

export const readScopes = ['Calendars.ReadWrite', 'Calendars.Read', 'Calendars.ReadBasic']
export const writeScopes = ['Calendars.ReadWrite']

/** The calendar an address names; without one it is the mailbox's default calendar. */
export function calendarOf(account: MicrosoftAccount, id: string | undefined): MicrosoftCalendar {
  const calendar = findCalendar(account, id ?? 'primary')
  if (calendar === undefined) throw itemNotFound()
  return calendar
}

export const metadata = 'https://graph.microsoft.com/v1.0/$metadata'
