import type { Static } from 'typebox'
import { findMember } from '../db/members.ts'
import { markPairsPending, markWindowPending } from '../db/pending.ts'
import { insertProvider, lockProvider, updateProvider, type Provider } from '../db/providers.ts'
import { defaultBrakeLimits, type BrakeLimits } from '../domain/brake.ts'
import type { Vendor } from '../domain/event.ts'
import { defaultPolicies, windowAt, type ProviderPolicies } from '../domain/policy.ts'
import type { ApiDeps } from './dependencies.ts'
import { conflicting, forbidden, unavailable, unprocessable } from './problem.ts'
import { signalChanged } from './provider-workflow.ts'
import type { NewProvider, ProviderChanges } from './schemas.ts'

/** Stores a provider that nobody has authorized yet. */
export async function createProvider(
  deps: ApiDeps,
  tenantId: string,
  wish: Static<typeof NewProvider>,
): Promise<Provider> {
  const provider: Provider = {
    id: deps.newId(),
    tenantId,
    memberId: wish.memberId,
    vendor: wish.vendor,
    name: wish.name,
    calendarId: wish.calendarId ?? mainCalendar[wish.vendor],
    direction: wish.direction ?? 'both',
    enabled: wish.enabled ?? true,
    policies: withPolicies(defaultPolicies, wish.policies),
    ...withLimits(defaultBrakeLimits, wish.brakeLimits),
    createdAt: deps.now(),
    ...notConnected,
  }
  await deps.database.tenant(tenantId, async (db) => {
    const member = await findMember(db, wish.memberId)
    if (!member) throw forbidden()
    if (!member.active) throw unprocessable('memberId', 'must name an active member.')
    await insertProvider(db, provider)
  })
  return provider
}

/** What each vendor calls the account's own calendar. */
const mainCalendar: Record<Vendor, string> = { google: 'primary', microsoft: 'calendar' }

const notConnected = {
  accountId: null,
  accountEmail: null,
  resolvedCalendarId: null,
  calendarTimeZone: null,
  paused: false,
  authorization: 'unauthorized',
  nudgePending: false,
  nudgedAt: null,
  lastSyncAt: null,
  lastError: null,
  version: 1,
  deletedAt: null,
} as const

export type Changes = Static<typeof ProviderChanges> & { paused?: boolean }

/** Changes a provider, marks what a wider direction or other policies concern, and tells its workflow. */
export async function changeProvider(
  deps: ApiDeps,
  tenantId: string,
  id: string,
  wish: Changes,
): Promise<Provider> {
  const provider = await deps.database.tenant(tenantId, async (db) => {
    const current = await lockProvider(db, id)
    if (!current) throw forbidden()
    const calendarMoves = wish.calendarId !== undefined && wish.calendarId !== current.calendarId
    if (calendarMoves && current.authorization !== 'unauthorized') {
      throw conflicting(
        'calendar-fixed',
        'The calendar of an authorized provider stays what it is: make another provider for another calendar.',
      )
    }
    const { policies: policyWishes, brakeLimits, ...rest } = wish
    const policies = withPolicies(current.policies, policyWishes)
    const limits = withLimits({ events: current.brakeEvents, percent: current.brakePercent }, brakeLimits)
    const changed = await updateProvider(db, id, { ...rest, policies, ...limits })
    if (!changed) throw forbidden()
    const isOtherWork =
      changed.direction !== current.direction || JSON.stringify(policies) !== JSON.stringify(current.policies)
    if (isOtherWork) {
      await markPairsPending(db, changed)
      await markWindowPending(db, changed, windowAt(deps.now(), policies))
    }
    return changed
  })
  await signalChanged(deps, provider).catch(() => {
    throw unavailable(
      'change-not-announced',
      'The change is stored, but Temporal could not be told. Send the same request again.',
      5,
    )
  })
  return provider
}

const withPolicies = (
  current: ProviderPolicies,
  wish: Partial<ProviderPolicies> | undefined,
): ProviderPolicies => ({ ...current, ...wish })

/** The safety brake's limits as the row keeps them. */
function withLimits(
  current: BrakeLimits,
  wish: Partial<BrakeLimits> | undefined,
): Pick<Provider, 'brakeEvents' | 'brakePercent'> {
  const { events, percent } = { ...current, ...wish }
  return { brakeEvents: events, brakePercent: percent }
}
