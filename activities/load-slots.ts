import type { Db } from '../db/connection.ts'
import { findExternalEvents, type ExternalEvent } from '../db/external-events.ts'
import { openIntentsOf, type Intent } from '../db/intents.ts'
import { mappingsOfEntries, mappingsOfExternals, type Mapping } from '../db/mappings.ts'
import { overridesOf } from '../db/overrides.ts'
import type { Pending } from '../db/pending.ts'
import type { Provider } from '../db/providers.ts'
import { assigneesOf, findEntries, type ScheduleEntry } from '../db/schedule-entries.ts'
import type { Slot } from '../domain/series.ts'
import { readSlotId, slotId } from '../providers/port.ts'

/** A series that both sides hold: what its occurrences are compared on. */
export interface SeriesPair {
  mapping: Mapping
  entry: ScheduleEntry
  external: ExternalEvent
  assignees: string[]
  /** A write of the series itself is decided and not confirmed. */
  isBeingWritten: boolean
}

/** Everything a decision about one occurrence looks at. */
export interface SlotPair {
  marks: Pending[]
  /** Null while the two sides do not hold the series together: then there is nothing to decide. */
  series: SeriesPair | null
  slot: Slot
  /** The schedule's override, deleted when the schedule leaves the slot out; null where the series speaks for itself. */
  entry: ScheduleEntry | null
  /** The vendor's changed or cancelled occurrence; null where its series speaks for itself. */
  external: ExternalEvent | null
  mapping: Mapping | null
  intent: Intent | null
  /** Pairs of an override with a slot it no longer stands for. */
  stale: Mapping[]
  isEntryMarked: boolean
}

/** An occurrence enters without its words when it or its series does. */
export const shownAs = ({ external }: SlotPair, series: SeriesPair): Pick<ExternalEvent, 'entersAs'> =>
  external?.entersAs === 'busy' ? external : series.external

/** Whether a mark is about an occurrence: an override of the schedule, or a slot of the vendor's series. */
export function splitMarks(
  marks: Pending[],
  entries: ScheduleEntry[],
): { slots: Pending[]; wholes: Pending[] } {
  const overrides = new Set(entries.flatMap((entry) => (entry.seriesId === null ? [] : entry.id)))
  const isSlot = ({ kind, subjectId }: Pending) =>
    kind === 'external' ? readSlotId(subjectId) !== undefined : overrides.has(subjectId)
  return { slots: marks.filter(isSlot), wholes: marks.filter((mark) => !isSlot(mark)) }
}

/** Loads a batch of marked occurrences with a constant number of statements. */
export async function loadSlots(db: Db, provider: Provider, marks: Pending[]): Promise<SlotPair[]> {
  if (marks.length === 0) return []
  const marked = await findEntries(
    db,
    marks.flatMap((mark) => (mark.kind === 'entry' ? mark.subjectId : [])),
  )
  const named = marks.flatMap((mark) => (mark.kind === 'external' ? (readSlotId(mark.subjectId) ?? []) : []))
  const series = await loadSeries(
    db,
    provider,
    named.map(({ seriesId }) => seriesId),
    marked,
  )
  const overrides = await overridesOf(
    db,
    series.map(({ entry }) => entry.id),
  )
  const keys = new Map<string, Pick<SlotPair, 'series' | 'slot' | 'marks' | 'isEntryMarked'>>()
  for (const mark of marks) {
    const place = placeOf(mark, series, marked)
    const key = place.series ? slotId(place.series.mapping.id, place.slot) : mark.subjectId
    const before = keys.get(key) ?? { ...place, marks: [], isEntryMarked: false }
    keys.set(key, {
      ...before,
      marks: [...before.marks, mark],
      isEntryMarked: before.isEntryMarked || mark.kind === 'entry',
    })
  }
  const ids = [...keys.values()].flatMap(({ series: one, slot }) =>
    one ? slotId(one.external.externalId, slot) : [],
  )
  const externals = new Map(
    (await findExternalEvents(db, provider.id, ids)).map((row) => [row.externalId, row]),
  )
  // A pair is found by either of its sides, and counts once.
  const found = [
    ...(await mappingsOfExternals(db, provider.id, ids)),
    ...(await mappingsOfEntries(db, provider.id, [
      ...new Set([...overrides, ...marked].map(({ id }) => id)),
    ])),
  ]
  const mappings = [...new Map(found.map((mapping) => [mapping.id, mapping])).values()]
  const intents = await openIntentsOf(
    db,
    mappings.map((mapping) => mapping.id),
  )
  return [...keys.values()].map((place) => {
    const { series: one, slot } = place
    const id = one ? slotId(one.external.externalId, slot) : null
    const entry = one
      ? (overrides.find((row) => row.seriesId === one.entry.id && row.originalStart === slot) ?? null)
      : null
    const subjects = new Set([entry?.id, ...place.marks.map((mark) => mark.subjectId)])
    const mapping = mappings.find((candidate) => candidate.externalId === id && id !== null) ?? null
    return {
      ...place,
      entry,
      external: externals.get(id ?? '') ?? null,
      mapping,
      intent: intents.find((intent) => intent.mappingId === mapping?.id) ?? null,
      // Of a series that is not held together now, nothing tells which slot an override stands for.
      stale: mappings.filter(
        ({ id: other, entryId }) =>
          one !== null && other !== mapping?.id && entryId !== null && subjects.has(entryId),
      ),
    }
  })
}

/** The series of these occurrences, as far as a living pair joins both sides. */
async function loadSeries(
  db: Db,
  provider: Provider,
  externalIds: string[],
  overrides: ScheduleEntry[],
): Promise<SeriesPair[]> {
  const mappings = new Map(
    [
      ...(await mappingsOfExternals(db, provider.id, [...new Set(externalIds)])),
      ...(await mappingsOfEntries(db, provider.id, [
        ...new Set(overrides.flatMap((row) => row.seriesId ?? [])),
      ])),
    ]
      .filter((mapping) => mapping.state === 'active')
      .map((mapping) => [mapping.id, mapping]),
  )
  const living = [...mappings.values()]
  const entries = await findEntries(
    db,
    living.flatMap((mapping) => mapping.entryId ?? []),
  )
  const assignees = await assigneesOf(
    db,
    entries.map((entry) => entry.id),
  )
  const externals = await findExternalEvents(
    db,
    provider.id,
    living.flatMap((mapping) => mapping.externalId ?? []),
  )
  const intents = await openIntentsOf(db, [...mappings.keys()])
  return living.flatMap((mapping) => {
    const entry = entries.find((row) => row.id === mapping.entryId)
    const external = externals.find((row) => row.externalId === mapping.externalId)
    if (!entry || !external) return []
    const isBeingWritten = intents.some((intent) => intent.mappingId === mapping.id)
    return [{ mapping, entry, external, assignees: assignees.get(entry.id) ?? [], isBeingWritten }]
  })
}

function placeOf(
  mark: Pending,
  series: SeriesPair[],
  marked: ScheduleEntry[],
): Pick<SlotPair, 'series' | 'slot'> {
  if (mark.kind === 'external') {
    const named = readSlotId(mark.subjectId)
    const found = series.find(({ external }) => external.externalId === named?.seriesId)
    return { series: found ?? null, slot: named?.slot ?? '' }
  }
  const override = marked.find((entry) => entry.id === mark.subjectId)
  const found = series.find(({ entry }) => entry.id === override?.seriesId)
  const slot = override?.originalStart ?? ''
  return { series: slot === '' ? null : (found ?? null), slot }
}
