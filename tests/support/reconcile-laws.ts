import { deepEqual, ok } from 'node:assert/strict'
import { assert, property } from 'fast-check'
import { test } from 'vitest'
import {
  changedFields,
  contentFields,
  repeats,
  sameField,
  type ContentField,
  type EventContent,
} from '../../domain/event.ts'
import { flowsIn, flowsOut } from '../../domain/policy.ts'
import type { Base, Decision, ReconcilePolicy, Side } from '../../domain/reconcile.ts'
import { anyMetPair, anyPair, anyPolicy } from './any-pair.ts'
import { mirroredDecision, mirroredPair, mirroredPolicy } from './mirrored-pair.ts'
import { after, asHeld, decide, sameSide, settled, type PairState } from './reconcile-model.ts'

/** What holds for every pair, tried on as many generated ones as are asked for: a base, both sides and a policy each. */
export function reconcileLaws(numRuns: number): void {
  test.each<[string, Law<PairState>]>([
    ['a pair comes to rest: what was carried out leaves nothing, or what is gone to forget', comesToRest],
    ['a decision carried out twice is carried out once', isIdempotent],
    ['nothing is written against the direction, nor what is not ours to write', keepsDirection],
  ])('%s', { timeout }, (_law, holds) => assert(property(anyPair, anyPolicy, holds), { numRuns }))

  test.each<[string, Law<MetPair>]>([
    ['what is sent one way is applied the other: sides, directions and policies swapped', isSymmetric],
    ['the same edit on both sides is agreement, whatever the direction and the policy', agreesOnTheSame],
    ['nobody is asked about a pair of which one side shows every edit that was made', asksAboutTwo],
    ['an edit is in the outcome, or a conflict keeps it, or policy or direction say who lost', keepsEdits],
    ['nobody’s edit is sent or applied but those that were made', inventsNothing],
    [
      'an edit outlives the other side’s deletion, unless policy or direction say otherwise',
      outlivesDeletion,
    ],
    [
      'a deletion that nobody contradicts arrives, and what is gone comes back by an edit alone',
      deletesForGood,
    ],
    ['a series takes its rule and its first day from one side', keepsSeriesWhole],
  ])('%s', { timeout }, (_law, holds) => assert(property(anyMetPair, anyPolicy, holds), { numRuns }))
}

/** A million takes minutes. */
const timeout = 1_800_000

type MetPair = PairState & { base: Base }
type PresentSide = Extract<Side, { kind: 'present' }>
type Law<P> = (pair: P, policy: ReconcilePolicy) => void

const comesToRest: Law<PairState> = (pair, policy) => {
  const { decisions, end } = settled(pair, policy)
  const [first, second] = decisions
  ok(decisions.length <= 2)
  ok(second === undefined ? isStill(first) : second === 'rest' || second === 'forget')
  ok(isStill(decide(end, policy).kind))
}

const isStill = (kind: Decision['kind'] | undefined) =>
  kind === 'rest' || kind === 'forget' || kind === 'conflict'

const isIdempotent: Law<PairState> = (pair, policy) => {
  const decision = decide(pair, policy)
  const once = after(pair, decision)
  const twice = after(once, decision)
  ok(sameSide(once.local, twice.local) && sameSide(once.remote, twice.remote))
}

const keepsDirection: Law<PairState> = (pair, policy) => {
  const { end } = settled(pair, policy)
  const isTheirs = !policy.writable && pair.remote.kind === 'present'
  if (!flowsIn(policy.direction)) ok(sameSide(pair.local, end.local))
  if (!flowsOut(policy.direction) || isTheirs) ok(sameSide(pair.remote, end.remote))
}

/** One-way directions treat the side that is a copy otherwise than its original only when one of both is gone. */
const isSymmetric: Law<MetPair> = (pair, given) => {
  const policy = { ...given, writable: true }
  const isAbsent = pair.local.kind === 'absent' || pair.remote.kind === 'absent'
  if (isAbsent || (policy.direction !== 'both' && !bothPresent(pair))) return
  const mirrored = decide(mirroredPair(pair), mirroredPolicy(policy))
  deepEqual(mirroredDecision(mirrored), decide(pair, policy))
}

const agreesOnTheSame: Law<MetPair> = (pair, policy) => {
  if (pair.local.kind !== 'present' && pair.remote.kind !== 'present')
    deepEqual(decide(pair, policy), { kind: 'forget' })
  const edits = editsOf(pair)
  if (!edits || edits.ours.size === 0 || edits.theirs.size === 0) return
  const edited = [...edits.ours, ...edits.theirs]
  if (edited.every((field) => sameField(field, edits.local, edits.remote)))
    deepEqual(decide(pair, policy), { kind: 'agree' })
}

const asksAboutTwo: Law<MetPair> = (pair, policy) => {
  const edits = editsOf(pair)
  if (!edits || decide(pair, policy).kind !== 'conflict') return
  const differ = changedFields(edits.local, edits.remote)
  ok([edits.ours, edits.theirs].every((edited) => [...edited].some((field) => field in differ)))
}

