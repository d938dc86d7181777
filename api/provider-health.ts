import { backlogOf } from '../db/backlog.ts'
import { findOAuthClient } from '../db/oauth-clients.ts'
import { findCredentials, type ProviderCredentials } from '../db/provider-credentials.ts'
import { overviewOf, type ProviderOverview } from '../db/provider-overview.ts'
import { findProvider, type Provider } from '../db/providers.ts'
import { activeSubscriptions, type Subscription } from '../db/subscriptions.ts'
import { healthOf, type Backlog, type HealthFacts } from '../domain/health.ts'
import { canReceivePush } from '../domain/push-address.ts'
import { taskQueues } from '../workflows/ids.ts'
import { isIdle, pollersOf } from './background-health.ts'
import type { ApiDeps } from './dependencies.ts'
import type { ProviderHealthAnswer } from './health-schemas.ts'
import { forbidden } from './problem.ts'
import { statusOf } from './show-provider.ts'

interface Evidence {
  provider: Provider
  overview: ProviderOverview
  credentials: ProviderCredentials | undefined
  subscription: Subscription | null
  canBePushed: boolean
  backlog: Backlog
  queues: Awaited<ReturnType<typeof pollersOf>>[]
}

/** Judges a provider by what is stored of it and by what Temporal knows of the workers: as many statements for any calendar. */
export async function providerHealth(
  deps: ApiDeps,
  tenantId: string,
  id: string,
): Promise<ProviderHealthAnswer> {
  const stored = await deps.database.tenant(tenantId, async (db) => {
    const provider = await findProvider(db, id)
    if (!provider) throw forbidden()
    const client = await findOAuthClient(db, provider.vendor)
    return {
      provider,
      overview: await overviewOf(db, [id]),
      credentials: await findCredentials(db, id),
      subscription: (await activeSubscriptions(db, id))[0] ?? null,
      canBePushed: client !== undefined && canReceivePush(deps.config.publicUrl, client.endpoints.api),
      backlog: await backlogOf(db, id),
    }
  })
  const overview = stored.overview.get(id)
  if (!overview) throw forbidden()
  const names = [taskQueues.workflows, taskQueues[stored.provider.vendor]]
  const queues = await Promise.all(names.map((name) => pollersOf(deps, name)))
  return showHealth({ ...stored, overview, queues }, deps.config.pollEveryMs, deps.now())
}

function showHealth(evidence: Evidence, pollEveryMs: number, now: Date): ProviderHealthAnswer {
  const { provider, overview, credentials, subscription, backlog, queues } = evidence
  const facts = factsOf(evidence, pollEveryMs, now)
  const { health, ...parts } = healthOf(facts, now)
  const isRevoked = provider.authorization === 'reauthorization-required'
  return {
    status: statusOf(provider, overview),
    health,
    authorization: {
      ...parts.authorization,
      state: provider.authorization,
      since: isRevoked ? (provider.lastError?.at ?? null) : told(credentials?.consentedAt),
      refreshedAt: told(credentials?.refreshedAt),
    },
    inbound: {
      ...parts.inbound,
      lastSyncAt: told(provider.lastSyncAt),
      lateAt: told(parts.inbound.lateAt),
      failuresInARow: provider.failures,
      error: provider.lastError,
    },
    outbound: {
      ...parts.outbound,
      writes: backlog.writes,
      oldestWriteAt: told(backlog.oldestWriteAt),
      marks: backlog.marks,
      oldestChangeAt: told(backlog.oldestChangeAt),
      held: facts.held,
    },
    subscription: {
      ...parts.subscription,
      renewAt: told(parts.subscription.renewAt),
      expiresAt: told(subscription?.expiresAt),
      lastNotificationAt: told(subscription?.lastNotificationAt),
    },
    worker: { ...parts.worker, queues },
  }
}

function factsOf(evidence: Evidence, pollEveryMs: number, now: Date): HealthFacts {
  const { provider, overview, credentials, subscription, canBePushed, backlog, queues } = evidence
  return {
    vendor: provider.vendor,
    authorization: provider.authorization,
    enabled: provider.enabled,
    paused: provider.paused,
    connectedAt: credentials?.consentedAt ?? provider.createdAt,
    lastSyncAt: provider.lastSyncAt,
    runningSince: overview.run?.startedAt ?? null,
    error: provider.lastError,
    failures: provider.failures,
    backlog,
    conflicts: overview.conflictPause?.conflicts ?? 0,
    held: overview.brakes.reduce((sum, { count }) => sum + count.held, 0),
    subscription: subscription && {
      grantedAt: subscription.grantedAt,
      expiresAt: subscription.expiresAt,
      isRenewalAsked: subscription.state === 'renewal-due',
    },
    canBePushed,
    pollEveryMs,
    idleQueues: queues.flatMap((queue) => (isIdle(queue, now) ? queue.name : [])),
  }
}

const told = (at: Date | null | undefined): string | null => at?.toISOString() ?? null
