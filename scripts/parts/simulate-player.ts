import { playHistory, RuleBroken } from '../../tests/simulation/history.ts'
import { seedsFrom, storiesOf, type Stories } from '../../tests/simulation/many.ts'
import { openStage } from '../../tests/simulation/stage.ts'
import { whenOrphaned } from './command.ts'

export interface PlayerInput {
  /** A PostgreSQL superuser's URL. */
  server: string
  /** The first history's; the next have every `step`th seed after it. */
  seed: number
  runs: number
  step: number
  turns: number
  /** Just these turns of the first seed, with their story. */
  only: number[] | null
  untilMs: number
}
export type FromPlayer = Stories

/** Plays histories in a process of its own, and tells after each how far it is. */
whenOrphaned(() => process.exit(1))
const input = JSON.parse(process.argv[2] ?? '{}') as PlayerInput
const stage = await openStage(input.server)
const { seed, runs, step, turns } = input
if (input.only) {
  const script = { seed, turns: input.only, isWhole: false }
  const told = await playHistory(stage, script).catch((error: unknown) => {
    if (error instanceof RuleBroken) return error
    throw error
  })
  console.log(told.story.map((line, index) => `${index + 1}. ${line}`).join('\n'))
  if (told instanceof RuleBroken) {
    console.log(`\n${told.message}`)
    process.exitCode = 1
  }
} else {
  await storiesOf(stage, seedsFrom(seed, runs, step), turns, (stories) => {
    process.send?.(stories)
    return Date.now() < input.untilMs
  })
}
await stage.close()
process.disconnect()
