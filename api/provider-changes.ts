import type { Static } from 'typebox'
import { findMember } from '../db/members.ts'
import { forgetPreviewsOf } from '../db/previews.ts'
import { changeSettings } from '../db/provider-settings.ts'
import { insertProvider, lockProvider, type Provider } from '../db/providers.ts'
import { defaultBrakeLimits } from '../domain/brake.ts'
import { mainCalendar } from '../domain/event.ts'
import { sameEntering } from '../domain/entering.ts'
import { defaultPolicies, type ProviderPolicies } from '../domain/policy.ts'
import type { ApiDeps } from './dependencies.ts'
import { conflicting, forbidden, Problem, unavailable, unprocessable } from './problem.ts'
import { askToFollow } from './provider-request.ts'
import { signalChanged } from './provider-workflow.ts'
import type { NewProvider, ProviderChanges } from './schemas.ts'

/** Stores a provider that nobody has authorized yet. */
export async function createProvider(
  deps: ApiDeps,
  tenantId: string,
  wish: Static<typeof NewProvider>,
): Promise<Provider> {
  const policies = { ...defaultPolicies, ...wish.policies }
  requireMarker(policies)
  const provider: Provider = {
    id: deps.newId(),
    tenantId,
    memberId: wish.memberId,
    vendor: wish.vendor,
    name: wish.name,
    calendarId: wish.calendarId ?? mainCalendar[wish.vendor],
    direction: wish.direction ?? 'both',
    enabled: wish.enabled ?? true,
    policies,
    brakeEvents: wish.brakeLimits?.events ?? defaultBrakeLimits.events,
    brakePercent: wish.brakeLimits?.percent ?? defaultBrakeLimits.percent,
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

function requireMarker({ enters, marker }: ProviderPolicies): void {
  if (enters === 'marked' && marker === null)
    throw unprocessable('policies.marker', 'must be a word such as "#work" when only marked events enter.')
}

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
  failures: 0,
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
    const policies = { ...current.policies, ...wish.policies }
    requireMarker(policies)
    // A preview that was made under the policy of before may list words that no longer enter.
    if (!sameEntering(policies, current.policies)) await forgetPreviewsOf(db, id)
    const changed = await changeSettings(db, current, wish, deps.now())
    if (!changed) throw forbidden()
    return changed
  })
  const told =
    wish.paused === undefined
      ? signalChanged(deps, provider)
      : askToFollow(deps, provider, wish.paused ? 'pause' : 'resume')
  await told.catch((error: unknown) => {
    if (error instanceof Problem) throw error
    throw unavailable(
      'change-not-announced',
      'The change is stored, but Temporal could not be told. Send the same request again.',
      5,
    )
  })
  return provider
}
