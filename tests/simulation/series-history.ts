import { listConflicts } from '../../db/conflicts.ts'
import { listMappings } from '../../db/mappings.ts'
import { settle, type World } from '../support/world.ts'
import { befallen, run, survive, throwCrash, verbs } from './attempts.ts'
import { actInCalendar, actInSchedule, openSeriesPlay, type SeriesPlay } from './series-play.ts'

/** A history of series that a seed repeats: people on every side, lost answers and crashes; throws with its story when the sides differ at rest. */
export async function playSeriesHistory(world: World, seed: number, turns: number): Promise<void> {
  const play = await openSeriesPlay(world, seed)
  try {
    for (let turn = 0; turn < turns; turn++) await takeTurn(play)
    await world.control.clearFaults()
    play.story.push('the dust settles')
    await settle(world, ...play.providers)
    await settle(world, ...play.providers)
    const broken = await brokenAtRest(play)
    if (broken.length > 0) throw new Error(broken.join('\n'))
  } catch (error) {
    await world.control.clearFaults()
    const story = play.story.map((line, index) => `${index + 1}. ${line}`).join('\n')
    const said = error instanceof Error ? error.message : String(error)
    throw new Error(`Seed ${seed}, ${turns} turns:\n${said}\n\n${story}`, { cause: error })
  }
}

function takeTurn(play: SeriesPlay): Promise<void> {
  const act = play.chance.weigh([
    [2, actInSchedule],
    [2, actInCalendar],
    [5, attempt],
  ])
  return act(play)
}

async function attempt(play: SeriesPlay): Promise<void> {
  const { chance, world, story } = play
  const provider = chance.pick(play.providers)
  const trouble = chance.weigh<'none' | 'pass' | 'lost' | 'crash'>([
    [3, 'none'],
    [4, 'pass'],
    [2, 'lost'],
    [2, 'crash'],
  ])
  story.push(`${trouble} in ${provider.vendor}`)
  switch (trouble) {
    case 'pass':
      return settle(world, provider)
    case 'none':
      return survive(run(world.activities, provider, chance.pick(verbs)))
    case 'lost': {
      const { vendor, accountEmail: account } = provider
      const method = chance.pick(['POST', 'PATCH', 'DELETE'])
      await world.control.fault({ kind: 'responseLost', vendor, account, method, path: '/events', times: 1 })
      await survive(run(world.activities, provider, 'push'))
      return void (await world.control.clearFaults())
    }
    case 'crash': {
      const dying = befallen(play, 1 + chance.below(14), chance.below(2) === 0, throwCrash)
      return survive(run(dying, provider, chance.pick(verbs)))
    }
  }
}

/** All three sides show the same, occurrence by occurrence, unless a person has yet to decide or a pair says why not. */
async function brokenAtRest({ world, tenant, scene, providers }: SeriesPlay): Promise<string[]> {
  const broken: string[] = []
  const { conflicts, mappings, work } = await world.database.tenant(tenant.tenantId, async (db) => ({
    conflicts: await listConflicts(db, { state: 'open', limit: 500 }),
    mappings: await listMappings(db, { limit: 5_000 }),
    work: await world.database.owner<{ kind: string; subject: string }[]>`
      select kind, subject_id as subject from pending where tenant_id = ${tenant.tenantId}`,
  }))
  for (const { kind, subject } of work) broken.push(`there is unfinished work: ${kind} ${subject}`)
  if ((await world.control.mail()).length > 0) broken.push('somebody got mail')
  const isApart = conflicts.length > 0 || mappings.some(({ state }) => state === 'unsupported')
  if (isApart) return broken
  const here = JSON.stringify(await scene.shown(tenant))
  for (const provider of providers) {
    const there = JSON.stringify(await scene.shownBy(provider))
    if (there !== here) broken.push(`${provider.vendor} shows ${there}\nthe schedule shows ${here}`)
  }
  return broken
}
