import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isObject, textOf } from '../json.ts'
import type { State } from '../state.ts'
import { nowOf, type World } from '../world.ts'
import type { GoogleError } from './errors.ts'
import { googleFault } from './fault.ts'
import { googleSwitch } from './switches.ts'
import { createUsage, type Usage } from './usage.ts'

const minuteMs = 60_000
const secondMs = 1000

/**
 * Refuses the requests that are too many: of a person and of all together within a minute, and writes to one calendar
 * within a second. To be called after whoever finds out who asks.
 */
export function countQuota(app: FastifyInstance, world: World): void {
  // A world that begins anew, or again, has used nothing.
  const usages = new WeakMap<State, Usage>()
  const usageOf = (state: State): Usage => {
    const usage = usages.get(state) ?? createUsage()
    usages.set(state, usage)
    return usage
  }
  app.addHook('onRequest', async (request) => {
    if (request.caller?.vendor !== 'google' || !request.url.startsWith('/calendar/v3/')) return
    const limits = limitsFor(world, request).filter(({ most }) => most > 0)
    const usage = usageOf(world.state)
    const now = nowOf(world)
    const units = request.method === 'PATCH' ? 3 : 1
    // What is refused uses nothing up.
    const passed = limits.find(
      (limit) => usage.within(limit.key, now, limit.spanMs) + limit.units(units) > limit.most,
    )
    if (passed !== undefined) throw refusal(world, passed.reason)
    for (const limit of limits) usage.add(limit.key, now, limit.units(units), limit.spanMs)
  })
}

interface Limit {
  key: string
  most: number
  spanMs: number
  reason: 'userRateLimitExceeded' | 'rateLimitExceeded'
  /** What a request of some units counts here. */
  units(units: number): number
}

function limitsFor(world: World, request: FastifyRequest): Limit[] {
  const { state } = world
  const { clientId = '', email = '' } = request.caller ?? {}
  const user = quotaUserOf(request) ?? email
  const same = (units: number): number => units
  const limits: Limit[] = [
    {
      key: `user ${clientId} ${user}`,
      most: googleSwitch(state, 'quotaPerUserPerMinute'),
      spanMs: minuteMs,
      reason: 'userRateLimitExceeded',
      units: same,
    },
    {
      key: `project ${clientId}`,
      most: googleSwitch(state, 'quotaPerProjectPerMinute'),
      spanMs: minuteMs,
      reason: 'rateLimitExceeded',
      units: same,
    },
  ]
  const calendarId = calendarWritten(request, email)
  if (calendarId !== undefined) {
    const most = googleSwitch(state, 'writesPerCalendarPerSecond')
    const reason = 'rateLimitExceeded'
    limits.push({ key: `calendar ${calendarId}`, most, spanMs: secondMs, reason, units: () => 1 })
  }
  return limits
}

/** Clients that act for many people say for which: https://developers.google.com/calendar/api/guides/quota */
function quotaUserOf(request: FastifyRequest): string | undefined {
  const query = isObject(request.query) ? request.query : {}
  return textOf(query['quotaUser']) ?? textOf(request.headers['x-goog-quota-user'])
}

/** The calendar whose events a request writes. */
function calendarWritten(request: FastifyRequest, email: string): string | undefined {
  if (request.method === 'GET' || !request.routeOptions.url?.includes('/:calendarId/events')) return undefined
  const params = isObject(request.params) ? request.params : {}
  const id = textOf(params['calendarId'])
  return id === 'primary' ? email : id
}

function refusal(world: World, reason: Limit['reason']): GoogleError {
  const status = googleSwitch(world.state, 'quotaStatus')
  const form = googleSwitch(world.state, 'quotaForm')
  return googleFault(status, status === 429 ? 'rateLimitExceeded' : reason, undefined, form)
}
