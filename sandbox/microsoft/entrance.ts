import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TokenCheck } from '../oauth/grants.ts'
import { nowOf, type World } from '../world.ts'
import { unauthenticated } from './errors.ts'

/** What every call of Graph meets first: its ids, the life of its token, and how much its mailbox serves. */
export function enterGraph(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  token: TokenCheck['kind'],
): void {
  const requestId = world.random.uuid()
  const { 'client-request-id': sent, 'return-client-request-id': returns } = request.headers
  void reply.header('request-id', requestId)
  if (returns !== 'false') void reply.header('client-request-id', sent ?? requestId)
  if (token === 'expired') throw unauthenticated('Lifetime validation failed, the token is expired.')

  // The requests in a batch reach the mailbox, the batch itself does not.
  if (request.caller === null || path === '/v1.0/$batch') return
  const leave = world.throttle.enter(request.caller, nowOf(world), world.state)
  reply.raw.once('close', leave)
}
