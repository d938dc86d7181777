import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Db } from '../../db/connection.ts'
import { listEntries, type ScheduleEntry } from '../../db/schedule-entries.ts'
import { decodeCursor, encodeCursor, pageOf, readPlace, readTimeAndId } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { requireEntry, showEntries } from '../entries-found.ts'
import { changeEntry, createEntry, restoreEntry, type Written } from '../entry-changes.ts'
import type { EntryAuthor } from '../entry-author.ts'
import { changeInScope, deleteInScope, readScope } from '../entry-scopes.ts'
import { readChanges, readEntry, refuseOtherReference } from '../entry-input.ts'
import { readHistory } from '../entry-history.ts'
import { undoChange } from '../entry-undo.ts'
import { EntryVersion, UndoBody } from '../history-schemas.ts'
import { instantOf } from '../instant.ts'
import { nudgeFlipped } from '../nudge.ts'
import { listOccurrences } from '../occurrence-list.ts'
import { causeOf, tenantOf } from '../principal.ts'
import { invalid, Problem } from '../problem.ts'
import { Entry, EntryChanges, EntryInput } from '../entry-schemas.ts'
import { Id, IdParams, listOf, PageQuery, pageQuery, Timestamp } from '../schemas.ts'
import { etagOf } from '../show-entry.ts'

/** The application's own events. */
export function entryRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()
  const tags = ['entries']
  const answer = { 200: Entry }

  routes.get(
    '/entries',
    {
      schema: {
        tags,
        description:
          'With from and to: what happens between them, every occurrence of a series by itself. Else the entries as they are kept.',
        querystring: EntryQuery,
        response: { 200: listOf(Entry) },
      },
    },
    async (request) => {
      const { limit = 100, cursor, assignee, includeDeleted } = request.query
      const [from, to] = [instantOf('from', request.query.from), instantOf('to', request.query.to)]
      const who = assignee?.toLowerCase()
      return deps.database.tenant(tenantOf(request), async (db) => {
        if (from && to && !includeDeleted) {
          if (from >= to) throw invalid('to', 'must lie after from.')
          const after = decodeCursor(cursor, readPlace)
          const { items, next } = await listOccurrences(db, { from, to, assignee: who, after, limit })
          return { items, nextCursor: next && encodeCursor([next.at.toISOString(), next.id, next.slot]) }
        }
        const after = decodeCursor(cursor, readTimeAndId)
        const page = { from, to, assignee: who, includeDeleted, limit: limit + 1 }
        const found = await listEntries(db, { ...page, after: after && { startsAt: after.at, id: after.id } })
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
    { schema: { tags, params: IdParams, querystring: ScopeQuery, body: EntryChanges, response: answer } },
    async (request, reply) => {
      const change = {
        id: request.params.id,
        ifMatch: requireIfMatch(request),
        wishFor: (current: ScheduleEntry, assignees: string[]) => {
          refuseOtherReference(request.body.externalRef, current)
          return readChanges(request.body, current, assignees)
        },
      }
      const scope = readScope(request.query)
      return write(request, reply, (db, author) => changeInScope(db, deps, author, scope, change))
    },
  )

  routes.delete(
    '/entries/:id',
    { schema: { tags, params: IdParams, querystring: ScopeQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const entry = { id: request.params.id, ifMatch: request.headers['if-match'] }
      const scope = readScope(request.query)
      await write(request, reply, (db, author) => deleteInScope(db, deps, author, scope, entry))
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

  routes.post(
    '/entries/:id/undo',
    {
      schema: {
        tags,
        description:
          'Takes one change back: the fields that version changed become what they were before it, as an edit like any other. Refused (409) when they were changed again since, or when there is nothing to go back to.',
        params: IdParams,
        body: UndoBody,
        response: answer,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { version } = request.body
      const ifMatch = request.headers['if-match']
      return write(request, reply, (db, author) => undoChange(db, deps, author, id, ifMatch, version))
    },
  )

  routes.get(
    '/entries/:id/history',
    {
      schema: {
        tags,
        description: 'Every version, oldest first: what it changed, and who or what made it.',
        params: IdParams,
        querystring: PageQuery,
        response: { 200: listOf(EntryVersion) },
      },
    },
    async (request) => {
      const { limit = 100, cursor } = request.query
      const after = decodeCursor(cursor, readVersion) ?? 0
      return deps.database.tenant(tenantOf(request), async (db) => {
        const entry = await requireEntry(db, request.params.id)
        const found = await readHistory(db, entry, { after, limit: limit + 1 })
        const { rows, nextCursor } = pageOf(found, limit, (last) => [last.version])
        return { items: rows.map(({ shown }) => shown), nextCursor }
      })
    },
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

const ScopeQuery = Type.Object(
  {
    scope: Type.Optional(
      Type.Enum(['all', 'this', 'following'], { description: 'Which occurrences of a series it is about.' }),
    ),
    originalStart: Type.Optional(
      Type.String({ maxLength: 40, description: 'The occurrence, by its start under the rule.' }),
    ),
  },
  { additionalProperties: false },
)

const readVersion = ([version]: unknown[]): number | undefined =>
  typeof version === 'number' && Number.isInteger(version) && version > 0 && version < 2 ** 31
    ? version
    : undefined

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
