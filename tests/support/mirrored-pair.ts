import type { ConflictPolicy, Direction } from '../../domain/policy.ts'
import type { Base, Decision, ReconcilePolicy } from '../../domain/reconcile.ts'
import type { PairState } from './reconcile-model.ts'

/** The same pair with its sides in each other's place. */
export const mirroredPair = ({ base, local, remote }: PairState & { base: Base }): PairState => ({
  base: { entry: base.external, external: base.entry },
  local: remote,
  remote: local,
})

export const mirroredPolicy = (policy: ReconcilePolicy): ReconcilePolicy => ({
  ...policy,
  direction: mirroredDirections[policy.direction],
  conflicts: mirroredPolicies[policy.conflicts],
})

const mirroredDirections: Record<Direction, Direction> = {
  both: 'both',
  inbound: 'outbound',
  outbound: 'inbound',
}
const mirroredPolicies: Record<ConflictPolicy, ConflictPolicy> = {
  manual: 'manual',
  'merge-fields': 'merge-fields',
  'prefer-schedule': 'prefer-external',
  'prefer-external': 'prefer-schedule',
}

/** What the same decision is called when it is about the other side. */
export function mirroredDecision(decision: Decision): Decision {
  switch (decision.kind) {
    case 'rest':
    case 'agree':
    case 'forget':
    case 'conflict':
      return decision
    case 'import':
      return { kind: 'create' }
    case 'create':
      return { kind: 'import' }
    case 'recreate':
      return { kind: 'restore-entry' }
    case 'restore-entry':
      return { kind: 'recreate' }
    case 'apply':
      return { kind: 'send', fields: decision.fields }
    case 'send':
      return { kind: 'apply', fields: decision.fields }
    case 'merge':
      return { kind: 'merge', apply: decision.send, send: decision.apply }
    case 'delete-entry':
      return { kind: 'withdraw' }
    case 'withdraw':
      return { kind: 'delete-entry' }
  }
}
