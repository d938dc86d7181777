import type { FastifyInstance } from 'fastify'
import { bytesOf } from './answer-bytes.ts'
import type { Vendor } from './state.ts'
import { vendorOf } from './traffic.ts'

/** An answer of a played vendor as it leaves. */
export interface Answered {
  vendor: Vendor
  method: string
  /** The path as it was registered, with its parameters' names; nothing where no route is played. */
  route: string | null
  /** The path and query that were asked for. */
  url: string
  status: number
  contentType: string
  body: string
}

/** Shows every answer of the vendors to whoever runs the sandbox within its own process. */
export function showAnswers(app: FastifyInstance, show: (answered: Answered) => void): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const vendor = vendorOf(request.url.split('?')[0] ?? '')
    // Once its connection has broken off nothing leaves any more.
    if (vendor !== null && !reply.raw.destroyed) {
      show({
        vendor,
        method: request.method,
        route: request.routeOptions.url ?? null,
        url: request.url,
        status: reply.statusCode,
        contentType: String(reply.getHeader('content-type') ?? ''),
        body: bytesOf(payload).toString(),
      })
    }
    return payload
  })
}

export interface PlayedRoute {
  vendor: Vendor
  method: string
  path: string
}

/** Tells by the control API which of the vendors' routes are played. To be called before there are any. */
export function listRoutes(app: FastifyInstance): void {
  const items: PlayedRoute[] = []
  app.addHook('onRoute', ({ method, url }) => {
    const vendor = vendorOf(url)
    if (vendor === null) return
    for (const one of [method].flat()) if (one !== 'HEAD') items.push({ vendor, method: one, path: url })
  })
  app.get('/_sandbox/routes', () => ({ items, nextCursor: null }))
}
