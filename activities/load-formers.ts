import type { Db } from '../db/connection.ts'
import { findCursor } from '../db/cursors.ts'
import { findByCreateKey, type ExternalEvent } from '../db/external-events.ts'
import { formerPairs, keyed, keyIn, type FormerPair } from '../db/former-pairs.ts'
import { isLiving, mappingsOfEntries } from '../db/mappings.ts'
import type { Pending } from '../db/pending.ts'

/** The pairs that a calendar's events and entries had before, by either of their sides. */
export async function formersOf(db: Db, providerId: string, strangers: ExternalEvent[], entryIds: string[]) {
  const pairs = await formerPairs(db, providerId, {
    externalIds: strangers.flatMap(({ externalId, createKey }) => [
      externalId,
      ...(createKey ? [keyed(createKey)] : []),
    ]),
    entryIds,
  })
  const made = await findByCreateKey(
    db,
    providerId,
    pairs.flatMap(({ externalId }) => keyIn(externalId) ?? []),
  )
  const idByKey = new Map(made.map(({ createKey, externalId }) => [createKey, externalId]))
  const known = pairs.map((former) => {
    const key = keyIn(former.externalId)
    return key === undefined ? former : { ...former, externalId: idByKey.get(key) ?? null }
  })
  const held = new Set(
    (
      await mappingsOfEntries(
        db,
        providerId,
        known.flatMap(({ entryId }) => entryId ?? []),
      )
    )
      .filter(isLiving)
      .map((mapping) => mapping.entryId),
  )
  const free = known.filter(({ entryId }) => !held.has(entryId))
  return {
    pairs: free,
    isReturning: free.length > 0 && !(await findCursor(db, providerId))?.cursor,
    /** The events of these pairs that are not loaded yet. */
    missing: (loaded: ExternalEvent[]): string[] => {
      const here = new Set(loaded.map((event) => event.externalId))
      return free.flatMap(({ externalId }) => (externalId === null || here.has(externalId) ? [] : externalId))
    },
    of: ({ kind, subjectId }: Pending): FormerPair | null =>
      free.find((former) => subjectId === (kind === 'entry' ? former.entryId : former.externalId)) ?? null,
    /** What an entry was paired with here that is not this event. */
    another: (entryId: string | undefined, externalId: string | null | undefined): FormerPair | null =>
      free.find((former) => former.entryId === entryId && former.externalId !== externalId) ?? null,
  }
}