const keepsEdits: Law<MetPair> = (pair, policy) => {
  const edits = editsOf(pair)
  if (!edits) return
  const { end, decisions } = settled(pair, policy)
  if (decisions.includes('conflict')) {
    deepEqual(end, pair)
    return
  }
  const [here, there] = [presentIn(end.local), presentIn(end.remote)]
  for (const field of contentFields) {
    const kept = keptEdit(field, edits, policy)
    if (kept.here) ok(says(here, field, edits[kept.here]))
    if (kept.there) ok(says(there, field, edits[kept.there]))
  }
}

/** Whose edit of a field is to stand on each side, told once more without the engine's words. */
function keptEdit(
  field: ContentField,
  edits: Edits,
  policy: ReconcilePolicy,
): { here?: Whose; there?: Whose } {
  const out = canSend(policy)
  const into = flowsIn(policy.direction)
  const [ours, theirs] = [edits.ours.has(field), edits.theirs.has(field)]
  const isSame = sameField(field, edits.local, edits.remote)
  if (ours && theirs && !isSame && out && into) {
    const { conflicts } = policy
    if (conflicts !== 'prefer-schedule' && conflicts !== 'prefer-external')
      throw new Error(`Both edited "${field}", nobody chose, and there is no conflict.`)
    const winner = conflicts === 'prefer-schedule' ? 'local' : 'remote'
    return { here: winner, there: winner }
  }
  return {
    ...(ours && { here: 'local', ...(out && { there: 'local' }) }),
    ...(theirs && !(ours && out) && { there: 'remote' }),
    ...(theirs && into && { here: 'remote' }),
  } as const
}

const inventsNothing: Law<MetPair> = (pair, policy) => {
  const edits = editsOf(pair)
  if (!edits) return
  const { end } = settled(pair, policy)
  const [here, there] = [presentIn(end.local), presentIn(end.remote)]
  for (const field of contentFields) {
    if (!edits.theirs.has(field)) ok(sameField(field, here, edits.local))
    if (!edits.ours.has(field)) ok(says(there, field, edits.remote))
  }
}

const outlivesDeletion: Law<MetPair> = (pair, policy) => {
  const { base, local, remote } = pair
  const { end } = settled(pair, policy)
  if (local.kind === 'present' && remote.kind !== 'present' && isEdited(base.entry, local)) {
    if (!sameSide(local, end.local)) ok(policy.conflicts === 'prefer-external' || !canSend(policy))
  }
  if (remote.kind === 'present' && local.kind !== 'present' && isEdited(base.external, remote)) {
    if (!sameSide(remote, end.remote))
      ok(policy.conflicts === 'prefer-schedule' || !flowsIn(policy.direction))
  }
}

const deletesForGood: Law<MetPair> = (pair, policy) => {
  const { base, local, remote } = pair
  const { end } = settled(pair, policy)
  if (local.kind === 'deleted' && remote.kind === 'present') {
    const edited = isEdited(base.external, remote)
    if (!edited) deepEqual(end.local, local)
    if (!edited && canSend(policy)) ok(end.remote.kind === 'deleted')
  }
  if (remote.kind !== 'present' && local.kind === 'present') {
    const edited = isEdited(base.entry, local)
    if (!edited) deepEqual(end.remote, remote)
    if (!edited && flowsIn(policy.direction)) ok(end.local.kind === 'deleted')
  }
}

const keepsSeriesWhole: Law<MetPair> = (pair, policy) => {
  const edits = editsOf(pair)
  if (!edits) return
  const { end } = settled(pair, policy)
  for (const content of [presentIn(end.local), presentIn(end.remote)].filter(repeats)) {
    const isFrom = (side: EventContent) =>
      sameField('time', content, side) && sameField('recurrence', content, side)
    ok(isFrom(edits.local) || isFrom(edits.remote))
  }
}

type Whose = 'local' | 'remote'

interface Edits {
  local: EventContent
  remote: EventContent
  /** Fields that were edited here, and those that were edited there. */
  ours: Set<ContentField>
  theirs: Set<ContentField>
}

function editsOf(pair: MetPair): Edits | null {
  if (!bothPresent(pair)) return null
  const [local, remote] = [presentIn(pair.local), presentIn(pair.remote)]
  const isSeries = repeats(local) || repeats(remote)
  const edited = (base: EventContent, now: EventContent) => {
    const fields = changedFields(base, now)
    // When a series begins and by which rule it goes on is one thing to edit.
    const movesSlots = isSeries && ('time' in fields || 'recurrence' in fields)
    const isOfSlots = (field: ContentField) => field === 'time' || field === 'recurrence'
    return new Set(contentFields.filter((field) => field in fields || (movesSlots && isOfSlots(field))))
  }
  return { local, remote, ours: edited(pair.base.entry, local), theirs: edited(pair.base.external, remote) }
}

const bothPresent = ({ local, remote }: PairState) => local.kind === 'present' && remote.kind === 'present'
const canSend = ({ writable, direction }: ReconcilePolicy) => writable && flowsOut(direction)
const isEdited = (base: EventContent, { content }: PresentSide) =>
  Object.keys(changedFields(base, content)).length > 0

function presentIn(side: Side): EventContent {
  if (side.kind !== 'present') throw new Error(`The side is ${side.kind}, and nobody deleted anything.`)
  return side.content
}

/** Whether this content says the same of a field, whatever the vendor's spelling. */
const says = (content: EventContent, field: ContentField, side: EventContent): boolean =>
  sameField(field, asHeld(content), asHeld(side))
