import type { Provider } from '../../db/providers.ts'
import { attempt } from './attempts.ts'
import { consentAgain, consentWhereAsked, renewAll, revokeConsent } from './consents.ts'
import { decideConflict } from './decisions.ts'
import { outcomeOf, type Outcome } from './outcome.ts'
import { actAtVendor } from './people.ts'
import { forgeMessage } from './forgery.ts'
import { brokenAtTheNeighbour, openNeighbour } from './neighbour.ts'
import {
  heedSignals,
  spoilMessages,
  subscribeAll,
  tendSubscription,
  troubleSubscription,
} from './notifications.ts'
import { openPlay, type Play } from './play.ts'
import { disconnectAndReturn } from './returns.ts'
import { brokenRules } from './rules.ts'
import { actInSchedule } from './schedule.ts'
import { changeSetting, letTimePass, resumeAll } from './settings.ts'
import type { StagedWorld } from './stage.ts'

/** Histories of single events and meetings: two members, four calendars, directions, pauses and decisions. */
export const eventHistory = {
  async open(world: StagedWorld, seed: number): Promise<Play> {
    const play = await openPlay(world, seed, somebodyActs)
    await subscribeAll(play)
    if (seed % 2 === 0) play.neighbour = await openNeighbour(play)
    return play
  },
  takeTurn,
  async beforeRest(play: Play): Promise<void> {
    for (const tenant of play.neighbour ? [play, play.neighbour] : [play]) await renewAll(tenant)
    await resumeAll(play)
  },
  brokenAtRest,
}

function somebodyActs(play: Play, provider: Provider): Promise<void> {
  const act = play.chance.weigh([
    [5, actAtVendor],
    [5, (one: Play) => actInSchedule(one)],
    [1, consentAgain],
  ])
  return act(play, provider)
}

function takeTurn(play: Play): Promise<void> {
  const act = play.chance.weigh([
    [3, actAtVendor],
    [3, actInSchedule],
    [8, attempt],
    [0.7, letTimePass],
    [0.8, changeSetting],
    [1, decideConflict],
    [0.3, revokeConsent],
    [0.6, consentWhereAsked],
    [0.3, disconnectAndReturn],
    [1, tendSubscription],
    [1, heedSignals],
    [0.7, spoilMessages],
    [0.5, forgeMessage],
    [0.4, troubleSubscription],
    [play.neighbour ? 2 : 0, ({ neighbour }: Play) => (neighbour ? attempt(neighbour) : Promise.resolve())],
  ])
  return act(play)
}

async function brokenAtRest(play: Play): Promise<string[]> {
  const outcome = await outcomeOf(play)
  return [
    ...[...play.things.values()].flatMap((thing) => brokenRules(outcome, thing)),
    ...pairsBroken(outcome),
    ...(play.neighbour ? await brokenAtTheNeighbour(play.neighbour) : []),
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
