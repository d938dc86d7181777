import { sameContent, type EventContent } from '../../domain/event.ts'
import {
  reconcile,
  type Base,
  type Decision,
  type ReconcilePolicy,
  type Side,
} from '../../domain/reconcile.ts'

/** One pair between two looks. Without a base both sides have not met, or parted for good. */
export interface PairState {
  base: Base | null
  local: Side
  remote: Side
}

/** The vendor of these laws answers a write with the same event in its own spelling, which is nobody's edit. */
export const asHeld = (content: EventContent): EventContent => ({
  ...content,
  body: content.body === '' ? '' : `${content.body.trimEnd()} `,
})

export const present = (content: EventContent): Side => ({ kind: 'present', content })
const deleted: Side = { kind: 'deleted' }

/** The fields that a decision carries over, each way. */
export function carried(decision: Decision): { apply: Partial<EventContent>; send: Partial<EventContent> } {
  if (decision.kind === 'merge') return { apply: decision.apply, send: decision.send }
  return {
    apply: decision.kind === 'apply' ? decision.fields : {},
    send: decision.kind === 'send' ? decision.fields : {},
  }
}

export const decide = ({ base, local, remote }: PairState, policy: ReconcilePolicy): Decision =>
  reconcile(base, local, remote, policy)

/** The pair once a decision was carried out, as activities carry it out. */
export function after(state: PairState, decision: Decision): PairState {
  const { local, remote } = state
  switch (decision.kind) {
    case 'rest':
    case 'conflict':
      return state
    case 'forget':
      return { ...state, base: null }
    case 'agree':
    case 'apply':
    case 'send':
    case 'merge': {
      if (local.kind !== 'present' || remote.kind !== 'present')
        throw new Error(`${decision.kind}: a side is gone.`)
      const { apply, send } = carried(decision)
      const isSend = Object.keys(send).length > 0
      const written = { ...remote.content, ...send }
      return met({ ...local.content, ...apply }, isSend ? asHeld(written) : written)
    }
    case 'import':
    case 'restore-entry':
      if (remote.kind !== 'present') throw new Error('There is no event to take over.')
      return met(remote.content, remote.content)
    case 'create':
    case 'recreate':
      if (local.kind !== 'present') throw new Error('There is no entry to send.')
      return met(local.content, asHeld(local.content))
    case 'delete-entry':
      return { ...state, local: deleted }
    case 'withdraw':
      return { ...state, remote: deleted }
  }
}

const met = (entry: EventContent, external: EventContent): PairState => ({
  base: { entry, external },
  local: present(entry),
  remote: present(external),
})

/** Looks until nothing is left to do, and what was decided on the way. */
export function settled(
  start: PairState,
  policy: ReconcilePolicy,
): { end: PairState; decisions: Decision['kind'][] } {
  const decisions: Decision['kind'][] = []
  let state = start
  // Two decisions are all that a pair may need: what is done, and that both sides are gone.
  while (decisions.length < 3) {
    const decision = decide(state, policy)
    decisions.push(decision.kind)
    if (decision.kind === 'rest' || decision.kind === 'conflict') break
    state = after(state, decision)
    if (decision.kind === 'forget') break
  }
  return { end: state, decisions }
}

export function sameSide(one: Side, other: Side): boolean {
  if (one.kind !== 'present' || other.kind !== 'present') return one.kind === other.kind
  return sameContent(one.content, other.content)
}
