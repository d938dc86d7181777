import type { FastifyInstance, FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import { befallWorld } from './befall.ts'
import { isObject, type JsonObject } from './json.ts'
import { enterGraph } from './microsoft/entrance.ts'
import { isSignIn } from './oauth/fault.ts'
import type { Caller } from './oauth/grants.ts'
import { accountInForm, checkBearer } from './oauth/tokens.ts'
import { ownCallerOf } from './own-calls.ts'
import type { Vendor } from './state.ts'
import { befallAnswer, befallRequest, type Spoiling } from './trouble.ts'
import { nowOf, type RequestRecord, type World } from './world.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token the request carries, if it is good. */
    caller: Caller | null
    /** The record of a request that has yet to be befallen. */
    noted: RequestRecord | null
    /** What is to befall the answer when the work is done. */
    spoiling: Spoiling | null
  }
}

const googlePath =
  /^\/(calendar\/v3|batch|o\/oauth2|oauth2\/v\d|token|tokeninfo|revoke|v1|device\/code|\.well-known\/openid-configuration)(\/|$)/
const microsoftPath =
  /^\/(v1\.0|oidc\/userinfo|[^/]+\/(oauth2\/v2\.0|v2\.0|discovery\/v2\.0|adminconsent))(\/|$)/

/** The vendor whose address a path is; nothing for the sandbox's own pages. */
export function vendorOf(path: string): Vendor | null {
  if (googlePath.test(path)) return 'google'
  return microsoftPath.test(path) ? 'microsoft' : null
}

/** Everything that befalls a request on its way in and out: identity, the log, throttling and faults. */
export function watchTraffic(app: FastifyInstance, world: World): void {
  app.decorateRequest('caller', null)
  app.decorateRequest('noted', null)
  app.decorateRequest('spoiling', null)

  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const vendor = vendorOf(path)
    if (vendor === null) return undefined
    const owner = ownCallerOf(world, request)
    if (owner !== undefined) {
      request.caller = owner
      if (vendor === 'microsoft') void reply.header('request-id', randomUUID())
      return undefined
    }
    let checked = checkBearer(world, vendor, request.headers.authorization)
    if (checked.kind === 'valid') request.caller = checked.caller
    const noted = note(world, request, vendor, decodePath(path))
    reply.raw.once('finish', () => {
      if (request.spoiling?.kind !== 'responseLost') noted.status = reply.raw.statusCode
    })

    if (befallWorld(world, noted)) {
      checked = checkBearer(world, vendor, request.headers.authorization)
      request.caller = checked.kind === 'valid' ? checked.caller : null
    }
    if (path.startsWith('/v1.0/')) enterGraph(world, request, reply, path, checked)
    // Whose code or refresh token a form holds is known when it has been read.
    if (hasForm(request, path)) request.noted = noted
    else return befallRequest(world, request, reply, noted)
    return undefined
  })

  app.addHook('preHandler', async (request, reply) => {
    const { noted } = request
    if (noted === null) return undefined
    noted.account = accountInForm(world, noted.vendor, request.body)
    befallWorld(world, noted)
    return befallRequest(world, request, reply, noted)
  })

  app.addHook('onSend', async (_request, _reply, payload) => {
    world.commit()
    return payload
  })
}

/** A form of the sign-in for which there is a route; without one nothing reads it. */
function hasForm(request: FastifyRequest, path: string): boolean {
  return request.method === 'POST' && isSignIn(path) && request.routeOptions.url !== undefined
}

/** Lets answers get lost or spoilt on their way out; to be called after whoever else looks at them. */
export function spoilAnswers(app: FastifyInstance, world: World): void {
  app.addHook('onSend', (request, reply, payload) => befallAnswer(world, request, reply, payload))
}

function note(world: World, request: FastifyRequest, vendor: Vendor, path: string): RequestRecord {
  const record: RequestRecord = {
    at: new Date(nowOf(world)).toISOString(),
    vendor,
    account: request.caller?.email ?? null,
    method: request.method,
    path,
    route: request.routeOptions.url ?? null,
    query: withoutToken(isObject(request.query) ? request.query : {}),
    status: null,
  }
  world.requests.push(record)
  return record
}

/** A token in the query of a revocation is as secret as one in a header. */
function withoutToken(query: JsonObject): JsonObject {
  if (!('token' in query)) return query
  const { token: _token, ...rest } = query
  return rest
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
