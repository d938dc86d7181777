import { randomBytes } from 'node:crypto'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { fingerprintOf } from '../../db/envelope.ts'
import { consumeLink, insertSession } from '../../db/sessions.ts'
import type { ApiDeps } from '../dependencies.ts'
import { sendPage } from '../pages.ts'
import { sessionCookie } from '../plugins/authentication.ts'

const sessionDays = 7

/** A one-time link signs a browser in to the console. */
export function signInRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      '/sign-in',
      { schema: { querystring: Type.Object({ token: Type.Optional(Type.String()) }), hide: true } },
      async (request, reply) => {
        const token = await signIn(deps, request.query.token ?? '')
        if (token === undefined) {
          return sendPage(
            reply,
            403,
            'This link does not work',
            'A sign-in link works once and for ten minutes. This one was used already, is too old, or is not one of ours. Ask for a new one, or restart the product: it prints one.',
          )
        }
        reply.setCookie(sessionCookie, token, {
          path: '/',
          httpOnly: true,
          sameSite: 'lax',
          secure: deps.config.publicUrl.startsWith('https:'),
          maxAge: sessionDays * 86_400,
        })
        return reply.redirect('/')
      },
    )
}

/** Takes the link and opens a session; the session's token, or undefined for a link that opens nothing. */
function signIn(deps: ApiDeps, linkToken: string): Promise<string | undefined> {
  const token = randomBytes(32).toString('base64url')
  const now = deps.now()
  return deps.database.system(async (db) => {
    const link = await consumeLink(db, fingerprintOf(linkToken), now)
    if (!link) return undefined
    const expiresAt = new Date(now.getTime() + sessionDays * 86_400_000)
    const { tenantId, role } = link
    await insertSession(db, { hash: fingerprintOf(token), tenantId, kind: 'session', role, expiresAt })
    return token
  })
}
