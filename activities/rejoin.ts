import type { ExternalEvent } from '../db/external-events.ts'
import type { Mapping } from '../db/mappings.ts'
import type { ScheduleEntry } from '../db/schedule-entries.ts'
import { projectFor } from '../domain/projection.ts'
import { contentHash } from './content-hash.ts'
import type { Pair } from './load-pairs.ts'
import { comparable, newMapping, type Setting } from './pair-work.ts'

/**
 * The pair that an entry and an event of a calendar make again that was connected before. Hashes tell which side changed
 * meanwhile: it is held against the other side as it stands, which is what both were; where both changed, each is held against
 * the other, so that whatever differs is an edit of both.
 */
export function rejoined(setting: Setting, pair: Pair): Mapping | null {
  const { former, entry, external } = pair
  if (!former || !entry || !external?.content || wasNeverHere(external)) return null
  // They were together here, too, and that has ended: what comes now is not of before.
  if (external.deleted && pair.lastGeneration > 0) return null
  const ours = comparable(external, projectFor(setting.provider.vendor, entry.content))
  const theirs = external.content
  const isSame = {
    ours: former.entryHash === contentHash(ours),
    theirs: former.externalHash === contentHash(theirs),
  }
  return newMapping(setting, {
    entryId: entry.id,
    externalId: external.externalId,
    origin: former.origin,
    state: 'active',
    reason: external.readOnly,
    baseEntry: isSame.ours ? ours : theirs,
    baseExternal: isSame.theirs ? theirs : ours,
  })
}

/** It was gone before the calendar was seen again; one that was seen there, and went then, was deleted by somebody. */
const wasNeverHere = ({ deleted, revision }: ExternalEvent): boolean => deleted && revision === 1

/** Its event was deleted while the calendar was not connected: it stays away until the entry changes. */
export function staysAway(setting: Setting, { former, external }: Pair, entry: ScheduleEntry): boolean {
  if (!former || (external && !external.deleted)) return false
  return former.entryHash === contentHash(projectFor(setting.provider.vendor, entry.content))
}
