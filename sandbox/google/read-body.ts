import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { isObject, type JsonObject } from '../json.ts'
import { GoogleError, invalid } from './errors.ts'
import { eventShape } from './event-shape.ts'
import type { Shape } from './shapes.ts'

export type EventWish = calendar_v3.Schema$Event

/**
 * The members of a body that an event has, checked; others are left out, as Google ignores them. Null stays, since it
 * clears a member in a patch. No body reads as an empty one.
 */
export function readEventBody(body: unknown): JsonObject {
  if (body === undefined || body === null) return {}
  if (!isObject(body)) throw new GoogleError(400, 'parseError', 'Parse Error')
  const read = readMember(body, eventShape, '')
  return isObject(read) ? read : {}
}

/** An event without what is null in it. */
export function asWish(body: JsonObject): EventWish {
  const wish = withoutNulls(body)
  if (!isEvent(wish)) throw new GoogleError(400, 'parseError', 'Parse Error')
  return wish
}

function readMember(value: unknown, shape: Shape, path: string): unknown {
  if (value === null || shape === 'anything') return value
  if (typeof shape === 'string') return readPlain(value, shape, path)
  if (shape.kind === 'list') {
    if (!Array.isArray(value)) throw wrongType(value, path)
    // A list has no place for nothing.
    return value.flatMap((item: unknown, index) =>
      item === null ? [] : [readMember(item, shape.of, `${path}[${index}]`)],
    )
  }
  if (!isObject(value)) throw wrongType(value, path)
  const known = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const of = shape.kind === 'map' ? shape.of : ownShape(shape.members, name)
    return of === undefined ? [] : [[name, readMember(member, of, path === '' ? name : `${path}.${name}`)]]
  })
  return Object.fromEntries(known)
}

function readPlain(value: unknown, shape: 'text' | 'flag' | 'integer', path: string): unknown {
  switch (shape) {
    case 'text':
      if (typeof value === 'string') return value
      break
    case 'flag':
      if (typeof value === 'boolean') return value
      break
    case 'integer': {
      const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value
      if (Number.isSafeInteger(number)) return number
    }
  }
  throw wrongType(value, path)
}

function ownShape(members: Readonly<Record<string, Shape>>, name: string): Shape | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined
}

function wrongType(value: unknown, path: string): GoogleError {
  const shown = JSON.stringify(value)?.slice(0, 100)
  return invalid(`Invalid value for: ${shown} is not a valid value`, path)
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === null ? [] : [[name, withoutNulls(member)]],
    ),
  )
}

function isEvent(value: unknown): value is EventWish {
  return fits(value, eventShape)
}

function fits(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case 'anything':
      return true
    case 'text':
      return typeof value === 'string'
    case 'flag':
      return typeof value === 'boolean'
    case 'integer':
      return typeof value === 'number'
    default:
  }
  if (shape.kind === 'list') return Array.isArray(value) && value.every((item) => fits(item, shape.of))
  if (!isObject(value)) return false
  return Object.entries(value).every(([name, member]) => {
    const of = shape.kind === 'map' ? shape.of : ownShape(shape.members, name)
    return of !== undefined && fits(member, of)
  })
}
