import type { Db } from '../db/connection.ts'
import { activeSubscriptions } from '../db/subscriptions.ts'
import { nextPollMs } from '../domain/polls.ts'
import type { ActivityDeps } from './deps.ts'

/** How long to wait for the next poll: longer while a subscription stands, for then changes are told. */
export async function pollDelayMs(db: Db, deps: ActivityDeps, providerId: string): Promise<number> {
  const nowMs = deps.now().getTime()
  const standing = (await activeSubscriptions(db, providerId)).some((row) => row.expiresAt.getTime() > nowMs)
  return nextPollMs(deps.pollEveryMs, standing, deps.chance())
}
