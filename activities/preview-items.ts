import type { PlannedWrite } from '../db/intents.ts'
import type { PreviewItem } from '../db/previews.ts'
import { changedFields, contentFields, type EventContent } from '../domain/event.ts'
import { readSlotId } from '../providers/port.ts'
import type { Decided } from './decide-batch.ts'

/** The name under which an item is counted. */
export const actionOf = ({ side, action }: PreviewItem): string => `${side}.${action}`

/** What one decision does in the schedule and to the pair, for people. What it sends is told by the write itself. */
export function itemsOf(decided: Decided): PreviewItem[] {
  const { pair, work } = decided
  const about = (content: EventContent | null | undefined, item: Told): PreviewItem => ({
    entryId: work.insert ? null : (pair.entry?.id ?? null),
    externalId: pair.external?.externalId ?? pair.mapping?.externalId ?? null,
    fields: [],
    ...wordsOf(content ?? pair.entry?.content ?? pair.external?.content),
    ...item,
  })
  if (work.brake === 'held' && work.loses) {
    const content = work.loses === 'schedule' ? pair.entry?.content : pair.external?.content
    return [about(content, { side: work.loses, action: 'hold', reason: reasons.hold })]
  }
  if (work.conflict) return [about(null, { side: 'both', action: 'conflict', reason: reasons.conflict })]
  const reason = work.mappings.find((mapping) => mapping.reason !== null)?.reason
  if (work.count === 'unsupported') {
    return [about(null, { side: 'both', action: 'unsupported', reason: reason ?? reasons.unsupported })]
  }
  if (work.insert) {
    const { content, override } = work.insert
    // An override of a series that was plain there: the series is what changes.
    const action = override ? (override.deleted ? 'delete' : 'update') : 'create'
    return [
      about(content, { side: 'schedule', action, reason: override ? reasons.occurrence : reasons.imported }),
    ]
  }
  if (work.change) return changesOf(decided).map((item) => about(work.change?.content, item))
  return pairingOf(decided, reason).map((item) => about(null, item))
}

type Told = Pick<PreviewItem, 'side' | 'action' | 'reason'> & Partial<PreviewItem>

function changesOf({ pair, work }: Decided): Told[] {
  const { change } = work
  const side = 'schedule' as const
  if (!change || !pair.entry) return []
  if (change.deleted) return [{ side, action: 'delete', reason: reasons.deletedThere }]
  if (work.unassign) return [{ side, action: 'unassign', reason: reasons.deletedThere }]
  if (pair.entry.deletedAt) return [{ side, action: 'create', reason: reasons.comesBack }]
  if (work.assign) return [{ side, action: 'assign', reason: reasons.comesBack }]
  const changed = changedFields(pair.entry.content, change.content)
  const fields = contentFields.filter((field) => field in changed)
  return fields.length === 0 ? [] : [{ side, action: 'update', fields, reason: reasons.changedThere }]
}

/** A pair that begins or ends without a change of either side. */
function pairingOf({ pair, work }: Decided, reason: string | null | undefined): Told[] {
  if (work.intents.length > 0) return []
  const [after] = work.mappings
  const isOccurrence = after?.externalId !== undefined && readSlotId(after.externalId ?? '') !== undefined
  if (!after || isOccurrence) return []
  if (after.state === 'active' && pair.mapping === null)
    return [{ side: 'both', action: 'link', reason: reasons.same }]
  if (after.state === 'retired' && pair.mapping) {
    return [{ side: 'both', action: 'unlink', reason: reason ?? reasons.over }]
  }
  return []
}

/** A write that would be sent to the vendor. */
export function itemOfWrite(write: PlannedWrite): PreviewItem {
  const { kind: action, entryId, externalId, entry, external, projection } = write
  const content = action === 'delete' ? (external ?? entry) : (projection ?? entry)
  return {
    side: 'external',
    action,
    entryId,
    externalId: action === 'create' ? null : externalId,
    ...wordsOf(content),
    fields: action === 'update' ? contentFields.filter((field) => field in write.fields) : [],
    reason: reasonOf(write),
  }
}

function reasonOf({ kind, entryDeleted }: PlannedWrite): string {
  switch (kind) {
    case 'create':
      return 'The calendar has no copy of this entry yet.'
    case 'update':
      return 'The entry was changed in the schedule.'
    case 'delete':
      return entryDeleted
        ? 'The entry was deleted in the schedule.'
        : 'The entry is no longer to be shown in this calendar, or is shown by another event.'
  }
}

const wordsOf = (
  content: EventContent | null | undefined,
): Pick<PreviewItem, 'title' | 'time' | 'repeats'> => ({
  title: content?.title ?? '',
  time: content?.time ?? null,
  repeats: (content?.recurrence ?? null) !== null,
})

const reasons = {
  hold: 'More than the safety brake allows would be deleted in a day: this waits for a person.',
  conflict: 'Both sides changed since they last agreed.',
  unsupported: 'This event cannot be held on both sides.',
  imported: 'The event is new in the calendar.',
  occurrence: 'This occurrence of the series was changed in the calendar.',
  deletedThere: 'The event was deleted in the calendar.',
  comesBack: 'The event is in the calendar, and the schedule no longer has it.',
  changedThere: 'The event was changed in the calendar.',
  same: 'The entry and the event are the same: they are linked.',
  over: 'Neither side has it any more.',
}
