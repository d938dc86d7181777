import { openBrakes, releaseBrake, setBrake } from '../db/brakes.ts'
import type { Db } from '../db/connection.ts'
import { lockWork } from '../db/cursors.ts'
import { countHeldLosses, decideLosses, forgetCountedOf } from '../db/losses.ts'
import { findProvider, raiseNudges } from '../db/providers.ts'
import type { LosingSide } from '../domain/brake.ts'
import type { ApiDeps } from './dependencies.ts'
import type { EntryAuthor } from './entry-author.ts'
import { conflicting, forbidden } from './problem.ts'

export interface BrakeDecision {
  decision: 'approved' | 'refused'
  side: LosingSide
  /** The place of the last deletion that was reviewed: what was held after it is not decided by this. */
  reviewed: number
}

/** Decides what the safety brake holds on one side, as far as it was reviewed; the next look carries it out. */
export async function decideBrake(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  providerId: string,
  { decision, side, reviewed }: BrakeDecision,
): Promise<{ decided: number; held: number; flipped: string[] }> {
  const provider = await findProvider(db, providerId)
  if (!provider) throw forbidden()
  // No batch is decided meanwhile, so what is held stays as it is.
  await lockWork(db, providerId)
  const brake = (await openBrakes(db, [providerId])).find((one) => one.side === side)
  if (!brake)
    throw conflicting('nothing-held', 'No deletions are held on this side: there is nothing to decide.')

  const decided = await decideLosses(db, provider, side, reviewed, { state: decision, by: author.cause })
  if (decided === 0)
    throw conflicting(
      'held-moved-on',
      'What was reviewed is not held any more: read what is held now, and decide on that.',
    )
  const word = { decision, decided, decidedBy: author.cause, decidedAt: author.now }
  await releaseBrake(db, brake.id, word)
  // What was approved is not counted against what comes.
  if (decision === 'approved') await forgetCountedOf(db, providerId, side)

  const left = (await countHeldLosses(db, [providerId])).find((row) => row.side === side)
  if (left) {
    const { tenantId } = author
    const { mapped } = brake
    await setBrake(db, { id: deps.newId(), tenantId, providerId, side, since: left.since, mapped })
  }
  return { decided, held: left?.held ?? 0, flipped: await raiseNudges(db, [providerId], author.now) }
}
