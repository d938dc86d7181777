import type { ExternalEvent } from '../db/external-events.ts'
import type { Mapping } from '../db/mappings.ts'
import type { ScheduleEntry } from '../db/schedule-entries.ts'
import type { EventContent } from '../domain/event.ts'
import { flowsIn } from '../domain/policy.ts'
import { projectFor } from '../domain/projection.ts'
import { reachesInto, withoutExclusions } from '../domain/series.ts'
import type { Pair } from './load-pairs.ts'
import {
  changing,
  comparable,
  defer,
  newMapping,
  nothing,
  retired,
  withOwnWords,
  writing,
  type PairWork,
  type Setting,
} from './pair-work.ts'

/** Why an original is not linked yet; the end of the conflict marks it. */
export const waitsForDecision = 'Our copy of this meeting is in conflict: it is linked once that is decided.'

/** An external event without a pair: our own write coming back, a meeting its member has already, or something new. */
export function meet(setting: Setting, pair: Pair): PairWork {
  const { external } = pair
  if (!external || external.deleted || pair.couldBeOurs) return pair.couldBeOurs ? defer : nothing
  if (pair.madeBy) return recognise(setting, external, pair.madeBy)
  if (external.entersAs === 'none') return nothing
  if (!external.content) return unsupported(setting, external)
  if (!reachesInto(external.content, setting.window)) return nothing
  const unpaired = { mapping: null, isBeingWritten: false }
  const meeting = pair.entry ? { entry: pair.entry, assignees: pair.assignees, ...unpaired } : pair.meeting
  if (meeting) return meetAgain(setting, meeting, external, external.content)
  return flowsIn(setting.provider.direction) && setting.provider.policies.enters !== 'none'
    ? importEvent(setting, external, external.content, external.icalUid)
    : nothing
}

/** A create of ours made this one: its pair takes it up, as it was sent, so that an edit made since is seen as one. */
function recognise(setting: Setting, external: ExternalEvent, made: NonNullable<Pair['madeBy']>): PairWork {
  const { intent, mapping } = made
  if (intent.state === 'sent' || intent.state === 'planned') return defer
  if (!intent.projection || mapping.entryId === null) return nothing
  // It arrived so late that the entry has another copy by now, or is about to get one.
  const isWaiting = mapping.state === 'retired' || mapping.state === 'unsupported'
  if (made.isReplaced || !isWaiting) return withdrawStray(setting, mapping, external)
  return {
    ...nothing,
    mappings: [
      {
        ...mapping,
        externalId: external.externalId,
        state: 'active',
        baseEntry: intent.projection,
        baseExternal: intent.projection,
        updatedAt: setting.now,
      },
    ],
    markAgain: { kind: 'entry', subjectId: mapping.entryId },
  }
}

function withdrawStray(setting: Setting, mapping: Mapping, external: ExternalEvent): PairWork {
  const stray = newMapping(setting, {
    entryId: mapping.entryId,
    externalId: external.externalId,
    origin: 'schedule',
    state: 'withdrawing',
    generation: mapping.generation,
  })
  const removal = {
    kind: 'delete' as const,
    fields: {},
    projection: null,
    entryVersion: null,
    expectedEtag: external.etag,
  }
  return { ...nothing, mappings: [stray], intents: [writing(setting, stray, removal)] }
}

function unsupported(setting: Setting, external: ExternalEvent): PairWork {
  if (!flowsIn(setting.provider.direction)) return nothing
  const mapping = newMapping(setting, {
    externalId: external.externalId,
    origin: 'external',
    state: 'unsupported',
    reason: external.problem,
  })
  return { ...nothing, mappings: [mapping], count: 'unsupported' }
}

/** The same meeting in another of the member's calendars, or an event that moved here from one: one entry, linked. */
function meetAgain(
  setting: Setting,
  meeting: NonNullable<Pair['meeting']>,
  external: ExternalEvent,
  content: EventContent,
): PairWork {
  const { entry, mapping: here } = meeting
  // Released: the member was taken off this entry, and their own event stays theirs alone.
  if (!meeting.assignees.includes(setting.provider.memberId)) return nothing
  // A person is yet to decide about our copy: until then the two stand beside each other.
  if (here?.state === 'conflict') return waiting(setting, external)
  if (entry.deletedAt !== null) return meetDeleted(setting, meeting, external, content)
  if (!here) return link(setting, entry, external, content)
  if (here.origin === 'external') return importEvent(setting, external, content, null)
  // A copy that the vendor refused never came to be: the original takes its place at once.
  if (here.state === 'unsupported' && here.externalId === null) {
    const linked = link(setting, entry, external, content)
    return { ...linked, mappings: [retired(here, setting.now), ...linked.mappings] }
  }
  if (here.state !== 'active' || here.externalId === null || meeting.isBeingWritten) return defer
  // Our copy is in the way of the original that moved here: the copy goes, the original takes its place.
  const linked = link(setting, entry, external, content)
  return {
    ...linked,
    mappings: [{ ...here, state: 'withdrawing', updatedAt: setting.now }, ...linked.mappings],
    intents: [
      writing(setting, here, {
        kind: 'delete',
        fields: {},
        projection: null,
        entryVersion: entry.version,
        expectedEtag: null,
      }),
    ],
  }
}

function waiting(setting: Setting, external: ExternalEvent): PairWork {
  const mapping = newMapping(setting, {
    externalId: external.externalId,
    origin: 'external',
    state: 'unsupported',
    reason: waitsForDecision,
  })
  return { ...nothing, mappings: [mapping], count: 'unsupported' }
}

/** Gone from another calendar and here now: it moved. What a person deleted in the schedule is not brought back. */
function meetDeleted(
  setting: Setting,
  { entry, mapping: here }: NonNullable<Pair['meeting']>,
  external: ExternalEvent,
  content: EventContent,
): PairWork {
  // Our copy of it is still here and goes first: the entry's deletion is marked.
  if (here) return here.origin === 'schedule' ? defer : nothing
  if (entry.changedBy.kind !== 'provider' || !flowsIn(setting.provider.direction)) return nothing
  const restored = withOwnWords(external, content, entry.content)
  const linked = link(setting, { ...entry, content: restored }, external, content)
  return { ...linked, ...changing(entry, restored, false) }
}

function link(
  setting: Setting,
  entry: ScheduleEntry,
  external: ExternalEvent,
  content: EventContent,
): PairWork {
  const mapping = newMapping(setting, {
    entryId: entry.id,
    externalId: external.externalId,
    origin: 'external',
    state: 'active',
    reason: external.readOnly,
    baseEntry: comparable(external, projectFor(setting.provider.vendor, entry.content)),
    baseExternal: content,
  })
  return { ...nothing, mappings: [mapping] }
}

function importEvent(
  setting: Setting,
  external: ExternalEvent,
  content: EventContent,
  icalUid: string | null,
): PairWork {
  const { provider } = setting
  const id = setting.newId()
  const mapping = newMapping(setting, {
    entryId: id,
    externalId: external.externalId,
    origin: 'external',
    state: 'active',
    reason: external.readOnly,
    baseEntry: projectFor(provider.vendor, content),
    baseExternal: content,
  })
  return {
    ...nothing,
    insert: {
      id,
      tenantId: provider.tenantId,
      externalRef: null,
      content: withoutExclusions(content),
      status: 'scheduled',
      ownerId: provider.memberId,
      icalUid,
      assignees: [provider.memberId],
    },
    mappings: [mapping],
    events: [{ type: 'SCHEDULE_ENTRY_CREATED', subjectId: id, version: 1 }],
    count: 'entriesCreated',
  }
}
