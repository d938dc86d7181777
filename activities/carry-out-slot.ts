import type { Mapping } from '../db/mappings.ts'
import { contentFields, type EventContent } from '../domain/event.ts'
import { projectFor } from '../domain/projection.ts'
import type { Base, Decision } from '../domain/reconcile.ts'
import { excludedSlots, excluding } from '../domain/series.ts'
import { slotId } from '../providers/port.ts'
import { conflictOf } from './carry-out.ts'
import { shownAs, type SeriesPair, type SlotPair } from './load-slots.ts'
import {
  changing,
  comparable,
  newMapping,
  nothing,
  retired,
  withOwnWords,
  writing,
  type PairWork,
  type Setting,
} from './pair-work.ts'

/** What the series shows at a slot on either side as long as nobody changes it, and what it showed when both agreed. */
export interface PlainOccurrence {
  local: EventContent
  remote: EventContent
  base: Base
}

/** Turns a decision about one occurrence into the rows and writes that carry it out. */
export function carryOutSlot(
  setting: Setting,
  pair: SlotPair,
  series: SeriesPair,
  plain: PlainOccurrence,
  decision: Decision,
): PairWork {
  const mapping = pair.mapping ?? occurrenceMapping(setting, pair, series)
  if (mapping.state === 'conflict') return whilePaused(setting, pair, plain, mapping, decision)
  const at = { setting, pair, series, plain, mapping }
  const local = pair.entry && pair.entry.deletedAt === null ? pair.entry.content : plain.local
  const remote = pair.external?.content ?? plain.remote
  switch (decision.kind) {
    case 'rest':
      return nothing
    case 'forget':
      return { ...nothing, mappings: [leftOut(setting, mapping, pair.entry?.id ?? null)] }
    case 'agree':
      return isChanged(pair) ? { ...nothing, mappings: [agreed(at, local, remote)] } : nothing
    case 'apply':
      return takeOver(at, { ...local, ...decision.fields }, remote)
    case 'import':
    case 'restore-entry':
      return takeOver(at, withOwnWords(shownAs(pair, series), remote, local), remote)
    case 'send':
      return send(at, local, decision.fields, mapping)
    case 'merge': {
      const merged = { ...local, ...decision.apply }
      if (Object.keys(decision.send).length === 0) return takeOver(at, merged, remote)
      // What comes in is taken first; what goes out is decided on it again, and then one side alone has moved.
      const taken = takeOver(at, merged, remote)
      return {
        ...taken,
        mappings: taken.mappings.map((row) => withoutSent(row, mapping, plain, decision.send)),
        markAgain: pair.entry && { kind: 'entry', subjectId: pair.entry.id },
      }
    }
    case 'create':
    case 'recreate':
      return bringBack(at, local)
    case 'delete-entry':
      return leaveOut(at)
    case 'withdraw':
      return {
        ...nothing,
        mappings: [{ ...mapping, state: 'withdrawing', updatedAt: setting.now }],
        intents: [
          writing(setting, mapping, {
            kind: 'delete',
            fields: {},
            projection: null,
            entryVersion: pair.entry?.version ?? null,
            expectedEtag: pair.external?.etag ?? null,
          }),
        ],
      }
    case 'conflict':
      return pair.entry
        ? {
            ...nothing,
            mappings: [{ ...mapping, state: 'conflict', updatedAt: setting.now }],
            conflict: conflictOf(
              setting,
              mapping,
              pair.entry,
              pair.external,
              mapping.baseEntry ?? plain.base.entry,
            ),
            count: 'conflicts',
          }
        : nothing
  }
}

interface At {
  setting: Setting
  pair: SlotPair
  series: SeriesPair
  plain: PlainOccurrence
  mapping: Mapping
}

/** Whether anything sets this slot apart from its series. */
const isChanged = ({ entry, external }: SlotPair): boolean => entry !== null || external !== null

function occurrenceMapping(setting: Setting, pair: SlotPair, series: SeriesPair): Mapping {
  return newMapping(setting, {
    entryId: pair.entry?.id ?? null,
    externalId: slotId(series.external.externalId, pair.slot),
    origin: series.mapping.origin,
    state: 'active',
  })
}

/** Until a person decides, no run touches it; sides that came to agree by themselves end it. */
function whilePaused(
  setting: Setting,
  pair: SlotPair,
  plain: PlainOccurrence,
  mapping: Mapping,
  decision: Decision,
): PairWork {
  if (decision.kind === 'forget') {
    return { ...nothing, mappings: [leftOut(setting, mapping, mapping.entryId)], closeConflict: 'agreed' }
  }
  if (decision.kind !== 'agree' || !pair.entry) return nothing
  const remote = pair.external?.content ?? plain.remote
  const rested = { ...mapping, state: 'active' as const, updatedAt: setting.now }
  return {
    ...nothing,
    mappings: [
      { ...rested, baseEntry: projectFor(setting.provider.vendor, pair.entry.content), baseExternal: remote },
    ],
    closeConflict: 'agreed',
  }
}

