import type { Db } from '../db/connection.ts'
import { closeConflict } from '../db/conflicts.ts'
import { openIntentsOf, settleIntents } from '../db/intents.ts'
import { lockMapping, noteReset, saveMappings, type Mapping } from '../db/mappings.ts'
import { markPending } from '../db/pending.ts'
import { raiseNudges } from '../db/providers.ts'
import type { EntryAuthor } from './entry-author.ts'
import { conflicting, forbidden } from './problem.ts'

/**
 * Has a stuck pair decided anew on what both sides hold now: a conflict is looked at again, what was refused is tried again.
 * Nothing of either side is changed by it. Who wished it and why is kept.
 */
export async function resetMapping(
  db: Db,
  author: EntryAuthor,
  id: string,
  reason: string,
): Promise<{ mapping: Mapping; flipped: string[] }> {
  const mapping = await lockMapping(db, id)
  if (!mapping) throw forbidden()
  if (mapping.state !== 'conflict' && mapping.state !== 'unsupported') {
    throw conflicting(
      'mapping-not-stuck',
      `The mapping is "${mapping.state}": only one in conflict or one that is unsupported can be reset.`,
    )
  }
  const by = author.cause
  const isConflict = mapping.state === 'conflict'
  const after: Mapping = isConflict ? { ...mapping, state: 'active', updatedAt: author.now } : mapping
  if (isConflict) {
    await saveMappings(db, [after])
    await closeConflict(db, id, 'reset', author.now, { by, reason })
  }
  const planned = (await openIntentsOf(db, [id])).filter(({ state }) => state === 'planned')
  await settleIntents(
    db,
    planned.map((intent) => intent.id),
    'dropped',
    author.now,
  )
  await noteReset(db, id, { by, reason, at: author.now.toISOString() })
  const { providerId, entryId, externalId } = mapping
  await markPending(db, author.tenantId, [
    ...(entryId ? [{ providerId, kind: 'entry' as const, subjectId: entryId }] : []),
    ...(externalId ? [{ providerId, kind: 'external' as const, subjectId: externalId }] : []),
  ])
  return { mapping: after, flipped: await raiseNudges(db, [providerId], author.now) }
}
