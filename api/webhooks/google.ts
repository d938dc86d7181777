import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiDeps } from '../dependencies.ts'
import { countWebhook } from '../metrics.ts'
import { Problem } from '../problem.ts'
import { notify } from './notify.ts'
import { verify } from './verify.ts'

/** A push message of a watch channel: all of it is headers. https://developers.google.com/workspace/calendar/api/guides/push */
export async function answerGoogle(
  deps: ApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  const verdict = await verify(deps, 'google', {
    externalId: header('x-goog-channel-id') ?? '',
    secret: header('x-goog-channel-token'),
    resourceId: header('x-goog-resource-id'),
  })
  if (verdict.kind !== 'ours') {
    countWebhook('google', verdict.kind)
    throw refusal(verdict.kind)
  }
  countWebhook('google', 'accepted')
  // The first message of a channel only says that it works.
  if (header('x-goog-resource-state') !== 'sync') await notify(deps, verdict.subscription, request)
  return reply.status(204).send()
}

export const refusal = (kind: 'unknown' | 'forged'): Problem =>
  kind === 'unknown'
    ? new Problem(404, 'unknown-subscription', 'Unknown subscription', 'No living subscription has this id.')
    : new Problem(401, 'forged-notification', 'Not ours', 'This is not the secret of the subscription.')
