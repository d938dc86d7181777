import { assert, constantFrom, letrec, oneof, property, record, string, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { GraphError } from '../../sandbox/microsoft/errors.ts'
import { complex, type Edm } from '../../sandbox/microsoft/odata/edm.ts'
import { compileFilter, type Scope } from '../../sandbox/microsoft/odata/filter.ts'
import { FilterSyntaxError, parseFilter } from '../../sandbox/microsoft/odata/filter-syntax.ts'

interface Thing {
  name: string
  size: number
  isOpen: boolean
}
type Wish = (thing: Thing) => boolean
/** A filter as it is written, and what it means by the plainest reading. */
type Pair = { text: string; holds: Wish }

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const texts = constantFrom('', 'a', "it's", 'A and B', 'or (not)', 'äé', 'a/b')
const sizes = constantFrom(-1, 0, 1, 2.5, 1000)
const things: Thing[] = ['', 'a', "it's", 'A and B', 'or (not)', 'b'].flatMap((name) =>
  [-1, 0, 2.5].map((size) => ({ name, size, isOpen: size > 0 })),
)
const operators: Record<string, (one: number | string, other: number | string) => boolean> = {
  eq: (one, other) => one === other,
  ne: (one, other) => one !== other,
  gt: (one, other) => one > other,
  ge: (one, other) => one >= other,
  lt: (one, other) => one < other,
  le: (one, other) => one <= other,
}
const operator = constantFrom(...Object.keys(operators))
const compares = (name: string, one: number | string, other: number | string) =>
  operators[name]?.(one, other) ?? false

const { filter } = letrec<{ filter: Pair; leaf: Pair }>((tie) => ({
  leaf: oneof(
    tuple(operator, sizes).map(([name, size]) => ({
      text: `size ${name} ${size}`,
      holds: (thing: Thing) => compares(name, thing.size, size),
    })),
    tuple(operator, texts).map(([name, text]) => ({
      text: `${quoted(text)} ${name} name`,
      holds: (thing: Thing) => compares(name, text, thing.name),
    })),
    texts.map((text) => ({
      text: `contains(name,${quoted(text)})`,
      holds: (thing: Thing) => thing.name.includes(text),
    })),
    texts.map((text) => ({
      text: `startswith( name , ${quoted(text)} )`,
      holds: (thing: Thing) => thing.name.startsWith(text),
    })),
    constantFrom({ text: 'isOpen', holds: (thing: Thing) => thing.isOpen }),
    constantFrom({ text: 'isOpen eq false', holds: (thing: Thing) => !thing.isOpen }),
  ),
  filter: oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    record({ left: tie('filter'), right: tie('filter') }).map(({ left, right }) => ({
      text: `(${left.text}) and (${right.text})`,
      holds: (thing: Thing) => left.holds(thing) && right.holds(thing),
    })),
    record({ left: tie('filter'), right: tie('filter') }).map(({ left, right }) => ({
      text: `((${left.text}) or ${right.text})`,
      holds: (thing: Thing) => left.holds(thing) || right.holds(thing),
    })),
    tie('filter').map((inner) => ({
      text: `not (${inner.text})`,
      holds: (thing: Thing) => !inner.holds(thing),
    })),
  ),
}))

const type: Edm = complex('thing', {
  name: { kind: 'string' },
  size: { kind: 'double' },
  isOpen: { kind: 'boolean' },
})
const scope: Scope<Thing> = {
  type,
  read: (thing, name) => (name === undefined ? thing : Reflect.get(thing, name)),
  unfilterable: new Set(),
  ignoresCase: false,
}

test('a filter chooses what a plain reading of it chooses', () => {
  assert(
    property(filter, ({ text, holds }) => {
      let chooses: Wish
      try {
        chooses = compileFilter(text, scope)
      } catch (error) {
        // A filter may be too long, but then it says so.
        expect(String(error)).toContain('node count limit')
        return
      }
      expect(things.filter(chooses)).toEqual(things.filter(holds))
    }),
    { numRuns: 500 },
  )
})

test('and binds closer than or, and not closer than both', () => {
  const chosen = (text: string) => things.filter(compileFilter(text, scope)).length
  expect(chosen("name eq 'a' or name eq 'b' and size gt 0")).toBe(
    chosen("name eq 'a' or (name eq 'b' and size gt 0)"),
  )
  expect(chosen("not name eq 'a' and size gt 0")).toBe(chosen("(not (name eq 'a')) and size gt 0"))
  expect(chosen("name eq 'a' and size eq 0 or isOpen")).toBe(chosen("(name eq 'a' and size eq 0) or isOpen"))
})

test('whatever is sent as a filter is read or refused, and nothing else happens', () => {
  const words = "( ) , : / ' 'x' and or not eq name any( null 1 2026-01-01 contains( e: true % -".split(' ')
  const pieces = constantFrom(...words, ' ', '\u0000')
  const soup = oneof(string(), string({ unit: pieces }))
  assert(
    property(soup, (text) => {
      try {
        parseFilter(text)
      } catch (error) {
        expect(error).toBeInstanceOf(FilterSyntaxError)
      }
      try {
        compileFilter(text, scope)
      } catch (error) {
        expect(error).toBeInstanceOf(GraphError)
      }
    }),
    { numRuns: 3000 },
  )
})

test('a filter nested or strung together without end is refused before it does harm', () => {
  for (const text of [
    `${'('.repeat(100_000)}isOpen`,
    `${'not '.repeat(100_000)}isOpen`,
    Array(5000).fill('isOpen').join(' and '),
  ])
    expect(() => compileFilter(text, scope)).toThrow('node count limit')
})
