import type { Round } from '../db/cursors.ts'
import { awaitedSince, findExternalEvents, unseenSince, type ExternalEvent } from '../db/external-events.ts'
import type { MovedId } from '../db/moved-ids.ts'
import { InvalidTime } from '../domain/time.ts'
import type { Observation } from '../providers/port.ts'
import type { HeldProvider } from './hold-provider.ts'
import { movedOutOfSight } from './relink.ts'
import { externalIdOf } from './store-observations.ts'

const absentMax = 100_000

/** What a round did not show: how it stands, and which of it is there under another id. */
export interface Absence {
  observations: Observation[]
  moved: MovedId[]
}

/** A vendor that says "removed" for what only left its window is asked about each event we hold. */
export async function confirmRemovals(
  held: HeldProvider,
  observations: Observation[],
): Promise<Observation[]> {
  const doubtful = observations.filter((seen) => seen.kind === 'removed' && !seen.certain).map(externalIdOf)
  if (doubtful.length === 0) return observations
  const known = await held.transaction((db) => findExternalEvents(db, held.provider.id, doubtful))
  const living = new Set(known.filter((row) => !row.deleted).map((row) => row.externalId))
  const confirmed: Observation[] = []
  for (const observation of observations) {
    if (observation.kind !== 'removed' || observation.certain) confirmed.push(observation)
    else if (living.has(observation.externalId)) confirmed.push(await askAbout(held, observation.externalId))
  }
  return confirmed
}

/**
 * What a complete round did not show is gone, unless it was seen or written since the round began, or still answers. A
 * delta shows what changed alone: there only our own writes are missed, which it would have shown.
 */
export async function confirmAbsence(
  held: HeldProvider,
  shown: Set<string>,
  generation: number,
  round: Round,
  mayHaveMoved: boolean,
): Promise<Absence> {
  const startedAt = new Date(round.startedAt)
  const { id } = held.provider
  if (round.kind === 'delta' && held.calendar.tellsAll) return { observations: [], moved: [] }
  const unseen = await held.transaction((db) =>
    round.kind === 'delta'
      ? awaitedSince(db, id, startedAt)
      : unseenSince(db, id, generation, startedAt, absentMax),
  )
  const observations: Observation[] = []
  const absent = unseen.filter((row) => !shown.has(row.externalId))
  for (const { externalId } of absent) {
    observations.push(
      held.calendar.windowIsInCursor
        ? await askAbout(held, externalId)
        : { kind: 'removed', externalId, certain: true },
    )
  }
  return mayHaveMoved ? withMoved(held, absent, observations, shown) : { observations, moved: [] }
}

/** What is out of the vendor's window is not shown under its new id either: there it is looked for by its iCalendar UID. */
async function withMoved(
  held: HeldProvider,
  absent: ExternalEvent[],
  observations: Observation[],
  shown: Set<string>,
): Promise<Absence> {
  const gone = new Set(observations.flatMap((seen) => (seen.kind === 'removed' ? seen.externalId : [])))
  const moved = await movedOutOfSight(
    held,
    absent.filter(({ externalId }) => gone.has(externalId)),
    shown,
  )
  const left = new Set(moved.map(({ from }) => from))
  const there = observations.filter((seen) => !left.has(externalIdOf(seen)))
  for (const { to } of moved) there.push(await readAt(held, to))
  return { observations: there, moved }
}

/** One that cannot be read stays what it was, under its new id. */
async function readAt(held: HeldProvider, externalId: string): Promise<Observation> {
  try {
    return await askAbout(held, externalId)
  } catch (error) {
    if (!(error instanceof InvalidTime)) throw error
    return { kind: 'malformed', externalId, reason: error.message, rawSize: 0 }
  }
}

/** How an event stands at the vendor now. */
export async function askAbout(held: HeldProvider, externalId: string): Promise<Observation> {
  const event = await held.calendar.getEvent(externalId)
  return event === 'gone' ? { kind: 'removed', externalId, certain: true } : { kind: 'event', event }
}
