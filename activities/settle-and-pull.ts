import type { ActivityDeps } from './deps.ts'
import type { HeldProvider } from './hold-provider.ts'
import { pullRound, type Pulled } from './pull-round.ts'
import { isUnderOtherIds } from './resolve-anew.ts'
import { settleUnknown } from './settle-unknown.ts'

/**
 * Settles what is unknown, then asks the vendor what changed. Where ids may lead nowhere it is the other way round: what a
 * write was about is looked for once the round has told its id of now.
 */
export async function settleAndPull(deps: ActivityDeps, held: HeldProvider, runId: string): Promise<Pulled> {
  if (!isUnderOtherIds(held)) {
    await settleUnknown(deps, held, runId)
    return pullRound(deps, held, runId)
  }
  const pulled = await pullRound(deps, held, runId)
  if (pulled.outcome === 'done') await settleUnknown(deps, held, runId)
  return pulled
}
