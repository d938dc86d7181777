import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { deleteSession } from '../../db/sessions.ts'
import { findTenant } from '../../db/tenants.ts'
import type { ApiDeps } from '../dependencies.ts'
import { sessionCookie } from '../plugins/authentication.ts'
import { principalOf } from '../principal.ts'
import { forbidden } from '../problem.ts'
import { Role, Tenant } from '../schemas.ts'
import { showTenant } from './tenants.ts'

/** Who the caller is, and how a browser leaves. */
export function sessionRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.get(
    '/me',
    {
      schema: {
        tags: ['session'],
        response: {
          200: Type.Object({ tenant: Tenant, kind: Type.Enum(['api-key', 'session']), role: Role }),
        },
      },
    },
    async (request) => {
      const { tenantId, kind, role } = principalOf(request)
      const tenant = await deps.database.tenant(tenantId, (db) => findTenant(db, tenantId))
      if (!tenant) throw forbidden()
      return { tenant: showTenant(tenant), kind, role }
    },
  )

  routes.delete(
    '/session',
    { schema: { tags: ['session'], response: { 204: Type.Null() } } },
    async (request, reply) => {
      const principal = principalOf(request)
      if (principal.kind === 'session') {
        await deps.database.tenant(principal.tenantId, (db) => deleteSession(db, principal.sessionHash))
      }
      reply.clearCookie(sessionCookie, { path: '/' })
      return reply.status(204).send(null)
    },
  )
}
