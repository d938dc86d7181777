import { isObject, type JsonObject } from '../../json.ts'
import { isDate } from '../../zones.ts'
import { undeserializable } from '../errors.ts'
import { edmName, type Complex, type Edm } from './edm.ts'
import { instantOfText } from './instants.ts'

const depthMax = 100

/** How a mailbox takes members that no type declares. */
export type UnknownMembers = 'refused' | 'ignored'

/**
 * The body of a write as its type declares it: names of enumeration members in their declared spelling, annotations
 * left out. Fails as Graph does when a value cannot be read or, unless they are ignored, when a member is unknown.
 */
export function deserialise(body: unknown, type: Complex, unknown: UnknownMembers): JsonObject {
  if (!isObject(body)) throw undeserializable('Unable to deserialize the post body of the request.')
  return members(body, type, unknown, 0)
}

function members(value: JsonObject, type: Complex, unknown: UnknownMembers, depth: number): JsonObject {
  if (depth > depthMax) throw undeserializable('The depth limit of the payload has been exceeded.')
  const read: JsonObject = {}
  for (const [name, member] of Object.entries(value)) {
    if (name.includes('@')) continue
    const declared = Object.hasOwn(type.members, name) ? type.members[name] : undefined
    if (declared !== undefined) read[name] = valueOf(member, declared, unknown, depth + 1)
    else if (type.isOpen) read[name] = member
    else if (unknown === 'refused') {
      const advice =
        'Make sure to only use property names that are defined by the type or mark the type as open type.'
      throw undeserializable(`The property '${name}' does not exist on type '${type.name}'. ${advice}`)
    }
  }
  return read
}

function valueOf(value: unknown, type: Edm, unknown: UnknownMembers, depth: number): unknown {
  if (value === null) return null
  switch (type.kind) {
    case 'complex':
      return isObject(value) ? members(value, type, unknown, depth) : misfit(value, type)
    case 'collection':
      if (!Array.isArray(value)) return misfit(value, type)
      return value.map((item: unknown) => valueOf(item, type.of, unknown, depth))
    case 'enum': {
      const wanted = typeof value === 'string' ? value.toLowerCase() : undefined
      const member = type.members.find((name) => name.toLowerCase() === wanted)
      if (member === undefined) throw undeserializable(`Requested value '${shown(value)}' was not found.`)
      return member
    }
    case 'string':
    case 'wall':
    case 'propertyId':
    case 'itemId':
      return typeof value === 'string' ? value : misfit(value, type)
    case 'boolean':
      return typeof value === 'boolean' ? value : (booleanIn(value) ?? misfit(value, type))
    case 'int':
      return isInt32(value) ? value : isInt32(numberIn(value)) ? numberIn(value) : misfit(value, type)
    case 'double':
      return typeof value === 'number' ? value : (numberIn(value) ?? misfit(value, type))
    case 'date':
      return typeof value === 'string' && isDate(value) ? value : misfit(value, type)
    case 'instant':
      return typeof value === 'string' && instantOfText(value) !== undefined ? value : misfit(value, type)
  }
}

/**
 * Graph's own reader of OData converts a text to whatever is expected, and some clients count on it:
 * https://github.com/OData/odata.net, ConvertStringValue.
 */
function booleanIn(value: unknown): boolean | undefined {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined
  return word === 'true' ? true : word === 'false' ? false : undefined
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined
}

function isInt32(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31
}

function misfit(value: unknown, type: Edm): never {
  throw undeserializable(
    `Cannot convert the literal '${shown(value)}' to the expected type '${edmName(type)}'.`,
  )
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
