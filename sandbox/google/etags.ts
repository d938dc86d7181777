import type { FastifyReply, FastifyRequest } from 'fastify'
import { nextVersion, type World } from '../world.ts'
import { conditionNotMet } from './errors.ts'

/** A number nothing has carried before and the etag that goes with it; the quotes are part of an etag's value. */
export function nextStamp(world: World): { version: number; etag: string } {
  const version = nextVersion(world)
  return { version, etag: etagOf(version) }
}

export function etagOf(version: number): string {
  return `"${3_000_000_000_000_000 + version}"`
}

/** Answers a resource, or 304 when the caller names its etag as the one it has. */
export function answerTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  resource: { etag: string },
): FastifyReply {
  void reply.header('etag', resource.etag)
  if (namesEtag(request.headers['if-none-match'], resource.etag)) return reply.status(304).send()
  return reply.send(resource)
}

/** Refuses a write whose caller saw another state than the present one. */
export function checkIfMatch(request: FastifyRequest, etag: string): void {
  const wished = request.headers['if-match']
  if (wished !== undefined && wished.trim() !== '*' && !namesEtag(wished, etag)) throw conditionNotMet()
}

/** Says whether an If-Match or If-None-Match header names an etag. */
export function namesEtag(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((one) => one.trim() === etag)
}
