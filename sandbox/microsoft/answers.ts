import type { FastifyReply, FastifyRequest } from 'fastify'
import { isObject, type JsonObject } from '../json.ts'
import type { World } from '../world.ts'
import { metadata } from './calls.ts'
import type { Complex } from './odata/edm.ts'
import { plainItem, plainPage } from './odata/plain-list.ts'

/** What is shown of a mailbox beside its events, and how it is called in an answer's context. */
export interface Shown {
  /** The collection within the metadata, such as users('x')/calendars. */
  context: string
  type: Complex
}

export function listAnswer(
  world: World,
  request: FastifyRequest,
  { context, type }: Shown,
  items: JsonObject[],
  pageSizeUsual = 10,
): JsonObject {
  const page = plainPage(items, type, request.query, pageSizeUsual)
  const next = new URL(request.url, world.origin)
  if (page.nextSkip !== null) next.searchParams.set('$skip', String(page.nextSkip))
  return {
    '@odata.context': `${metadata}#${context}`,
    ...(page.count === null ? {} : { '@odata.count': page.count }),
    ...(page.nextSkip === null ? {} : { '@odata.nextLink': next.href }),
    value: page.value,
  }
}

/** How many things of a kind there are, as a bare number: https://learn.microsoft.com/graph/query-parameters#count */
export function countAnswer(reply: FastifyReply, count: number | null): FastifyReply {
  return reply.type('text/plain').send(String(count ?? 0))
}

/** The options of a list that is only to be counted. */
export function countingOptions(query: unknown): JsonObject {
  return { ...(isObject(query) ? query : {}), $count: 'true' }
}

export function itemAnswer(query: unknown, { context, type }: Shown, item: JsonObject): JsonObject {
  return { '@odata.context': `${metadata}#${context}/$entity`, ...plainItem(item, type, query) }
}
