import { lastDecidedBrake, openBrakes, type Brake } from '../db/brakes.ts'
import type { Db } from '../db/connection.ts'
import { countHeldLosses, listHeldLosses } from '../db/losses.ts'
import { findProvider } from '../db/providers.ts'
import type { LosingSide } from '../domain/brake.ts'
import { pageOf } from './cursor.ts'
import { forbidden } from './problem.ts'
import { showBrake, showHeldLoss } from './show-brake.ts'

/** One page of what the safety brake holds, with what it was last told. */
export async function readHeld(
  db: Db,
  page: { providerId: string; side?: LosingSide | undefined; after: number | undefined; limit: number },
) {
  const { providerId, limit } = page
  if (!(await findProvider(db, providerId))) throw forbidden()
  const counts = await countHeldLosses(db, [providerId])
  const brakes = await openBrakes(db, [providerId])
  const found = await listHeldLosses(db, { ...page, limit: limit + 1 })
  const { rows, nextCursor } = pageOf(found, limit, (last) => [last.seq])
  const last = await lastDecidedBrake(db, providerId)
  return {
    brakes: brakes.flatMap((brake) => {
      const count = counts.find((row) => row.side === brake.side)
      return count ? [showBrake(brake, count)] : []
    }),
    items: rows.map(showHeldLoss),
    nextCursor,
    lastDecision: last ? showDecision(last) : null,
  }
}

const showDecision = ({ decision, side, decided, decidedBy, decidedAt, since }: Brake) => ({
  decision: decision ?? ('ended' as const),
  side,
  decided: decided ?? 0,
  by: decidedBy,
  at: (decidedAt ?? since).toISOString(),
})
