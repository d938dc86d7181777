import { resignal } from '../../worker/nudge.ts'
import type { Provider } from '../../db/providers.ts'
import { activeSubscriptions } from '../../db/subscriptions.ts'
import { asPerson } from '../support/sandbox-control.ts'
import { befallen, lookAround, survive, throwCrash, withFault, type Performance } from './attempts.ts'
import { faultAt } from './faults.ts'

/** Messages of a change are on their way for less than this. */
const deliveryMs = 5_000
/** A hint that stands longer is signalled again by maintenance. */
const standsTooLongMs = 11_000

/** A provider sees to its subscription: a process may die over it, and the vendor may refuse. */
export async function tendSubscription(play: Performance): Promise<void> {
  const { chance, story, counts } = play
  const provider = chance.pick(play.providers)
  const trouble = chance.weigh<'none' | 'vendor' | 'crash'>([
    [3, 'none'],
    [1, 'vendor'],
    [1, 'crash'],
  ])
  counts.steps++
  const said = `the subscription of ${play.nameOf(provider.id)} is seen to`
  switch (trouble) {
    case 'none':
      story.push(said)
      return tendSubscriptionOf(play, provider)
    case 'vendor': {
      const fault = faultAt(chance, provider.vendor)
      const path = provider.vendor === 'google' ? '/watch' : '/subscriptions'
      counts.faults++
      const here = { ...fault, ...('path' in fault && { path }) }
      return withFault(play, provider, here, said, () => tendSubscriptionOf(play, provider))
    }
    case 'crash': {
      const at = 1 + chance.below(6)
      const isBefore = chance.below(2) === 0
      counts.crashes++
      story.push(`${said}, dead ${isBefore ? 'before' : 'after'} transaction ${at}`)
      return tendSubscriptionOf(play, provider, befallen(play, at, isBefore, throwCrash))
    }
  }
}

export const tendSubscriptionOf = (
  { world }: Performance,
  provider: Provider,
  activities = world.activities,
): Promise<void> =>
  survive(
    activities
      .ensureSubscription({ tenantId: provider.tenantId, providerId: provider.id })
      .then(() => undefined),
  )

/** As each provider does when it is connected. */
export async function subscribeAll(play: Performance): Promise<void> {
  for (const provider of play.providers) await tendSubscriptionOf(play, provider)
}

/** Who was told by a signal does what its workflow would: it sees to its subscription, and looks. */
export async function heedSignals(play: Performance): Promise<void> {
  const { world, story } = play
  const { wire } = world
  await world.sandbox.clock.advance(standsTooLongMs)
  await resignal(wire.client, world.database, world.deps.now())
  await expectNobodyDeaf(play)
  for (const provider of play.providers) {
    if (wire.changed.delete(provider.id)) {
      story.push(`${play.nameOf(provider.id)} heeds that it changed`)
      await tendSubscriptionOf(play, provider)
    }
    if (wire.nudged.delete(provider.id)) await lookAround(play, provider)
    // A look that fails is tried again: its hint stands as long.
    if ((await hinted(play)).has(provider.id)) wire.nudged.add(provider.id)
  }
}

const troubles = [
  { kind: 'dropNotification' },
  { kind: 'doubleNotification' },
  { kind: 'delayNotification', ms: 600_000 },
  { kind: 'reorderNotification', ms: 30_000 },
  { kind: 'forgeNotification' },
] as const

/** Somebody acts, and what the vendor tells of it is lost, doubled, late or forged on the way, or Temporal is away. */
export async function spoilMessages(play: Performance): Promise<void> {
  const { chance, world, story } = play
  const provider = chance.pick(play.providers)
  const { vendor, accountEmail: account } = provider
  const trouble = chance.pick([...troubles, 'cut' as const])
  play.counts.faults++
  story.push(
    `messages of ${play.nameOf(provider.id)}: ${trouble === 'cut' ? 'Temporal is away' : trouble.kind}`,
  )
  if (trouble === 'cut') world.wire.isCut = true
  // What befell a subscription is never lost for good: without it the vendor would be silent until the renewal.
  else await world.control.fault({ vendor, account, times: 2, path: `/webhooks/${vendor}\\?`, ...trouble })
  await play.somebodyActs(provider)
  await listen(play)
  world.wire.isCut = false
  await world.control.clearFaults()
}

