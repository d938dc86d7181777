import { closeConflict, insertConflicts } from '../db/conflicts.ts'
import type { Db } from '../db/connection.ts'
import { assign, changeEntries, insertEntries, unassign } from '../db/entry-writes.ts'
import { insertIntents, settleIntents } from '../db/intents.ts'
import { saveMappings } from '../db/mappings.ts'
import { endSeriesPairs, markOccurrencesPending } from '../db/occurrences.ts'
import { emit } from '../db/outbox.ts'
import { moveOverrides } from '../db/overrides.ts'
import { markEntriesPending, markPending, markUnsupportedPending } from '../db/pending.ts'
import { raiseNudges, type Provider } from '../db/providers.ts'
import type { RunCounts } from '../db/runs.ts'
import type { Cause } from '../db/schedule-entries.ts'
import { waitedMs } from '../domain/latency.ts'
import { excludedSlots } from '../domain/series.ts'
import { slotId } from '../providers/port.ts'
import type { Decided } from './decide-batch.ts'
import { factId } from './idempotency-key.ts'
import { waitsForDecision } from './meet-event.ts'

/**
 * Writes entries first: a decision whose entry moved on meanwhile is not applied, and its marks stay. What a person decided
 * is that person's change, the rest this run's.
 */
export async function applyEntries(db: Db, decided: Decided[], run: Cause, now: Date): Promise<Decided[]> {
  const ready = decided.filter(({ work }) => !work.deferred)
  const byCause = Map.groupBy(ready, ({ work }) => JSON.stringify(work.by ?? run))
  const applied: Decided[] = []
  for (const group of byCause.values()) {
    applied.push(...(await applyEntriesBy(db, group, group[0]?.work.by ?? run, now)))
  }
  return applied
}

async function applyEntriesBy(db: Db, ready: Decided[], cause: Cause, now: Date): Promise<Decided[]> {
  const inserted = new Set(
    await insertEntries(
      db,
      ready.flatMap(({ work }) => work.insert ?? []),
      cause,
      now,
    ),
  )
  const changes = new Map(
    ready.flatMap(({ work }) => (work.change ? [[work.change.id, work.change] as const] : [])),
  )
  const changed = new Set(await changeEntries(db, [...changes.values()], cause, now))
  await moveOverrides(
    db,
    ready.flatMap(({ work }) => (work.change && changed.has(work.change.id) ? work.moves : [])),
    cause,
    now,
  )
  await changeEntries(
    db,
    ready.flatMap(({ work }) => (work.change && changed.has(work.change.id) ? work.follows : [])),
    cause,
    now,
  )
  return ready.filter(({ work }) => {
    if (work.insert) return inserted.has(work.insert.id)
    return !work.change || (changed.has(work.change.id) && changes.get(work.change.id) === work.change)
  })
}

export async function applyPairs(db: Db, provider: Provider, applied: Decided[], now: Date): Promise<void> {
  const leaving = applied.flatMap(({ pair, work }) => (work.unassign && pair.entry ? pair.entry.id : []))
  await unassign(db, leaving, provider.memberId)
  const returning = applied.flatMap(({ pair, work }) => (work.assign && pair.entry ? pair.entry.id : []))
  await assign(db, returning, provider)
  await settleIntents(
    db,
    applied.flatMap(({ pair, work }) => (work.dropIntent && pair.intent ? pair.intent.id : [])),
    'dropped',
    now,
  )
  const mappings = applied.flatMap(({ work }) => work.mappings)
  // Pairs that end go first, so that the ones that take their place find it free.
  await saveMappings(
    db,
    mappings.filter((mapping) => mapping.state === 'retired' || mapping.state === 'withdrawing'),
  )
  await saveMappings(
    db,
    mappings.filter((mapping) => mapping.state !== 'retired' && mapping.state !== 'withdrawing'),
  )
  await insertIntents(
    db,
    applied.flatMap(({ work }) => work.intents),
  )
  await markOccurrences(db, provider, applied, now)
  await applyConflicts(db, provider, applied, now)
  await emit(
    db,
    applied.flatMap(({ work }) =>
      work.events.map(({ type, subjectId, version }) => ({
        id: factId(type, subjectId, version),
        tenantId: provider.tenantId,
        type,
        subjectId,
        data: { version, providerId: provider.id },
        at: now,
      })),
    ),
  )
}

