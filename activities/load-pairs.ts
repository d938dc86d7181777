import type { Db } from '../db/connection.ts'
import { findExternalEvents, livingByIcalUid, type ExternalEvent } from '../db/external-events.ts'
import type { FormerPair } from '../db/former-pairs.ts'
import { lossesOf, type Loss } from '../db/losses.ts'
import { createsByKey, openIntents, openIntentsOf, type Intent } from '../db/intents.ts'
import {
  findMappings,
  heldElsewhere,
  lastGenerations,
  mappingsOfEntries,
  mappingsOfExternals,
  type Mapping,
  isLiving,
} from '../db/mappings.ts'
import { overridesOf } from '../db/overrides.ts'
import type { Pending } from '../db/pending.ts'
import type { Provider } from '../db/providers.ts'
import { assigneesOf, findEntries, findEntriesByMeeting, type ScheduleEntry } from '../db/schedule-entries.ts'
import { slotId } from '../providers/port.ts'
import { formersOf } from './load-formers.ts'
import { couldBeOurs, madeBy, meetingOf, uids } from './meet-strangers.ts'

/** Everything a decision about one pair looks at, and the marks that asked for it. */
export interface Pair {
  marks: Pending[]
  mapping: Mapping | null
  entry: ScheduleEntry | null
  external: ExternalEvent | null
  assignees: string[]
  /** An outbound write of this pair that is decided and not confirmed. */
  intent: Intent | null
  /** For an event without a pair: the entry its member holds for the same meeting, and that entry's pair here. */
  meeting: {
    entry: ScheduleEntry
    assignees: string[]
    mapping: Mapping | null
    isBeingWritten: boolean
  } | null
  /** For an event without a pair: the create of ours that made it, by its key, with that create's pair. */
  madeBy: { intent: Intent; mapping: Mapping; isReplaced: boolean } | null
  /** For an event without a pair: a create of ours with the same words and time has no known outcome. */
  couldBeOurs: boolean
  /** The entry itself changed; it has no other pair here than this one. */
  isEntryMarked: boolean
  /** The original lives on in another calendar of this member. */
  isHeldElsewhere: boolean
  /** The overrides of an entry that is a series, the deleted ones too. */
  overrides: ScheduleEntry[]
  /** The pairs that these overrides have here, by either of their sides. */
  overridePairs: Mapping[]
  /** How often this entry was paired here before. */
  lastGeneration: number
  /** What the safety brake has noted of this pair. */
  loss: Loss | null
  /** For an entry or an event without a pair: the one they had when this calendar was connected before. */
  former: FormerPair | null
  /** The calendar has not been seen whole since it is connected again: what it does not show may yet come. */
  isReturning: boolean
  /** The entry has another event here from before, which is decided first, or which may yet come. */
  isBehindFormer: boolean
}

