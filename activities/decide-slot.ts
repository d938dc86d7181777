import type { ExternalEvent } from '../db/external-events.ts'
import type { Mapping } from '../db/mappings.ts'
import type { EventContent } from '../domain/event.ts'
import { projectFor } from '../domain/projection.ts'
import { reconcileOccurrence, type OccurrenceBase } from '../domain/reconcile-occurrence.ts'
import type { Base, Side } from '../domain/reconcile.ts'
import { excludedSlots, occurrenceAt } from '../domain/series.ts'
import { carryOutSlot, type PlainOccurrence } from './carry-out-slot.ts'
import { shownAs, type SeriesPair, type SlotPair } from './load-slots.ts'
import { comparable, defer, newMapping, nothing, retired, type PairWork, type Setting } from './pair-work.ts'

/** Turns the facts about one slot of a series into what is to be written. */
export function decideSlot(setting: Setting, pair: SlotPair): PairWork {
  if (pair.intent?.state === 'sent') return defer
  const ended = pair.stale.map((mapping) => retired(mapping, setting.now))
  const work = decide(setting, pair)
  if (work.deferred) return work
  return {
    ...work,
    mappings: [...ended, ...work.mappings],
    dropIntent: work.dropIntent || pair.intent !== null,
  }
}

function decide(setting: Setting, pair: SlotPair): PairWork {
  const { series, mapping } = pair
  if (!series || !isTogether(setting, series)) return nothing
  // Nothing marks it again when the series' write is confirmed, so the mark waits.
  if (series.isBeingWritten) return defer
  const plain = plainAt(setting, series, pair.slot)
  // The sides have different slots: the series itself is decided first, and marks its occurrences then.
  if (!plain) return nothing
  if (mapping?.state === 'withdrawing') return whileWithdrawing(setting, pair, mapping)
  if (pair.external?.problem && !pair.external.deleted)
    return unsupported(setting, pair, mapping, pair.external.problem)
  if (pair.external?.entersAs === 'none') return nothing
  const shown = shownAs(pair, series)
  const remote = remoteSide(pair, series, plain, shown)
  if (mapping?.state === 'unsupported' && !pair.isEntryMarked && remote.kind === 'deleted') return nothing
  const decision = reconcileOccurrence(
    baseOf(pair, plain, shown),
    localSide(setting, pair, plain, shown),
    remote,
    {
      direction: setting.provider.direction,
      conflicts: setting.provider.policies.conflicts,
      writable: !series.external.readOnly && !pair.external?.readOnly,
    },
  )
  return carryOutSlot(setting, pair, series, plain, decision)
}

/** An occurrence that comes back before the vendor was told to leave it out stays. */
function whileWithdrawing(setting: Setting, pair: SlotPair, mapping: Mapping): PairWork {
  if (!pair.entry || pair.entry.deletedAt || !pair.isEntryMarked) return defer
  const state = mapping.baseEntry ? ('active' as const) : ('creating' as const)
  const kept: Mapping = { ...mapping, state, updatedAt: setting.now }
  const work = decide(setting, { ...pair, mapping: kept })
  const isSaved = work.mappings.some(({ id }) => id === mapping.id)
  return { ...work, mappings: isSaved ? work.mappings : [kept, ...work.mappings], dropIntent: true }
}

/** Both sides hold the series, and it is this member's. */
function isTogether(setting: Setting, { entry, external, assignees }: SeriesPair): boolean {
  return (
    entry.deletedAt === null &&
    !external.deleted &&
    external.content !== null &&
    assignees.includes(setting.provider.memberId)
  )
}

function plainAt({ provider }: Setting, series: SeriesPair, slot: string): PlainOccurrence | null {
  const { entry, external, mapping } = series
  const local = occurrenceAt(entry.content, slot)
  const remote = external.content && occurrenceAt(external.content, slot)
  if (!local || !remote) return null
  const baseEntry = mapping.baseEntry && occurrenceAt(mapping.baseEntry, slot)
  const baseExternal = mapping.baseExternal && occurrenceAt(mapping.baseExternal, slot)
  return {
    local,
    remote,
    base: { entry: baseEntry ?? projectFor(provider.vendor, local), external: baseExternal ?? remote },
  }
}

function baseOf(
  { mapping }: SlotPair,
  whole: PlainOccurrence,
  shown: Pick<ExternalEvent, 'entersAs'>,
): OccurrenceBase {
  const plain = { base: comparableBase(shown, whole.base) }
  if (!mapping) return { kind: 'present', base: plain.base }
  const base: Base | null =
    mapping.baseEntry && mapping.baseExternal
      ? comparableBase(shown, { entry: mapping.baseEntry, external: mapping.baseExternal })
      : null
  if (base) return { kind: 'present', base }
  return mapping.state === 'active'
    ? { kind: 'left-out', plain: plain.base }
    : { kind: 'present', base: plain.base }
}

const comparableBase = (shown: Pick<ExternalEvent, 'entersAs'>, { entry, external }: Base): Base => ({
  entry: comparable(shown, entry),
  external: comparable(shown, external),
})

function localSide(
  { provider }: Setting,
  { entry }: SlotPair,
  plain: PlainOccurrence,
  shown: Pick<ExternalEvent, 'entersAs'>,
): Side {
  if (entry?.deletedAt) return { kind: 'deleted' }
  const content: EventContent = entry?.content ?? plain.local
  return { kind: 'present', content: comparable(shown, projectFor(provider.vendor, content)) }
}

function remoteSide(
  { external, slot }: SlotPair,
  series: SeriesPair,
  plain: PlainOccurrence,
  shown: Pick<ExternalEvent, 'entersAs'>,
): Side {
  const isExcluded = series.external.content !== null && excludedSlots(series.external.content).includes(slot)
  if (isExcluded || external?.deleted) return { kind: 'deleted' }
  return { kind: 'present', content: comparable(shown, external?.content ?? plain.remote) }
}

function unsupported(setting: Setting, pair: SlotPair, mapping: Mapping | null, reason: string): PairWork {
  if (!mapping) {
    const externalId = pair.external?.externalId ?? null
    const kept = newMapping(setting, { externalId, origin: 'external', state: 'unsupported', reason })
    return { ...nothing, mappings: [kept], count: 'unsupported' }
  }
  return {
    ...nothing,
    mappings: [{ ...mapping, state: 'unsupported', reason, updatedAt: setting.now }],
    closeConflict: mapping.state === 'conflict' ? 'ended' : null,
    count: 'unsupported',
  }
}
