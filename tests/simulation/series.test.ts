import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { World } from '../support/world.ts'
import { createStage } from './history.ts'
import { playSeriesHistory } from './series-history.ts'

let world: World
beforeAll(async () => {
  world = await createStage()
})
afterAll(() => world.close())

test('whatever people do with series and their occurrences, all sides come to show the same', async () => {
  const stories: string[] = []
  for (let run = 0; run < 8; run++) {
    await playSeriesHistory(world, randomInt(2 ** 31), 25).catch((error: unknown) => {
      stories.push(error instanceof Error ? error.message : String(error))
    })
  }
  expect(stories.join('\n\n')).toBe('')
}, 600_000)
