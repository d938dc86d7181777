import type { Db } from '../db/connection.ts'
import { closeConflict, insertConflicts } from '../db/conflicts.ts'
import { changeEntries, insertEntries, unassign } from '../db/entry-writes.ts'
import { insertIntents, settleIntents } from '../db/intents.ts'
import type { ExternalEvent } from '../db/external-events.ts'
import { saveMappings } from '../db/mappings.ts'
import { endSeriesPairs, markOccurrencesPending } from '../db/occurrences.ts'
import { emit } from '../db/outbox.ts'
import { moveOverrides } from '../db/overrides.ts'
import {
  markEntriesPending,
  markPending,
  marksOf,
  markUnsupportedPending,
  nextPending,
  settlePending,
  type Pending,
} from '../db/pending.ts'
import { findProvider, raiseNudges, type Provider } from '../db/providers.ts'
import { countInRun, type RunCounts } from '../db/runs.ts'
import { findEntries, type Cause } from '../db/schedule-entries.ts'
import { windowAt } from '../domain/policy.ts'
import { excludedSlots } from '../domain/series.ts'
import { slotId } from '../providers/port.ts'
import { decidePair } from './decide-pair.ts'
import { decideSlot } from './decide-slot.ts'
import type { ActivityDeps, RunStep } from './deps.ts'
import { factId } from './idempotency-key.ts'
import { holdProvider } from './hold-provider.ts'
import { waitsForDecision } from './meet-event.ts'
import { isLiving, loadPairs, type Pair } from './load-pairs.ts'
import { loadSlots, splitMarks } from './load-slots.ts'
import { defer, nothing, type PairWork, type Setting } from './pair-work.ts'

const batchSize = 500

interface Decided {
  pair: Pick<Pair, 'marks' | 'mapping' | 'entry' | 'intent'> & { external: ExternalEvent | null }
  work: PairWork
}

/** Decides one batch of marked pairs and writes the decisions in one transaction; answers where the next batch begins. */
export async function reconcilePending(
  deps: ActivityDeps,
  step: RunStep & { after: number },
): Promise<{ after: number | null }> {
  const held = await holdProvider(deps, step)
  if (held.kind !== 'held') return { after: null }
  const { id: providerId, tenantId } = held.provider
  const cause: Cause = { kind: 'provider', providerId, runId: step.runId }
  const result = await held.transaction(async (db) => {
    const marks = await nextPending(db, providerId, step.after, batchSize)
    // Read after its marks: a change of direction or policy that made some of them holds for their decisions.
    const provider = await findProvider(db, providerId)
    const last = marks.at(-1)
    if (!last || !provider) return { after: null, nudged: [] }
    const now = deps.now()
    const setting: Setting = {
      provider,
      window: windowAt(now, provider.policies),
      now,
      newId: () => deps.newId(),
      unsupported: (content) => held.calendar.unsupported(content),
      restoresOccurrences: held.calendar.restoresOccurrences,
    }
    const { first, waiting } = oneAtATime(await decideBatch(db, setting, marks))
    const applied = await applyEntries(db, first, cause, now)
    await applyPairs(db, provider, applied, now)
    await countInRun(db, step.runId, countsOf(applied))
    await settlePending(
      db,
      applied.flatMap(({ pair }) => pair.marks),
    )
    await markAgain(db, provider, applied)
    await markPending(
      db,
      provider.tenantId,
      waiting.flatMap(({ pair }) => pair.marks),
    )
    return { after: last.mark, nudged: await tellOthers(db, provider, applied, now) }
  })
  await deps.nudge(result.nudged.map((id) => ({ id, tenantId })))
  return { after: result.after }
}

