import type { Conflict } from '../db/conflicts.ts'
import type { ExternalEvent } from '../db/external-events.ts'
import type { Mapping } from '../db/mappings.ts'
import type { ScheduleEntry } from '../db/schedule-entries.ts'
import { repeats, type EventContent } from '../domain/event.ts'
import { projectFor } from '../domain/projection.ts'
import { reachesInto } from '../domain/series.ts'
import { editOf, type Decision } from '../domain/reconcile.ts'
import { bringBackHere, bringBackThere, isRefused } from './bring-back.ts'
import { followSeries } from './follow-series.ts'
import type { Pair } from './load-pairs.ts'
import { meet } from './meet-event.ts'
import {
  changing,
  comparable,
  creating,
  nothing,
  retired,
  withLeftOut,
  withOwnWords,
  writing,
  type PairWork,
  type Setting,
} from './pair-work.ts'

/** Turns a decision about a pair into the rows and writes that carry it out. */
export function carryOut(setting: Setting, pair: Pair, mapping: Mapping, decision: Decision): PairWork {
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
        ...takingIn(pair, mapping, entry, merged, decision.fields),
        mappings: [agreed(setting, mapping, merged, external)],
      }
    }
    case 'send':
      return entry && external
        ? sending(setting, pair, mapping, {
            entry,
            content: entry.content,
            external,
            fields: decision.fields,
          })
        : nothing
    case 'merge':
      return entry && external ? merge(setting, pair, mapping, entry, external, decision) : nothing
    case 'delete-entry':
      return entry ? deleteEntry(setting, pair, mapping, entry) : nothing
    case 'withdraw':
      return withdraw(setting, pair, mapping)
    case 'create':
    case 'recreate':
      return entry ? creating(setting, pair, entry, projectFor(provider.vendor, entry.content)) : nothing
    case 'restore-entry':
      if (!entry || !external || !content) return nothing
      if (entry.deletedAt === null) return takeFromCopy(setting, pair, mapping, entry, external)
      return {
        ...nothing,
        ...changing(entry, withOwnWords(external, content, entry.content), false, pair.overrides),
        mappings: [agreed(setting, mapping, content, external)],
      }
    case 'import':
      return meet(setting, { ...pair, mapping: null, entry: null })
    case 'conflict':
      return conflict(setting, pair, mapping)
  }
}

/** Both decisions of a merge: what came in is agreed at once, what goes out is once it has been sent. */
function merge(
  setting: Setting,
  pair: Pair,
  mapping: Mapping,
  entry: ScheduleEntry,
  external: ExternalEvent,
  decision: Decision & { kind: 'merge' },
): PairWork {
  const merged = { ...entry.content, ...decision.apply }
  const isChange = Object.keys(decision.apply).length > 0
  const isSend = Object.keys(decision.send).length > 0
  const baseEntry = {
    ...comparable(external, projectFor(setting.provider.vendor, { ...merged })),
    ...keptFields(mapping.baseEntry, decision.send),
  }
  const after = { ...agreed(setting, mapping, merged, external), ...(isSend && { baseEntry }) }
  const sent = { ...entry, version: entry.version + (isChange ? 1 : 0) }
  const taken = isChange ? takingIn(pair, mapping, entry, merged, decision.apply) : {}
  if (!isSend) return { ...nothing, ...taken, mappings: [after] }
  const fields = decision.send
  const work = sending(setting, pair, after, { entry: sent, content: merged, external, fields })
  return { ...work, ...taken, mappings: work.mappings.length > 0 ? work.mappings : [after] }
}

/**
 * The member was taken off an entry whose copy they had just edited: the entry lives on and takes the edit, and then the copy
 * goes, for who is assigned is the schedule's own.
 */
function takeFromCopy(
  setting: Setting,
  pair: Pair,
  mapping: Mapping,
  entry: ScheduleEntry,
  external: ExternalEvent,
): PairWork {
  const content = external.content ?? entry.content
  const before = comparable(external, mapping.baseExternal) ?? content
  const edit = editOf(before, content, repeats(entry.content) || repeats(content))
  const merged = { ...entry.content, ...edit }
  // What the copy never heard stays to be sent: the member may be put back before it goes.
  const ours = comparable(external, projectFor(setting.provider.vendor, merged))
  const baseEntry = mapping.baseEntry && { ...mapping.baseEntry, ...keptFields(ours, edit) }
  return {
    ...nothing,
    ...takingIn(pair, mapping, entry, merged, edit),
    mappings: [{ ...agreed(setting, mapping, merged, external), baseEntry }],
    markAgain: { kind: 'entry', subjectId: entry.id },
  }
}

