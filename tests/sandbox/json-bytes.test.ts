import { expect, test } from 'vitest'
import { bytesOf } from '../../sandbox/answer-bytes.ts'
import { isWritten, jsonBytes, markLasting } from '../../sandbox/json-bytes.ts'

const lasting = { id: 'a', words: 'Grüße, "x"\n', deep: { more: [1, { two: null }] } }
const another = { id: 'c', list: ['ü'] }
markLasting(lasting)
markLasting(another)
const fresh = { id: 'b', none: undefined, deep: [] }

const written = (answer: unknown, indent: number): string =>
  bytesOf(jsonBytes(answer, 'items', indent)).toString()

test.each([0, 1, 2])('an answer is written as JSON itself would write it, indented by %i', (indent) => {
  const answers = [
    { kind: 'list', items: [lasting, fresh, lasting] },
    { items: [fresh] },
    { items: [lasting] },
    { kind: 'first', items: [lasting, another] },
    { kind: 'second', items: [lasting, another] },
    { kind: 'turned', items: [another, lasting] },
    { kind: 'longer', items: [lasting, another, another] },
    { kind: 'shorter', items: [lasting] },
    { kind: 'list', items: [] },
    { kind: 'list' },
    { kind: undefined, items: [undefined, null, 1, 'text', lasting] },
    { error: { items: [1] } },
    [lasting],
    null,
  ]
  for (const answer of answers) {
    // A second time what lasts is not written anew.
    for (const text of [written(answer, indent), written(answer, indent)])
      expect(text).toBe(JSON.stringify(answer, null, indent))
  }
})

test('the list of an answer comes last', () => {
  expect(written({ items: [lasting], kind: 'list' }, 0)).toBe(
    JSON.stringify({ kind: 'list', items: [lasting] }),
  )
})

test('a list counts as written when the very same lasting objects were, in the same order', () => {
  const [one, other] = [{ id: 'one' }, { id: 'other' }]
  markLasting(one)
  written({ items: [one, other] }, 0)
  expect(isWritten([one, other])).toBe(false)
  markLasting(other)
  written({ items: [one, other] }, 0)
  expect(isWritten([one, other])).toBe(true)
  expect(isWritten([other, one])).toBe(false)
  expect(isWritten([one])).toBe(false)
  expect(isWritten([one, { ...other }])).toBe(false)
  expect(isWritten([])).toBe(false)
})
