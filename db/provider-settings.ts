import type { BrakeLimits } from '../domain/brake.ts'
import { windowAt, type Direction, type ProviderPolicies } from '../domain/policy.ts'
import type { Db } from './connection.ts'
import { markPairsPending, markWindowPending } from './pending.ts'
import { updateProvider, type Provider } from './providers.ts'

/** Settings of a provider that somebody wishes otherwise; what is absent stays. */
export interface SettingsWish {
  name?: string
  calendarId?: string
  enabled?: boolean
  paused?: boolean
  direction?: Direction
  policies?: Partial<ProviderPolicies>
  brakeLimits?: Partial<BrakeLimits>
}

/** Whether each pair is decided by both as by one. What a conflict pauses changes when, not what. */
const decideAlike = (one: ProviderPolicies, other: ProviderPolicies): boolean =>
  JSON.stringify({ ...one, pauseScope: null }) === JSON.stringify({ ...other, pauseScope: null })

/** Changes a provider's settings, and marks what a wider direction or other policies concern. */
export async function changeSettings(
  db: Db,
  current: Provider,
  wish: SettingsWish,
  now: Date,
): Promise<Provider | undefined> {
  const { policies: policyWishes, brakeLimits, ...rest } = wish
  const policies = { ...current.policies, ...policyWishes }
  const { events: brakeEvents = current.brakeEvents, percent: brakePercent = current.brakePercent } =
    brakeLimits ?? {}
  const changed = await updateProvider(db, current.id, { ...rest, policies, brakeEvents, brakePercent })
  const isOtherWork =
    changed !== undefined &&
    (changed.direction !== current.direction || !decideAlike(policies, current.policies))
  if (isOtherWork) {
    await markPairsPending(db, changed)
    await markWindowPending(db, changed, windowAt(now, policies))
  }
  return changed
}
