import { listConflicts } from '../../db/conflicts.ts'
import { listMappings } from '../../db/mappings.ts'
import { attempt } from './attempts.ts'
import { consentWhereAsked, renewAll, revokeConsent } from './consents.ts'
import { actInCalendar, actInSchedule, openSeriesPlay, type SeriesPlay } from './series-play.ts'
import { heedSignals, spoilMessages, subscribeAll, tendSubscription } from './notifications.ts'
import { letTimePass } from './settings.ts'
import type { StagedWorld } from './stage.ts'

/** Histories of series and their occurrences, changed on every side. */
export const seriesHistory = {
  async open(world: StagedWorld, seed: number): Promise<SeriesPlay> {
    const play = await openSeriesPlay(world, seed)
    await subscribeAll(play)
    return play
  },
  takeTurn(play: SeriesPlay): Promise<void> {
    const act = play.chance.weigh([
      [2, actInSchedule],
      [2, actInCalendar],
      [5, attempt],
      [0.3, letTimePass],
      [0.5, tendSubscription],
      [0.5, heedSignals],
      [0.3, spoilMessages],
      [0.2, revokeConsent],
      [0.4, consentWhereAsked],
    ])
    return act(play)
  },
  beforeRest: renewAll,
  brokenAtRest,
}

/** All three sides show the same, occurrence by occurrence, unless a person has yet to decide or a pair says why not. */
async function brokenAtRest({ world, tenant, scene, providers }: SeriesPlay): Promise<string[]> {
  const { conflicts, mappings } = await world.database.tenant(tenant.tenantId, async (db) => ({
    conflicts: await listConflicts(db, { state: 'open', limit: 500 }),
    mappings: await listMappings(db, { limit: 5_000 }),
  }))
  if (conflicts.length > 0 || mappings.some(({ state }) => state === 'unsupported')) return []
  const here = JSON.stringify(await scene.shown(tenant))
  const broken: string[] = []
  for (const provider of providers) {
    const there = JSON.stringify(await scene.shownBy(provider))
    if (there !== here) broken.push(`${provider.vendor} shows ${there}\nthe schedule shows ${here}`)
  }
  return broken
}
