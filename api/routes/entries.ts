import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Db } from '../../db/connection.ts'
import { listEntries, listEntryVersions } from '../../db/schedule-entries.ts'
import { decodeCursor, pageOf, readTimeAndId } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { requireEntry, showEntries } from '../entries-found.ts'
import {
  changeEntry,
  createEntry,
  deleteEntry,
  restoreEntry,
  type EntryAuthor,
  type Written,
} from '../entry-changes.ts'
import { readChanges, readEntry, refuseOtherReference } from '../entry-input.ts'
import { instantOf } from '../instant.ts'
import { nudgeFlipped } from '../nudge.ts'
import { causeOf, tenantOf } from '../principal.ts'
import { Problem } from '../problem.ts'
import {
  Entry,
  EntryChanges,
  EntryInput,
  EntryVersion,
  Id,
  IdParams,
  listOf,
  pageQuery,
  Timestamp,
} from '../schemas.ts'
import { etagOf, showVersion } from '../show-entry.ts'

/** The application's own events. */
export function entryRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()
  const tags = ['entries']
  const answer = { 200: Entry }

  routes.get(
    '/entries',
    { schema: { tags, querystring: EntryQuery, response: { 200: listOf(Entry) } } },
    async (request) => {
      const { limit = 100, cursor, from, to, assignee, includeDeleted } = request.query
      const after = decodeCursor(cursor, readTimeAndId)
      const page = {
        assignee: assignee?.toLowerCase(),
        includeDeleted,
        limit: limit + 1,
        from: instantOf('from', from),
        to: instantOf('to', to),
        after: after && { startsAt: after.at, id: after.id },
      }
      return deps.database.tenant(tenantOf(request), async (db) => {
        const found = await listEntries(db, page)
        const { rows, nextCursor } = pageOf(found, limit, (last) => [last.startsAt.toISOString(), last.id])
        return { items: await showEntries(db, rows), nextCursor }
      })
    },
  )

  routes.post(
    '/entries',
    { schema: { tags, body: EntryInput, response: { 201: Entry } } },
    async (request, reply) => {
      const wish = { ...readEntry(request.body), externalRef: request.body.externalRef ?? null }
      const entry = await write(request, reply, (db, author) => createEntry(db, deps, author, wish))
      return reply.status(201).header('location', `/api/v1/entries/${entry.id}`).send(entry)
    },
  )

  routes.get(
    '/entries/:id',
    { schema: { tags, params: IdParams, response: answer } },
    async (request, reply) => {
      const entry = await deps.database.tenant(tenantOf(request), (db) => requireEntry(db, request.params.id))
      reply.header('etag', etagOf(entry.version))
      return entry
    },
  )

  routes.put(
    '/entries/:id',
    { schema: { tags, params: IdParams, body: EntryInput, response: answer } },
    async (request, reply) =>
      write(request, reply, (db, author) =>
        changeEntry(db, deps, author, request.params.id, requireIfMatch(request), (current) => {
          refuseOtherReference(request.body.externalRef, current)
          return readEntry(request.body)
        }),
      ),
  )

  routes.patch(
    '/entries/:id',
    { schema: { tags, params: IdParams, body: EntryChanges, response: answer } },
    async (request, reply) =>
      write(request, reply, (db, author) =>
        changeEntry(db, deps, author, request.params.id, requireIfMatch(request), (current, assignees) => {
          refuseOtherReference(request.body.externalRef, current)
          return readChanges(request.body, current, assignees)
        }),
      ),
  )

  routes.delete(
    '/entries/:id',
    { schema: { tags, params: IdParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const ifMatch = request.headers['if-match']
      await write(request, reply, (db, author) => deleteEntry(db, deps, author, request.params.id, ifMatch))
      return reply.status(204).send(null)
    },
  )

  routes.post(
    '/entries/:id/restore',
    { schema: { tags, params: IdParams, response: answer } },
    async (request, reply) => {
      const ifMatch = request.headers['if-match']
      return write(request, reply, (db, author) => restoreEntry(db, deps, author, request.params.id, ifMatch))
    },
  )

  routes.get(
    '/entries/:id/history',
    { schema: { tags, params: IdParams, response: { 200: listOf(EntryVersion) } } },
    async (request) =>
      deps.database.tenant(tenantOf(request), async (db) => {
        await requireEntry(db, request.params.id)
        const versions = await listEntryVersions(db, request.params.id)
        return { items: versions.map(showVersion), nextCursor: null }
      }),
  )

  /** One transaction; once it is committed the calendars concerned are nudged, and a nudge that fails costs the caller nothing. */
  async function write(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (db: Db, author: EntryAuthor) => Promise<Written>,
  ) {
    const tenantId = tenantOf(request)
    const author = { tenantId, cause: causeOf(request), now: deps.now() }
    const { entry, flipped } = await deps.database.tenant(tenantId, (db) => work(db, author))
    await nudgeFlipped(deps, tenantId, flipped, request.log)
    reply.header('etag', etagOf(entry.version))
    return entry
  }
}

const EntryQuery = Type.Object(
  {
    ...pageQuery,
    from: Type.Optional(Timestamp),
    to: Type.Optional(Timestamp),
    assignee: Type.Optional(Id),
    includeDeleted: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

function requireIfMatch(request: FastifyRequest): string {
  const ifMatch = request.headers['if-match']
  if (ifMatch) return ifMatch
  throw new Problem(
    428,
    'if-match-missing',
    'If-Match is missing',
    'Send the header If-Match with the ETag of the version you changed, as GET answers it.',
  )
}
