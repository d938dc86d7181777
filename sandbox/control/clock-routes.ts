import type { FastifyInstance } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import type { JsonObject } from '../json.ts'
import { nowOf, type World } from '../world.ts'
import { bodyOf } from './account-routes.ts'
import { ControlError } from './errors.ts'

const earliestMs = Date.parse('1970-01-01T00:00:00Z')
const latestMs = Date.parse('9999-12-31T23:59:59Z')

/** The clock that everything in the world goes by. */
export function clockRoutes(app: FastifyInstance, world: World): void {
  const clock = (): JsonObject => ({
    now: new Date(nowOf(world)).toISOString(),
    frozen: world.clock.isFrozen(),
  })
  app.get('/_sandbox/clock', clock)
  // It answers when all that became due on the way was done.
  app.post('/_sandbox/clock', async (request) => {
    const { frozen, now, advance } = bodyOf(request)
    if (frozen !== undefined && typeof frozen !== 'boolean')
      throw new ControlError(400, 'frozen must be true or false.')
    if (frozen === undefined && now === undefined && advance === undefined)
      throw new ControlError(
        400,
        'Say now (a time), advance (a duration such as PT1H) or frozen (true or false).',
      )
    if (now !== undefined && advance !== undefined) throw new ControlError(400, 'Say either now or advance.')
    const targetMs = now === undefined ? null : instantMs(now)
    const spanMs = advance === undefined ? null : durationMs(world, advance)
    if (frozen !== undefined) world.clock.setFrozen(frozen)
    if (targetMs !== null) await world.clock.moveTo(targetMs)
    if (spanMs !== null) await world.clock.moveBy(spanMs)
    return clock()
  })
}

function instantMs(value: unknown): number {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN
  if (Number.isNaN(ms)) throw new ControlError(400, 'now must be a time in ISO 8601.')
  return checked(ms)
}

function durationMs(world: World, value: unknown): number {
  const now = Temporal.Instant.fromEpochMilliseconds(nowOf(world)).toZonedDateTimeISO('UTC')
  let ms: number
  try {
    ms = Temporal.Duration.from(String(value)).total({ unit: 'millisecond', relativeTo: now })
  } catch {
    throw new ControlError(400, 'advance must be a duration in ISO 8601, such as PT1H.')
  }
  checked(nowOf(world) + ms)
  return ms
}

function checked(ms: number): number {
  if (ms < earliestMs || ms > latestMs) throw new ControlError(400, 'The clock goes from 1970 to 9999.')
  return ms
}
