import type { FastifyRequest } from 'fastify'
import { findAccount } from '../accounts.ts'
import type { Caller } from '../oauth/grants.ts'
import type { World } from '../world.ts'
import { insufficientScopes, invalidCredentials } from './errors.ts'
import type { GoogleAccount } from './types.ts'

/** The account a request speaks for, if its token is good and allows one of the scopes. */
export function callerOf(
  world: World,
  request: FastifyRequest,
  scopes: string[],
): { caller: Caller; account: GoogleAccount } {
  const { caller } = request
  const account = caller === null ? undefined : findAccount(world, 'google', caller.email)
  if (caller === null || account?.vendor !== 'google') throw invalidCredentials()
  const full = scopes.map((scope) => `https://www.googleapis.com/auth/${scope}`)
  const allows =
    caller.scopes === null || scopes.length === 0 || full.some((scope) => caller.scopes?.includes(scope))
  if (!allows) throw insufficientScopes()
  return { caller, account }
}
