/** What a member of a resource is, so that bodies can be read and partial answers asked for by its name. */
export type Shape =
  | 'text'
  | 'flag'
  | 'integer'
  | 'anything'
  | { kind: 'list'; of: Shape }
  /** Members whose names are the caller's own. */
  | { kind: 'map'; of: Shape }
  | { kind: 'object'; members: Readonly<Record<string, Shape>> }

export function listOf(of: Shape): Shape {
  return { kind: 'list', of }
}

export function mapOf(of: Shape): Shape {
  return { kind: 'map', of }
}

export function objectOf(members: Readonly<Record<string, Shape>>): Shape {
  return { kind: 'object', members }
}

/** An object whose members are all texts. */
export function textsNamed(...names: string[]): Shape {
  return objectOf(Object.fromEntries(names.map((name) => [name, 'text'])))
}
