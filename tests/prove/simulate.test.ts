import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedsFrom, storiesOf } from '../simulation/many.ts'
import { openStage, type Stage } from '../simulation/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test.each([
  ['short', 200, 30],
  ['long', 150, 90],
])(
  '%s histories: whatever people do and whatever breaks, both sides come to rest the same',
  async (_length, runs, turns) => {
    const { failures } = await storiesOf(stage, seedsFrom(randomInt(2 ** 31), runs), turns)
    expect(failures.join('\n\n')).toBe('')
  },
  3_600_000,
)
