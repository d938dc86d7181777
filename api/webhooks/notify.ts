import type { FastifyRequest } from 'fastify'
import { findProvider, raiseNudges } from '../../db/providers.ts'
import {
  markRenewalDue,
  recordNotification,
  stopSubscription,
  type Subscription,
} from '../../db/subscriptions.ts'
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
    const raised = await raiseNudges(db, [providerId], now)
    // The one that has the calendar looked at is the cause of what the look finds.
    if (raised.length > 0 || now.getTime() - lastMs > recordEveryMs)
      await recordNotification(db, subscription.id, now)
    return raised
  })
  if (!(await nudgeFlipped(deps, tenantId, flipped, request.log))) throw comeAgain()
}

/**
 * The subscription itself is in question: what it needs is noted, and the workflow mends it and looks. A kind that is not known
 * is looked after like `missed`. https://learn.microsoft.com/graph/change-notifications-lifecycle-events
 */
export async function notifyLifecycle(
  deps: ApiDeps,
  { id, tenantId, providerId }: Subscription,
  events: ReadonlySet<string>,
): Promise<void> {
  const provider = await deps.database.tenant(tenantId, async (db) => {
    if (events.has('subscriptionRemoved')) await stopSubscription(db, id)
    else if (events.has('reauthorizationRequired')) await markRenewalDue(db, id)
    return findProvider(db, providerId)
  })
  if (!provider) return
  await signalChanged(deps, provider).catch(() => {
    throw comeAgain()
  })
}

const comeAgain = () => unavailable('temporal-unavailable', 'Nobody could be told: send it again.', 5)
