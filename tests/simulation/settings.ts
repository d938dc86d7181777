import { listConflicts, type Conflict } from '../../db/conflicts.ts'
import { markPairsPending, markWindowPending } from '../../db/pending.ts'
import { raiseNudges, updateProvider, type Provider } from '../../db/providers.ts'
import { findEntries } from '../../db/schedule-entries.ts'
import { refreshConflict, resolveConflict, SidesMoved } from '../../api/conflict-resolution.ts'
import { windowAt, type Direction } from '../../domain/policy.ts'
import type { Performance } from './attempts.ts'
import { nameOf, schedule, touch, type Play } from './play.ts'
import { tell } from './schedule.ts'

const minuteMs = 60_000

/** Time goes on: tokens end, and the window moves. */
export async function letTimePass(play: Performance): Promise<void> {
  const minutes = play.chance.pick([5, 70, 600, 1_500])
  play.story.push(`${minutes} minutes pass`)
  await play.world.sandbox.clock.advance(minutes * minuteMs)
}

/** An operator changes which way a provider's changes flow, or pauses it, or lets it go on. */
export async function changeSetting(play: Play): Promise<void> {
  const { chance, story } = play
  const provider = chance.pick(play.providers)
  const name = nameOf(play, provider.id)
  if (provider.paused || chance.below(3) === 0) {
    story.push(`${name} is ${provider.paused ? 'resumed' : 'paused'}`)
    return change(play, provider, { paused: !provider.paused })
  }
  const direction = chance.pick<Direction>(['both', 'both', 'inbound', 'outbound'])
  story.push(`${name} is made ${direction}`)
  return change(play, provider, { direction })
}

/** Everybody who was paused goes on. */
export async function resumeAll(play: Play): Promise<void> {
  for (const provider of play.providers) if (provider.paused) await change(play, provider, { paused: false })
}

async function change(
  play: Play,
  provider: Provider,
  wish: { direction?: Direction; paused?: boolean },
): Promise<void> {
  const now = play.world.deps.now()
  const { changed, flipped } = await play.world.database.tenant(play.tenantId, async (db) => {
    const next = await updateProvider(db, provider.id, wish)
    if (!next) throw new Error('The provider is not there.')
    if (wish.direction) {
      await markPairsPending(db, next)
      await markWindowPending(db, next, windowAt(now, next.policies))
    }
    return { changed: next, flipped: await raiseNudges(db, [next.id], now) }
  })
  await tell(play, flipped)
  play.providers = play.providers.map((one) => (one.id === changed.id ? changed : one))
}

/** A person decides an open conflict, for one side or the other. */
export async function decideConflict(play: Play): Promise<void> {
  const { chance, story, world, tenantId } = play
  const open = await world.database.tenant(tenantId, async (db) => {
    const conflicts = await listConflicts(db, { state: 'open', limit: 500 })
    const entries = await findEntries(
      db,
      conflicts.map(({ entryId }) => entryId),
    )
    return conflicts.map((conflict) => ({
      conflict,
      entry: entries.find(({ id }) => id === conflict.entryId),
    }))
  })
  const known = open.toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))
  if (known.length === 0) return
  const { conflict, entry } = chance.pick(known)
  if (!entry) throw new Error('A conflict has no entry.')
  const resolution = chance.pick(['schedule', 'external'] as const)
  const { title } = entry.content
  story.push(
    `the conflict of ${title} in ${nameOf(play, conflict.providerId)} is decided for the ${resolution}`,
  )
  const reviewed = { entryVersion: conflict.entryVersion, externalRevision: conflict.externalRevision }
  const author = { tenantId, cause: { kind: 'session' as const }, now: world.deps.now() }
  const isDone = await world.database
    .tenant(tenantId, (db) =>
      resolveConflict(db, world.deps, author, conflict.id, { resolution, fields: {}, reviewed }),
    )
    .then(() => true)
    .catch(async (error: unknown) => {
      if (!(error instanceof SidesMoved)) throw error
      await world.database.tenant(tenantId, (db) => refreshConflict(db, conflict.id))
      return false
    })
  if (isDone) touch(play, title, { site: schedule, kind: 'decided' })
  else story.push('  a side has moved on since: it is shown anew')
}

const orderOf = ({
  conflict,
  entry,
}: {
  conflict: Conflict
  entry: { content: { title: string } } | undefined
}) => `${entry?.content.title} ${conflict.providerId}`
