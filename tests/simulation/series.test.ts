import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedsOf, storiesOf } from './many.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test('whatever people do with series and their occurrences, all sides come to show the same', async () => {
  const { failures } = await storiesOf(stage, seedsOf('series', 15), 36)
  expect(failures.join('\n\n')).toBe('')
}, 900_000)
