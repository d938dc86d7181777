import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { isObject, numberOf, textOf, type JsonObject } from '../json.ts'
import { faultKinds } from '../faults.ts'
import { isVendor } from '../state.ts'
import { nowOf, resetWorld, restoreSnapshot, takeSnapshot, type World } from '../world.ts'
import { sendLifecycle } from '../microsoft/subscriptions.ts'
import { bodyOf } from './account-routes.ts'
import { ControlError } from './errors.ts'

/** The clock, faults, logs, OAuth clients, and the whole state. */
export function worldRoutes(app: FastifyInstance, world: World): void {
  const clock = (): JsonObject => ({ now: new Date(nowOf(world)).toISOString() })
  app.get('/_sandbox/clock', clock)
  app.post('/_sandbox/clock', (request) => {
    setClock(world, bodyOf(request))
    return clock()
  })

  app.get('/_sandbox/requests', (request) => {
    const query = queryOf(request)
    const vendor = textOf(query['vendor'])
    const account = textOf(query['account'])?.toLowerCase()
    const method = textOf(query['method'])?.toUpperCase()
    const path = textOf(query['path'])
    const items = world.requests.filter(
      (record) =>
        (vendor === undefined || record.vendor === vendor) &&
        (account === undefined || record.account === account) &&
        (method === undefined || record.method === method) &&
        (path === undefined || record.path.startsWith(path)),
    )
    return { items, nextCursor: null }
  })
  app.delete('/_sandbox/requests', (_request, reply) => {
    world.requests.length = 0
    return reply.status(204).send()
  })
  app.get('/_sandbox/mail', () => ({ items: world.mail, nextCursor: null }))
  app.get('/_sandbox/notifications', () => ({ items: world.delivery.log, nextCursor: null }))

  app.get('/_sandbox/clients', () => {
    const items = [...world.state.clients.values()].map(({ vendor, clientId }) => ({ vendor, clientId }))
    return { items, nextCursor: null }
  })
  app.post('/_sandbox/clients', (request) => {
    const { vendor, clientId, clientSecret } = bodyOf(request)
    const id = textOf(clientId)
    const secret = textOf(clientSecret)
    if (!isVendor(vendor) || !id || !secret) {
      throw new ControlError(400, 'A client needs vendor, clientId and clientSecret.')
    }
    world.state.clients.set(id, { vendor, clientId: id, clientSecret: secret })
    return { vendor, clientId: id }
  })

  faultRoutes(app, world)

  app.post<{ Params: { id: string } }>('/_sandbox/subscriptions/:id/lifecycle', (request) => {
    const subscription = world.state.subscriptions.get(request.params.id)
    const lifecycleEvent = textOf(bodyOf(request)['lifecycleEvent'])
    if (subscription === undefined) throw new ControlError(404, 'There is no such subscription.')
    if (lifecycleEvent === undefined) throw new ControlError(400, 'lifecycleEvent is missing.')
    if (lifecycleEvent === 'subscriptionRemoved') world.state.subscriptions.delete(subscription.id)
    return { sent: sendLifecycle(world, subscription, lifecycleEvent) }
  })

  app.post('/_sandbox/reset', () => {
    resetWorld(world)
    return { reset: true }
  })
  app.post('/_sandbox/snapshot', () => ({ id: takeSnapshot(world) }))
  app.post('/_sandbox/restore', (request) => {
    const id = textOf(bodyOf(request)['id']) ?? [...world.snapshots.keys()].at(-1)
    if (id === undefined || !restoreSnapshot(world, id))
      throw new ControlError(404, 'There is no such snapshot.')
    return { id }
  })
}

function faultRoutes(app: FastifyInstance, world: World): void {
  app.get('/_sandbox/faults', () => ({ items: world.faults.list(), nextCursor: null }))
  app.post('/_sandbox/faults', (request) => ({ id: addFault(world, bodyOf(request)) }))
  app.delete('/_sandbox/faults', (_request, reply) => {
    world.faults.clear()
    return reply.status(204).send()
  })
  app.delete<{ Params: { id: string } }>('/_sandbox/faults/:id', (request, reply) => {
    if (!world.faults.remove(request.params.id)) throw new ControlError(404, 'There is no such fault.')
    return reply.status(204).send()
  })
}

function addFault(world: World, body: JsonObject): string {
  const kind = faultKinds.find((name) => name === body['kind'])
  if (kind === undefined) throw new ControlError(400, `kind must be one of ${faultKinds.join(', ')}.`)
  const { vendor } = body
  if (vendor !== undefined && !isVendor(vendor))
    throw new ControlError(400, 'vendor must be "google" or "microsoft".')
  const path = textOf(body['path'])
  if (path !== undefined && !isPattern(path))
    throw new ControlError(400, 'path must be a part of a path or a regular expression.')
  const texts = {
    account: textOf(body['account']),
    method: textOf(body['method']),
    path,
    message: textOf(body['message']),
  }
  const code = textOf(body['reason']) ?? textOf(body['code'])
  const numbers = {
    status: numberOf(body['status']),
    retryAfter: numberOf(body['retryAfter']),
    ms: numberOf(body['ms']),
  }
  const fault = world.faults.add({
    kind,
    ...(vendor === undefined ? {} : { vendor }),
    ...present(texts),
    ...present({ code }),
    ...present(numbers),
    nth: numberOf(body['nth']) ?? 1,
    times: numberOf(body['times']) ?? 1,
    probability: numberOf(body['probability']) ?? 1,
  })
  return fault.id
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

/** Leaves out what was not given, since an absent field and an undefined one differ here. */
function present<T>(values: Record<string, T | undefined>): Record<string, T> {
  const given: Record<string, T> = {}
  for (const [name, value] of Object.entries(values)) if (value !== undefined) given[name] = value
  return given
}

function setClock(world: World, body: JsonObject): void {
  const now = textOf(body['now'])
  const advance = textOf(body['advance'])
  if (now !== undefined) {
    const instantMs = Date.parse(now)
    if (Number.isNaN(instantMs)) throw new ControlError(400, 'now must be a time in ISO 8601.')
    world.state.clockOffsetMs = instantMs - Date.now()
  } else if (advance !== undefined) world.state.clockOffsetMs += durationMs(advance)
  else throw new ControlError(400, 'Say now (a time) or advance (a duration such as PT1H).')
}

function durationMs(text: string): number {
  try {
    return Temporal.Duration.from(text).total({ unit: 'millisecond', relativeTo: '2026-01-01' })
  } catch {
    throw new ControlError(400, `${text} is no ISO 8601 duration.`)
  }
}

function queryOf(request: FastifyRequest): JsonObject {
  return isObject(request.query) ? request.query : {}
}
