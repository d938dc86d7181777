import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { ApiDeps } from '../dependencies.ts'
import { answerGoogle } from '../webhooks/google.ts'
import { answerMicrosoft } from '../webhooks/microsoft.ts'

const bodyLimit = 256 * 1024

/** Where the vendors say that something changed: verify, nudge, answer. What they send is never trusted further. */
export function webhookRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, body, done) => done(null, body))
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.post('/webhooks/google', { bodyLimit, schema: { tags: ['webhooks'] } }, (request, reply) =>
    answerGoogle(deps, request, reply),
  )

  // `provider` is for whoever reads a list of subscriptions; who may speak is decided by the secret alone.
  const querystring = Type.Object({
    validationToken: Type.Optional(Type.String({ maxLength: 2048 })),
    provider: Type.Optional(Type.String({ maxLength: 100 })),
  })
  for (const path of ['/webhooks/microsoft', '/webhooks/microsoft/lifecycle']) {
    routes.post(path, { bodyLimit, schema: { tags: ['webhooks'], querystring } }, (request, reply) => {
      const { validationToken } = request.query
      // Graph asks whether the address is ours before it makes a subscription; it wants its token back as text.
      if (validationToken !== undefined) return reply.type('text/plain').send(validationToken)
      return answerMicrosoft(deps, request, reply)
    })
  }
}
