import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHistory, scriptOf } from './history.ts'
import { seedsOf, storiesOf } from './many.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test('whatever people do and whatever breaks, both sides come to rest the same', async () => {
  const { failures } = await storiesOf(stage, seedsOf('events', 30), 36)
  expect(failures.join('\n\n')).toBe('')
}, 900_000)

test('a history goes through 20 edits and 5 faults at least', async () => {
  const { counts } = await playHistory(stage, scriptOf(20_260_303, 1))
  expect(counts.edits).toBeGreaterThanOrEqual(20)
  expect(counts.faults).toBeGreaterThanOrEqual(5)
})

test.each([
  ['events', 20_260_303],
  ['series', 20_260_302],
])('a seed tells the same story of %s again', async (_kind, seed) => {
  const script = scriptOf(seed, 36)
  const first = await playHistory(stage, script)
  expect(await playHistory(stage, script)).toEqual(first)
})
