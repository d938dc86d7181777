import { changedFields, contentFields, sameField, type ContentField, type EventContent } from './event.ts'
import type { Slot } from './series.ts'

/** An entry as one of its versions has it. Status and assignees are null where they were not kept. */
export interface EntryState {
  content: EventContent
  deleted: boolean
  status: string | null
  assignees: string[] | null
  /** For an override: the slot it stands for; null when its series has it no more. */
  originalStart: Slot | null
}

export type HistoryField = ContentField | 'deleted' | 'status' | 'assignees' | 'originalStart'

/** What somebody changed between two versions. A time told in another zone is a change that people see. */
export function changedBetween(before: EntryState, after: EntryState): HistoryField[] {
  const content = changedFields(before.content, after.content)
  const names: HistoryField[] = contentFields.filter(
    (field) => field in content || (field === 'time' && zoneOf(before) !== zoneOf(after)),
  )
  if (before.deleted !== after.deleted) names.push('deleted')
  if (isOther(before.status, after.status)) names.push('status')
  if (isOther(keyOf(before.assignees), keyOf(after.assignees))) names.push('assignees')
  if (before.originalStart !== after.originalStart) names.push('originalStart')
  return names
}

const zoneOf = ({ content: { time } }: EntryState): string | null =>
  time.kind === 'dateTime' ? time.zone : null
const keyOf = (assignees: string[] | null): string | null => assignees && assignees.toSorted().join()
const isOther = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && one !== other

export type Undoing =
  /** These fields go back to what they were before. */
  | { kind: 'undo'; fields: HistoryField[] }
  /** The change is not there any more: it changed nothing, or was taken back already. */
  | { kind: 'nothing' }
  /** These fields were changed again since: taking the old change back would take back the newer one too. */
  | { kind: 'changed-since'; fields: HistoryField[] }

/** Whether the change from `before` to `after` can be taken back from what stands now, and what that touches. */
export function undoing(before: EntryState, after: EntryState, current: EntryState): Undoing {
  const changed = changedBetween(before, after)
  const standing = changed.filter((field) => !sameIn(field, before, current))
  const newer = standing.filter((field) => !sameIn(field, after, current))
  if (newer.length > 0) return { kind: 'changed-since', fields: newer }
  return standing.length > 0 ? { kind: 'undo', fields: changed } : { kind: 'nothing' }
}

function sameIn(field: HistoryField, one: EntryState, other: EntryState): boolean {
  switch (field) {
    case 'deleted':
    case 'status':
    case 'originalStart':
      return one[field] === other[field]
    case 'assignees':
      return keyOf(one.assignees) === keyOf(other.assignees)
    case 'time':
      return sameField('time', one.content, other.content) && zoneOf(one) === zoneOf(other)
    case 'title':
    case 'body':
    case 'location':
    case 'showAs':
    case 'visibility':
    case 'recurrence':
      return sameField(field, one.content, other.content)
  }
}

/** Content with these fields as they were. */
export const withFields = (
  content: EventContent,
  from: EventContent,
  fields: HistoryField[],
): EventContent => ({
  ...content,
  ...Object.fromEntries(
    contentFields.filter((field) => fields.includes(field)).map((field) => [field, from[field]]),
  ),
})
