import { createHash } from 'node:crypto'
import { openCursor, sealCursor, type Place } from '../cursors.ts'
import { numberOf, textOf, type JsonObject } from '../json.ts'
import { currentEpoch, nowOf, type World } from '../world.ts'
import { badRequest, fullSyncRequired, GoogleError, invalid } from './errors.ts'
import type { ListQuery } from './query.ts'
import { googleSwitch } from './switches.ts'
import type { GoogleCalendar } from './types.ts'

/** How long a sync token is honoured. */
export function syncTokenLifetimeMs(world: World): number {
  return googleSwitch(world.state, 'syncTokenDays') * 86_400_000
}

/** A round of events.list: all events, or what changed after a sync token. */
export interface Round {
  /** Nothing for a full list. */
  after: number | null
  /** What changed later than this belongs to the next round. */
  until: number
  /**
   * Since when the caller may know any state of an event. It lies before `after` when something was written during the
   * last round: what was about to be told then was perhaps overtaken and never told.
   */
  since: number
  fromMs: number
  toMs: number
  /** Where the walk through the calendar stands. */
  place: Place
  /** In a sorted list, the last item that was given. */
  passed: { key: string; id: string } | null
  /** How many pages there were. */
  turn: number
}

/** What a page leaves to be told. */
export type Rest = Pick<Round, 'place' | 'passed'>

/** The round a request is part of, by its page token or sync token, or one that begins. */
export function roundOf(world: World, calendar: GoogleCalendar, query: ListQuery): Round {
  const { fromMs, toMs, pageToken, syncToken } = query
  const { sequence } = calendar.log
  const beginning = { until: sequence, since: sequence, passed: null, turn: 0 }
  if (pageToken !== undefined) return roundOfPage(calendar, query, pageToken)
  if (syncToken !== undefined) return { ...beginning, ...roundOfSync(world, calendar, query, syncToken) }
  checkUpdatedMin(world, query)
  return { ...beginning, after: null, fromMs, toMs, place: { position: -1, offset: 0 } }
}

function roundOfPage(calendar: GoogleCalendar, query: ListQuery, pageToken: string): Round {
  const cursor = openCursor(pageToken)
  const isOurs = cursor?.['calendar'] === calendar.id && cursor['query'] === signature(query, 'page')
  if (cursor === undefined || !isOurs) throw invalid('Invalid page token value.', 'pageToken')
  const [key, id] = [textOf(cursor['key']), textOf(cursor['id'])]
  return {
    after: numberOf(cursor['after']) ?? null,
    until: numberOf(cursor['until']) ?? 0,
    since: numberOf(cursor['since']) ?? 0,
    fromMs: numberOf(cursor['from']) ?? -Infinity,
    toMs: numberOf(cursor['to']) ?? Infinity,
    place: { position: numberOf(cursor['position']) ?? -1, offset: numberOf(cursor['offset']) ?? 0 },
    passed: key === undefined || id === undefined ? null : { key, id },
    turn: numberOf(cursor['turn']) ?? 0,
  }
}

function roundOfSync(
  world: World,
  calendar: GoogleCalendar,
  query: ListQuery,
  syncToken: string,
): Pick<Round, 'after' | 'since' | 'fromMs' | 'toMs' | 'place'> {
  const cursor = openCursor(syncToken)
  const after = numberOf(cursor?.['after'])
  if (cursor === undefined || after === undefined) throw malformedSyncToken(world)
  if (!isLive(world, calendar, cursor)) throw fullSyncRequired()
  if (textOf(cursor['query']) !== signature(query, 'sync')) {
    throw badRequest('Sync token cannot be used with other parameters than those of the initial list.')
  }
  return {
    after,
    since: numberOf(cursor['since']) ?? after,
    fromMs: numberOf(cursor['from']) ?? -Infinity,
    toMs: numberOf(cursor['to']) ?? Infinity,
    place: { position: after, offset: 0 },
  }
}

function malformedSyncToken(world: World): GoogleError {
  return googleSwitch(world.state, 'malformedSyncToken') === 400
    ? invalid('Invalid sync token value.', 'syncToken')
    : fullSyncRequired()
}

function isLive(world: World, calendar: GoogleCalendar, cursor: JsonObject): boolean {
  const issuedAtMs = numberOf(cursor['issuedAt']) ?? 0
  return (
    cursor['calendar'] === calendar.id &&
    numberOf(cursor['access']) === calendar.accessVersion &&
    world.state.epochs.includes(numberOf(cursor['epoch']) ?? -1) &&
    nowOf(world) - issuedAtMs < syncTokenLifetimeMs(world)
  )
}

function checkUpdatedMin(world: World, { updatedFromMs }: ListQuery): void {
  if (updatedFromMs === undefined || nowOf(world) - updatedFromMs <= syncTokenLifetimeMs(world)) return
  const message = 'The requested minimum modification time lies too far in the past.'
  const place = { domain: 'calendar', locationType: 'parameter', location: 'updatedMin' }
  throw new GoogleError(410, 'updatedMinTooLongAgo', message, place)
}

/** The parameters that must stay the same from page to page, and from one sync to the next. */
function signature(query: ListQuery, scope: 'page' | 'sync'): string {
  const lasting = [query.singleEvents, query.eventTypes.toSorted()]
  if (scope === 'sync') return JSON.stringify(lasting)
  const { pageSize: _size, pageToken: _token, timeZone: _zone, attendeesMax: _guests, ...filters } = query
  // As a digest, so that a long query does not make a long token.
  return createHash('sha256').update(JSON.stringify(filters)).digest('base64url').slice(0, 22)
}

/** The token for the next page of a round. */
export function pageTokenFor(
  world: World,
  calendar: GoogleCalendar,
  query: ListQuery,
  round: Round,
  rest: Rest,
): string {
  return sealCursor({
    calendar: calendar.id,
    epoch: currentEpoch(world),
    query: signature(query, 'page'),
    after: round.after,
    until: round.until,
    since: round.since,
    from: finite(round.fromMs),
    to: finite(round.toMs),
    ...rest.place,
    ...rest.passed,
    turn: round.turn + 1,
  })
}

/** The token for what changes from a round on; a list that was sorted or searched has none. */
export function syncTokenAfter(
  world: World,
  calendar: GoogleCalendar,
  query: ListQuery,
  round: Round,
): string | undefined {
  const { orderBy, iCalUID, text, updatedFromMs, privateProperties, sharedProperties } = query
  const filters = [orderBy, iCalUID, text, updatedFromMs, ...privateProperties, ...sharedProperties]
  if (filters.some((filter) => filter !== undefined)) return undefined
  const wasOvertaken = round.after !== null && calendar.log.sequence !== round.until
  return sealCursor({
    calendar: calendar.id,
    epoch: currentEpoch(world),
    access: calendar.accessVersion,
    issuedAt: nowOf(world),
    query: signature(query, 'sync'),
    after: round.until,
    since: wasOvertaken ? round.since : round.until,
    from: finite(round.fromMs),
    to: finite(round.toMs),
  })
}

function finite(instantMs: number): number | null {
  return Number.isFinite(instantMs) ? instantMs : null
}
