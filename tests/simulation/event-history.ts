import type { Provider } from '../../db/providers.ts'
import { attempt } from './attempts.ts'
import { outcomeOf, type Outcome } from './outcome.ts'
import { actAtVendor } from './people.ts'
import { openPlay, type Play } from './play.ts'
import { brokenRules } from './rules.ts'
import { actInSchedule } from './schedule.ts'
import { changeSetting, decideConflict, letTimePass, resumeAll } from './settings.ts'
import type { World } from '../support/world.ts'

/** Histories of single events and meetings: two members, four calendars, directions, pauses and decisions. */
export const eventHistory = {
  open: (world: World, seed: number): Promise<Play> => openPlay(world, seed, somebodyActs),
  takeTurn,
  beforeRest: resumeAll,
  brokenAtRest,
}

const somebodyActs = (play: Play, provider: Provider): Promise<void> =>
  play.chance.below(2) === 0 ? actAtVendor(play, provider) : actInSchedule(play)

function takeTurn(play: Play): Promise<void> {
  const act = play.chance.weigh([
    [3, actAtVendor],
    [3, actInSchedule],
    [8, attempt],
    [0.7, letTimePass],
    [0.5, changeSetting],
    [1, decideConflict],
  ])
  return act(play)
}

async function brokenAtRest(play: Play): Promise<string[]> {
  const outcome = await outcomeOf(play)
  return [
    ...[...play.things.values()].flatMap((thing) => brokenRules(outcome, thing)),
    ...pairsBroken(outcome),
  ]
}

/** Each living pair is one entry and one event, and a pair waits for a person exactly while its conflict is open. */
function pairsBroken({ play, mappings, conflicts }: Outcome): string[] {
  const open = new Set(conflicts.map((conflict) => conflict.mappingId))
  return mappings.flatMap((mapping) => {
    const where = `a pair in ${play.nameOf(mapping.providerId)} (${mapping.baseEntry?.title ?? mapping.entryId})`
    if (mapping.state === 'creating' || mapping.state === 'withdrawing')
      return [`${where} is ${mapping.state} at rest`]
    if ((mapping.state === 'conflict') !== open.has(mapping.id)) {
      return [`${where} is ${mapping.state}, its conflict ${open.has(mapping.id) ? 'open' : 'closed'}`]
    }
    return []
  })
}
