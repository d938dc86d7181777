import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { findApiKeyByHash } from '../../db/api-keys.ts'
import { fingerprintOf } from '../../db/envelope.ts'
import { findSession } from '../../db/sessions.ts'
import type { ApiDeps } from '../dependencies.ts'
import { mayActAs, type Principal } from '../principal.ts'
import { notAllowed, unauthenticated } from '../problem.ts'
import { ProblemDetails } from '../schemas.ts'

export const sessionCookie = 'session'
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Lets in a tenant's API key or a console session, for every route of this scope. */
export function requireTenant(app: FastifyInstance, deps: ApiDeps): void {
  app.decorateRequest('principal', null)
  app.addHook('onRoute', (route) => documentSecurity(route, 'apiKey'))
  app.addHook('onRequest', async (request) => {
    const principal = await recognise(request, deps)
    const { atLeast } = request.routeOptions.config
    if (atLeast && !mayActAs(principal.role, atLeast)) {
      throw notAllowed(`This takes the role ${atLeast}; yours is ${principal.role}. Ask an admin.`)
    }
    request.principal = principal
  })
}

/** Lets in the operator key, which opens these routes and no others. */
export function requireOperator(app: FastifyInstance, deps: ApiDeps): void {
  app.addHook('onRoute', (route) => documentSecurity(route, 'operatorKey'))
  app.addHook('onRequest', async (request) => {
    const given = bearerOf(request)
    if (given === undefined) throw unauthenticated('Send the operator key: Authorization: Bearer <key>.')
    if (!isOperatorKey(given, deps.config.operatorKey)) {
      throw notAllowed('Only the operator key makes tenants and their keys.')
    }
  })
}

async function recognise(request: FastifyRequest, deps: ApiDeps): Promise<Principal> {
  const given = bearerOf(request)
  if (given !== undefined) return byApiKey(given, deps)
  const token = request.cookies[sessionCookie]
  if (!token) {
    throw unauthenticated(
      'Send a tenant API key (Authorization: Bearer cs_…), or sign in to the console by a link.',
    )
  }
  const session = await bySession(token, deps)
  // A form of another site can send the cookie but not this header.
  if (!safeMethods.has(request.method) && request.headers['x-requested-with'] !== 'calendar-sync') {
    throw notAllowed('Send the header "x-requested-with: calendar-sync" with a console session.')
  }
  return session
}

async function byApiKey(given: string, deps: ApiDeps): Promise<Principal> {
  const key = await deps.database.system((db) => findApiKeyByHash(db, fingerprintOf(given), deps.now()))
  if (!key) throw unauthenticated('This API key is not known, or expired, or revoked. Use another one.')
  return { kind: 'api-key', id: key.id, tenantId: key.tenantId, role: key.role }
}

async function bySession(token: string, deps: ApiDeps): Promise<Principal> {
  const session = await deps.database.system((db) => findSession(db, fingerprintOf(token), deps.now()))
  if (!session) throw unauthenticated('The session has ended. Sign in again with a new link.')
  return { kind: 'session', sessionHash: session.hash, tenantId: session.tenantId, role: session.role }
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
}

function isOperatorKey(given: string, operatorKey: string | null): boolean {
  if (!operatorKey) return false
  return timingSafeEqual(Buffer.from(fingerprintOf(given)), Buffer.from(fingerprintOf(operatorKey)))
}

function documentSecurity(route: RouteOptions, scheme: string): void {
  const response = typeof route.schema?.response === 'object' ? route.schema.response : {}
  route.schema = {
    ...route.schema,
    security: [{ [scheme]: [] }],
    response: { ...response, '4xx': ProblemDetails, '5xx': ProblemDetails },
  }
}
