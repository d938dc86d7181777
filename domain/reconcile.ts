import {
  changedFields,
  contentFields,
  repeats,
  sameField,
  type ContentField,
  type EventContent,
} from './event.ts'
import { flowsIn, flowsOut, type ConflictPolicy, type Direction } from './policy.ts'

/** The moment both sides agreed, as each side showed it: no two calendars can hold the same things. */
export interface Base {
  /** The entry as it was projected for this vendor. */
  entry: EventContent
  /** The vendor's form as read back after our write, or as first observed. */
  external: EventContent
}

/** One side as it stands now. `absent` never was there; `deleted` was, and somebody removed it. */
export type Side = { kind: 'absent' } | { kind: 'deleted' } | { kind: 'present'; content: EventContent }

export interface ReconcilePolicy {
  direction: Direction
  conflicts: ConflictPolicy
  /** Copies of other people's meetings and the like are never written (`read-only outbound`). */
  writable: boolean
}

export type Decision =
  /** Both sides stand as agreed, or the direction lets the difference be. */
  | { kind: 'rest' }
  /** Both sides came to the same by themselves: remember it as the new base. */
  | { kind: 'agree' }
  | { kind: 'import' }
  | { kind: 'create' }
  /** The vendor's copy is gone and the entry moved on: a new generation is created. */
  | { kind: 'recreate' }
  /** The entry is gone and the external edit wins: the entry comes back with the vendor's content. */
  | { kind: 'restore-entry' }
  | { kind: 'apply'; fields: Partial<EventContent> }
  | { kind: 'send'; fields: Partial<EventContent> }
  | { kind: 'merge'; apply: Partial<EventContent>; send: Partial<EventContent> }
  | { kind: 'delete-entry' }
  | { kind: 'withdraw' }
  | { kind: 'forget' }
  | { kind: 'conflict' }

/** Decides what one look does with one pair. A function of its arguments alone: any step may be lost, repeated or reordered. */
export function reconcile(base: Base | null, local: Side, remote: Side, policy: ReconcilePolicy): Decision {
  if (base === null) return first(local, remote, policy)

  if (local.kind !== 'present') return withoutEntry(base, local, remote, policy)
  if (remote.kind !== 'present') return withoutExternal(base, local, policy)

  const isSeries = repeats(local.content) || repeats(remote.content)
  const localEdit = editOf(base.entry, local.content, isSeries)
  const remoteEdit = editOf(base.external, remote.content, isSeries)
  const edited = fieldsOf({ ...localEdit, ...remoteEdit })
  if (edited.length === 0) return { kind: 'rest' }
  if (!isEdit(localEdit))
    return flowsIn(policy.direction) ? { kind: 'apply', fields: remoteEdit } : { kind: 'rest' }
  if (!isEdit(remoteEdit)) return canSend(policy) ? { kind: 'send', fields: localEdit } : { kind: 'rest' }

  // Both moved. The same edit on both sides is agreement, whatever the direction.
  if (edited.every((field) => sameField(field, local.content, remote.content))) return { kind: 'agree' }
  if (!canSend(policy))
    return flowsIn(policy.direction) ? { kind: 'apply', fields: remoteEdit } : { kind: 'rest' }
  if (!flowsIn(policy.direction)) return { kind: 'send', fields: localEdit }
  const alike = contentFields.filter((field) => sameField(field, local.content, remote.content))
  const [mine, theirs] = [without(localEdit, alike), without(remoteEdit, alike)]
  // Of a side whose every edit the other shows already, nothing is left to carry over.
  if (!isEdit(theirs)) return { kind: 'send', fields: mine }
  if (!isEdit(mine)) return { kind: 'apply', fields: theirs }
  return bothEdited(local.content, remote.content, mine, theirs, policy.conflicts)
}

