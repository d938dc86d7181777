import { afterAll, beforeAll, expect, test } from 'vitest'
import type { World } from '../support/world.ts'
import { createStage, playHistories } from './history.ts'

let world: World
beforeAll(async () => {
  world = await createStage()
})
afterAll(() => world.close())

test('whatever people do and whatever breaks, both sides come to rest the same', async () => {
  expect(await playHistories(world, { runs: 20, turns: 30 })).toBe('')
}, 600_000)
