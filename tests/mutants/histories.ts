import { afterAll, beforeAll, inject, test } from 'vitest'
import { playHistory, type About, RuleBroken, scriptOf } from '../simulation/history.ts'
import { seedsOf } from '../simulation/many.ts'
import { openStage, type Stage } from '../simulation/stage.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** How many histories of each kind are played. */
    histories: Record<About, number>
  }
}

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test.each<About>(['events', 'series', 'policies'])(
  'no history of %s breaks a rule',
  async (kind) => {
    for (const seed of seedsOf(kind, inject('histories')[kind])) {
      await playHistory(stage, scriptOf(seed, 36)).catch((error: unknown) => {
        throw isCrash(error) ? error.cause : error
      })
    }
  },
  900_000,
)

/** A history also ends when our code does: that is an error with a name of its own, and no rule. */
const isCrash = (error: unknown): error is RuleBroken & { cause: Error } =>
  error instanceof RuleBroken && error.cause instanceof Error && error.cause.name !== 'Error'
