import type { Conflict } from '../db/conflicts.ts'
import type { EntryChange, NewEntry } from '../db/entry-writes.ts'
import type { NewIntent } from '../db/intents.ts'
import type { Mapping } from '../db/mappings.ts'
import type { OutboxType } from '../db/outbox.ts'
import type { PendingKind } from '../db/pending.ts'
import type { Provider } from '../db/providers.ts'
import type { ScheduleEntry } from '../db/schedule-entries.ts'
import type { EventContent } from '../domain/event.ts'
import type { SyncWindow } from '../domain/policy.ts'
import { idempotencyKey } from './idempotency-key.ts'
import type { Pair } from './load-pairs.ts'

/** What a decision writes, as values: applied together or not at all. */
export interface PairWork {
  /** Leave the marks: the facts are not ready for a decision. */
  deferred: boolean
  insert: NewEntry | null
  change: EntryChange | null
  /** Takes this member off the entry; the entry stays. */
  unassign: boolean
  mappings: Mapping[]
  intents: NewIntent[]
  dropIntent: boolean
  conflict: Conflict | null
  closeConflict: Conflict['resolution']
  /** The pair was taken up anew: it is decided again on the new facts. */
  markAgain: { kind: PendingKind; subjectId: string } | null
  events: { type: OutboxType; subjectId: string; version: number }[]
  count: 'entriesCreated' | 'entriesUpdated' | 'entriesDeleted' | 'conflicts' | 'unsupported' | null
}

export const nothing: PairWork = {
  deferred: false,
  insert: null,
  change: null,
  unassign: false,
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
  const generation = Math.max(pair.lastGeneration, pair.mapping?.generation ?? 0) + 1
  const mapping = newMapping(setting, {
    ...(pair.mapping && { id: pair.mapping.id }),
    entryId: entry.id,
    origin: 'schedule',
    state: 'creating',
    generation,
  })
  const key = idempotencyKey(provider.vendor, mapping.id, generation)
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
        fields: projection,
        projection,
        entryVersion: entry.version,
        expectedEtag: null,
        createdAt: now,
      },
    ],
  }
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

export function changing(
  entry: ScheduleEntry,
  content: EventContent,
  deleted: boolean,
): Pick<PairWork, 'change' | 'events' | 'count'> {
  return {
    change: { id: entry.id, expectedVersion: entry.version, content, deleted },
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

export const retired = (mapping: Mapping, now: Date, reason: string | null = null): Mapping => ({
  ...mapping,
  state: 'retired',
  reason,
  baseEntry: null,
  baseExternal: null,
  updatedAt: now,
})
