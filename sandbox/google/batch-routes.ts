import type { FastifyInstance, FastifyRequest } from 'fastify'
import { STATUS_CODES } from 'node:http'
import { alphanumeric } from '../random.ts'
import type { World } from '../world.ts'
import { readBatch, type BatchPart } from './batch-parts.ts'
import { badRequest, notFound, type GoogleError } from './errors.ts'
import { googleSwitch } from './switches.ts'

interface PartAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/**
 * Several requests in one. Each goes through the same routes as if it had come alone, so that it is logged, counted and
 * struck by faults alone.
 */
export function googleBatchRoutes(app: FastifyInstance, world: World): void {
  for (const path of ['/batch/calendar/v3', '/batch']) {
    app.post(path, async (request, reply) => {
      const partsMax = googleSwitch(world.state, 'batchPartsMax')
      const parts = readBatch(request.headers['content-type'], request.body, partsMax)
      const answers = new Map<BatchPart, PartAnswer>()
      for (const part of orderOf(world, parts)) answers.set(part, await run(app, request, part))
      const boundary = `batch_${world.random.text(32, alphanumeric)}`
      const written = parts.map((part) => `--${boundary}\r\n${write(part, answers.get(part))}\r\n`)
      return reply
        .type(`multipart/mixed; boundary=${boundary}`)
        .send(`${written.join('')}--${boundary}--\r\n`)
    })
  }
}

/** Google does not say in which order it works. */
function orderOf(world: World, parts: BatchPart[]): BatchPart[] {
  if (googleSwitch(world.state, 'batchOrder') === 'given') return parts
  const placed = parts.map((part) => ({ part, place: world.random.next() }))
  return placed.toSorted((a, b) => a.place - b.place).map(({ part }) => part)
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

async function run(app: FastifyInstance, outer: FastifyRequest, part: BatchPart): Promise<PartAnswer> {
  const method = methods.find((one) => one === part.method)
  const refusal = refusalOf(part)
  if (method === undefined || refusal !== undefined) return told(refusal ?? badRequest('Bad Request'))
  try {
    const answer = await app.inject({
      method,
      url: part.url,
      headers: { ...lastingHeaders(outer.headers), ...ownHeaders(part) },
      ...(part.body === '' ? {} : { payload: part.body }),
    })
    return { status: answer.statusCode, headers: toldHeaders(answer.headers), body: answer.body }
  } catch {
    // What became of it is not known: its connection, if it had one, broke off.
    return { status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>Service Unavailable</h1>' }
  }
}

/** What a batch does not carry: other addresses than the API’s own, channels, and batches. */
function refusalOf({ url, method }: BatchPart): GoogleError | undefined {
  if (!url.startsWith('/')) return badRequest('The URL of a part is to be a path.')
  const path = url.split('?')[0] ?? ''
  if (!path.startsWith('/calendar/v3/')) return notFound()
  if (method === 'POST' && path.endsWith('/watch')) return badRequest('A batch does not open channels.')
  return undefined
}

/** The headers of the batch hold for each call, but for those of its own body and connection. */
function lastingHeaders(headers: FastifyRequest['headers']): Record<string, string> {
  const own = /^(content-.*|host|connection|transfer-encoding|expect|accept-encoding|keep-alive|te|upgrade)$/
  const texts = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && !own.test(name) ? [[name, value]] : [],
  )
  return Object.fromEntries(texts)
}

/** An answer within a batch is never packed, whatever its call accepts: the batch is. */
function ownHeaders({ headers }: BatchPart): Record<string, string> {
  const { 'accept-encoding': _accepted, ...own } = headers
  return own
}

function toldHeaders(headers: Record<string, unknown>): Record<string, string> {
  const names = ['content-type', 'etag', 'retry-after', 'vary']
  return Object.fromEntries(
    names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])),
  )
}

function told(error: GoogleError): PartAnswer {
  const headers = { 'content-type': 'application/json; charset=UTF-8' }
  return { status: error.status, headers, body: JSON.stringify(error.body) }
}

function write({ contentId }: BatchPart, answer: PartAnswer | undefined): string {
  const { status, headers, body } = answer ?? told(notFound())
  const id = contentId?.startsWith('<') ? `<response-${contentId.slice(1)}` : `response-${contentId}`
  const length = Buffer.byteLength(body)
  return [
    'Content-Type: application/http',
    ...(contentId === undefined ? [] : [`Content-ID: ${id}`]),
    '',
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries({ ...headers, 'content-length': `${length}` }).map(
      ([name, value]) => `${name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())}: ${value}`,
    ),
    '',
    body,
  ].join('\r\n')
}
