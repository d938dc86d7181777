import type { Db } from '../db/connection.ts'
import { closeConflict, lockConflict, showSides, type Conflict, type Resolution } from '../db/conflicts.ts'
import { changeEntries, lockEntry, unassign } from '../db/entry-writes.ts'
import { findExternalEvents, type ExternalEvent } from '../db/external-events.ts'
import { lockMapping, saveMappings, type Mapping } from '../db/mappings.ts'
import { markEntriesPending, markPending } from '../db/pending.ts'
import { findProvider, type Provider } from '../db/providers.ts'
import { assigneesOf, type ScheduleEntry } from '../db/schedule-entries.ts'
import type { EventContent } from '../domain/event.ts'
import { projectFor } from '../domain/projection.ts'
import { baseForSending, differingFields, mergedContent, type FieldChoices } from '../domain/resolve.ts'
import { withoutExclusions } from '../domain/series.ts'
import type { ApiDeps } from './dependencies.ts'
import type { EntryAuthor } from './entry-author.ts'
import { announce } from './entry-changes.ts'
import { moveWithSeries } from './entry-overrides.ts'
import { conflicting, forbidden, Problem, unprocessable } from './problem.ts'

/** What a person decided, on the versions they reviewed. */
export interface Decision {
  resolution: 'schedule' | 'external' | 'merge'
  fields: FieldChoices
  reviewed: { entryVersion: number; externalRevision: number }
}

interface Facts {
  conflict: Conflict
  mapping: Mapping
  entry: ScheduleEntry
  external: ExternalEvent | null
  provider: Provider
}

/** Carries out a person's decision; both sides converge with the next look. Answers the providers to be told. */
export async function resolveConflict(
  db: Db,
  deps: Pick<ApiDeps, 'newId'>,
  author: EntryAuthor,
  id: string,
  decision: Decision,
): Promise<{ flipped: string[] }> {
  const facts = await lockFacts(db, id)
  requireReviewed(facts, decision)
  const { mapping, entry, provider, external } = facts
  const remote = external && !external.deleted ? external.content : null
  const local = entry.deletedAt === null ? entry.content : null
  const outcome = await decide(db, author, facts, decision, local, remote)
  await saveMappings(db, [{ ...mapping, ...outcome.mapping, reason: null, updatedAt: author.now }])
  await closeConflict(db, mapping.id, outcome.resolution, author.now, { by: author.cause })
  const own = [{ providerId: provider.id, kind: 'entry' as const, subjectId: entry.id }]
  await markPending(db, author.tenantId, own)
  const marked = await markEntriesPending(db, author.tenantId, [entry.id, ...outcome.moved], null)
  const type = outcome.deleted ? 'SCHEDULE_ENTRY_DELETED' : 'SCHEDULE_ENTRY_UPDATED'
  const { flipped } = await announce(db, deps, author, entry.id, type, [...marked, provider.id])
  return { flipped }
}

interface Outcome {
  mapping: Partial<Mapping>
  resolution: Resolution
  deleted: boolean
  /** Overrides that moved with their series. */
  moved: string[]
}

async function decide(
  db: Db,
  author: EntryAuthor,
  facts: Facts,
  decision: Decision,
  local: EventContent | null,
  remote: EventContent | null,
): Promise<Outcome> {
  const { vendor } = facts.provider
  switch (decision.resolution) {
    case 'schedule':
      return {
        mapping: keepSchedule(facts, local, remote),
        resolution: 'schedule',
        deleted: local === null,
        moved: [],
      }
    case 'external': {
      if (!remote) return keepDeletion(db, author, facts)
      const moved = await change(db, author, facts.entry, withoutExclusions(remote))
      const base = { baseEntry: projectFor(vendor, remote), baseExternal: remote }
      return { mapping: { ...base, state: 'active' }, resolution: 'external', deleted: false, moved }
    }
    case 'merge': {
      if (!local || !remote)
        throw unprocessable(
          'resolution',
          'must be "schedule" or "external": one side is deleted, there is nothing to merge.',
        )
      requireChoices(decision.fields, local, remote)
      const merged = withoutExclusions(mergedContent(local, remote, decision.fields))
      const moved = await change(db, author, facts.entry, merged)
      const { entry: baseEntry, external: baseExternal } = baseForSending(projectFor(vendor, merged), remote)
      return {
        mapping: { baseEntry, baseExternal, state: 'active' },
        resolution: 'merged',
        deleted: false,
        moved,
      }
    }
  }
}