/** Loads a batch of marked pairs with a constant number of statements. */
export async function loadPairs(db: Db, provider: Provider, marks: Pending[]): Promise<Pair[]> {
  const markedExternals = marks.filter((mark) => mark.kind === 'external').map((mark) => mark.subjectId)
  const markedEntries = marks.filter((mark) => mark.kind === 'entry').map((mark) => mark.subjectId)
  const mappings = unique([
    ...(await mappingsOfExternals(db, provider.id, markedExternals)),
    ...(await mappingsOfEntries(db, provider.id, markedEntries)),
  ])
  const externals = await findExternalEvents(db, provider.id, [
    ...new Set([...markedExternals, ...mappings.flatMap((mapping) => mapping.externalId ?? [])]),
  ])
  const byExternal = new Map(
    mappings.flatMap((mapping) =>
      mapping.externalId === null ? [] : [[mapping.externalId, mapping] as const],
    ),
  )
  // One that could not be held before is met like a stranger: it may have become one that can.
  const isStranger = (mapping: Mapping | null | undefined) => !mapping || mapping.entryId === null
  const strangers = externals.filter(
    (event) => isStranger(byExternal.get(event.externalId)) && !event.deleted,
  )
  const meetings = await findEntriesByMeeting(db, provider.memberId, uids(strangers))
  const meetingPairs = await mappingsOfEntries(
    db,
    provider.id,
    meetings.map((entry) => entry.id),
  )

  // One that was deleted again before it was decided had a pair, too.
  const unmet = externals.filter((event) => isStranger(byExternal.get(event.externalId)))
  const formers = await formersOf(db, provider.id, unmet, [
    ...new Set([...markedEntries, ...meetings.map((entry) => entry.id)]),
  ])
  for (const event of await findExternalEvents(db, provider.id, formers.missing(externals)))
    externals.push(event)
  const entries = await findEntries(db, [
    ...new Set([
      ...markedEntries,
      ...mappings.flatMap((mapping) => mapping.entryId ?? []),
      ...formers.pairs.flatMap((former) => former.entryId ?? []),
    ]),
  ])
  // An entry without a pair may be a meeting this calendar shows already: then it is linked, never copied.
  const unpaired = entries.filter(
    (entry) => !mappings.some((mapping) => mapping.entryId === entry.id && isLiving(mapping)),
  )
  const shownHere = await livingByIcalUid(
    db,
    provider.id,
    unpaired.flatMap((entry) => (entry.ownerId === provider.memberId ? (entry.icalUid ?? []) : [])),
  )
  const shownPairs = await mappingsOfExternals(
    db,
    provider.id,
    shownHere.map((event) => event.externalId),
  )

  const assignees = await assigneesOf(
    db,
    [...entries, ...meetings].map((entry) => entry.id),
  )
  const intents = await openIntentsOf(
    db,
    [...mappings, ...meetingPairs].map((mapping) => mapping.id),
  )
  const losses = await lossesOf(
    db,
    mappings.map((mapping) => mapping.id),
  )
  const creates = await createsByKey(
    db,
    provider.id,
    strangers.flatMap((event) => event.createKey ?? []),
  )
  const createMappings = await findMappings(
    db,
    creates.map((create) => create.mappingId),
  )
  const replacements = await mappingsOfEntries(
    db,
    provider.id,
    createMappings.flatMap((mapping) => mapping.entryId ?? []),
  )
  const unsettled = strangers.length === 0 ? [] : await openIntents(db, provider.id, 'sent', 100)
  const elsewhere = new Set(
    await heldElsewhere(
      db,
      provider.id,
      provider.memberId,
      entries.map((entry) => entry.id),
    ),
  )
  const generations = await lastGenerations(
    db,
    provider.id,
    entries.map((entry) => entry.id),
  )

  const changed = await overridesOf(
    db,
    [...entries, ...meetings].flatMap((entry) => (entry.content.recurrence ? entry.id : [])),
  )
  const overrides = Map.groupBy(changed, (override) => override.seriesId)
  const overridePairs = await pairsOfOverrides(db, provider.id, changed, mappings)

  const externalById = new Map(externals.map((event) => [event.externalId, event]))
  const entryById = new Map(entries.map((entry) => [entry.id, entry]))
  const intentByMapping = new Map(intents.map((intent) => [intent.mappingId, intent]))
  const shownByUid = new Map(
    shownHere
      .filter((event) => !shownPairs.some((mapping) => mapping.externalId === event.externalId))
      .map((event) => [event.icalUid, event]),
  )

  const living = new Set(externals.flatMap((event) => (event.deleted ? [] : event.externalId)))
  const readable = new Set(
    externals.flatMap((event) => (event.content ? event.externalId : [])).filter((id) => living.has(id)),
  )

  const pairs = new Map<string, Pair>()
  for (const mark of marks) {
    const mapping = mappingOf(mark, mappings, byExternal, living)
    const had = mapping === null ? formers.of(mark) : null
    const entryId = mapping?.entryId ?? (mark.kind === 'entry' ? mark.subjectId : had?.entryId)
    const entry = entryById.get(entryId ?? '') ?? null
    const meant = mapping === null && entry?.icalUid ? shownByUid.get(entry.icalUid) : undefined
    const isHadHere = living.has(had?.externalId ?? '')
    const shown = isHadHere ? undefined : meant
    // Our copy of a meeting says nothing of the meeting's own event, which has come to be in the same calendar.
    const former = shown && had?.origin === 'schedule' ? null : had
    const markedId = mark.kind === 'external' ? mark.subjectId : (shown?.externalId ?? former?.externalId)
    const externalId = mapping?.externalId ?? markedId
    const external = shown ?? externalById.get(externalId ?? '') ?? null
    const key = mapping?.id ?? externalId ?? mark.subjectId
    const before = pairs.get(key)
    if (before) {
      before.marks.push(mark)
      if (before.entry === null && entry) {
        before.entry = entry
        before.assignees = assignees.get(entry.id) ?? []
        before.overrides = overrides.get(entry.id) ?? []
        before.overridePairs = overridePairs
      }
      before.isEntryMarked ||= mark.kind === 'entry'
      continue
    }
    const meeting = isStranger(mapping) && entry === null ? meetingOf(external, meetings) : undefined
    const here = meetingPairs.find((pair) => pair.entryId === meeting?.id && isLiving(pair)) ?? null
    const other = former === had ? formers.another(meeting?.id, externalId) : had
    pairs.set(key, {
      marks: [mark],
      mapping,
      entry,
      external,
      assignees: entry ? (assignees.get(entry.id) ?? []) : [],
      intent: (mapping && intentByMapping.get(mapping.id)) ?? null,
      meeting: meeting
        ? {
            entry: meeting,
            assignees: assignees.get(meeting.id) ?? [],
            mapping: here,
            isBeingWritten: here !== null && intentByMapping.has(here.id),
          }
        : null,
      madeBy: isStranger(mapping) ? madeBy(external, creates, createMappings, replacements) : null,
      couldBeOurs: mapping === null && couldBeOurs(external, unsettled),
      isEntryMarked: mark.kind === 'entry',
      isHeldElsewhere: entry !== null && elsewhere.has(entry.id),
      overrides: (entry && overrides.get(entry.id)) ?? [],
      overridePairs,
      lastGeneration: entry ? (generations.get(entry.id) ?? 0) : 0,
      loss: losses.find((loss) => loss.mappingId === mapping?.id) ?? null,
      former,
      isReturning: former !== null && formers.isReturning,
      isBehindFormer: other !== null && (formers.isReturning || readable.has(other.externalId ?? '')),
    })
  }
  return [...pairs.values()]
}

