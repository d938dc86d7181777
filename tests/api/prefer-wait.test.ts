import { expect, test } from 'vitest'
import { preferredWait } from '../../api/prefer-wait.ts'

test.each<[string | string[] | undefined, number | null]>([
  [undefined, null],
  ['', null],
  ['respond-async', null],
  ['wait=10', 10],
  ['Wait = "10"', 10],
  ['respond-async, wait=10', 10],
  [['respond-async', 'wait=0'], 0],
  ['wait=100000', 60],
  ['wait=1, wait=2', 1],
  ['wait=-1', null],
  ['wait=1.5', null],
  ['wait=soon', null],
  ['await=10', null],
])('Prefer %j asks to wait %j seconds', (header, seconds) => {
  expect(preferredWait(header)).toBe(seconds)
})
