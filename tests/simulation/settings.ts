import { changeSettings, type SettingsWish } from '../../db/provider-settings.ts'
import { lockProvider, raiseNudges, type Provider } from '../../db/providers.ts'
import type { ConflictPolicy, Direction } from '../../domain/policy.ts'
import type { Performance } from './attempts.ts'
import { nameOf, type Play } from './play.ts'
import { tell } from './schedule.ts'

const minuteMs = 60_000

/** Time goes on: tokens and subscriptions end, and the window moves. */
export async function letTimePass(play: Performance): Promise<void> {
  const minutes = play.chance.pick([5, 70, 600, 1_500, 1_500, 11_000])
  play.story.push(`${minutes} minutes pass`)
  await play.world.sandbox.clock.advance(minutes * minuteMs)
}

/** An operator changes which way a provider's changes flow or who wins, or pauses it, or lets it go on. */
export async function changeSetting(play: Play): Promise<void> {
  const { chance, story } = play
  const provider = chance.pick(play.providers)
  const name = nameOf(play, provider.id)
  if (provider.paused || chance.below(3) === 0) {
    story.push(`${name} is ${provider.paused ? 'resumed' : 'paused'}`)
    return changeProvider(play, provider, { paused: !provider.paused })
  }
  if (chance.below(2) === 0) return switchConflicts(play, provider)
  const direction = chance.pick<Direction>(['both', 'both', 'inbound', 'outbound'])
  story.push(`${name} is made ${direction}`)
  return changeProvider(play, provider, { direction })
}

const conflictPolicies: readonly ConflictPolicy[] = [
  'manual',
  'merge-fields',
  'prefer-schedule',
  'prefer-external',
]

async function switchConflicts(play: Play, provider: Provider): Promise<void> {
  const conflicts = play.chance.pick(conflictPolicies)
  play.story.push(`conflicts of ${nameOf(play, provider.id)} are decided by ${conflicts} from now on`)
  play.switches.push({ providerId: provider.id, conflicts, atMs: play.world.sandbox.clock.now() })
  await changeProvider(play, provider, { policies: { conflicts } })
}

/** Everybody who was paused goes on. */
export async function resumeAll(play: Performance): Promise<void> {
  for (const provider of play.providers)
    if (provider.paused) await changeProvider(play, provider, { paused: false })
}

/** By the same writes that a request makes. */
export async function changeProvider(
  play: Performance,
  provider: Provider,
  wish: SettingsWish,
): Promise<void> {
  const now = play.world.deps.now()
  const { changed, flipped } = await play.world.database.tenant(play.tenantId, async (db) => {
    const current = await lockProvider(db, provider.id)
    const next = current && (await changeSettings(db, current, wish, now))
    if (!next) throw new Error('The provider is not there.')
    return { changed: next, flipped: await raiseNudges(db, [next.id], now) }
  })
  await tell(play, flipped)
  play.providers = play.providers.map((one) => (one.id === changed.id ? changed : one))
}
