import type { FastifyRequest } from 'fastify'
import { findProvider, raiseNudges } from '../../db/providers.ts'
import { recordNotification, type Subscription } from '../../db/subscriptions.ts'
import type { ApiDeps } from '../dependencies.ts'
import { nudgeFlipped } from '../nudge.ts'
import { unavailable } from '../problem.ts'
import { signalChanged } from '../provider-workflow.ts'

/** Last-notification times closer than this say nothing new; ten thousand in a burst write one row. */
const recordEveryMs = 5_000

/** Raises the provider's hint; only the notification that flips it costs a signal. Throws 503 when nobody could be told. */
export async function notify(
  deps: ApiDeps,
  subscription: Subscription,
  request: FastifyRequest,
): Promise<void> {
  const { tenantId, providerId } = subscription
  const now = deps.now()
  const flipped = await deps.database.tenant(tenantId, async (db) => {
    const lastMs = subscription.lastNotificationAt?.getTime() ?? 0
    if (now.getTime() - lastMs > recordEveryMs) await recordNotification(db, subscription.id, now)
    return raiseNudges(db, [providerId], now)
  })
  if (!(await nudgeFlipped(deps, tenantId, flipped, request.log))) throw comeAgain()
}

/** The subscription itself is in question: the workflow reads everything again and mends it. */
export async function notifyLifecycle(deps: ApiDeps, subscription: Subscription): Promise<void> {
  const { tenantId, providerId } = subscription
  const provider = await deps.database.tenant(tenantId, (db) => findProvider(db, providerId))
  if (!provider) return
  await signalChanged(deps, provider).catch(() => {
    throw comeAgain()
  })
}

const comeAgain = () => unavailable('temporal-unavailable', 'Nobody could be told: send it again.', 5)
