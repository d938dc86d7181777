import { createActivities, type Activities } from '../../activities/index.ts'
import { LeaseLost } from '../../db/cursors.ts'
import type { Database } from '../../db/connection.ts'
import { isHalted } from '../../activities/hold-provider.ts'
import { findProvider, type Provider } from '../../db/providers.ts'
import { VendorError } from '../../providers/errors.ts'
import { faultAt, isWholeMove, vanishing, type Fault } from './faults.ts'
import type { Chance } from './chance.ts'
import { isToBeKnown, readersOf, type Reader } from './moves.ts'
import type { Counts } from './play.ts'
import type { StagedWorld } from './stage.ts'
import { stateOf } from './state.ts'

export type Verb = 'pull' | 'reconcile' | 'push' | 'look'
export const verbs: readonly Verb[] = ['pull', 'reconcile', 'push', 'push', 'look']

/** What befalls one attempt at a step, at one of its transactions or at the vendor. */
type Trouble = 'none' | 'vendor' | 'vanished' | 'crash' | 'crash after' | 'interrupted' | 'frozen' | 'late'

/** Whom an attempt needs: somebody's calendars, and what has happened so far. */
export interface Performance {
  world: StagedWorld
  chance: Chance
  tenantId: string
  providers: Provider[]
  story: string[]
  counts: Counts
  /** Providers whose consent was taken back and not given again, of any tenant. */
  revoked: Set<string>
  /** A provider as a reader of the story knows it. */
  nameOf(providerId: string): string
  /** Somebody does something on either side, meanwhile. */
  somebodyActs(provider: Provider): Promise<void>
}

export class Crash extends Error {}

/** One attempt at one step of one provider; what went wrong is what Temporal would try again later. */
export async function attempt(play: Performance, provider = play.chance.pick(play.providers)): Promise<void> {
  const { chance, story } = play
  const verb = chance.pick(verbs)
  const trouble = chance.weigh<Trouble>([
    [5, 'none'],
    [5, 'vendor'],
    [0.7, 'vanished'],
    [2, 'crash'],
    [2, 'crash after'],
    [2, 'interrupted'],
    [2, 'frozen'],
    [2, 'late'],
  ])
  const at = 1 + chance.below(trouble === 'frozen' ? 9 : 14)
  const said = `${verb} of ${play.nameOf(provider.id)}`
  play.counts.steps++
  if (trouble === 'vendor' || trouble === 'vanished') play.counts.faults++
  if (['crash', 'crash after', 'frozen', 'late'].includes(trouble)) play.counts.crashes++
  switch (trouble) {
    case 'none':
      story.push(said)
      return survive(run(play, play.world.activities, provider, verb))
    case 'vendor':
    case 'vanished': {
      const { vendor } = provider
      const fault = trouble === 'vendor' ? faultAt(chance, vendor) : vanishing(vendor)
      return withFault(play, provider, fault, said, () => run(play, play.world.activities, provider, verb))
    }
    case 'crash':
    case 'crash after':
      story.push(`${said}, ${trouble === 'crash' ? 'dead before' : 'dead after'} transaction ${at}`)
      return survive(run(play, befallen(play, at, trouble === 'crash', throwCrash), provider, verb))
    case 'interrupted': {
      story.push(`${said}, and at transaction ${at}:`)
      const meanwhile = () => play.somebodyActs(provider)
      return survive(run(play, befallen(play, at, true, meanwhile), provider, verb))
    }
    case 'frozen':
    case 'late':
      return thaw(play, provider, verb, trouble, at)
  }
}

/** The steps of a whole pass, in the workflow's order. */
export async function pass(play: Performance, provider: Provider): Promise<void> {
  play.story.push(`a pass of ${play.nameOf(provider.id)}`)
  for (const verb of ['pull', 'reconcile', 'push'] as const) {
    await survive(run(play, play.world.activities, provider, verb))
  }
}

/** A look, and the pass that it asks for. */
export async function lookAround(play: Performance, provider: Provider): Promise<void> {
  play.story.push(`${play.nameOf(provider.id)} looks, for it was told to`)
  await survive(run(play, play.world.activities, provider, 'look'))
  await pass(play, provider)
}

