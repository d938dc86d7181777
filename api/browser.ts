import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiDeps } from './dependencies.ts'
import { principalOf } from './principal.ts'

export const browserCookie = 'oauth_browser'

/** A secret that only the browser holds that starts a consent; null for a client without cookies. */
export function browserOf(request: FastifyRequest, reply: FastifyReply, deps: ApiDeps): string | null {
  if (principalOf(request).kind !== 'session') return null
  const known = request.cookies[browserCookie]
  const browser = known && known.length >= 32 ? known : randomBytes(32).toString('base64url')
  reply.setCookie(browserCookie, browser, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: deps.config.publicUrl.startsWith('https:'),
    maxAge: 3600,
  })
  return browser
}
