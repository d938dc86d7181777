import { expect, test } from 'vitest'
import { jsonBytes, markLasting } from '../../sandbox/json-bytes.ts'

const lasting = { id: 'a', words: 'Grüße, "x"\n', deep: { more: [1, { two: null }] } }
markLasting(lasting)
const fresh = { id: 'b', none: undefined, deep: [] }

test.each([0, 1, 2])('an answer is written as JSON itself would write it, indented by %i', (indent) => {
  const answers = [
    { kind: 'list', items: [lasting, fresh, lasting] },
    { items: [fresh] },
    { items: [lasting] },
    { kind: 'list', items: [] },
    { kind: 'list' },
    { kind: undefined, items: [undefined, null, 1, 'text', lasting] },
    { error: { items: [1] } },
    [lasting],
    'text',
    null,
  ]
  for (const answer of answers) {
    // A second time what lasts is not written anew.
    for (const written of [jsonBytes(answer, 'items', indent), jsonBytes(answer, 'items', indent)])
      expect(String(written)).toBe(JSON.stringify(answer, null, indent))
  }
})

test('the list of an answer comes last', () => {
  expect(String(jsonBytes({ items: [lasting], kind: 'list' }, 'items', 0))).toBe(
    JSON.stringify({ kind: 'list', items: [lasting] }),
  )
})
