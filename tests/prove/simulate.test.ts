import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomInt } from 'node:crypto'
import { createStage, playHistories } from '../simulation/history.ts'
import { playSeriesHistory } from '../simulation/series-history.ts'
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

test('histories of series: whatever people do with them and their occurrences, all sides come to show the same', async () => {
  const stories: string[] = []
  for (let run = 0; run < 200; run++) {
    await playSeriesHistory(world, randomInt(2 ** 31), 30).catch((error: unknown) => {
      stories.push(error instanceof Error ? error.message : String(error))
    })
  }
  expect(stories.join('\n\n')).toBe('')
}, 3_600_000)
