import type { FastifyInstance, FastifyRequest } from 'fastify'
import { serialised } from '../json-bytes.ts'
import { isObject, textOf } from '../json.ts'
import { answerShape } from './answer-shapes.ts'
import { namesEtag } from './etags.ts'
import { readFields, selectFields, type Selection } from './fields.ts'
import { choiceOf, flagOf, queryOf } from './parameters.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The members of the answer that the caller wants to see. */
    selection: Selection
  }
}

const isCalendar = (request: FastifyRequest): boolean => request.url.startsWith('/calendar/v3/')

/**
 * What Google does for every address of Calendar v3 alike: partial answers, indentation, the etag as a header, and 304 for
 * a caller who has the present one. Parameters nobody knows are ignored. To be called before there are any routes.
 */
export function googleFrontEnd(app: FastifyInstance): void {
  app.decorateRequest('selection', 'all')

  app.addHook('onRequest', async (request, reply) => {
    if (!isCalendar(request)) return
    const isPlain = queryOf(request)['prettyPrint'] === 'false'
    void reply.type('application/json; charset=UTF-8')
    void reply.serializer((answer: unknown) => serialised(answer, 'items', isPlain ? 0 : indentOf(answer)))
  })

  app.addHook('preHandler', async (request) => {
    // Nobody is told what is wrong with a request before it is known whose it is.
    if (!isCalendar(request) || request.caller === null) return
    const query = queryOf(request)
    choiceOf(query, 'alt', ['json'])
    if (query['prettyPrint'] !== undefined) flagOf(query, 'prettyPrint')
    const fields = textOf(query['fields'])
    if (!fields) return
    const shape = answerShape(request.method, request.url.split('?')[0] ?? '')
    if (shape !== undefined) request.selection = readFields(fields, shape)
  })

  app.addHook('preSerialization', async (request, reply, answer: unknown) => {
    if (!isCalendar(request) || reply.statusCode >= 300 || !isObject(answer)) return answer
    const etag = textOf(answer['etag'])
    if (etag !== undefined) void reply.header('etag', etag)
    if (request.method === 'GET' && etag !== undefined && namesEtag(request.headers['if-none-match'], etag)) {
      void reply.status(304)
    }
    return selectFields(answer, request.selection)
  })

  app.addHook('onSend', async (request, reply, payload) => {
    if (!isCalendar(request) || ![204, 304].includes(reply.statusCode)) return payload
    void reply.removeHeader('content-type')
    return null
  })
}

/** The Calendar backend indents by one blank, the servers before it, whose errors name a status, by two. */
function indentOf(answer: unknown): number {
  const error = isObject(answer) ? answer['error'] : undefined
  return isObject(error) && error['status'] !== undefined ? 2 : 1
}
