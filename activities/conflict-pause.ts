import { conflictPauses, nextInConflict } from '../db/conflict-pause.ts'
import type { Db } from '../db/connection.ts'
import { nextPending, type Pending } from '../db/pending.ts'
import type { Provider } from '../db/providers.ts'
import type { Decided } from './decide-batch.ts'
import { nothing } from './pair-work.ts'

/** The next marks to be decided. Of a provider that conflicts pause, those of the pairs in conflict alone. */
export async function nextMarks(
  db: Db,
  providerId: string,
  after: number,
  limit: number,
): Promise<{ marks: Pending[]; isPaused: boolean }> {
  const isPaused = (await conflictPauses(db, [providerId])).has(providerId)
  const next = isPaused ? nextInConflict : nextPending
  return { marks: await next(db, providerId, after, limit), isPaused }
}

/**
 * Where a conflict pauses the whole provider, what is decided beside it is not carried out: its marks stay for the time when
 * nothing pauses it any more. A pair in conflict that waits for something held back has nothing to decide until then: whoever
 * resolves it marks it anew.
 */
export function heldBackByConflict(
  provider: Pick<Provider, 'policies'>,
  decided: Decided[],
  isPaused: boolean,
): Decided[] {
  if (isPaused) {
    return decided.map((one) =>
      one.work.waits || (one.work.deferred && one.pair.intent?.state !== 'sent')
        ? { ...one, work: nothing }
        : one,
    )
  }
  const isStopped = provider.policies.pauseScope === 'provider' && decided.some(opensConflict)
  return isStopped ? decided.filter(opensConflict) : decided
}

const opensConflict = ({ work }: Decided): boolean => work.conflict !== null
