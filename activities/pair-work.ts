import type { Conflict } from '../db/conflicts.ts'
import type { EntryChange, NewEntry } from '../db/entry-writes.ts'
import type { ExternalEvent } from '../db/external-events.ts'
import type { NewIntent } from '../db/intents.ts'
import type { Mapping } from '../db/mappings.ts'
import type { OverrideMove } from '../db/overrides.ts'
import type { OutboxType } from '../db/outbox.ts'
import type { PendingKind } from '../db/pending.ts'
import type { Provider } from '../db/providers.ts'
import type { RunCounts } from '../db/runs.ts'
import type { Cause, ScheduleEntry } from '../db/schedule-entries.ts'
import type { LosingSide } from '../domain/brake.ts'
import { redacted, type EventContent } from '../domain/event.ts'
import type { SyncWindow } from '../domain/policy.ts'
import { excludedSlots, excluding, overrideMoves, withoutExclusions } from '../domain/series.ts'
import { idempotencyKey } from './idempotency-key.ts'
import type { Pair } from './load-pairs.ts'

/** What a decision writes, as values: applied together or not at all. */
export interface PairWork {
  /** Leave the marks: the facts are not ready for a decision. */
  deferred: boolean
  /** Decide again behind what it waits for. */
  waits: boolean
  insert: NewEntry | null
  change: EntryChange | null
  /** Overrides of the changed series that go with their slots. */
  moves: OverrideMove[]
  /** Overrides of the changed series that take over what changed. */
  follows: EntryChange[]
  /** Takes this member off the entry; the entry stays. */
  unassign: boolean
  /** Puts this member back on the entry. */
  assign: boolean
  /** The side that loses its event by this, which the safety brake counts. Not set where another copy takes its place. */
  loses: LosingSide | null
  /** The safety brake's word on that loss. */
  brake: 'counted' | 'held' | null
  /** Whose change of the entry this is, when a person decided it. */
  by: Cause | null
  mappings: Mapping[]
  intents: NewIntent[]
  dropIntent: boolean
  conflict: Conflict | null
  closeConflict: 'agreed' | 'ended' | null
  /** The pair was taken up anew: it is decided again on the new facts. */
  markAgain: { kind: PendingKind; subjectId: string } | null
  events: { type: OutboxType; subjectId: string; version: number }[]
  count: Exclude<keyof RunCounts, 'pages' | 'observed' | 'sent'> | null
}

export const nothing: PairWork = {
  deferred: false,
  waits: false,
  insert: null,
  change: null,
  moves: [],
  follows: [],
  unassign: false,
  assign: false,
  loses: null,
  brake: null,
  by: null,
  mappings: [],
  intents: [],
  dropIntent: false,
  conflict: null,
  closeConflict: null,
  markAgain: null,
  events: [],
  count: null,
}
export const defer: PairWork = { ...nothing, deferred: true }

/** What every decision of one batch has in common. */
export interface Setting {
  provider: Provider
  window: SyncWindow
  now: Date
  newId(): string
  /** Why this vendor cannot hold an event; null when it can. */
  unsupported(this: void, content: EventContent): string | null
  restoresOccurrences: boolean
}

export function newMapping(
  setting: Setting,
  fields: Partial<Mapping> & Pick<Mapping, 'origin' | 'state'>,
): Mapping {
  return {
    id: setting.newId(),
    tenantId: setting.provider.tenantId,
    providerId: setting.provider.id,
    entryId: null,
    externalId: null,
    reason: null,
    baseEntry: null,
    baseExternal: null,
    generation: 1,
    updatedAt: setting.now,
    ...fields,
  }
}

/** Our copy is decided: the pair exists before the vendor is asked, under a key that makes the create happen once. */
export function creating(
  setting: Setting,
  pair: Pair,
  entry: ScheduleEntry,
  projection: EventContent,
): PairWork {
  const { provider, now } = setting
  const reason = setting.unsupported(projection)
  if (reason !== null) return unsupportedEntry(setting, pair, entry, reason)
  const generation = Math.max(pair.lastGeneration, pair.mapping?.generation ?? 0) + 1
  const mapping = newMapping(setting, {
    ...(pair.mapping && { id: pair.mapping.id }),
    entryId: entry.id,
    origin: 'schedule',
    state: 'creating',
    generation,
  })
  const key = idempotencyKey(provider.vendor, mapping.id, generation)
  // Google takes the slots left out together with the rule; Graph is told of each once it knows the series.
  const whole = provider.vendor === 'google' ? excluding(projection, leftOutSlots(pair)) : projection
  return {
    ...nothing,
    mappings: [{ ...mapping, externalId: provider.vendor === 'google' ? key : null }],
    intents: [
      {
        id: setting.newId(),
        tenantId: provider.tenantId,
        providerId: provider.id,
        mappingId: mapping.id,
        kind: 'create',
        idempotencyKey: key,
        fields: whole,
        projection: whole,
        entryVersion: entry.version,
        expectedEtag: null,
        createdAt: now,
      },
    ],
  }
}