/** A series whose pair stands anew has its occurrences decided anew; one whose pair ended has theirs ended. */
async function markOccurrences(db: Db, provider: Provider, applied: Decided[], now: Date): Promise<void> {
  const saved = applied.flatMap(({ pair, work }) =>
    work.mappings.map((mapping) => ({ mapping, content: pair.external?.content ?? null })),
  )
  const ended = saved.filter(({ mapping }) => mapping.state === 'retired')
  await endSeriesPairs(
    db,
    provider.id,
    ended.map(({ mapping }) => mapping),
    now,
  )
  const standing = saved.filter(
    ({ mapping: { state, baseEntry, baseExternal } }) =>
      state === 'active' && (baseEntry?.recurrence || baseExternal?.recurrence),
  )
  await markOccurrencesPending(db, provider, {
    entryIds: standing.flatMap(({ mapping }) => mapping.entryId ?? []),
    externalIds: standing.flatMap(({ mapping }) => mapping.externalId ?? []),
    slotIds: standing.flatMap(({ mapping: { externalId }, content }) =>
      externalId && content ? excludedSlots(content).map((slot) => slotId(externalId, slot)) : [],
    ),
  })
}

async function applyConflicts(db: Db, provider: Provider, applied: Decided[], now: Date): Promise<void> {
  const opened = await insertConflicts(
    db,
    applied.flatMap(({ work }) => work.conflict ?? []),
  )
  await emit(
    db,
    opened.map(({ id, entryId, mappingId }) => ({
      id,
      tenantId: provider.tenantId,
      type: 'CALENDAR_CONFLICT_DETECTED' as const,
      subjectId: id,
      data: { entryId, mappingId, providerId: provider.id },
      at: now,
    })),
  )
  for (const { pair, work } of applied) {
    if (work.closeConflict && pair.mapping) await closeConflict(db, pair.mapping.id, work.closeConflict, now)
  }
  if (applied.some(({ work }) => work.closeConflict)) {
    await markUnsupportedPending(db, provider, waitsForDecision)
  }
}

/** What changed here is work for the other calendars that hold the entry or should. */
export async function tellOthers(
  db: Db,
  provider: Provider,
  applied: Decided[],
  now: Date,
): Promise<string[]> {
  const touched = applied.flatMap(({ work }) => [
    ...(work.insert ? [work.insert.id] : []),
    ...(work.change ? [work.change.id] : []),
    ...work.moves.map(({ id }) => id),
    ...work.follows.map(({ id }) => id),
  ])
  const others = await markEntriesPending(db, provider.tenantId, touched, provider.id)
  return raiseNudges(db, others, now)
}

export async function markAgain(db: Db, provider: Provider, applied: Decided[]): Promise<void> {
  await markPending(
    db,
    provider.tenantId,
    applied.flatMap(({ work }) => (work.markAgain ? [{ providerId: provider.id, ...work.markAgain }] : [])),
  )
}

/** How long the vendor's changes waited that were applied to the schedule; what a person decided waited for that person. */
export function waitsOf(applied: Decided[], { lastSyncAt }: Provider, now: Date): (number | null)[] {
  return applied
    .filter(({ work }) => work.by === null && (work.insert || work.change || work.unassign))
    .map(({ pair }) => waitedMs(pair.external?.changedAt ?? null, now, lastSyncAt))
}

export function countsOf(applied: Decided[]): Partial<RunCounts> {
  const counts: Partial<RunCounts> = {}
  for (const { work } of applied) if (work.count) counts[work.count] = (counts[work.count] ?? 0) + 1
  return counts
}
