import type { FastifyInstance, FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import type { Caller } from './oauth/grants.ts'
import type { World } from './world.ts'

/** A call to one of the sandbox's own addresses, and what came back. */
export interface OwnCall {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  headers?: Record<string, string>
  body?: object
}
export interface OwnAnswer {
  status: number
  headers: Record<string, unknown>
  text: string
}

/**
 * Calls a played vendor as the account's owner at the vendor's own screen: what is asked and written goes the way of any
 * API call, but it is in no log, counts against no limit and no fault befalls it, since no app made it.
 */
export async function callAsOwner(
  app: FastifyInstance,
  world: World,
  owner: Pick<Caller, 'vendor' | 'email'>,
  call: OwnCall,
): Promise<OwnAnswer> {
  // The token lives as long as the call and nobody outside ever sees it.
  const token = randomUUID()
  world.ownCallers.set(token, { ...owner, clientId: 'sandbox', scopes: null })
  try {
    return await callHere(app, { ...call, headers: { ...call.headers, authorization: `Bearer ${token}` } })
  } finally {
    world.ownCallers.delete(token)
  }
}

/** Calls an address of the sandbox without leaving the process. */
export async function callHere(app: FastifyInstance, call: OwnCall): Promise<OwnAnswer> {
  const { method, path, headers = {}, body } = call
  const answer = await app.inject({
    method,
    url: path,
    headers,
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: answer.statusCode, headers: { ...answer.headers }, text: answer.body }
}

/** The account's owner at a screen of the sandbox, if it is they who call. */
export function ownCallerOf(world: World, request: FastifyRequest): Caller | undefined {
  return world.ownCallers.get((request.headers.authorization ?? '').replace('Bearer ', ''))
}
