import { saveCursor, type Round } from '../db/cursors.ts'
import type { Db } from '../db/connection.ts'
import {
  findExternalEvents,
  markSeen,
  saveExternalEvents,
  type ExternalEvent,
} from '../db/external-events.ts'
import { forgetOccurrences, occurrencesOf } from '../db/occurrences.ts'
import { markPending } from '../db/pending.ts'
import type { Cause } from '../db/schedule-entries.ts'
import { enteringPolicy, isNarrower, narrower } from '../domain/entering.ts'
import type { Observation } from '../providers/port.ts'
import type { HeldProvider } from './hold-provider.ts'
import { forgetWordsOf, narrowing } from './narrow-stored.ts'
import { seeCancelled, seeEvent, seeRemoval, type Seen, type SeenIn } from './observed-rows.ts'
import { falloutOf } from './series-fallout.ts'

/** A series that came with its changed occurrences is seen first, then they. */
export function withOverrides(observations: Observation[]): Observation[] {
  return observations.flatMap((seen): Observation[] =>
    seen.kind === 'event'
      ? [seen, ...seen.event.overrides.map((event) => ({ kind: 'event' as const, event }))]
      : [seen],
  )
}

/**
 * Stores what a page showed, and marks what is work by it. What enters with less than before loses its words here, with all
 * that came from it. Answers the providers to be told, once this is committed.
 */
export async function storeObservations(
  db: Db,
  held: HeldProvider,
  all: Observation[],
  seenIn: SeenIn,
  { kind, cause }: Pick<Round, 'kind'> & { cause: Cause },
): Promise<string[]> {
  const { provider } = held
  const known = new Map(
    (await findExternalEvents(db, provider.id, all.map(externalIdOf))).map((row) => [row.externalId, row]),
  )
  const rows = new Map<string, { row: ExternalEvent; isWork: boolean }>()
  const same: string[] = []
  const note = (externalId: string, seen: Seen): void => {
    const before = rows.get(externalId)
    if (seen.kind === 'same') same.push(externalId)
    else rows.set(externalId, { row: seen.row, isWork: seen.kind === 'changed' || before?.isWork === true })
  }
  // The same id may come twice in a page: the last one counts, on top of the one before.
  for (const observation of all) {
    const id = externalIdOf(observation)
    note(id, see(rows.get(id)?.row ?? known.get(id), observation, seenIn))
  }
  const fallout = await seriesFallout(db, held, all, known, rows)
  for (const row of fallout.cancelled) note(row.externalId, seeRemoval(row, seenIn))
  const withSeries = await narrowedBySeries(db, held, known, rows)
  for (const row of withSeries) note(row.externalId, { kind: 'changed', row })
  const wordless = [...rows.values()].flatMap(({ row }) => {
    const before = known.get(row.externalId)
    return before && isNarrower(row.entersAs, before.entersAs) ? row.externalId : []
  })
  wordless.push(...withSeries.map((row) => row.externalId))
  await saveExternalEvents(
    db,
    [...rows.values()].map(({ row }) => row),
  )
  await forgetOccurrences(db, provider.id, fallout.dropped, seenIn.at)
  if (kind === 'full') await markSeen(db, provider.id, same, seenIn.generation)
  const work = [...rows.values()].filter(({ isWork }) => isWork).map(({ row }) => row.externalId)
  const subjects = new Set([...work, ...fallout.marked])
  await markPending(
    db,
    provider.tenantId,
    [...subjects].map((subjectId) => ({ providerId: provider.id, kind: 'external', subjectId })),
  )
  return forgetWordsOf(db, provider, wordless, { cause, now: seenIn.at })
}

/** What the series of a page mean for occurrences that the page does not name. */
async function seriesFallout(
  db: Db,
  { provider, calendar }: HeldProvider,
  all: Observation[],
  known: Map<string, ExternalEvent>,
  rows: Map<string, { row: ExternalEvent }>,
): Promise<{ dropped: string[]; cancelled: ExternalEvent[]; marked: string[] }> {
  const series = all.flatMap((seen) =>
    seen.kind === 'event' && seen.event.kind === 'series' ? [seen.event] : [],
  )
  const occurrences = Map.groupBy(
    await occurrencesOf(
      db,
      provider.id,
      series.map((event) => event.externalId),
    ),
    (row) => row.seriesExternalId,
  )
  const total = { dropped: [] as string[], cancelled: [] as ExternalEvent[], marked: [] as string[] }
  for (const event of series) {
    const before = known.get(event.externalId)
    const after = (rows.get(event.externalId)?.row ?? before)?.content
    if (!after) continue
    const here = occurrences.get(event.externalId) ?? []
    const { dropped, cancelled, marked } = falloutOf(calendar, before?.content ?? null, event, after, here)
    total.dropped.push(...dropped)
    total.cancelled.push(...here.filter((row) => cancelled.includes(row.externalId)))
    total.marked.push(...marked)
  }
  return total
}

/**
 * The changed occurrences that the page does not name enter with no more than their series now does. Those of a series that
 * enters with more than before are told by the full round that follows.
 */
async function narrowedBySeries(
  db: Db,
  { provider }: HeldProvider,
  known: Map<string, ExternalEvent>,
  rows: Map<string, { row: ExternalEvent }>,
): Promise<ExternalEvent[]> {
  const series = [...rows.values()].flatMap(({ row }) => (row.kind === 'series' ? row : []))
  const isWider = (row: ExternalEvent) =>
    isNarrower(known.get(row.externalId)?.entersAs ?? row.entersAs, row.entersAs)
  const asked = new Map(
    series
      .filter((row) => row.entersAs !== 'full' || isWider(row))
      .map((row) => [row.externalId, row] as const),
  )
  const untold = (await occurrencesOf(db, provider.id, [...asked.keys()])).filter(
    (row) => !rows.has(row.externalId),
  )
  const seriesOf = (row: ExternalEvent) => asked.get(row.seriesExternalId ?? '')
  const isLess = (row: ExternalEvent) => isNarrower(row.entersAs, seriesOf(row)?.entersAs ?? row.entersAs)
  if (untold.some((row) => seriesOf(row) && isLess(row))) {
    await saveCursor(db, provider.id, { entered: { policy: enteringPolicy(provider.policies), after: '' } })
  }
  return untold.flatMap((row) =>
    narrowing(row, narrower(row.entersAs, seriesOf(row)?.entersAs ?? row.entersAs)),
  )
}

function see(known: ExternalEvent | undefined, observation: Observation, seenIn: SeenIn): Seen {
  switch (observation.kind) {
    case 'event':
      return seeEvent(known, observation.event, seenIn)
    case 'cancelled':
      return seeCancelled(known, observation.occurrence, observation.externalId, observation.etag, seenIn)
    case 'removed':
      return seeRemoval(known, seenIn)
    case 'malformed':
      return { kind: 'same' }
  }
}

export const externalIdOf = (observation: Observation): string =>
  observation.kind === 'event' ? observation.event.externalId : observation.externalId
