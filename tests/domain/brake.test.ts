import { expect, test } from 'vitest'
import { defaultBrakeLimits, isTooMuch } from '../../domain/brake.ts'

test.each([
  ['many and a large share', 30, 100, true],
  ['one more than both limits', 26, 100, true],
  ['just the share that is allowed', 25, 100, false],
  ['just the number that is allowed', 20, 21, false],
  ['a large share of few', 15, 20, false],
  ['many of many more', 30, 200, false],
  ['all of a small calendar', 20, 20, false],
  ['all of one that is a little larger', 21, 21, true],
  ['nothing of nothing', 0, 0, false],
])('%s', (_case, lost, mapped, expected) => {
  expect(isTooMuch(lost, mapped, defaultBrakeLimits)).toBe(expected)
})
