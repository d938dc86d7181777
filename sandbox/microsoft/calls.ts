import type { FastifyReply, FastifyRequest } from 'fastify'
import { findAccount, findCalendar } from '../accounts.ts'
import { isObject, textOf } from '../json.ts'
import type { Caller } from '../oauth/grants.ts'
import { includesScope } from '../oauth/microsoft-routes.ts'
import { nowOf, type World } from '../world.ts'
import { accessDenied, claimsChallenge, GraphError, unauthenticated } from './errors.ts'
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
  checkOwner(world, account, isObject(request.params) ? textOf(request.params['userId']) : undefined)
  return { caller, account, preferences: readPreferences(request, reply) }
}

/** Who calls, whatever they are allowed. */
export function readCaller(
  world: World,
  { caller, headers }: FastifyRequest,
): { caller: Caller; account: MicrosoftAccount } {
  const account = caller === null ? undefined : findAccount(world, 'microsoft', caller.email)
  if (caller === null || account?.vendor !== 'microsoft') {
    const token = world.state.accessTokens.get(headers.authorization?.replace(/^Bearer\s+/i, '') ?? '')
    if (token?.revoked && microsoftSwitch(world.state, 'challenge') === 'claims')
      throw claimsChallenge(nowOf(world))
    const isAbsent = headers.authorization === undefined
    throw unauthenticated(
      isAbsent ? 'Access token is empty.' : 'Access token has expired or is not yet valid.',
    )
  }
  return { caller, account }
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
  if (calendar === undefined) {
    throw new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
  }
  return calendar
}

export const metadata = 'https://graph.microsoft.com/v1.0/$metadata'
