import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshSeeds } from './fresh-seeds.ts'
import { storiesOf } from './many.ts'
import { openStage, type Stage } from './stage.ts'

/** As many in each of the four files that run beside each other. */
const histories = 50

/** Plays a share of 200 histories that nobody has seen, about everything that histories are about; the first share is 1. */
export function playFreshHistories(share: number): void {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  test('whatever people do and whatever breaks, all sides come to rest the same', async () => {
    const { played, failures } = await storiesOf(stage, freshSeeds((share - 1) * histories, histories), 36)
    expect(failures.join('\n\n')).toBe('')
    expect(played).toBe(histories)
  }, 1_800_000)
}