/** A step that meets a fault at its vendor. A mailbox takes all its ids along only where each who reads it will know it again. */
export async function withFault(
  play: Performance,
  provider: Provider,
  wished: Fault,
  said: string,
  step: () => Promise<void>,
): Promise<void> {
  const { world, story } = play
  const { vendor, accountEmail: account } = provider
  const readers = isWholeMove(wished) ? await readersOf(play, provider) : []
  const fault = readers.every(isToBeKnown) ? wished : { ...wished, ids: 'default' }
  await world.control.fault({ vendor, account, times: 1, ...fault })
  story.push(`${said} with ${JSON.stringify(fault)}`)
  await survive(step())
  await world.control.clearFaults()
  if (isWholeMove(fault)) await findAgain(play, readers)
}

/** Before anybody deletes the last event that a moved mailbox is known by, and when nobody wants us to wait any more. */
async function findAgain(play: Performance, readers: Reader[]): Promise<void> {
  await play.world.sandbox.clock.advance(60_000)
  for (const { provider } of readers) await run(play, play.world.activities, provider, 'pull')
}

/** Stands still before (frozen) or after (late) a transaction, while another attempt runs to its end; then goes on. */
async function thaw(
  play: Performance,
  provider: Provider,
  verb: Verb,
  trouble: 'frozen' | 'late',
  at: number,
): Promise<void> {
  const asleep = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<'asleep'>()
  const stand = async () => {
    reached.resolve('asleep')
    await asleep.promise
  }
  // The first transaction takes the lease: from then on the attempt has one to lose.
  const activities = befallen(play, trouble === 'frozen' ? at + 1 : at, trouble === 'frozen', stand)
  const frozen = survive(run(play, activities, provider, verb))
  const state = await Promise.race([reached.promise, frozen.then(() => 'done' as const)])
  play.story.push(`${verb} of ${play.nameOf(provider.id)}, ${trouble} at transaction ${at}: ${state}`)
  if (state === 'done') return
  if (play.chance.below(2) === 0) await play.somebodyActs(provider)
  await pass(play, provider)
  // Messages of what was written arrive, so that they are not taken for the work of who wakes.
  await play.world.sandbox.clock.advance(1_000)
  const before = await stateOf(play, provider)
  asleep.resolve()
  await frozen
  const after = await stateOf(play, provider)
  // A request that was on its way when the process stood still may arrive late; a row may not.
  const isSame = before.rows === after.rows && (trouble === 'late' || before.events === after.events)
  // Nobody takes a halted provider over: whoever froze still holds it, and erases what a narrower policy asks for.
  if (!isSame && !(await isAtRest(play, provider)))
    throw new Error(`A frozen ${verb} of ${play.nameOf(provider.id)} wrote when it woke.`)
}

async function isAtRest({ world, tenantId }: Performance, { id }: Provider): Promise<boolean> {
  const provider = await world.database.tenant(tenantId, (db) => findProvider(db, id))
  return provider !== undefined && isHalted(provider) !== null
}

export function befallen(
  play: { world: Pick<StagedWorld, 'database' | 'deps'> },
  at: number,
  before: boolean,
  befall: () => Promise<void>,
): Activities {
  const { database } = play.world
  let seen = 0
  const watched: Database = {
    ...database,
    async tenant(tenantId, work) {
      const isNow = ++seen === at
      if (isNow && before) await befall()
      const result = await database.tenant(tenantId, work)
      if (isNow && !before) await befall()
      return result
    },
  }
  return createActivities({ ...play.world.deps, database: watched })
}

export const throwCrash = (): Promise<void> => Promise.reject(new Crash())

export async function run(
  play: Pick<Performance, 'world'>,
  activities: Activities,
  provider: Provider,
  verb: Verb,
): Promise<void> {
  // Between two steps a little time goes by: none of them happens in the instant of another.
  await play.world.sandbox.clock.advance(1_000)
  const step = { tenantId: provider.tenantId, providerId: provider.id, runId: play.world.deps.newId() }
  switch (verb) {
    case 'look':
      return void (await activities.look(step))
    case 'pull':
      return void (await activities.pull(step))
    case 'push':
      return void (await activities.push(step))
    case 'reconcile':
      return void (await activities.reconcilePending({ ...step, after: 0 }))
  }
}

/** Lets pass what may go wrong in the world: any other error is a defect of ours. */
export async function survive(step: Promise<void>): Promise<void> {
  try {
    await step
  } catch (error) {
    if (error instanceof VendorError || error instanceof LeaseLost || error instanceof Crash) return
    throw error
  }
}
