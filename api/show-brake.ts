import type { Static } from 'typebox'
import type { Brake as BrakeRow } from '../db/brakes.ts'
import type { HeldCount, HeldLoss } from '../db/losses.ts'
import type { LosingSide } from '../domain/brake.ts'
import type { Brake } from './schemas.ts'
import { showContent } from './show-entry.ts'

const places: Record<LosingSide, string> = { schedule: 'the schedule', external: 'the calendar' }

/** A side whose deletions are held, in plain words too. */
export function showBrake(
  { side, since, mapped }: BrakeRow,
  { held, last }: Pick<HeldCount, 'held' | 'last'>,
): Static<typeof Brake> {
  const events = `${held} of ${mapped} events`
  return {
    side,
    since: since.toISOString(),
    held,
    mapped,
    reviewed: last,
    message: `Deletions are held: ${events} would be deleted from ${places[side]}. Approve or refuse them.`,
  }
}

/** What would be deleted on its side, and why. */
export function showHeldLoss(loss: HeldLoss) {
  const content = loss.side === 'schedule' ? loss.entry : (loss.external ?? loss.entry)
  return {
    mappingId: loss.mappingId,
    entryId: loss.entryId,
    externalId: loss.externalId,
    side: loss.side,
    reason: reasonOf(loss),
    heldAt: loss.at.toISOString(),
    event: content && showContent(content),
  }
}

function reasonOf({ side, entryDeleted }: HeldLoss): string {
  if (side === 'schedule') return 'The event was deleted in the calendar.'
  return entryDeleted ? 'The entry was deleted in the schedule.' : 'The member was taken off the entry.'
}
