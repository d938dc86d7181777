import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { findProvider } from '../../db/providers.ts'
import { listRuns } from '../../db/runs.ts'
import { connectedCalendar } from '../../oauth/connected-calendar.ts'
import { beginConsent } from '../../oauth/consent.ts'
import { browserOf } from '../browser.ts'
import { decodeCursor, pageOf } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { preferredWait } from '../prefer-wait.ts'
import { tenantOf } from '../principal.ts'
import { forbidden } from '../problem.ts'
import { changeProvider } from '../provider-changes.ts'
import { overviewOfOne, requireProvider } from '../provider-found.ts'
import { Calendar, IdParams, listOf, PageQuery, Provider, Run, Timestamp } from '../schemas.ts'
import { showRun } from '../show-provider.ts'
import { syncProvider, untilEnded } from '../sync-provider.ts'

/** What one does with a provider: authorize, pause, resume, sync, and ask for its calendars and runs. */
export function providerActionRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { atLeast: 'operator' } as const

  routes.post(
    '/providers/:id/authorize',
    {
      config,
      schema: {
        tags: ['providers'],
        params: IdParams,
        response: { 200: Type.Object({ authorizeUrl: Type.String(), expiresAt: Timestamp }) },
      },
    },
    async (request, reply) => {
      const provider = await requireProvider(deps, tenantOf(request), request.params.id)
      const browser = browserOf(request, reply, deps)
      const { authorizeUrl, expiresAt } = await beginConsent(deps, provider, browser)
      return { authorizeUrl, expiresAt: expiresAt.toISOString() }
    },
  )

  for (const [action, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    routes.post(
      `/providers/:id/${action}`,
      { config, schema: { tags: ['providers'], params: IdParams, response: { 200: Provider } } },
      async (request) =>
        overviewOfOne(deps, await changeProvider(deps, tenantOf(request), request.params.id, { paused })),
    )
  }

  routes.post(
    '/providers/:id/sync',
    {
      config,
      schema: {
        tags: ['providers'],
        description:
          'Answers 202 with the run, which may be one that is under way. With `Prefer: wait=N` it waits up to N seconds (60 at most) for the outcome: 200 when the run has ended, 202 when it goes on.',
        params: IdParams,
        headers: Type.Object({
          prefer: Type.Optional(Type.String({ maxLength: 200, examples: ['wait=20'] })),
        }),
        response: { 200: Type.Object({ run: Run }), 202: Type.Object({ run: Run }) },
      },
    },
    async (request, reply) => {
      const tenantId = tenantOf(request)
      const run = await syncProvider(deps, tenantId, request.params.id)
      const seconds = preferredWait(request.headers.prefer)
      if (seconds === null) return reply.status(202).send({ run: showRun(run) })
      const waited = await untilEnded(deps, run, seconds)
      void reply.header('preference-applied', `wait=${seconds}`)
      return reply.status(waited.outcome === null ? 202 : 200).send({ run: showRun(waited) })
    },
  )

  routes.get(
    '/providers/:id/calendars',
    { schema: { tags: ['providers'], params: IdParams, response: { 200: listOf(Calendar) } } },
    async (request) => {
      const provider = await requireProvider(deps, tenantOf(request), request.params.id)
      const calendar = await connectedCalendar({ ...deps, ...deps.config }, provider)
      return { items: await calendar.listCalendars(), nextCursor: null }
    },
  )

  routes.get(
    '/providers/:id/runs',
    {
      schema: {
        tags: ['providers'],
        params: IdParams,
        querystring: PageQuery,
        response: { 200: listOf(Run) },
      },
    },
    async (request) => {
      const { limit = 50, cursor } = request.query
      const before = decodeCursor(cursor, readNumber) ?? null
      return deps.database.tenant(tenantOf(request), async (db) => {
        if (!(await findProvider(db, request.params.id))) throw forbidden()
        const found = await listRuns(db, request.params.id, before, limit + 1)
        const { rows, nextCursor } = pageOf(found, limit, (last) => [last.number])
        return { items: rows.map(showRun), nextCursor }
      })
    },
  )
}

const readNumber = ([number]: unknown[]): number | undefined =>
  typeof number === 'number' && Number.isInteger(number) && Math.abs(number) < 2 ** 31 ? number : undefined
