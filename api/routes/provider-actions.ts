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
import { tenantOf } from '../principal.ts'
import { forbidden } from '../problem.ts'
import { changeProvider } from '../provider-changes.ts'
import { overviewOfOne, requireProvider } from '../provider-found.ts'
import { Calendar, IdParams, listOf, PageQuery, Provider, Run, Timestamp } from '../schemas.ts'
import { showRun } from '../show-provider.ts'
import { syncProvider } from '../sync-provider.ts'

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
      schema: { tags: ['providers'], params: IdParams, response: { 202: Type.Object({ run: Run }) } },
    },
    async (request, reply) => {
      const run = await syncProvider(deps, tenantOf(request), request.params.id)
      return reply.status(202).send({ run: showRun(run) })
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
