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
  /** The place of the last deletion that was reviewed: what was held after it is not decided by this. */
  reviewed: number
  /** One side alone; both when absent. */
  side?: LosingSide | undefined
}

/** Decides what the safety brake holds, as far as it was reviewed; the next look carries it out. */
export async function decideBrake(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  providerId: string,
  { decision, reviewed, side: onlySide }: BrakeDecision,
): Promise<{ decided: number; held: number; flipped: string[] }> {
  const provider = await findProvider(db, providerId)
  if (!provider) throw forbidden()
  await lockWork(db, providerId)
  const brakes = (await openBrakes(db, [providerId])).filter(({ side }) => !onlySide || side === onlySide)
  if (brakes.length === 0)
    throw conflicting('nothing-held', 'No deletions are held: there is nothing to decide.')

  let decided = 0
  for (const brake of brakes) {
    const { side } = brake
    const more = await decideLosses(db, provider, side, reviewed, { state: decision, by: author.cause })
    if (more === 0) continue
    decided += more
    const word = { decision, decided: more, decidedBy: author.cause, decidedAt: author.now }
    await releaseBrake(db, brake.id, word)
    // What was approved is not counted against what comes.
    if (decision === 'approved') await forgetCountedOf(db, providerId, side)
  }
  if (decided === 0)
    throw conflicting(
      'held-moved-on',
      'What was reviewed is not held any more: read what is held now, and decide on that.',
    )
  const left = await countHeldLosses(db, [providerId])
  for (const { side, since } of left) {
    const mapped = brakes.find((brake) => brake.side === side)?.mapped ?? 0
    await setBrake(db, { id: deps.newId(), tenantId: author.tenantId, providerId, side, since, mapped })
  }
  const held = left.reduce((sum, row) => sum + row.held, 0)
  return { decided, held, flipped: await raiseNudges(db, [providerId], author.now) }
}
