import { ok } from 'node:assert/strict'
import { assert, property } from 'fast-check'
import { test } from 'vitest'
import { flowsIn, flowsOut } from '../../domain/policy.ts'
import { reconcileOccurrence, type OccurrenceBase } from '../../domain/reconcile-occurrence.ts'
import type { Base, Decision, ReconcilePolicy, Side } from '../../domain/reconcile.ts'
import { anyPolicy, anySlot } from './any-pair.ts'
import { after, sameSide } from './reconcile-model.ts'

/** One slot of a series between two looks. */
interface SlotState {
  base: OccurrenceBase
  local: Side
  remote: Side
}

/** What holds for every slot of a series, tried on as many generated ones as are asked for. */
export function slotLaws(numRuns: number): void {
  test.each<[string, Law]>([
    ['a slot comes to rest', comesToRest],
    ['nothing is written against the direction, nor what is not ours to write', keepsDirection],
    ['an occurrence that was brought back is never taken away again', staysBack],
  ])('%s', { timeout: 1_800_000 }, (_law, holds) => assert(property(anySlot, anyPolicy, holds), { numRuns }))
}

type Law = (slot: SlotState, policy: ReconcilePolicy) => void

const comesToRest: Law = (slot, policy) => {
  const { decisions } = settled(slot, policy)
  ok(decisions.length <= 3)
  ok(decisions.at(-1) === 'rest' || decisions.at(-1) === 'conflict')
  ok(decisions.length === 1 || !decisions.includes('conflict'))
}

const keepsDirection: Law = (slot, policy) => {
  const { end } = settled(slot, policy)
  const isTheirs = !policy.writable && slot.remote.kind === 'present'
  if (!flowsIn(policy.direction)) ok(sameSide(slot.local, end.local))
  if (!flowsOut(policy.direction) || isTheirs) ok(sameSide(slot.remote, end.remote))
}

const staysBack: Law = (slot, policy) => {
  if (slot.base.kind === 'present') return
  const { end, decisions } = settled(slot, policy)
  if (slot.local.kind === 'present') ok(end.local.kind === 'present')
  if (slot.remote.kind === 'present') ok(end.remote.kind === 'present')
  // What came back on one side alone is on both, where the direction lets it.
  if (decisions[0] !== 'rest') ok(end.local.kind === end.remote.kind)
}

function settled(
  start: SlotState,
  policy: ReconcilePolicy,
): { end: SlotState; decisions: Decision['kind'][] } {
  const decisions: Decision['kind'][] = []
  let slot = start
  // What is done, that the slot is empty on both sides, and that nothing is left.
  while (decisions.length < 4) {
    const decision = reconcileOccurrence(slot.base, slot.local, slot.remote, policy)
    decisions.push(decision.kind)
    if (decision.kind === 'rest' || decision.kind === 'conflict') break
    slot = afterIn(slot, decision)
  }
  return { end: slot, decisions }
}

/** A slot goes on like a pair; where both sides are gone it is agreed to be left out. */
function afterIn({ base, local, remote }: SlotState, decision: Decision): SlotState {
  const plain: Base = base.kind === 'present' ? base.base : base.plain
  if (decision.kind === 'forget') return { base: { kind: 'left-out', plain }, local, remote }
  const next = after({ base: plain, local, remote }, decision)
  const isBothHere = next.local.kind === 'present' && next.remote.kind === 'present'
  return { ...next, base: isBothHere && next.base ? { kind: 'present', base: next.base } : base }
}