async function pairsOfOverrides(
  db: Db,
  providerId: string,
  overrides: ScheduleEntry[],
  series: Mapping[],
): Promise<Mapping[]> {
  const slots = overrides.flatMap(({ seriesId, originalStart }) => {
    const held = series.find(({ entryId }) => entryId === seriesId)?.externalId
    return held && originalStart ? slotId(held, originalStart) : []
  })
  return unique([
    ...(await mappingsOfExternals(db, providerId, slots)),
    ...(await mappingsOfEntries(
      db,
      providerId,
      overrides.map(({ id }) => id),
    )),
  ])
}

function mappingOf(
  mark: Pending,
  mappings: Mapping[],
  byExternal: Map<string, Mapping>,
  living: Set<string>,
): Mapping | null {
  if (mark.kind === 'external') return byExternal.get(mark.subjectId) ?? null
  const ofEntry = mappings.filter((mapping) => mapping.entryId === mark.subjectId)
  // A copy that is being removed still stands: an entry that comes back before it is gone keeps it.
  const stands = ({ externalId }: Mapping) => externalId !== null && living.has(externalId)
  return ofEntry.find(isLiving) ?? ofEntry.find(stands) ?? null
}

function unique(mappings: Mapping[]): Mapping[] {
  return [...new Map(mappings.map((mapping) => [mapping.id, mapping])).values()]
}
