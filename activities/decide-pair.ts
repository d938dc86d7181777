import type { ExternalEvent } from '../db/external-events.ts'
import type { Mapping } from '../db/mappings.ts'
import type { ScheduleEntry } from '../db/schedule-entries.ts'
import type { EventContent } from '../domain/event.ts'
import { projectFor } from '../domain/projection.ts'
import { reachesInto } from '../domain/series.ts'
import { reconcile, type Base, type Decision, type Side } from '../domain/reconcile.ts'
import { agreed, carryOut, ending } from './carry-out.ts'
import { meet } from './meet-event.ts'
import type { Pair } from './load-pairs.ts'
import { rejoined, staysAway } from './rejoin.ts'
import { comparable, creating, defer, nothing, retired, type PairWork, type Setting } from './pair-work.ts'

/** Turns one pair's facts into what is to be written. The rules are `reconcile`'s; here they meet rows. */
export function decidePair(setting: Setting, pair: Pair): PairWork {
  if (pair.intent?.state === 'sent') return defer
  if (pair.mapping?.state === 'withdrawing') return whileWithdrawing(setting, pair, pair.mapping)
  const work = decide(setting, pair)
  // A write that was decided on older facts and never sent gives way to the new decision.
  return pair.intent && !work.deferred ? { ...work, dropIntent: true } : work
}

/** An entry that comes back before its copy was removed keeps the copy. */
function whileWithdrawing(setting: Setting, pair: Pair, mapping: Mapping): PairWork {
  const { entry, external, assignees, isEntryMarked } = pair
  const isWanted = entry?.deletedAt === null && assignees.includes(setting.provider.memberId)
  if (!isWanted || !isEntryMarked || external?.deleted !== false || !mapping.baseEntry) return nothing
  const kept: Mapping = { ...mapping, state: 'active', updatedAt: setting.now }
  return { ...taking(kept, decideMapped(setting, pair, kept)), dropIntent: true }
}

/** What was decided on a pair that is taken up, with the pair itself. */
function taking(mapping: Mapping, work: PairWork): PairWork {
  const isSaved = work.mappings.some(({ id }) => id === mapping.id)
  return { ...work, mappings: isSaved ? work.mappings : [mapping, ...work.mappings] }
}

function decide(setting: Setting, pair: Pair): PairWork {
  const { mapping, external, entry } = pair
  if (mapping === null) {
    if (pair.isBehindFormer) return defer
    const again = rejoined(setting, pair)
    if (again) return taking(again, decideMapped(setting, { ...pair, mapping: again }, again))
    if (pair.isReturning && !external) return defer
    if (entry && staysAway(setting, pair, entry)) return nothing
    // The event they had together is gone for good: an entry that is wanted gets another one.
    const isAlone = !external || external.deleted
    return entry && isAlone ? meetEntry(setting, pair, entry) : meet(setting, pair)
  }
  switch (mapping.state) {
    case 'withdrawing':
    case 'retired':
      return nothing
    case 'unsupported':
      return reconsider(setting, pair, mapping)
    case 'creating':
      return entry && !external ? meetEntry(setting, pair, entry) : decideMapped(setting, pair, mapping)
    case 'active':
    case 'conflict':
      return decideMapped(setting, pair, mapping)
  }
}

/** An entry without a pair here: it gets a copy when it is this member's, in the window, and may leave. */
function meetEntry(setting: Setting, pair: Pair, entry: ScheduleEntry): PairWork {
  const { provider, window, now } = setting
  const leaves =
    entry.deletedAt === null &&
    pair.assignees.includes(provider.memberId) &&
    reachesInto(entry.content, window)
  if (!leaves) return pair.mapping ? { ...nothing, mappings: [retired(pair.mapping, now)] } : nothing
  const local: Side = { kind: 'present', content: projectFor(provider.vendor, entry.content) }
  const decision = reconcile(null, local, { kind: 'absent' }, { ...policyOf(setting), writable: true })
  if (decision.kind === 'create') return creating(setting, pair, entry, local.content)
  // A create that was never sent is not wanted any more: the direction was narrowed meanwhile.
  return pair.mapping?.state === 'creating' ? { ...nothing, mappings: [retired(pair.mapping, now)] } : nothing
}

