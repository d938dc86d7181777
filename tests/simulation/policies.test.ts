import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedsOf, storiesOf } from './many.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test('whatever policies let in and however they are switched, words that may not enter are in no table', async () => {
  const { failures } = await storiesOf(stage, seedsOf('policies', 10), 36)
  expect(failures.join('\n\n')).toBe('')
}, 900_000)
