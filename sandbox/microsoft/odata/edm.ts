/** A type of Graph's data model, as far as the form of its values on the wire can be checked. */
export type Edm = Primitive | Enumeration | Complex | Collection

export interface Primitive {
  readonly kind: PrimitiveKind
}

/**
 * `instant` is an Edm.DateTimeOffset. `wall` is a text that holds a time without an offset, as in `start/dateTime`; a
 * filter compares it by the time it means. `propertyId` is the id of an extended property, whose GUID has no case,
 * `itemId` the id of an event, which has two spellings.
 */
export type PrimitiveKind =
  | 'string'
  | 'boolean'
  | 'int'
  | 'double'
  | 'date'
  | 'instant'
  | 'wall'
  | 'propertyId'
  | 'itemId'

export interface Enumeration {
  readonly kind: 'enum'
  readonly name: string
  readonly members: readonly string[]
}

export interface Complex {
  readonly kind: 'complex'
  readonly name: string
  readonly members: Readonly<Record<string, Edm>>
  /** An open type takes members nobody declared. */
  readonly isOpen?: boolean
}

export interface Collection {
  readonly kind: 'collection'
  readonly of: Edm
}

export function collection(of: Edm): Collection {
  return { kind: 'collection', of }
}

export function enumeration(name: string, members: string): Enumeration {
  return { kind: 'enum', name: `microsoft.graph.${name}`, members: members.split(' ') }
}

export function complex(name: string, members: Record<string, Edm>, isOpen = false): Complex {
  return { kind: 'complex', name: `microsoft.graph.${name}`, members, isOpen }
}

/** The declared spelling of a member; in addresses Outlook does not mind the case. */
export function memberNamed(type: Complex, name: string): string | undefined {
  if (Object.hasOwn(type.members, name)) return name
  const wanted = name.toLowerCase()
  return Object.keys(type.members).find((member) => member.toLowerCase() === wanted)
}

/** The name OData gives a type in its messages. */
export function edmName(type: Edm): string {
  switch (type.kind) {
    case 'string':
    case 'wall':
    case 'propertyId':
    case 'itemId':
      return 'Edm.String'
    case 'boolean':
      return 'Edm.Boolean'
    case 'int':
      return 'Edm.Int32'
    case 'double':
      return 'Edm.Double'
    case 'date':
      return 'Edm.Date'
    case 'instant':
      return 'Edm.DateTimeOffset'
    case 'enum':
    case 'complex':
      return type.name
    case 'collection':
      return `Collection(${edmName(type.of)})`
  }
}
