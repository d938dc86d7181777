import { saveCursor, type Cursor, type Round } from '../db/cursors.ts'
import { findExternalEvents } from '../db/external-events.ts'
import { moveIds } from '../db/moved-ids.ts'
import { markWindowPending } from '../db/pending.ts'
import type { Cause } from '../db/schedule-entries.ts'
import { freeQuarantined, saveQuarantined } from '../db/quarantine.ts'
import { windowAt } from '../domain/policy.ts'
import { CursorExpired, Refused } from '../providers/errors.ts'
import type { ChangePage, Observation, ObservedEvent } from '../providers/port.ts'
import { admissionOf } from './admission.ts'
import { askAbout, confirmAbsence, confirmRemovals, type Absence } from './confirm-absence.ts'
import type { ActivityDeps } from './deps.ts'
import type { HeldProvider } from './hold-provider.ts'
import type { SeenIn } from './observed-rows.ts'
import { movedAmong } from './relink.ts'
import { isUnderOtherIds } from './resolve-anew.ts'
import { externalIdOf, storeObservations, withOverrides } from './store-observations.ts'

export interface Pulled {
  outcome: 'more' | 'done'
  pages: number
  observed: number
}

/** The vendor's window moves by a full round; weekly is often enough for a window measured in months. */
const anchorMs = 7 * 86_400_000

/** Asks the vendor what changed, page by page, until the round ends or the time is up. */
export async function pullRound(deps: ActivityDeps, held: HeldProvider, runId?: string): Promise<Pulled> {
  const startedMs = deps.now().getTime()
  const pulled: Pulled = { outcome: 'more', pages: 0, observed: 0 }
  let cursor: Cursor = held.cursor
  let restarts = 0
  const cause: Cause = { kind: 'provider', providerId: held.provider.id, ...(runId && { runId }) }
  while (pulled.outcome === 'more' && deps.now().getTime() - startedMs < deps.budgetMs) {
    const round = cursor.round ?? beginRound(deps, held, cursor)
    const page = await held.calendar.listChanges(round.resume).catch((error: unknown) => {
      const isOurs = round.kind === 'delta' || cursor.round !== null
      const isStale = error instanceof CursorExpired || (error instanceof Refused && isOurs)
      if (!isStale || restarts++ > 0) throw error
      return error
    })
    if (page instanceof CursorExpired || page instanceof Refused) {
      // The place we were at is gone: a lost cursor needs a full round, a lost page only its own round again.
      const isPageAlone = page instanceof Refused && cursor.round !== null
      const lostCursor = isPageAlone ? {} : { cursor: null }
      await held.transaction((db) => saveCursor(db, held.provider.id, { ...lostCursor, round: null }))
      cursor = { ...cursor, ...lostCursor, round: null }
      continue
    }
    cursor = await storePage(deps, held, cursor, round, page, cause)
    pulled.pages++
    pulled.observed += page.observations.length
    if (page.next.kind === 'end') pulled.outcome = 'done'
  }
  return pulled
}

/** A delta round where the cursor still serves; else a full one under a new generation. */
function beginRound(deps: ActivityDeps, held: HeldProvider, cursor: Cursor): Round {
  const now = deps.now()
  const window = windowAt(now, held.provider.policies)
  const anchored =
    !held.calendar.windowIsInCursor || now.getTime() - (cursor.anchoredAt?.getTime() ?? 0) < anchorMs
  if (cursor.cursor !== null && cursor.fingerprint === held.calendar.fingerprint(window) && anchored) {
    return { kind: 'delta', startedAt: now.toISOString(), resume: held.calendar.deltaRound(cursor.cursor) }
  }
  return { kind: 'full', startedAt: now.toISOString(), resume: held.calendar.fullRound(window) }
}

