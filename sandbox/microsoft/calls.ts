import type { FastifyReply, FastifyRequest } from 'fastify'
import { findAccount, findCalendar } from '../accounts.ts'
import type { Caller } from '../oauth/grants.ts'
import { includesScope } from '../oauth/microsoft-routes.ts'
import type { World } from '../world.ts'
import { accessDenied, GraphError, unauthenticated } from './errors.ts'
import { readPreferences, type Preferences } from './preferences.ts'
import type { MicrosoftAccount, MicrosoftCalendar } from './types.ts'

/** Who calls, for which mailbox, and how the answer is wanted. */
export interface Call {
  caller: Caller
  account: MicrosoftAccount
  preferences: Preferences
}

export function readCall(world: World, request: FastifyRequest, reply: FastifyReply, scopes: string[]): Call {
  const { caller } = request
  const account = caller === null ? undefined : findAccount(world, 'microsoft', caller.email)
  if (caller === null || account?.vendor !== 'microsoft') {
    const isAbsent = request.headers.authorization === undefined
    throw unauthenticated(
      isAbsent ? 'Access token is empty.' : 'Access token has expired or is not yet valid.',
    )
  }
  const granted = caller.scopes
  if (granted !== null && !scopes.some((scope) => includesScope(granted, scope))) throw accessDenied()
  return { caller, account, preferences: readPreferences(request, reply) }
}

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