/** The entry takes fields of theirs, and so do the occurrences of a series that are plain there. */
function takingIn(
  pair: Pair,
  mapping: Mapping,
  entry: ScheduleEntry,
  merged: EventContent,
  fields: Partial<EventContent>,
): Pick<PairWork, 'change' | 'moves' | 'follows' | 'events' | 'count'> {
  const changed = changing(entry, merged, false, pair.overrides)
  const { follows, events } = followSeries(pair, mapping, entry.content, fields)
  return { ...changed, follows, events: [...changed.events, ...events] }
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
  if (lives || !reachesInto(entry.content, setting.window)) return { ...nothing, mappings }
  if (isRefused(pair, 'schedule')) return bringBackThere(setting, pair, mapping, entry)
  const loses = 'schedule' as const
  const others = pair.assignees.filter((memberId) => memberId !== setting.provider.memberId)
  if (others.length === 0) return { ...nothing, ...changing(entry, entry.content, true), loses, mappings }
  const { events } = changing(entry, entry.content, false)
  return {
    ...nothing,
    change: { id: entry.id, expectedVersion: entry.version, content: entry.content, deleted: false },
    events,
    unassign: true,
    loses,
    mappings,
  }
}

function withdraw(setting: Setting, pair: Pair, mapping: Mapping): PairWork {
  const { external } = pair
  const isOutside = external?.content && !reachesInto(external.content, setting.window)
  if (!external || isOutside) return { ...nothing, mappings: [retired(mapping, setting.now)] }
  if (isRefused(pair, 'external')) return bringBackHere(setting, pair, mapping)
  return {
    ...nothing,
    loses: 'external',
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
  return {
    ...nothing,
    mappings: [{ ...mapping, state: 'conflict', updatedAt: setting.now }],
    conflict: conflictOf(setting, mapping, entry, external, mapping.baseEntry),
    count: 'conflicts',
  }
}

/** Base and both sides as a person will review them. */
export function conflictOf(
  setting: Setting,
  mapping: Mapping,
  entry: ScheduleEntry,
  external: ExternalEvent | null,
  base: EventContent | null,
): Conflict {
  return {
    id: setting.newId(),
    tenantId: mapping.tenantId,
    mappingId: mapping.id,
    providerId: mapping.providerId,
    entryId: entry.id,
    base,
    schedule: entry.deletedAt === null ? entry.content : null,
    external: external && !external.deleted ? external.content : null,
    entryVersion: entry.version,
    externalRevision: external?.revision ?? 0,
    scheduleBy: entry.changedBy,
    scheduleAt: entry.updatedAt,
    externalAt: external?.observedAt ?? null,
    resolution: null,
    resolvedBy: null,
    reason: null,
    detectedAt: setting.now,
    resolvedAt: null,
  }
}

/** A write of these fields, unless the vendor cannot hold what they say. */
function sending(
  setting: Setting,
  pair: Pair,
  mapping: Mapping,
  write: {
    entry: ScheduleEntry
    content: EventContent
    external: ExternalEvent
    fields: Partial<EventContent>
  },
): PairWork {
  const { vendor } = setting.provider
  const projection = projectFor(vendor, write.content)
  const reason = write.fields.recurrence ? setting.unsupported(projection) : null
  if (reason !== null) {
    const why = `${reason} The calendar keeps the series as it was.`
    return {
      ...nothing,
      mappings: [{ ...mapping, state: 'unsupported', reason: why, updatedAt: setting.now }],
      count: 'unsupported',
    }
  }
  const intent = writing(setting, mapping, {
    kind: 'update',
    fields: vendor === 'google' ? withLeftOut(write.fields, projection, pair) : write.fields,
    projection: comparable(write.external, projection),
    entryVersion: write.entry.version,
    expectedEtag: write.external.etag,
  })
  return { ...nothing, intents: [intent] }
}

/** The pair as both sides have it now: the new base. */
export function agreed(
  setting: Setting,
  mapping: Mapping,
  content: EventContent,
  external: ExternalEvent,
): Mapping {
  return {
    ...mapping,
    state: 'active',
    reason: external.readOnly,
    baseEntry: comparable(external, projectFor(setting.provider.vendor, content)),
    baseExternal: external.content,
    updatedAt: setting.now,
  }
}

const withReason = (mapping: Mapping, external: ExternalEvent | null): Mapping[] =>
  external && mapping.reason !== external.readOnly ? [{ ...mapping, reason: external.readOnly }] : []

/** A pair that is no longer kept the same has nothing left to decide. */
export const ending = (mapping: Mapping): Pick<PairWork, 'closeConflict'> => ({
  closeConflict: mapping.state === 'conflict' ? 'ended' : null,
})
