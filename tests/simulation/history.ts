import { createHash } from 'node:crypto'
import type { Performance } from './attempts.ts'
import { chanceOfTurn } from './chance.ts'
import { eventHistory } from './event-history.ts'
import { deafAtRest } from './notifications.ts'
import type { Counts } from './play.ts'
import { policyHistory } from './policy-history.ts'
import { brokenAtEveryRest, comeToRest } from './rest.ts'
import { seriesHistory } from './series-history.ts'
import { openWorld, type Stage, type StagedWorld } from './stage.ts'
import { stateOf } from './state.ts'

/** A history that can be played again: the same seed and turns tell the same story. */
export interface Script {
  seed: number
  /** Which of the seed's turns are taken, in order. */
  turns: number[]
  /** Goes on with the turns after them until enough has happened. */
  isWhole: boolean
}

/** The least that a whole history has to go through. */
const enough = { edits: 20, faults: 5 }
const turnsMax = 300

export interface Played {
  story: string[]
  counts: Counts
  /** Of all that stood at the end, on every side. */
  digest: string
}

/** A history in which a rule broke, with its story. */
export class RuleBroken extends Error {
  override readonly name = 'RuleBroken'
  readonly broken: string[]
  readonly story: string[]
  /** The turns that led there. */
  readonly turns: number[]
  constructor(broken: string[], story: string[], turns: number[], cause?: unknown) {
    super(broken.join('\n'), { cause })
    this.broken = broken
    this.story = story
    this.turns = turns
  }
}

/** What a history is about. */
interface Kind<P extends Performance> {
  open(world: StagedWorld, seed: number): Promise<P>
  takeTurn(play: P): Promise<void>
  beforeRest(play: P): Promise<void>
  brokenAtRest(play: P): Promise<string[]>
}

export const scriptOf = (seed: number, length: number): Script => ({
  seed,
  turns: Array.from({ length }, (_, turn) => turn),
  isWhole: true,
})

/** What the history of a seed is about. */
export type About = 'events' | 'series' | 'policies'

/** Every third history is about series, every sixth about what enters, the others about single events and meetings. */
export function aboutOf(seed: number): About {
  if (seed % 3 === 0) return 'series'
  return seed % 6 === 5 ? 'policies' : 'events'
}

/** Plays what people do, and what befalls our steps meanwhile; throws RuleBroken when a rule does not hold at rest. */
export async function playHistory(stage: Stage, script: Script): Promise<Played> {
  const world = await openWorld(stage, script.seed)
  try {
    switch (aboutOf(script.seed)) {
      case 'series':
        return await playOf(seriesHistory, world, script)
      case 'policies':
        return await playOf(policyHistory, world, script)
      case 'events':
        return await playOf(eventHistory, world, script)
    }
  } finally {
    await world.close()
  }
}

async function playOf<P extends Performance>(
  kind: Kind<P>,
  world: StagedWorld,
  script: Script,
): Promise<Played> {
  const { seed } = script
  const play = await kind.open(world, seed)
  const turns: number[] = []
  try {
    for (const turn of turnsOf(script, play.counts)) {
      turns.push(turn)
      play.chance = chanceOfTurn(seed, turn)
      await kind.takeTurn(play)
    }
    await world.control.clearFaults()
    await kind.beforeRest(play)
    play.story.push('the dust settles')
    await comeToRest(play)
    const broken = [
      ...(await kind.brokenAtRest(play)),
      ...(await brokenAtEveryRest(play)),
      ...(await deafAtRest(play)),
    ]
    if (broken.length > 0) throw new RuleBroken(broken, play.story, turns)
    return { story: play.story, counts: play.counts, digest: await digestOf(play) }
  } catch (error) {
    if (error instanceof RuleBroken) throw error
    throw new RuleBroken([error instanceof Error ? error.message : String(error)], play.story, turns, error)
  }
}

function* turnsOf({ turns, isWhole }: Script, counts: Counts): Generator<number> {
  yield* turns
  if (!isWhole) return
  for (let turn = turns.length; turn < turnsMax; turn++) {
    if (counts.edits >= enough.edits && counts.faults >= enough.faults) return
    yield turn
  }
}

async function digestOf(play: Performance): Promise<string> {
  const hash = createHash('sha256')
  const entries = await play.world.database.owner<{ row: string }[]>`
    select to_jsonb(e)::text as row from schedule_entries e where tenant_id = ${play.tenantId} order by id`
  for (const { row } of entries) hash.update(row)
  for (const provider of play.providers) hash.update((await stateOf(play, provider)).events)
  return hash.digest('hex')
}
