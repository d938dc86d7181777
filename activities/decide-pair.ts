import type { ExternalEvent } from '../db/external-events.ts'
import type { Mapping } from '../db/mappings.ts'
import type { ScheduleEntry } from '../db/schedule-entries.ts'
import type { EventContent } from '../domain/event.ts'
import { isInWindow } from '../domain/policy.ts'
import { projectFor } from '../domain/projection.ts'
import { reconcile, type Base, type Decision, type Side } from '../domain/reconcile.ts'
import { meet } from './meet-event.ts'
import type { Pair } from './load-pairs.ts'
import {
  changing,
  creating,
  defer,
  nothing,
  retired,
  writing,
  type PairWork,
  type Setting,
} from './pair-work.ts'

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
  const work = decideMapped(setting, pair, kept)
  const isSaved = work.mappings.some(({ id }) => id === mapping.id)
  return { ...work, mappings: isSaved ? work.mappings : [kept, ...work.mappings], dropIntent: true }
}

function decide(setting: Setting, pair: Pair): PairWork {
  const { mapping, external, entry } = pair
  if (mapping === null) return entry && !external ? meetEntry(setting, pair, entry) : meet(setting, pair)
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
    isInWindow(entry.content.time, window)
  if (!leaves) return pair.mapping ? { ...nothing, mappings: [retired(pair.mapping, now)] } : nothing
  const local: Side = { kind: 'present', content: projectFor(provider.vendor, entry.content) }
  const decision = reconcile(null, local, { kind: 'absent' }, { ...policyOf(setting), writable: true })
  return decision.kind === 'create' ? creating(setting, pair, entry, local.content) : nothing
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
  return decideMapped(setting, pair, { ...mapping, state: 'active', reason: null })
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
  const local = localSide(entry, isAssigned, (content) => projectFor(provider.vendor, content))
  const remote = remoteSide(external)
  const decision = reconcile(baseOf(mapping) ?? sentBase(mapping, local), local, remote, {
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

function carryOut(setting: Setting, pair: Pair, mapping: Mapping, decision: Decision): PairWork {
  const { entry, external } = pair
  const { provider, now } = setting
  const content = external?.content ?? null
  switch (decision.kind) {
    case 'rest':
      return { ...nothing, mappings: withReason(mapping, external) }
    case 'forget':
      return { ...nothing, mappings: [retired(mapping, now)] }
    case 'agree':
      return entry && external && content
        ? { ...nothing, mappings: [agreed(setting, mapping, entry.content, external)] }
        : nothing
    case 'apply': {
      if (!entry || !external) return nothing
      const merged = { ...entry.content, ...decision.fields }
      return {
        ...nothing,
        ...changing(entry, merged, false),
        mappings: [agreed(setting, mapping, merged, external)],
      }
    }
    case 'send':
      return entry && external
        ? { ...nothing, intents: [update(setting, mapping, entry, entry.content, external, decision.fields)] }
        : nothing
    case 'merge':
      return entry && external ? merge(setting, mapping, entry, external, decision) : nothing
    case 'delete-entry':
      return entry ? deleteEntry(setting, pair, mapping, entry) : nothing
    case 'withdraw':
      return withdraw(setting, pair, mapping)
    case 'create':
    case 'recreate':
      return entry ? creating(setting, pair, entry, projectFor(provider.vendor, entry.content)) : nothing
    case 'restore-entry':
      return entry && external && content
        ? {
            ...nothing,
            ...changing(entry, content, false),
            mappings: [agreed(setting, mapping, content, external)],
          }
        : nothing
    case 'import':
      return meet(setting, { ...pair, mapping: null, entry: null })
    case 'conflict':
      return conflict(setting, pair, mapping)
  }
}

/** Both decisions of a merge: what came in is agreed at once, what goes out is once it has been sent. */
function merge(
  setting: Setting,
  mapping: Mapping,
  entry: ScheduleEntry,
  external: ExternalEvent,
  decision: Decision & { kind: 'merge' },
): PairWork {
  const merged = { ...entry.content, ...decision.apply }
  const isChange = Object.keys(decision.apply).length > 0
  const isSend = Object.keys(decision.send).length > 0
  const baseEntry = {
    ...projectFor(setting.provider.vendor, { ...merged }),
    ...keptFields(mapping.baseEntry, decision.send),
  }
  const after = { ...agreed(setting, mapping, merged, external), ...(isSend && { baseEntry }) }
  const sent = { ...entry, version: entry.version + (isChange ? 1 : 0) }
  return {
    ...nothing,
    ...(isChange && changing(entry, merged, false)),
    mappings: [after],
    intents: isSend ? [update(setting, after, sent, merged, external, decision.send)] : [],
  }
}

function keptFields(base: EventContent | null, fields: Partial<EventContent>): Partial<EventContent> {
  if (!base) return {}
  const names = Object.keys(fields) as (keyof EventContent)[]
  return Object.fromEntries(names.map((name) => [name, base[name]]))
}

/** An external deletion: by the only assignee it deletes the entry, by one of several it takes that member off. */
function deleteEntry(setting: Setting, pair: Pair, mapping: Mapping, entry: ScheduleEntry): PairWork {
  const mappings = [retired(mapping, setting.now)]
  // The original of the same meeting lives on in another calendar of this member: it left this one, nobody deleted it.
  const lives = pair.isHeldElsewhere && mapping.origin === 'external'
  if (lives || !isInWindow(entry.content.time, setting.window)) return { ...nothing, mappings }
  const others = pair.assignees.filter((memberId) => memberId !== setting.provider.memberId)
  if (others.length === 0) return { ...nothing, ...changing(entry, entry.content, true), mappings }
  const { events } = changing(entry, entry.content, false)
  return {
    ...nothing,
    change: { id: entry.id, expectedVersion: entry.version, content: entry.content, deleted: false },
    events,
    unassign: true,
    mappings,
  }
}

function withdraw(setting: Setting, pair: Pair, mapping: Mapping): PairWork {
  const { external } = pair
  const isOutside = external?.content && !isInWindow(external.content.time, setting.window)
  if (!external || isOutside) return { ...nothing, mappings: [retired(mapping, setting.now)] }
  return {
    ...nothing,
    mappings: [{ ...mapping, state: 'withdrawing', updatedAt: setting.now }],
    intents: [
      writing(setting, mapping, {
        kind: 'delete',
        fields: {},
        projection: null,
        entryVersion: pair.entry?.version ?? null,
        expectedEtag: external.etag,
      }),
    ],
  }
}

function conflict(setting: Setting, pair: Pair, mapping: Mapping): PairWork {
  const { entry, external } = pair
  if (!entry) return nothing
  const id = setting.newId()
  return {
    ...nothing,
    mappings: [{ ...mapping, state: 'conflict', updatedAt: setting.now }],
    conflict: {
      id,
      tenantId: mapping.tenantId,
      mappingId: mapping.id,
      providerId: mapping.providerId,
      entryId: entry.id,
      base: mapping.baseEntry,
      schedule: entry.deletedAt === null ? entry.content : null,
      external: external && !external.deleted ? external.content : null,
      entryVersion: entry.version,
      externalRevision: external?.revision ?? 0,
      resolution: null,
      detectedAt: setting.now,
      resolvedAt: null,
    },
    count: 'conflicts',
  }
}

function update(
  setting: Setting,
  mapping: Mapping,
  entry: ScheduleEntry,
  content: EventContent,
  external: ExternalEvent,
  fields: Partial<EventContent>,
) {
  return writing(setting, mapping, {
    kind: 'update',
    fields,
    projection: projectFor(setting.provider.vendor, content),
    entryVersion: entry.version,
    expectedEtag: external.etag,
  })
}

function agreed(setting: Setting, mapping: Mapping, content: EventContent, external: ExternalEvent): Mapping {
  return {
    ...mapping,
    state: 'active',
    reason: external.readOnly,
    baseEntry: projectFor(setting.provider.vendor, content),
    baseExternal: external.content,
    updatedAt: setting.now,
  }
}

const withReason = (mapping: Mapping, external: ExternalEvent | null): Mapping[] =>
  external && mapping.reason !== external.readOnly ? [{ ...mapping, reason: external.readOnly }] : []

/** A pair that is no longer kept the same has nothing left to decide. */
const ending = (mapping: Mapping): Pick<PairWork, 'closeConflict'> => ({
  closeConflict: mapping.state === 'conflict' ? 'ended' : null,
})

const policyOf = ({ provider }: Setting) => ({
  direction: provider.direction,
  conflicts: provider.policies.conflicts,
})

const baseOf = (mapping: Mapping): Base | null =>
  mapping.baseEntry && mapping.baseExternal
    ? { entry: mapping.baseEntry, external: mapping.baseExternal }
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
