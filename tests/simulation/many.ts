import { aboutOf, playHistory, RuleBroken, scriptOf, type About, type Script } from './history.ts'
import type { Counts } from './play.ts'
import { shrink } from './shrink.ts'
import type { Stage } from './stage.ts'

export interface Stories {
  /** The shortest story found of each history in which a rule broke. */
  failures: string[]
  played: number
  counts: Counts
}

/** Plays histories one after the other. `onPlayed` is told after each, and ends them by answering false. */
export async function storiesOf(
  stage: Stage,
  seeds: Iterable<number>,
  turns: number,
  onPlayed: (stories: Stories) => boolean = () => true,
): Promise<Stories> {
  const stories: Stories = {
    failures: [],
    played: 0,
    counts: { edits: 0, steps: 0, faults: 0, crashes: 0 },
  }
  for (const seed of seeds) {
    const script = scriptOf(seed, turns)
    try {
      const { counts } = await playHistory(stage, script)
      for (const name of ['edits', 'steps', 'faults', 'crashes'] as const)
        stories.counts[name] += counts[name]
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error
      stories.failures.push(await tell(stage, script, error))
    }
    stories.played++
    if (!onPlayed(stories)) break
  }
  return stories
}

async function tell(stage: Stage, script: Script, error: RuleBroken): Promise<string> {
  const shortest = await shrink(stage, script, error)
  const story = shortest.error.story.map((line, index) => `${index + 1}. ${line}`).join('\n')
  const keep = shortest.script.turns.join(',')
  return `Seed ${script.seed}, turns ${keep}:\n${shortest.error.message}\n\n${story}`
}

/** As many seeds as wished, from one on; `step` leaves those between to somebody else. */
export function* seedsFrom(first: number, runs: number, step = 1): Generator<number> {
  for (let run = 0; run < runs; run++) yield (first + run * step) % 2 ** 31
}

/**
 * Seeds of one kind of history, the same each time: a change is judged by what it changed. `npm run simulate` plays fresh
 * ones.
 */
export function seedsOf(about: About, runs: number): number[] {
  const seeds = [...seedsFrom(120_000, runs * 6)]
  return seeds.filter((seed) => aboutOf(seed) === about).slice(0, runs)
}
