import { ActivityFailure, proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import type { Vendor } from '../domain/event.ts'
import { taskQueues } from './ids.ts'

export interface DisconnectInput {
  tenantId: string
  providerId: string
  vendor: Vendor
}

/** A vendor that is away gets an hour to hear of it; its subscriptions end by themselves within a week. */
const retry = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '5 minutes',
  maximumAttempts: 18,
} as const

/**
 * Takes a deleted provider apart, in this order: nothing tells us of it any more, the consent is given back, its secrets go,
 * then what it knew. Each step is noted, may be taken twice, and is not stopped by one that the vendor refuses.
 */
export async function disconnect({ tenantId, providerId, vendor }: DisconnectInput): Promise<void> {
  const step = { tenantId, providerId }
  const vendorWork = proxyActivities<Activities>({
    taskQueue: taskQueues[vendor],
    startToCloseTimeout: '1 minute',
    retry,
  })
  const ourWork = proxyActivities<Activities>({
    taskQueue: taskQueues.workflows,
    startToCloseTimeout: '30 seconds',
    retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
  })
  for (const told of ['endSubscriptions', 'revokeConsent'] as const) {
    try {
      await vendorWork[told]({ ...step, isLast: false })
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error
      await vendorWork[told]({ ...step, isLast: true })
    }
  }
  while ((await ourWork.forgetProvider(step)) === 'more');
}