/** One page's rows and the place to go on, in one transaction; with the last page the cursor, and what a full round missed. */
async function storePage(
  deps: ActivityDeps,
  held: HeldProvider,
  cursor: Cursor,
  round: Round,
  page: ChangePage,
  cause: Cause,
): Promise<Cursor> {
  const { provider } = held
  const generation =
    round.kind === 'full' && cursor.round === null ? cursor.generation + 1 : cursor.generation
  const at = deps.now()
  const observations = await withTheirSeries(held, await confirmRemovals(held, page.observations))
  // Only where the calendar itself goes by another id may its events do so.
  const mayHaveMoved = round.kind === 'full' && isUnderOtherIds({ cursor })
  const moved = mayHaveMoved ? await movedAmong(held, observations.flatMap(eventOf)) : []
  const isLast = page.next.kind === 'end'
  const shown = new Set([...observations.map(externalIdOf), ...moved.map(({ from }) => from)])
  const none: Absence = { observations: [], moved: [] }
  const absent = isLast ? await confirmAbsence(held, shown, generation, round, mayHaveMoved) : none

  const stored = await held.transaction(async (db) => {
    await moveIds(db, provider.id, [...moved, ...absent.moved])
    const all = withOverrides([...observations, ...absent.observations])
    const admission = await admissionOf(db, provider, all.flatMap(eventOf))
    const seenIn: SeenIn = { provider, generation, at, awaits: false, admission }
    const nudged = await storeObservations(db, held, all, seenIn, { kind: round.kind, cause })
    await storeQuarantine(db, held, all, at)
    return { nudged, cursor: await moveOn(db, deps, held, cursor, { ...round }, page, generation) }
  })
  await deps.nudge(stored.nudged.map((id) => ({ id, tenantId: provider.tenantId })))
  return stored.cursor
}

const eventOf = (seen: Observation): ObservedEvent[] => (seen.kind === 'event' ? [seen.event] : [])

/** A changed occurrence enters as its series does: where a word decides, a series that is not known yet is asked for. */
async function withTheirSeries(held: HeldProvider, observations: Observation[]): Promise<Observation[]> {
  if (held.provider.policies.enters !== 'marked') return observations
  const here = new Set(observations.map(externalIdOf))
  const named = observations.flatMap(eventOf).flatMap(({ occurrence }) => occurrence?.seriesId ?? [])
  const missing = [...new Set(named)].filter((id) => !here.has(id))
  const known = await held.transaction((db) => findExternalEvents(db, held.provider.id, missing))
  const unknown = missing.filter((id) => !known.some((row) => row.externalId === id))
  const series: Observation[] = []
  for (const id of unknown) series.push(await askAbout(held, id))
  return [...series, ...observations]
}

async function moveOn(
  db: Parameters<typeof saveCursor>[0],
  deps: ActivityDeps,
  held: HeldProvider,
  cursor: Cursor,
  round: Round,
  page: ChangePage,
  generation: number,
): Promise<Cursor> {
  const { provider, calendar } = held
  if (page.next.kind === 'more') {
    const progress = { generation, round: { ...round, resume: page.next.position } }
    await saveCursor(db, provider.id, progress)
    return { ...cursor, ...progress }
  }
  const window = windowAt(new Date(round.startedAt), provider.policies)
  const progress = {
    cursor: page.next.cursor,
    round: null,
    generation,
    fingerprint: calendar.fingerprint(window),
    ...(round.kind === 'full' && { anchoredAt: new Date(round.startedAt) }),
    ...(await slideWindow(db, deps, held, cursor)),
  }
  await saveCursor(db, provider.id, progress)
  return { ...cursor, ...progress }
}

/** As the window moves on, what came into it is work: marked once a day, in one statement. */
async function slideWindow(
  db: Parameters<typeof saveCursor>[0],
  deps: ActivityDeps,
  held: HeldProvider,
  cursor: Cursor,
): Promise<{ windowTo?: Date }> {
  const { to } = windowAt(deps.now(), held.provider.policies)
  if (!cursor.windowTo) return { windowTo: new Date(to) }
  if (Date.parse(to) - cursor.windowTo.getTime() < 86_400_000) return {}
  await markWindowPending(db, held.provider, { from: cursor.windowTo.toISOString(), to })
  return { windowTo: new Date(to) }
}

async function storeQuarantine(
  db: Parameters<typeof saveCursor>[0],
  held: HeldProvider,
  observations: Observation[],
  at: Date,
): Promise<void> {
  const { id: providerId, tenantId } = held.provider
  const bad = observations.filter((seen) => seen.kind === 'malformed')
  await saveQuarantined(
    db,
    bad.map(({ externalId, reason, rawSize }) => ({
      providerId,
      tenantId,
      externalId,
      reason,
      rawSize,
      firstSeenAt: at,
      lastSeenAt: at,
    })),
  )
  const good = observations.filter((seen) => seen.kind !== 'malformed').map(externalIdOf)
  await freeQuarantined(db, providerId, good)
}
