import { WorkflowNotFoundError } from '@temporalio/client'
import type { FastifyBaseLogger } from 'fastify'
import { findProvider, takeNudgeBack } from '../db/providers.ts'
import type { ProviderRequest } from '../workflows/provider-messages.ts'
import type { ApiDeps } from './dependencies.ts'
import { logFailed } from './plugins/logging.ts'
import { askToFollow } from './provider-request.ts'
import { signalNudged, signalNudgedOrStart } from './provider-workflow.ts'

/**
 * Signals the providers whose hint has just flipped, all at once. A signal that could not be sent takes its hint back, so
 * that the next change tries again; the answer says whether all arrived.
 */
export async function nudgeFlipped(
  deps: ApiDeps,
  tenantId: string,
  flipped: string[],
  log: FastifyBaseLogger,
): Promise<boolean> {
  const arrived = await Promise.all(flipped.map((providerId) => nudgeOne(deps, tenantId, providerId, log)))
  return arrived.every(Boolean)
}

async function nudgeOne(
  deps: ApiDeps,
  tenantId: string,
  providerId: string,
  log: FastifyBaseLogger,
): Promise<boolean> {
  try {
    await signalNudged(deps, providerId).catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error
      return startNudged(deps, tenantId, providerId)
    })
    return true
  } catch (error) {
    logFailed(log, 'a nudge could not be sent; its hint is taken back', error, { tenantId, providerId })
    await deps.database.tenant(tenantId, (db) => takeNudgeBack(db, providerId))
    return false
  }
}

/** The provider is there and its workflow is not (a namespace made anew): it starts again. */
async function startNudged(deps: ApiDeps, tenantId: string, providerId: string): Promise<void> {
  const provider = await deps.database.tenant(tenantId, (db) => findProvider(db, providerId))
  if (provider) await signalNudgedOrStart(deps, provider)
}

/**
 * Tells those that a person's decision concerns: the provider that it was about carries it out while the person waits, the others are
 * nudged.
 */
export async function announceDecision(
  deps: ApiDeps,
  decided: { tenantId: string; providerId: string; request: ProviderRequest; flipped: string[] },
  log: FastifyBaseLogger,
): Promise<void> {
  const { tenantId, providerId, request, flipped } = decided
  const provider = await deps.database.tenant(tenantId, (db) => findProvider(db, providerId))
  if (provider)
    await askToFollow(deps, provider, request).catch((error: unknown) => {
      // It is committed: whoever looks next carries it out, and a standing nudge sees to that.
      logFailed(log, 'a decision could not be told; the next look carries it out', error, {
        tenantId,
        providerId,
      })
    })
  await nudgeFlipped(
    deps,
    tenantId,
    flipped.filter((id) => id !== providerId),
    log,
  )
}