/** The schedule takes what the vendor shows: an override that was not there is made. */
function takeOver(at: At, content: EventContent, remote: EventContent): PairWork {
  const { setting, pair, mapping } = at
  if (pair.entry) {
    return {
      ...nothing,
      ...changing(pair.entry, content, false),
      mappings: [agreed(at, content, remote)],
    }
  }
  const id = setting.newId()
  return {
    ...nothing,
    insert: override(at, id, content, false),
    mappings: [{ ...agreed(at, content, remote), id: mapping.id, entryId: id }],
    events: [{ type: 'SCHEDULE_ENTRY_CREATED', subjectId: id, version: 1 }],
    count: 'entriesUpdated',
  }
}

/** The vendor left the slot out: so does the schedule, unless others are still to come. */
function leaveOut(at: At): PairWork {
  const { setting, pair, series, plain, mapping } = at
  if (series.assignees.some((memberId) => memberId !== setting.provider.memberId)) {
    const reason = 'Deleted in this calendar: the others who are assigned keep it.'
    return { ...nothing, mappings: [{ ...mapping, state: 'unsupported', reason, updatedAt: setting.now }] }
  }
  if (pair.entry) {
    return {
      ...nothing,
      ...changing(pair.entry, pair.entry.content, true),
      mappings: [leftOut(setting, mapping, pair.entry.id)],
    }
  }
  const id = setting.newId()
  return {
    ...nothing,
    insert: override(at, id, plain.local, true),
    mappings: [leftOut(setting, mapping, id)],
    events: [{ type: 'SCHEDULE_ENTRY_DELETED', subjectId: id, version: 1 }],
    count: 'entriesDeleted',
  }
}

function override({ setting, pair, series }: At, id: string, content: EventContent, deleted: boolean) {
  const { provider } = setting
  return {
    id,
    tenantId: provider.tenantId,
    externalRef: null,
    content,
    status: series.entry.status,
    ownerId: null,
    icalUid: null,
    override: { seriesId: series.entry.id, originalStart: pair.slot, deleted },
    assignees: [],
  }
}

function send(at: At, local: EventContent, fields: Partial<EventContent>, mapping: Mapping): PairWork {
  const { setting, pair } = at
  const intent = writing(setting, mapping, {
    kind: 'update',
    fields,
    projection: comparable(shownAs(pair, at.series), projectFor(setting.provider.vendor, local)),
    entryVersion: pair.entry?.version ?? null,
    expectedEtag: pair.external?.etag ?? null,
  })
  return { ...nothing, mappings: pair.mapping ? [] : [paused(mapping)], intents: [intent] }
}

/** A pair whose first write is on its way: what both sides agreed on so far is the series. */
const paused = (mapping: Mapping): Mapping => ({ ...mapping, state: 'creating' })

function bringBack(at: At, local: EventContent): PairWork {
  const { setting, mapping } = at
  if (!setting.restoresOccurrences) {
    const reason = 'Outlook cannot bring back a single occurrence that was deleted there.'
    return {
      ...nothing,
      mappings: [{ ...mapping, state: 'unsupported', reason, updatedAt: setting.now }],
      count: 'unsupported',
    }
  }
  if (isExcluded(at)) return includeAgain(at)
  const { recurrence: _none, ...fields } = projectFor(setting.provider.vendor, local)
  return send(at, local, fields, mapping)
}

const isExcluded = ({ series, pair }: At): boolean =>
  series.external.content !== null && excludedSlots(series.external.content).includes(pair.slot)

/** The series itself names the slot as left out (EXDATE): it is told otherwise first, and the occurrence follows then. */
function includeAgain({ setting, pair, series, mapping }: At): PairWork {
  const { external, entry } = series
  const projection = projectFor(setting.provider.vendor, entry.content)
  const exclusions = external.content ? excludedSlots(external.content) : []
  const rest = exclusions.filter((slot) => slot !== pair.slot)
  const { time, recurrence } = excluding(projection, rest)
  const intent = writing(setting, series.mapping, {
    kind: 'update',
    fields: { time, recurrence },
    projection,
    entryVersion: entry.version,
    expectedEtag: external.etag,
  })
  return { ...nothing, mappings: pair.mapping ? [retired(mapping, setting.now)] : [], intents: [intent] }
}

/** Both sides leave the slot out: that is what they agree on. */
const leftOut = (setting: Setting, mapping: Mapping, entryId: string | null): Mapping => ({
  ...mapping,
  entryId,
  state: 'active',
  reason: null,
  baseEntry: null,
  baseExternal: null,
  updatedAt: setting.now,
})

function agreed(
  { setting, pair, series, mapping }: At,
  content: EventContent,
  remote: EventContent,
): Mapping {
  const shown = shownAs(pair, series)
  return {
    ...mapping,
    entryId: pair.entry?.id ?? mapping.entryId,
    state: 'active',
    reason: pair.external?.readOnly ?? null,
    baseEntry: comparable(shown, projectFor(setting.provider.vendor, content)),
    baseExternal: comparable(shown, remote),
    updatedAt: setting.now,
  }
}

/** The base without what is yet to be sent, so that it is seen as the schedule's edit. */
function withoutSent(
  row: Mapping,
  before: Mapping,
  plain: PlainOccurrence,
  fields: Partial<EventContent>,
): Mapping {
  const old = before.baseEntry ?? plain.base.entry
  const kept = contentFields.filter((field) => field in fields)
  const unsent = Object.fromEntries(kept.map((field) => [field, old[field]]))
  return row.baseEntry ? { ...row, baseEntry: { ...row.baseEntry, ...unsent } } : row
}
