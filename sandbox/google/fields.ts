import { isObject } from '../json.ts'
import { invalidParameter } from './errors.ts'
import type { Shape } from './shapes.ts'

/** Which members of an answer are wanted, by name; `all` stands for a member with everything in it. */
export type Selection = 'all' | ReadonlyMap<string, Selection>

/**
 * Reads a `fields` parameter: names beside each other (`a,b`), within each other (`a/b`, `a(b,c)`), and `*` for every
 * one (https://developers.google.com/workspace/calendar/api/guides/performance#partial-response). What is no such list, or
 * names a member the answer does not have, is refused.
 */
export function readFields(text: string, shape: Shape): Selection {
  const reader = new FieldReader(text)
  const selection = reader.readList(shape)
  if (!reader.isAtEnd()) throw badSelection(text)
  return selection
}

/** What is left of an answer. Members that were asked for and are not there stay away. */
export function selectFields(answer: unknown, selection: Selection): unknown {
  return selectFrom(answer, selection) ?? {}
}

/** Nothing is left of a value that has none of the members asked for. */
function selectFrom(value: unknown, selection: Selection): unknown {
  if (selection === 'all') return value
  if (Array.isArray(value)) return value.flatMap((item: unknown) => selectFrom(item, selection) ?? [])
  if (!isObject(value)) return undefined
  const kept: [string, unknown][] = []
  for (const [name, member] of Object.entries(value)) {
    const wanted = merged(selection.get(name), selection.get('*'))
    const left = wanted === undefined ? undefined : selectFrom(member, wanted)
    if (left !== undefined) kept.push([name, left])
  }
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

class FieldReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    // Blanks between names are let pass.
    this.#text = text.replaceAll(/\s+/g, '')
  }

  isAtEnd(): boolean {
    return this.#at === this.#text.length
  }

  readList(shape: Shape): ReadonlyMap<string, Selection> {
    const selection = new Map<string, Selection>()
    do {
      const [name, wanted] = this.#readPath(shape)
      const both = merged(selection.get(name), wanted)
      if (both !== undefined) selection.set(name, both)
    } while (this.#skip(','))
    return selection
  }

  #readPath(shape: Shape): [string, Selection] {
    const [name = ''] = /^(\*|[\w.-]+)/.exec(this.#text.slice(this.#at)) ?? []
    const member = memberOf(shape, name)
    if (name === '' || member === undefined) throw badSelection(name === '' ? this.#text : name)
    this.#at += name.length
    if (this.#skip('/')) {
      const [inner, wanted] = this.#readPath(member)
      return [name, new Map([[inner, wanted]])]
    }
    if (this.#skip('(')) {
      const wanted = this.readList(member)
      if (!this.#skip(')')) throw badSelection(this.#text)
      return [name, wanted]
    }
    return [name, 'all']
  }

  #skip(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false
    this.#at += 1
    return true
  }
}

/** What a name stands for in a shape; of a list its items are meant. */
function memberOf(shape: Shape, name: string): Shape | undefined {
  if (typeof shape === 'string') return shape === 'anything' ? 'anything' : undefined
  switch (shape.kind) {
    case 'list':
      return memberOf(shape.of, name)
    case 'map':
      return shape.of
    case 'object':
      return name === '*' ? anyMemberOf(shape.members) : own(shape.members, name)
  }
}

function own(members: Readonly<Record<string, Shape>>, name: string): Shape | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined
}

/** Below a star stands whatever one of its members could have below it. */
function anyMemberOf(members: Readonly<Record<string, Shape>>): Shape {
  return Object.values(members).some((member) => typeof member !== 'string') ? 'anything' : 'text'
}

function merged(one: Selection | undefined, other: Selection | undefined): Selection | undefined {
  if (one === undefined || other === undefined) return one ?? other
  if (one === 'all' || other === 'all') return 'all'
  const both = new Map(one)
  for (const [name, wanted] of other) {
    const inner = merged(both.get(name), wanted)
    if (inner !== undefined) both.set(name, inner)
  }
  return both
}

function badSelection(what: string): Error {
  return invalidParameter('fields', `Invalid field selection ${what}`)
}