/** The slots that the schedule leaves out of a series. */
export const leftOutSlots = ({ overrides }: Pick<Pair, 'overrides'>): string[] =>
  overrides.flatMap((override) => (override.deletedAt ? (override.originalStart ?? []) : []))

/** A rule that goes to Google as a whole carries the slots left out on either side, or they would be back. */
export function withLeftOut(
  fields: Partial<EventContent>,
  projection: EventContent,
  pair: Pick<Pair, 'overrides' | 'external'>,
): Partial<EventContent> {
  if (!fields.recurrence) return fields
  const slots = [
    ...leftOutSlots(pair),
    ...(pair.external?.content ? excludedSlots(pair.external.content) : []),
  ]
  return { ...fields, recurrence: excluding(projection, slots).recurrence }
}

/** What the vendor cannot say is not sent, never approximated: the pair says why. */
function unsupportedEntry(setting: Setting, pair: Pair, entry: ScheduleEntry, reason: string): PairWork {
  const mapping = newMapping(setting, {
    ...(pair.mapping && { id: pair.mapping.id, generation: pair.mapping.generation }),
    entryId: entry.id,
    origin: 'schedule',
    state: 'unsupported',
    reason,
  })
  const isKnown = pair.mapping?.state === 'unsupported' && pair.mapping.reason === reason
  return isKnown ? nothing : { ...nothing, mappings: [mapping], count: 'unsupported' }
}

/** A write to a copy that exists. `projection` is the entry as it will have been sent. */
export function writing(
  setting: Setting,
  mapping: Mapping,
  write: Pick<NewIntent, 'kind' | 'fields' | 'projection' | 'entryVersion' | 'expectedEtag'>,
): NewIntent {
  const { provider, now } = setting
  return {
    id: setting.newId(),
    tenantId: provider.tenantId,
    providerId: provider.id,
    mappingId: mapping.id,
    idempotencyKey: idempotencyKey(provider.vendor, mapping.id, mapping.generation),
    createdAt: now,
    ...write,
  }
}

/** A change of an entry. The slots a series leaves out are said by overrides, never by the series. */
export function changing(
  entry: ScheduleEntry,
  wished: EventContent,
  deleted: boolean,
  overrides: ScheduleEntry[] = [],
): Pick<PairWork, 'change' | 'moves' | 'events' | 'count'> {
  const content = withoutExclusions(wished)
  return {
    change: { id: entry.id, expectedVersion: entry.version, content, deleted },
    moves: overrideMoves(entry.content, content, overrides),
    events: [
      {
        type: deleted ? 'SCHEDULE_ENTRY_DELETED' : 'SCHEDULE_ENTRY_UPDATED',
        subjectId: entry.id,
        version: entry.version + 1,
      },
    ],
    count: deleted ? 'entriesDeleted' : 'entriesUpdated',
  }
}

/**
 * What of a pair's entry is held beside an event that enters without its words: the two are compared without words, so that
 * neither side's ever overwrite the other's.
 */
export function comparable<Content extends EventContent | null>(
  external: Pick<ExternalEvent, 'entersAs'> | null,
  content: Content,
): Content | EventContent {
  return content !== null && external?.entersAs === 'busy' ? redacted(content) : content
}

/** An event that enters without its words leaves the entry those it has. */
export function withOwnWords(
  external: Pick<ExternalEvent, 'entersAs'>,
  content: EventContent,
  { title, body, location }: EventContent,
): EventContent {
  return external.entersAs === 'busy' ? { ...content, title, body, location } : content
}

export const retired = (mapping: Mapping, now: Date, reason: string | null = null): Mapping => ({
  ...mapping,
  state: 'retired',
  reason,
  baseEntry: null,
  baseExternal: null,
  updatedAt: now,
})
