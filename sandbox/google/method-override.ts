import type { IncomingMessage } from 'node:http'

const methods = ['GET', 'PUT', 'PATCH', 'DELETE']

/**
 * Takes a POST for what its header says it is, as Google's APIs do for clients whose way out knows no other methods. To
 * be called before a route is chosen.
 */
export function overrideMethod(request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): void {
  const wished = request.headers['x-http-method-override']
  if (request.method !== 'POST' || !request.url?.startsWith('/calendar/v3/') || typeof wished !== 'string')
    return
  const method = methods.find((one) => one === wished.trim().toUpperCase())
  if (method !== undefined) request.method = method
}
