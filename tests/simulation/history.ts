import { randomInt } from 'node:crypto'
import { createWorld, sync, type World } from '../support/world.ts'
import { attempt } from './attempts.ts'
import { outcomeOf, type Outcome } from './outcome.ts'
import { actAtVendor } from './people.ts'
import { nameOf, openPlay, type Play } from './play.ts'
import { brokenRules } from './rules.ts'
import { actInSchedule } from './schedule.ts'

const passesMax = 8

/** A world for many histories: what a power cut would lose need not reach the disk. */
export async function createStage(): Promise<World> {
  const world = await createWorld()
  const { owner } = world.database
  const [here] = await owner<{ name: string }[]>`select current_database() as name`
  await owner.unsafe(`alter database ${here?.name} set synchronous_commit = off`)
  return world
}

/** Plays histories of fresh seeds, and answers the stories of those that broke a rule. */
export async function playHistories(world: World, wish: { runs: number; turns: number }): Promise<string> {
  const stories: string[] = []
  for (let run = 0; run < wish.runs; run++) {
    await playHistory(world, randomInt(2 ** 31), wish.turns).catch((error: unknown) => {
      stories.push(error instanceof Error ? error.message : String(error))
    })
  }
  return stories.join('\n\n')
}

/** A history that a seed repeats: what people do, and what befalls our steps meanwhile. Throws with its story when a rule broke. */
export async function playHistory(world: World, seed: number, length: number): Promise<void> {
  const play = await openPlay(world, seed)
  try {
    for (let turn = 0; turn < length; turn++) await takeTurn(play)
    await world.control.clearFaults()
    play.story.push('the dust settles')
    await comeToRest(play)
    const broken = await brokenAtRest(play)
    if (broken.length > 0) throw new Error(broken.join('\n'))
  } catch (error) {
    await world.control.clearFaults()
    const said = error instanceof Error ? error.message : String(error)
    const story = play.story.map((line, index) => `${index + 1}. ${line}`).join('\n')
    throw new Error(`Seed ${seed}, ${length} turns:\n${said}\n\n${story}`, { cause: error })
  }
}

function takeTurn(play: Play): Promise<void> {
  const act = play.chance.weigh([
    [3, actAtVendor],
    [3, actInSchedule],
    [8, attempt],
  ])
  return act(play)
}

/** Everybody looks until nobody finds anything to do. */
async function comeToRest(play: Play): Promise<void> {
  for (let passed = 0; passed < passesMax; passed++) {
    let isQuiet = true
    for (const provider of play.providers) {
      const { id: providerId, tenantId } = provider
      const seen = await play.world.activities.look({ tenantId, providerId })
      if (seen.kind === 'rest') continue
      isQuiet = false
      await sync(play.world, provider)
    }
    if (isQuiet) return
  }
  throw new Error(`The sides do not come to rest: ${JSON.stringify(await unfinished(play))}`)
}

async function brokenAtRest(play: Play): Promise<string[]> {
  const { world, things } = play
  const outcome = await outcomeOf(play)
  const broken = [...things.values()].flatMap((thing) => brokenRules(outcome, thing))
  broken.push(...pairsBroken(outcome))
  for (const { name } of await unfinished(play)) broken.push(`there is unfinished work: ${name}`)
  if ((await world.control.mail()).length > 0) broken.push('somebody got mail')
  for (const provider of play.providers) {
    await world.control.forgetRequests()
    const seen = await world.activities.look({ tenantId: play.tenantId, providerId: provider.id })
    const calls = (await world.control.requests()).length
    if (seen.kind !== 'rest' || calls !== 1) {
      broken.push(`another look of ${nameOf(play, provider.id)} finds ${seen.kind} and makes ${calls} calls`)
    }
  }
  return broken
}

/** Each living pair is one entry and one event, and a pair waits for a person exactly while its conflict is open. */
function pairsBroken({ play, mappings, conflicts }: Outcome): string[] {
  const open = new Set(conflicts.map((conflict) => conflict.mappingId))
  return mappings.flatMap((mapping) => {
    const where = `a pair in ${nameOf(play, mapping.providerId)} (${mapping.baseEntry?.title ?? mapping.entryId})`
    if (mapping.state === 'creating' || mapping.state === 'withdrawing')
      return [`${where} is ${mapping.state} at rest`]
    if ((mapping.state === 'conflict') !== open.has(mapping.id)) {
      return [`${where} is ${mapping.state}, its conflict ${open.has(mapping.id) ? 'open' : 'closed'}`]
    }
    return []
  })
}

const unfinished = ({ world, tenantId }: Play) =>
  world.database.owner<{ name: string }[]>`
    select 'pending ' || kind || ' ' || subject_id || ' of ' || provider_id as name from pending where tenant_id = ${tenantId}
    union all
    select 'intent ' || kind || ' ' || state || ' of ' || provider_id from intents
      where tenant_id = ${tenantId} and state in ('planned', 'sent')`
