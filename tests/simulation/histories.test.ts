import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHistory, scriptOf } from './history.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test('a history goes through 20 edits and 5 faults at least', async () => {
  const { counts } = await playHistory(stage, scriptOf(20_260_303, 1))
  expect(counts.edits).toBeGreaterThanOrEqual(20)
  expect(counts.faults).toBeGreaterThanOrEqual(5)
})

test.each([
  ['events', 20_260_303],
  ['series', 20_260_302],
  ['policies', 20_260_301],
])('a seed tells the same story of %s again', async (_kind, seed) => {
  const script = scriptOf(seed, 36)
  const first = await playHistory(stage, script)
  const { story, counts } = await playHistory(stage, script)
  expect({ story, counts }).toEqual({ story: first.story, counts: first.counts })
})