/** The schedule wins: what it has is sent, its deletion removes the event, and an event that is gone is made anew. */
function keepSchedule(
  { mapping, provider, external, entry }: Facts,
  local: EventContent | null,
  remote: EventContent | null,
): Partial<Mapping> {
  if (!remote) {
    // A slot that both sides left out before; a whole event gets a new generation.
    return entry.seriesId ? { state: 'active', baseEntry: null, baseExternal: null } : ended
  }
  if (!local && entry.seriesId) {
    const baseEntry = mapping.baseEntry ?? projectFor(provider.vendor, remote)
    return { state: 'active', baseEntry, baseExternal: external?.content ?? null }
  }
  // An entry that is restored before its deletion was sent has its words yet to be sent.
  const base = baseForSending(projectFor(provider.vendor, entry.content), remote)
  return { state: 'active', baseEntry: base.entry, baseExternal: base.external }
}

const ended: Partial<Mapping> = { state: 'retired', baseEntry: null, baseExternal: null }

/** The vendor's deletion wins: the entry goes, or this member leaves it. */
async function keepDeletion(db: Db, author: EntryAuthor, { entry, provider }: Facts): Promise<Outcome> {
  if (entry.seriesId) {
    await change(db, author, entry, entry.content, true)
    const mapping = { ...ended, state: 'active' as const }
    return { mapping, resolution: 'external', deleted: true, moved: [] }
  }
  const assignees = (await assigneesOf(db, [entry.id])).get(entry.id) ?? []
  const isShared = assignees.some((memberId) => memberId !== provider.memberId)
  await change(db, author, entry, entry.content, !isShared)
  if (isShared) await unassign(db, [entry.id], provider.memberId)
  return { mapping: ended, resolution: 'external', deleted: !isShared, moved: [] }
}

async function change(
  db: Db,
  author: EntryAuthor,
  entry: ScheduleEntry,
  content: EventContent,
  deleted = false,
): Promise<string[]> {
  const write = { id: entry.id, expectedVersion: entry.version, content, deleted }
  await changeEntries(db, [write], author.cause, author.now)
  return moveWithSeries(db, author, entry, content)
}

function requireChoices(fields: FieldChoices, local: EventContent, remote: EventContent): void {
  const open = differingFields(local, remote).filter((field) => fields[field] === undefined)
  if (open.length > 0)
    throw unprocessable(
      'fields',
      `must say "schedule" or "external" for each field that differs: ${open.join(', ')}.`,
    )
  if (local.recurrence && fields.time !== fields.recurrence && fields.time && fields.recurrence)
    throw unprocessable(
      'fields',
      'must choose time and recurrence from the same side: a rule belongs to its first day.',
    )
}

async function lockFacts(db: Db, id: string): Promise<Facts> {
  const conflict = await lockConflict(db, id)
  if (!conflict) throw forbidden()
  if (conflict.resolvedAt)
    throw conflicting('conflict-resolved', 'The conflict is resolved already: there is nothing to decide.')
  const mapping = await lockMapping(db, conflict.mappingId)
  const entry = await lockEntry(db, conflict.entryId)
  const provider = await findProvider(db, conflict.providerId)
  if (!mapping || !entry || !provider) throw forbidden()
  const [external] = mapping.externalId ? await findExternalEvents(db, provider.id, [mapping.externalId]) : []
  return { conflict, mapping, entry, external: external ?? null, provider }
}

/** A side moved since the review: its new state is not what the person decided on. */
function requireReviewed({ entry, external }: Facts, { reviewed }: Decision): void {
  const externalRevision = external?.revision ?? 0
  if (entry.version === reviewed.entryVersion && externalRevision === reviewed.externalRevision) return
  throw new SidesMoved(entry.version, externalRevision)
}

/** The decision was made on sides that moved since. */
export class SidesMoved extends Problem {
  constructor(entryVersion: number, externalRevision: number) {
    super(
      409,
      'conflict-moved-on',
      'A side changed meanwhile',
      'One side changed since it was reviewed: read the conflict again and decide on what it shows now.',
      { facts: { entryVersion, externalRevision } },
    )
  }
}

/** Lets a conflict show both sides as they stand. */
export async function refreshConflict(db: Db, id: string): Promise<void> {
  const { entry, external } = await lockFacts(db, id)
  await showSides(db, id, {
    schedule: entry.deletedAt === null ? entry.content : null,
    external: external && !external.deleted ? external.content : null,
    entryVersion: entry.version,
    externalRevision: external?.revision ?? 0,
    scheduleBy: entry.changedBy,
    scheduleAt: entry.updatedAt,
    externalAt: external?.observedAt ?? null,
  })
}
