import type { FastifyInstance } from 'fastify'

/** What every answer carries: its request id, and what browsers must not do with it. */
export function guardHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    })
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
}
