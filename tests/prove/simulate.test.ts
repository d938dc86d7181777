import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStage, playHistories } from '../simulation/history.ts'
import type { World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createStage()
})
afterAll(() => world.close())

test.each([
  ['short', 200, 20],
  ['long', 150, 60],
])(
  '%s histories: whatever people do and whatever breaks, both sides come to rest the same',
  async (_length, runs, turns) => {
    expect(await playHistories(world, { runs, turns })).toBe('')
  },
  1_800_000,
)