/** Occurrences are decided on series that are settled: one whose series is yet to be decided waits behind it. */
async function decideBatch(db: Db, setting: Setting, marks: Pending[]): Promise<Decided[]> {
  const { provider } = setting
  const entries = await findEntries(
    db,
    marks.flatMap((mark) => (mark.kind === 'entry' ? mark.subjectId : [])),
  )
  const { slots, wholes } = splitMarks(marks, entries)
  const pairs = (await loadPairs(db, provider, wholes)).map((pair) => ({
    pair,
    work: decidePair(setting, pair),
  }))
  const occurrences = await loadSlots(db, provider, slots)
  const seriesIds = occurrences.flatMap(({ series }) =>
    series ? [series.entry.id, series.external.externalId] : [],
  )
  const seriesMarks = await marksOf(db, provider.id, [...new Set(seriesIds)])
  const deferred = new Set(pairs.flatMap(({ pair, work }) => (work.deferred ? pair.marks.map(numberOf) : [])))
  return [
    ...pairs,
    ...occurrences.map((pair) => {
      const mine = seriesMarks.filter(
        ({ subjectId }) =>
          subjectId === pair.series?.entry.id || subjectId === pair.series?.external.externalId,
      )
      if (mine.length === 0) return { pair, work: decideSlot(setting, pair) }
      const first = marks[0]?.mark ?? 0
      const isComing = mine.some((mark) => mark.mark >= first && !deferred.has(mark.mark))
      return { pair, work: isComing ? waitForSeries : defer }
    }),
  ]
}

const numberOf = ({ mark }: Pending): number => mark
const waitForSeries: PairWork = { ...nothing, waits: true }

/**
 * Decisions of one batch that write the same pair or entry: the second is decided again on what the first one made. Pairs
 * come before strangers, so that an edit of our copy is taken before its original takes the copy's place.
 */
function oneAtATime(decided: Decided[]): { first: Decided[]; waiting: Decided[] } {
  const taken = new Set<string>()
  const first: Decided[] = []
  const waiting: Decided[] = []
  const isStranger = ({ pair }: Decided) => Number(pair.mapping === null)
  for (const one of decided.toSorted((one, other) => isStranger(one) - isStranger(other))) {
    const subjects = subjectsOf(one.work)
    if (one.work.waits || subjects.some((id) => taken.has(id))) waiting.push(one)
    else first.push(one)
    for (const id of subjects) taken.add(id)
  }
  return { first, waiting }
}

const subjectsOf = ({ mappings, intents, change }: PairWork): string[] => [
  ...mappings.map((mapping) => mapping.id),
  ...mappings.flatMap((mapping) => (isLiving(mapping) ? (mapping.entryId ?? []) : [])),
  ...intents.map((intent) => intent.mappingId),
  ...(change ? [change.id] : []),
]

/** Writes entries first: a decision whose entry moved on meanwhile is not applied, and its marks stay. */
async function applyEntries(db: Db, decided: Decided[], cause: Cause, now: Date): Promise<Decided[]> {
  const ready = decided.filter(({ work }) => !work.deferred)
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
  return ready.filter(({ work }) => {
    if (work.insert) return inserted.has(work.insert.id)
    return !work.change || (changed.has(work.change.id) && changes.get(work.change.id) === work.change)
  })
}

async function applyPairs(db: Db, provider: Provider, applied: Decided[], now: Date): Promise<void> {
  const leaving = applied.flatMap(({ pair, work }) => (work.unassign && pair.entry ? pair.entry.id : []))
  await unassign(db, leaving, provider.memberId)
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
    ended.flatMap(({ mapping }) => mapping.entryId ?? []),
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
async function tellOthers(db: Db, provider: Provider, applied: Decided[], now: Date): Promise<string[]> {
  const touched = applied.flatMap(({ work }) => [
    ...(work.insert ? [work.insert.id] : []),
    ...(work.change ? [work.change.id] : []),
    ...work.moves.map(({ id }) => id),
  ])
  const others = await markEntriesPending(db, provider.tenantId, touched, provider.id)
  return raiseNudges(db, others, now)
}

async function markAgain(db: Db, provider: Provider, applied: Decided[]): Promise<void> {
  await markPending(
    db,
    provider.tenantId,
    applied.flatMap(({ work }) => (work.markAgain ? [{ providerId: provider.id, ...work.markAgain }] : [])),
  )
}

function countsOf(applied: Decided[]): Partial<RunCounts> {
  const counts: Partial<RunCounts> = {}
  for (const { work } of applied) if (work.count) counts[work.count] = (counts[work.count] ?? 0) + 1
  return counts
}
