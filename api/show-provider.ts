import type { ConflictPause } from '../db/conflict-pause.ts'
import type { ProviderOverview } from '../db/provider-overview.ts'
import type { Provider } from '../db/providers.ts'
import type { Run } from '../db/runs.ts'
import type { Latency } from '../domain/latency.ts'
import { syncRunId } from '../workflows/ids.ts'
import type { ProviderAnswer } from './schemas.ts'
import { showBrake } from './show-brake.ts'

/** The provider as the API tells it. */
export function showProvider(provider: Provider, overview: ProviderOverview, now: Date): ProviderAnswer {
  return {
    id: provider.id,
    name: provider.name,
    vendor: provider.vendor,
    memberId: provider.memberId,
    calendarId: provider.calendarId,
    accountEmail: provider.accountEmail,
    direction: provider.direction,
    enabled: provider.enabled,
    paused: provider.paused,
    status: statusOf(provider, overview),
    policies: provider.policies,
    brakeLimits: { events: provider.brakeEvents, percent: provider.brakePercent },
    brakes: overview.brakes.map(({ brake, count }) => showBrake(brake, count)),
    conflictPause: overview.conflictPause && showPause(overview.conflictPause),
    lastSyncAt: provider.lastSyncAt?.toISOString() ?? null,
    authorization: provider.authorization,
    error: provider.lastError,
    subscription: subscriptionOf(provider, overview, now),
    run: overview.run ? summariseRun(overview.run) : null,
    counts: {
      mapped: overview.mappings.active ?? 0,
      conflicts: overview.mappings.conflict ?? 0,
      unsupported: overview.mappings.unsupported ?? 0,
      creating: overview.mappings.creating ?? 0,
      quarantined: overview.quarantined,
      waiting: overview.waiting,
    },
    version: provider.version,
    createdAt: provider.createdAt.toISOString(),
  }
}

/** Conflicts that pause a whole provider, in plain words too. */
const showPause = ({ conflicts, since }: ConflictPause) => ({
  conflicts,
  since: since.toISOString(),
  message: `Nothing is written to the calendar or the schedule until ${
    conflicts === 1 ? 'one conflict is' : `${conflicts} conflicts are`
  } resolved.`,
})

/** One word for people: what needs them first comes first. */
export function statusOf(
  provider: Provider,
  { run, brakes, conflictPause }: ProviderOverview,
): ProviderAnswer['status'] {
  if (provider.authorization === 'unauthorized') return 'unauthorized'
  if (!provider.enabled) return 'disabled'
  if (provider.paused) return 'paused'
  if (provider.authorization === 'reauthorization-required') return 'reauthorization-required'
  if (run) return 'syncing'
  if (provider.lastError) return 'error'
  if (conflictPause) return 'paused-by-conflict'
  return brakes.length > 0 ? 'deletions-held' : 'connected'
}

function subscriptionOf(
  provider: Provider,
  { subscription }: ProviderOverview,
  now: Date,
): ProviderAnswer['subscription'] {
  if (provider.authorization === 'unauthorized') return null
  if (subscription && subscription.expiresAt > now) {
    return {
      state: 'active',
      expiresAt: subscription.expiresAt.toISOString(),
      lastNotificationAt: subscription.lastNotificationAt?.toISOString() ?? null,
    }
  }
  const polls = provider.authorization === 'connected' && provider.enabled && !provider.paused
  return { state: polls ? 'polling-only' : 'none', expiresAt: null, lastNotificationAt: null }
}

export const summariseRun = (run: Run) => ({
  id: run.id,
  number: run.number,
  trigger: run.trigger,
  startedAt: run.startedAt.toISOString(),
})

export const showRun = (run: Run) => ({
  ...summariseRun(run),
  providerId: run.providerId,
  outcome: run.outcome,
  counts: { ...run.counts },
  latency: {
    inbound: showLatency(run.latency?.inbound),
    outbound: showLatency(run.latency?.outbound),
  },
  error: run.error,
  finishedAt: run.finishedAt?.toISOString() ?? null,
  workflowId: syncRunId(run.providerId, run.number),
})

const showLatency = (latency: Latency | undefined) =>
  latency ? { measured: latency.measured, totalMs: latency.totalMs, slowestMs: latency.slowestMs } : null
