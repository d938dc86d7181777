import { sameContent, type EventContent } from './event.ts'
import { flowsIn, flowsOut } from './policy.ts'
import { reconcile, type Base, type Decision, type ReconcilePolicy, type Side } from './reconcile.ts'

/**
 * What both sides last agreed on about one slot of a series: the occurrence as changed, or that there is none. Where nobody
 * changed anything it is what the series shows there.
 */
export type OccurrenceBase = { kind: 'present'; base: Base } | { kind: 'left-out'; plain: Base }

/** Decides one slot of a series that both sides hold; each side shows its change, or what its series shows there. */
export function reconcileOccurrence(
  base: OccurrenceBase,
  local: Side,
  remote: Side,
  policy: ReconcilePolicy,
): Decision {
  if (base.kind === 'present') return reconcile(base.base, local, remote, policy)
  if (local.kind !== 'present' && remote.kind !== 'present') return { kind: 'rest' }
  // Somebody brought the occurrence back.
  if (remote.kind !== 'present')
    return policy.writable && flowsOut(policy.direction) ? { kind: 'recreate' } : { kind: 'rest' }
  if (local.kind !== 'present')
    return flowsIn(policy.direction) ? { kind: 'restore-entry' } : { kind: 'rest' }
  return bothBack(base.plain, local.content, remote.content, policy)
}

/** Both sides brought it back: what each made of it meets like any two edits. */
function bothBack(plain: Base, local: EventContent, remote: EventContent, policy: ReconcilePolicy): Decision {
  if (sameContent(local, remote)) return { kind: 'agree' }
  const decision = reconcile(
    plain,
    { kind: 'present', content: local },
    { kind: 'present', content: remote },
    policy,
  )
  return decision.kind === 'rest' ? { kind: 'agree' } : decision
}
