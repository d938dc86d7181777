import type { FastifyRequest } from 'fastify'
import type { Role } from '../db/api-keys.ts'
import type { Cause } from '../db/schedule-entries.ts'
import { unauthenticated } from './problem.ts'

/** Who asks: an application with its key, or a person in the console. */
export type Principal =
  | { kind: 'api-key'; id: string; tenantId: string; role: Role }
  | { kind: 'session'; sessionHash: string; tenantId: string; role: Role }

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null
  }
  interface FastifyContextConfig {
    /** The least role that may call this; any when absent. */
    atLeast?: Role
  }
}

/** The caller of a route behind `requireTenant`. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw unauthenticated('Send a tenant API key, or sign in to the console.')
  return request.principal
}

export const tenantOf = (request: FastifyRequest): string => principalOf(request).tenantId

/** What history says about a change this caller makes. */
export function causeOf(request: FastifyRequest): Cause {
  const principal = principalOf(request)
  switch (principal.kind) {
    case 'api-key':
      return { kind: 'api-key', id: principal.id }
    case 'session':
      return { kind: 'session' }
  }
}

const ranks: Record<Role, number> = { member: 0, operator: 1, admin: 2 }
export const mayActAs = (role: Role, atLeast: Role): boolean => ranks[role] >= ranks[atLeast]
