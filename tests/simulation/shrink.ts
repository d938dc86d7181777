import { playHistory, RuleBroken, type Script } from './history.ts'
import type { Stage } from './stage.ts'

/** More tries seldom make a story shorter, and a person waits. */
const triesMax = 60

export interface Shrunk {
  script: Script
  error: RuleBroken
}

/**
 * Leaves out turns, in halves and then ever smaller parts, for as long as a rule still breaks (delta debugging: Zeller and
 * Hildebrandt, IEEE TSE 28(2), 2002).
 */
export async function shrink(stage: Stage, script: Script, error: RuleBroken): Promise<Shrunk> {
  let shortest: Shrunk = { script: { seed: script.seed, turns: error.turns, isWhole: false }, error }
  let tries = 0
  let size = Math.ceil(shortest.script.turns.length / 2)
  while (size >= 1 && tries < triesMax) {
    let isShorter = false
    for (let from = 0; from < shortest.script.turns.length && tries < triesMax;) {
      const turns = shortest.script.turns.toSpliced(from, size)
      const broken = await breaks(stage, { ...shortest.script, turns })
      tries++
      if (broken) {
        shortest = { script: { ...shortest.script, turns }, error: broken }
        isShorter = true
      } else from += size
    }
    if (!isShorter || size > 1) size = Math.floor(size / 2)
  }
  return shortest
}

async function breaks(stage: Stage, script: Script): Promise<RuleBroken | undefined> {
  try {
    await playHistory(stage, script)
    return undefined
  } catch (error) {
    if (error instanceof RuleBroken) return error
    throw error
  }
}
