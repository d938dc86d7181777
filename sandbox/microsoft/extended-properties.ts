import { GraphError } from './errors.ts'
import type { EventBody } from './resource.ts'
import type { ExtendedProperty, MultiValueProperty } from './types.ts'

const types =
  'applicationtime binary boolean clsid currency double floating integer long null object short string systemtime'
const guid = '\\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\}'
const form = new RegExp(
  `^(${types.replaceAll(' ', '|')})(array)? (${guid} (name .+|id 0x[0-9a-f]{1,8})|0x[0-9a-f]{1,8})$`,
  'i',
)

/** The extended properties with one value that a write carries. */
export function extendedProperties(body: EventBody): ExtendedProperty[] {
  return (body.singleValueExtendedProperties ?? []).map(({ id, value }) => {
    if (!isPropertyId(id) || typeof value !== 'string') throw invalidProperty()
    return { id, value }
  })
}

/** The extended properties with several values that a write carries. */
export function multiValueProperties(body: EventBody): MultiValueProperty[] {
  return (body.multiValueExtendedProperties ?? []).map(({ id, value }) => {
    if (!isPropertyId(id) || !Array.isArray(value)) throw invalidProperty()
    return { id, value }
  })
}

/** A type, and a GUID with a name or a number, or a property tag: `String {…} Name Marker`. */
function isPropertyId(id: unknown): id is string {
  return typeof id === 'string' && form.test(id)
}

function invalidProperty(): GraphError {
  const message = 'The extended property attribute combination is invalid.'
  return new GraphError(400, 'ErrorInvalidExtendedProperty', message)
}

/** What was there with what is written laid over it. */
export function mergedProperties<P extends { id: string }>(
  current: readonly P[] | undefined,
  sent: readonly P[],
): P[] {
  const kept = (current ?? []).filter(({ id }) => !sent.some((property) => sameProperty(property.id, id)))
  return [...kept, ...sent]
}

/** Of a property's id only the name at its end has a case. */
export function sameProperty(one: string, other: string): boolean {
  return propertyKey(one) === propertyKey(other)
}

export function propertyKey(id: string): string {
  const [, before = '', name = ''] = /^(.*\bname )(.*)$/is.exec(id) ?? [id, id]
  return `${before.toLowerCase()}${name}`
}
