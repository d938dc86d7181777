import { isObject } from '../../json.ts'
import { isDate } from '../../zones.ts'
import { GraphError } from '../errors.ts'
import { propertyKey } from '../extended-properties.ts'
import { sameSpelling } from '../ids.ts'
import { edmName, memberNamed, type Complex, type Edm, type Enumeration } from './edm.ts'
import {
  FilterSyntaxError,
  parseFilter,
  type Comparison,
  type Filter,
  type Literal,
  type Operand,
} from './filter-syntax.ts'
import { instantOfText } from './instants.ts'

export type Test<T> = (item: T) => boolean

/** What names in a filter stand for. */
export interface Scope<T> {
  type: Edm
  /** The name of the item itself in an any(), before which nothing else may stand. */
  variable?: string
  /** Reads a member of the item, or the item itself if no name is given. */
  read: (item: T, name: string | undefined) => unknown
  /** Members that are there but cannot be asked for in a filter. */
  unfilterable: ReadonlySet<string>
  /** Whether letters of texts are compared without their case. */
  ignoresCase: boolean
}

/** A $filter as a test, or Graph's complaint about it. */
export function compileFilter<T>(text: string, scope: Scope<T>): Test<T> {
  try {
    return compile(parseFilter(text), scope)
  } catch (error) {
    if (error instanceof FilterSyntaxError)
      throw new GraphError(400, 'BadRequest', `Invalid filter clause: ${error.message}`)
    throw error
  }
}

function compile<T>(filter: Filter, scope: Scope<T>): Test<T> {
  switch (filter.kind) {
    case 'and': {
      const [left, right] = [compile(filter.left, scope), compile(filter.right, scope)]
      return (item) => left(item) && right(item)
    }
    case 'or': {
      const [left, right] = [compile(filter.left, scope), compile(filter.right, scope)]
      return (item) => left(item) || right(item)
    }
    case 'not': {
      const operand = compile(filter.operand, scope)
      return (item) => !operand(item)
    }
    case 'flag':
      return compileComparison('eq', filter.operand, { kind: 'boolean', value: true }, scope)
    case 'compare':
      return filter.left.kind === 'path'
        ? compileComparison(filter.operator, filter.left, filter.right, scope)
        : compileComparison(mirrored[filter.operator], filter.right, filter.left, scope)
    case 'call':
      return compileTextTest(filter, scope)
    case 'any':
      return compileAny(filter, scope)
  }
}

const mirrored: Record<Comparison, Comparison> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'lt',
  ge: 'le',
  lt: 'gt',
  le: 'ge',
}

function compileComparison<T>(operator: Comparison, left: Operand, right: Operand, scope: Scope<T>): Test<T> {
  if (left.kind !== 'path' || right.kind === 'path') throw unsupported()
  const { type, read } = property(left.path, scope)
  if (right.kind === 'null') {
    if (operator !== 'eq' && operator !== 'ne') return () => false
    return (item) => ((read(item) ?? null) === null) === (operator === 'eq')
  }
  if (type.kind === 'complex' || type.kind === 'collection') throw unsupported()
  const isOrdered = !['enum', 'boolean', 'propertyId', 'itemId'].includes(type.kind)
  if (!isOrdered && operator !== 'eq' && operator !== 'ne') throw mismatch(type, right, operator)
  const wanted = keyOfLiteral(right, type, operator, scope.ignoresCase)
  return (item) => {
    const value = read(item)
    if (value === null || value === undefined) return operator === 'ne'
    return holds(operator, keyOfValue(value, type, scope.ignoresCase), wanted)
  }
}

type Key = string | number | boolean

function holds(operator: Comparison, key: Key, wanted: Key): boolean {
  switch (operator) {
    case 'eq':
      return key === wanted
    case 'ne':
      return key !== wanted
    case 'gt':
      return key > wanted
    case 'ge':
      return key >= wanted
    case 'lt':
      return key < wanted
    case 'le':
      return key <= wanted
  }
}

/** What a value is compared by. */
function keyOfValue(value: unknown, type: Edm, ignoresCase: boolean): Key {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value : ''
  switch (type.kind) {
    case 'wall':
    case 'instant':
      return instantOfText(text, 'UTC') ?? Number.NaN
    case 'propertyId':
      return propertyKey(text)
    case 'itemId':
      return sameSpelling(text)
    case 'string':
      return ignoresCase ? text.toLowerCase() : text
    case 'boolean':
    case 'int':
    case 'double':
    case 'date':
    case 'enum':
    case 'complex':
    case 'collection':
      return text
  }
}

function keyOfLiteral(literal: Literal, type: Edm, operator: Comparison, ignoresCase: boolean): Key {
  if (type.kind === 'enum') return memberOf(literal, type, operator)
  if (literal.kind === 'string') {
    if (type.kind === 'string' || type.kind === 'propertyId' || type.kind === 'itemId')
      return keyOfValue(literal.value, type, ignoresCase)
    if (type.kind === 'wall') return instantOfFilter(literal.value.replace(' ', 'T'), 'UTC')
  }
  if (literal.kind === 'instant') {
    if (type.kind === 'instant') return instantOfFilter(literal.value, 'nothing')
    // Without an offset the text is no literal of any type, whatever it is compared with.
    if (!isDate(literal.value)) instantOfFilter(literal.value, 'nothing')
  }
  if (literal.kind === 'number' && (type.kind === 'int' || type.kind === 'double')) return literal.value
  if (literal.kind === 'boolean' && type.kind === 'boolean') return literal.value
  throw mismatch(type, literal, operator)
}