const lifecycleEvents = ['subscriptionRemoved', 'reauthorizationRequired', 'missed'] as const

/** Graph ends a subscription before its time, or says that it needs looking after. */
export async function troubleSubscription(play: Performance): Promise<void> {
  const { chance, world, story, counts, tenantId } = play
  const provider = chance.pick(play.providers.filter(({ vendor }) => vendor === 'microsoft'))
  const [newest] = await world.database.tenant(tenantId, (db) => activeSubscriptions(db, provider.id))
  if (!newest) return
  const event = chance.pick(lifecycleEvents)
  const isTold = await world.control.lifecycle(newest.externalId, event)
  if (!isTold) return
  counts.faults++
  story.push(`Graph says ${event} of ${play.nameOf(provider.id)}`)
  const isLive = newest.expiresAt > world.deps.now()
  await listen(play)
  if (isLive && !world.wire.changed.has(provider.id))
    throw new Error(`${play.nameOf(provider.id)} was not told of its subscription.`)
}

/** Lets messages arrive, and sees that each did what it may. */
export async function listen(play: Performance): Promise<void> {
  const { control, sandbox, wire } = play.world
  const before = (await control.notifications()).at(-1)?.number ?? 0
  await sandbox.clock.advance(deliveryMs)
  const pending = await hinted(play)
  for (const message of (await control.notifications()).filter(({ number }) => number > before)) {
    const { kind, status, vendor, dropped, address } = message
    if (dropped) continue
    const said = `A message (${kind}) of ${vendor}`
    if (status === null || (status >= 500 && !(status === 503 && wire.isCut)))
      throw new Error(`${said} was answered ${status}.`)
    if (kind === 'forged' && status < 400) throw new Error(`${said} was taken for a true one.`)
    const providerId = new URL(address).searchParams.get('provider') ?? ''
    const isHeard = (kind === 'exists' || kind === 'change') && status < 300
    if (isHeard && !pending.has(providerId)) throw new Error(`${said} was heard and gave no hint.`)
  }
}

/** Providers of any tenant that are to look. */
async function hinted({ world }: Performance): Promise<Set<string>> {
  const rows = await world.database.owner<{ id: string }[]>`select id from providers where nudge_pending`
  return new Set(rows.map(({ id }) => id))
}

/** A hint without a signal would keep every later one from being sent. */
async function expectNobodyDeaf(play: Performance): Promise<void> {
  for (const id of await hinted(play)) {
    if (!play.world.wire.nudged.has(id)) throw new Error(`${play.nameOf(id)} has a hint and was never told.`)
  }
}

/** What must hold at rest of messages: a change in a calendar that can tell of it gives a hint. */
export async function deafAtRest(play: Performance): Promise<string[]> {
  for (const provider of play.providers) {
    await tendSubscriptionOf(play, provider)
    await touchCalendar(play, provider)
  }
  await listen(play)
  const pending = await hinted(play)
  return play.providers
    .filter(({ id }) => !pending.has(id))
    .map(({ id }) => `nobody heard of a change in ${play.nameOf(id)}`)
}

async function touchCalendar({ world }: Performance, { vendor, accountEmail }: Provider): Promise<void> {
  const token = await world.control.token(vendor, accountEmail ?? '')
  const at = (hours: number) =>
    new Date(world.deps.now().getTime() + hours * 3_600_000).toISOString().slice(0, 19)
  await asPerson(world.sandbox.url, vendor, token).create({ title: 'Told', start: at(24), end: at(25) })
}