/** Where either side repeats, its rule and its first day are edited as one: half of each side's would be nobody's series. */
export function editOf(base: EventContent, content: EventContent, isSeries: boolean): Partial<EventContent> {
  const edit = changedFields(base, content)
  const movesSlots = isSeries && ('time' in edit || 'recurrence' in edit)
  return movesSlots ? { ...edit, time: content.time, recurrence: content.recurrence } : edit
}

function first(local: Side, remote: Side, policy: ReconcilePolicy): Decision {
  if (local.kind === 'present' && remote.kind !== 'present') {
    return flowsOut(policy.direction) ? { kind: 'create' } : { kind: 'rest' }
  }
  if (remote.kind === 'present' && local.kind === 'absent') {
    return flowsIn(policy.direction) ? { kind: 'import' } : { kind: 'rest' }
  }
  if (local.kind === 'present' && remote.kind === 'present') return { kind: 'agree' }
  return local.kind === 'deleted' && remote.kind === 'present' && canSend(policy)
    ? { kind: 'withdraw' }
    : { kind: 'forget' }
}

function withoutEntry(base: Base, local: Side, remote: Side, policy: ReconcilePolicy): Decision {
  if (remote.kind !== 'present') return { kind: 'forget' }
  if (local.kind === 'absent' || !canSend(policy)) return { kind: 'rest' }
  const remoteEdited = isEdit(changedFields(base.external, remote.content))
  if (!remoteEdited || !flowsIn(policy.direction)) return { kind: 'withdraw' }
  // A deletion against an edit: a person decides which survives, unless a policy already did.
  switch (policy.conflicts) {
    case 'prefer-schedule':
      return { kind: 'withdraw' }
    case 'prefer-external':
      return { kind: 'restore-entry' }
    case 'manual':
    case 'merge-fields':
      return { kind: 'conflict' }
  }
}

function withoutExternal(base: Base, local: { content: EventContent }, policy: ReconcilePolicy): Decision {
  const localEdited = isEdit(changedFields(base.entry, local.content))
  if (!flowsIn(policy.direction)) return localEdited ? { kind: 'recreate' } : { kind: 'rest' }
  if (!localEdited || !canSend(policy)) return { kind: 'delete-entry' }
  switch (policy.conflicts) {
    case 'prefer-schedule':
      return { kind: 'recreate' }
    case 'prefer-external':
      return { kind: 'delete-entry' }
    case 'manual':
    case 'merge-fields':
      return { kind: 'conflict' }
  }
}

function bothEdited(
  local: EventContent,
  remote: EventContent,
  localEdit: Partial<EventContent>,
  remoteEdit: Partial<EventContent>,
  policy: ConflictPolicy,
): Decision {
  switch (policy) {
    case 'manual':
      return { kind: 'conflict' }
    case 'prefer-schedule':
      return {
        kind: 'merge',
        apply: without(remoteEdit, fieldsOf(localEdit)),
        send: changedFields(remote, { ...remote, ...localEdit }),
      }
    case 'prefer-external':
      return {
        kind: 'merge',
        apply: changedFields(local, { ...local, ...remoteEdit }),
        send: without(localEdit, fieldsOf(remoteEdit)),
      }
    case 'merge-fields': {
      const overlap = contentFields.some(
        (field) => field in localEdit && field in remoteEdit && !sameField(field, local, remote),
      )
      if (overlap) return { kind: 'conflict' }
      return {
        kind: 'merge',
        apply: without(remoteEdit, fieldsOf(localEdit)),
        send: without(localEdit, fieldsOf(remoteEdit)),
      }
    }
  }
}

const canSend = (policy: ReconcilePolicy): boolean => policy.writable && flowsOut(policy.direction)
const isEdit = (fields: Partial<EventContent>): boolean => Object.keys(fields).length > 0

const fieldsOf = (edit: Partial<EventContent>): ContentField[] =>
  contentFields.filter((field) => field in edit)

function without(edit: Partial<EventContent>, fields: readonly ContentField[]): Partial<EventContent> {
  const kept = fieldsOf(edit).filter((field) => !fields.includes(field))
  return Object.fromEntries(kept.map((field) => [field, edit[field]]))
}