function instantOfFilter(text: string, assumes: 'nothing' | 'UTC'): number {
  const instantMs = isDate(text) ? Date.parse(text) : instantOfText(text, assumes)
  if (instantMs !== undefined) return instantMs
  throw new FilterSyntaxError(
    `The DateTimeOffset text '${text}' should be in format 'yyyy-mm-ddThh:mm:ss('.'s+)?(zzzzzz)?' and each field value is within valid range.`,
  )
}

function memberOf(literal: Literal, type: Enumeration, operator: Comparison): string {
  if (literal.kind !== 'string' && literal.kind !== 'member') throw mismatch(type, literal, operator)
  const isOther = literal.kind === 'member' && literal.type.toLowerCase() !== type.name.toLowerCase()
  const wanted = literal.value.toLowerCase()
  const member = isOther ? undefined : type.members.find((name) => name.toLowerCase() === wanted)
  if (member === undefined)
    throw new FilterSyntaxError(`The string '${literal.value}' is not a valid enumeration type constant.`)
  return member
}

function compileTextTest<T>(filter: Filter & { kind: 'call' }, scope: Scope<T>): Test<T> {
  const { name, text, part } = filter
  if (text.kind !== 'path' || part.kind !== 'string') throw unsupported()
  const { type, read } = property(text.path, scope)
  if (type.kind !== 'string')
    throw new FilterSyntaxError(
      `No function signature for the function with name '${name}' matches the arguments.`,
    )
  const wanted = keyOfValue(part.value, type, scope.ignoresCase)
  const method = { contains: 'includes', startswith: 'startsWith', endswith: 'endsWith' } as const
  return (item) => {
    const value = keyOfValue(read(item), type, scope.ignoresCase)
    return String(value)[method[name]](String(wanted))
  }
}

function compileAny<T>(filter: Filter & { kind: 'any' }, scope: Scope<T>): Test<T> {
  const { type, read } = property(filter.path, scope)
  if (type.kind !== 'collection') throw unsupported()
  const elementScope: Scope<unknown> = {
    type: type.of,
    variable: filter.variable,
    read: (item, name) => (name === undefined ? item : isObject(item) ? item[name] : undefined),
    unfilterable: new Set(),
    ignoresCase: scope.ignoresCase,
  }
  const condition = filter.condition && compile(filter.condition, elementScope)
  return (item) => {
    const list = read(item)
    return (
      Array.isArray(list) && list.some((element: unknown) => condition === undefined || condition(element))
    )
  }
}

/** What a path in a filter means: its type, and how to read it. */
function property<T>(path: readonly string[], scope: Scope<T>): { type: Edm; read: (item: T) => unknown } {
  const isNamed = scope.variable !== undefined
  if (isNamed && path[0] !== scope.variable) throw unsupported()
  const { type, names } = memberAt(isNamed ? path.slice(1) : path, scope.type)
  const [first, ...rest] = names
  if (first !== undefined && scope.unfilterable.has(first)) throw notFilterable(first)
  return {
    type,
    read: (item) =>
      rest.reduce<unknown>(
        (value, name) => (isObject(value) ? value[name] : undefined),
        scope.read(item, first),
      ),
  }
}

/** The type at the end of a path, and its names as they are declared. */
export function memberAt(path: readonly string[], type: Edm): { type: Edm; names: string[] } {
  const names: string[] = []
  let reached = type
  for (const segment of path) {
    const name = reached.kind === 'complex' ? memberNamed(reached, segment) : undefined
    const member = reached.kind === 'complex' && name !== undefined ? reached.members[name] : undefined
    if (name === undefined || member === undefined) throw unknownProperty(segment, reached)
    names.push(name)
    reached = member
  }
  return { type: reached, names }
}

/** Graph's answer to a name that its type does not have. */
export function unknownProperty(name: string, type: Edm | Complex): GraphError {
  const message = `Could not find a property named '${name}' on type '${edmName(type)}'.`
  return new GraphError(400, 'RequestBroker--ParseUri', message)
}

function notFilterable(name: string): GraphError {
  const spelt = name.charAt(0).toUpperCase() + name.slice(1)
  return new GraphError(400, 'ErrorInvalidProperty', `The property '${spelt}' does not support filtering.`)
}

function unsupported(): GraphError {
  return new GraphError(400, 'UnsupportedEntityExpression', 'The query is not a supported filter expression.')
}

const literalNames: Record<Literal['kind'], string> = {
  string: 'Edm.String',
  number: 'Edm.Int32',
  boolean: 'Edm.Boolean',
  null: 'null',
  instant: 'Edm.DateTimeOffset',
  member: 'Edm.Enum',
}
const operatorNames: Record<Comparison, string> = {
  eq: 'Equal',
  ne: 'NotEqual',
  gt: 'GreaterThan',
  ge: 'GreaterThanOrEqual',
  lt: 'LessThan',
  le: 'LessThanOrEqual',
}

function mismatch(type: Edm, literal: Literal, operator: Comparison): FilterSyntaxError {
  const types = `'${edmName(type)}' and '${literalNames[literal.kind]}'`
  return new FilterSyntaxError(
    `A binary operator with incompatible types was detected. Found operand types ${types} for operator kind '${operatorNames[operator]}'.`,
  )
}
