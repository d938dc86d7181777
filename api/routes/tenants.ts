import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Db } from '../../db/connection.ts'
import { findTenant, findTenantByName, insertTenant, type Tenant as TenantRow } from '../../db/tenants.ts'
import type { ApiDeps } from '../dependencies.ts'
import { issueApiKey, issueSignInLink } from '../issue.ts'
import { conflicting, forbidden } from '../problem.ts'
import { IdParams, IssuedApiKey, listOf, NewApiKey, NewTenant, Tenant, Timestamp } from '../schemas.ts'
import { showApiKey } from './api-keys.ts'

/** The operator makes tenants, their keys and their sign-in links. */
export function tenantRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.post(
    '/tenants',
    {
      schema: {
        tags: ['tenants'],
        body: NewTenant,
        response: { 201: Type.Object({ tenant: Tenant, apiKey: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { tenant, apiKey } = await deps.database.system((db) => makeTenant(db, deps, request.body.name))
      return reply.status(201).send({ tenant: showTenant(tenant), apiKey })
    },
  )

  routes.get(
    '/tenants',
    {
      schema: {
        tags: ['tenants'],
        querystring: Type.Object({ name: Type.String({ maxLength: 200 }) }, { additionalProperties: false }),
        response: { 200: listOf(Tenant) },
      },
    },
    async (request) => {
      const tenant = await deps.database.system((db) => findTenantByName(db, request.query.name))
      return { items: tenant ? [showTenant(tenant)] : [], nextCursor: null }
    },
  )

  routes.post(
    '/tenants/:id/sign-in-links',
    {
      schema: {
        tags: ['tenants'],
        params: IdParams,
        response: { 201: Type.Object({ url: Type.String(), expiresAt: Timestamp }) },
      },
    },
    async (request, reply) => {
      const link = await deps.database.system(async (db) =>
        issueSignInLink(db, deps, await knownTenant(db, request.params.id)),
      )
      return reply.status(201).send({ url: link.url, expiresAt: link.expiresAt.toISOString() })
    },
  )

  routes.post(
    '/tenants/:id/api-keys',
    {
      schema: {
        tags: ['tenants'],
        params: IdParams,
        body: Type.Optional(NewApiKey),
        response: { 201: IssuedApiKey },
      },
    },
    async (request, reply) => {
      const { name = 'API key', role = 'admin' } = request.body ?? {}
      const issued = await deps.database.system(async (db) =>
        issueApiKey(db, deps, { tenantId: await knownTenant(db, request.params.id), name, role }),
      )
      return reply.status(201).send({ apiKey: issued.text, key: showApiKey(issued.key) })
    },
  )
}

async function makeTenant(
  db: Db,
  deps: ApiDeps,
  name: string,
): Promise<{ tenant: TenantRow; apiKey: string }> {
  if (await findTenantByName(db, name)) {
    throw conflicting('name-taken', `There is a tenant "${name}" already: choose another name.`)
  }
  const tenant = { tenantId: deps.newId(), name, createdAt: deps.now() }
  await insertTenant(db, tenant)
  const issued = await issueApiKey(db, deps, { tenantId: tenant.tenantId, name: 'First key', role: 'admin' })
  return { tenant, apiKey: issued.text }
}

async function knownTenant(db: Db, id: string): Promise<string> {
  const tenant = await findTenant(db, id)
  if (!tenant) throw forbidden()
  return tenant.tenantId
}

export const showTenant = (tenant: TenantRow) => ({
  id: tenant.tenantId,
  name: tenant.name,
  createdAt: tenant.createdAt.toISOString(),
})