/** What could not be held before: it may be gone, or of a kind that we can hold now, or the entry may have changed. */
function reconsider(setting: Setting, pair: Pair, mapping: Mapping): PairWork {
  const { external, entry } = pair
  if (mapping.entryId === null) {
    if (!external || external.deleted) return { ...nothing, mappings: [retired(mapping, setting.now)] }
    if (external.problem !== null) return { ...nothing, mappings: [{ ...mapping, reason: external.problem }] }
    const work = meet(setting, { ...pair, mapping: null })
    return { ...work, mappings: [retired(mapping, setting.now), ...work.mappings] }
  }
  if (!external && entry) return meetEntry(setting, pair, entry)
  if (external && !external.deleted && external.problem !== null) return nothing
  if (external?.entersAs === 'none') return decideMapped(setting, pair, mapping)
  const again: Mapping = { ...mapping, state: 'active', reason: null }
  const work = decideMapped(setting, pair, again)
  const isTakenUp = mapping.reason === doesNotEnter && !work.mappings.some(({ id }) => id === mapping.id)
  return isTakenUp ? { ...work, mappings: [again, ...work.mappings] } : work
}

/** Why a pair rests whose event the provider's policy no longer lets in. */
export const doesNotEnter =
  'The policy of this provider no longer lets the event in: the entry stays, without its words, and does not follow it.'

/**
 * Nobody deleted an event that stops entering: the entry stays with its application, and the pair with its ids, so that
 * neither is doubled when the event enters again. Until then nothing flows, an event's deletion neither.
 */
function withheld({ now }: Setting, mapping: Mapping): PairWork {
  const isKnown = mapping.state === 'unsupported' && mapping.reason === doesNotEnter
  if (isKnown) return nothing
  return {
    ...nothing,
    ...ending(mapping),
    mappings: [{ ...mapping, state: 'unsupported', reason: doesNotEnter, updatedAt: now }],
    count: 'unsupported',
  }
}

function decideMapped(setting: Setting, pair: Pair, mapping: Mapping): PairWork {
  const { external, entry } = pair
  const { provider, now } = setting
  // It turned up before its create was confirmed: the create finds it, and knows what was sent.
  if (mapping.state === 'creating' && pair.intent) return defer
  if (external?.problem && !external.deleted) {
    return {
      ...nothing,
      ...ending(mapping),
      mappings: [{ ...mapping, state: 'unsupported', reason: external.problem, updatedAt: now }],
      count: 'unsupported',
    }
  }
  const isAssigned = pair.assignees.includes(provider.memberId)
  if (entry && entry.deletedAt === null && !isAssigned && mapping.origin === 'external') {
    const reason = 'Released: the member is no longer assigned.'
    return { ...nothing, mappings: [retired(mapping, now, reason)], ...ending(mapping) }
  }
  if (external?.entersAs === 'none') return withheld(setting, mapping)
  const local = localSide(entry, isAssigned, (content) =>
    comparable(external, projectFor(provider.vendor, content)),
  )
  const remote = remoteSide(external)
  const decision = reconcile(baseOf(mapping, external) ?? sentBase(mapping, local), local, remote, {
    ...policyOf(setting),
    writable: !external?.readOnly,
  })
  if (mapping.state === 'conflict') return whilePaused(pair, mapping, decision, setting)
  return carryOut(setting, pair, mapping, decision)
}

/** Until a person decides, no run touches a pair in conflict; sides that came to agree by themselves end it. */
function whilePaused(pair: Pair, mapping: Mapping, decision: Decision, setting: Setting): PairWork {
  if (decision.kind === 'forget') {
    return { ...nothing, mappings: [retired(mapping, setting.now)], closeConflict: 'agreed' }
  }
  if (decision.kind !== 'agree' || !pair.entry || !pair.external?.content) return nothing
  return {
    ...nothing,
    mappings: [agreed(setting, mapping, pair.entry.content, pair.external)],
    closeConflict: 'agreed',
  }
}

const policyOf = ({ provider }: Setting) => ({
  direction: provider.direction,
  conflicts: provider.policies.conflicts,
})

const baseOf = (mapping: Mapping, external: ExternalEvent | null): Base | null =>
  mapping.baseEntry && mapping.baseExternal
    ? {
        entry: comparable(external, mapping.baseEntry),
        external: comparable(external, mapping.baseExternal),
      }
    : null

/** A copy that turned up before its create was confirmed holds what was sent, or somebody's edit of it. */
function sentBase(mapping: Mapping, local: Side): Base | null {
  if (mapping.state !== 'creating' || local.kind !== 'present') return null
  return { entry: local.content, external: local.content }
}

function localSide(
  entry: ScheduleEntry | null,
  isAssigned: boolean,
  project: (content: EventContent) => EventContent,
): Side {
  if (!entry) return { kind: 'absent' }
  return entry.deletedAt === null && isAssigned
    ? { kind: 'present', content: project(entry.content) }
    : { kind: 'deleted' }
}

function remoteSide(external: ExternalEvent | null): Side {
  if (!external) return { kind: 'absent' }
  return external.deleted || !external.content
    ? { kind: 'deleted' }
    : { kind: 'present', content: external.content }
}
