import type { FastifyReply, FastifyRequest } from 'fastify'
import { findAccount } from '../accounts.ts'
import type { Caller } from '../oauth/grants.ts'
import type { TokenCheck } from '../oauth/tokens.ts'
import { nowOf, type World } from '../world.ts'
import { unauthenticated, type GraphError } from './errors.ts'

/** What every call of Graph meets first: its ids, the life of its token, and how much its mailbox serves. */
export function enterGraph(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  token: TokenCheck,
): void {
  const requestId = world.random.uuid()
  const { 'client-request-id': sent, 'return-client-request-id': returns } = request.headers
  void reply.header('request-id', requestId)
  if (returns !== 'false') void reply.header('client-request-id', sent ?? requestId)
  if (token.kind === 'expired') throw expired(world, token.caller)

  // The requests in a batch reach the mailbox, the batch itself does not.
  if (request.caller === null || path === '/v1.0/$batch') return
  const leave = world.throttle.enter(request.caller, nowOf(world), world.state)
  reply.raw.once('close', leave)
}

/** An access token that is over is told differently for a work account and a personal one. */
function expired(world: World, { email }: Caller): GraphError {
  const account = findAccount(world, 'microsoft', email)
  const isPersonal = account?.vendor === 'microsoft' && account.kind === 'personal'
  return unauthenticated(
    isPersonal
      ? 'CompactToken validation failed with reason code: 80049228.'
      : 'Lifetime validation failed, the token is expired.',
  )
}
