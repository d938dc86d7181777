import { fillPage, openCursor, sealCursor, type Place } from '../cursors.ts'
import { changesBetween, type Entry } from '../event-log.ts'
import { isObject, numberOf, textOf, type JsonObject } from '../json.ts'
import { currentEpoch, nowOf, type World } from '../world.ts'
import { ianaZoneOf } from '../zones.ts'
import { invalidQuery, syncStateNotFound } from './errors.ts'
import { eventId } from './ids.ts'
import { occurrencesIn, overlaps, type Span } from './occurrences.ts'
import type { Preferences } from './preferences.ts'
import { render, renderThin, type RenderedEvent } from './render.ts'
import { readWindow } from './window.ts'
import type { MicrosoftCalendar, MicrosoftEvent } from './types.ts'

export const deltaTokenLifetimeMs = 30 * 86_400_000
const pageSizeUsual = 50
const pageSizeMax = 1000

interface Removed {
  '@odata.type': string
  id: string
  '@removed': { reason: 'deleted' }
}

export interface DeltaPage {
  value: (RenderedEvent | Removed)[]
  nextToken: string | null
  deltaToken: string | null
}

interface Round extends Span {
  /** Nothing in the first round. */
  after: number | null
  until: number
  place: Place
  preferences: Preferences
}

/** One page of calendarView/delta; the window and the first call's preferences travel in the token. */
export function deltaPage(
  world: World,
  calendar: MicrosoftCalendar,
  query: unknown,
  preferences: Preferences,
): DeltaPage {
  const round = roundOf(world, calendar, isObject(query) ? query : {}, preferences)
  const size = Math.min(preferences.pageSize ?? pageSizeUsual, pageSizeMax)
  const { items, next } = fillPage(walk(calendar, round), round.place, size)
  const token = (place: Place | null): string => seal(world, calendar, round, place)
  return {
    value: items,
    nextToken: next === null ? null : token(next),
    deltaToken: next === null ? token(null) : null,
  }
}

function roundOf(
  world: World,
  calendar: MicrosoftCalendar,
  query: JsonObject,
  preferences: Preferences,
): Round {
  const unsupported = Object.keys(query).find((name) =>
    /^\$(select|expand|filter|orderby|search|top|skip|count)$/i.test(name),
  )
  if (unsupported !== undefined) {
    throw invalidQuery(
      `The query option '${unsupported}' is not supported with change tracking over calendarView.`,
    )
  }
  const text = textOf(query['$skiptoken']) ?? textOf(query['$deltatoken'])
  if (text === undefined) {
    const start = { position: -1, offset: 0 }
    return { ...readWindow(query), after: null, until: calendar.log.sequence, place: start, preferences }
  }
  const cursor = openCursor(text)
  if (cursor === undefined || !isLive(world, calendar, cursor)) throw syncStateNotFound()
  const isDelta = query['$skiptoken'] === undefined
  if (isDelta !== (cursor['position'] === undefined)) throw syncStateNotFound()
  const until = numberOf(cursor['until']) ?? 0
  const zoneName = textOf(cursor['zone'])
  const iana = ianaZoneOf(zoneName ?? '')
  const remembered = zoneName === undefined || iana === undefined ? undefined : { iana, name: zoneName }
  return {
    fromMs: numberOf(cursor['from']) ?? 0,
    toMs: numberOf(cursor['to']) ?? 0,
    after: isDelta ? until : (numberOf(cursor['after']) ?? null),
    until: isDelta ? calendar.log.sequence : until,
    place: isDelta
      ? { position: until, offset: 0 }
      : { position: numberOf(cursor['position']) ?? -1, offset: numberOf(cursor['offset']) ?? 0 },
    preferences: {
      ...preferences,
      zone: preferences.zone ?? remembered,
      immutableIds: preferences.immutableIds || cursor['immutable'] === true,
    },
  }
}

function isLive(world: World, calendar: MicrosoftCalendar, cursor: JsonObject): boolean {
  return (
    cursor['calendar'] === calendar.id &&
    world.state.epochs.includes(numberOf(cursor['epoch']) ?? -1) &&
    nowOf(world) - (numberOf(cursor['issuedAt']) ?? 0) < deltaTokenLifetimeMs
  )
}

function seal(world: World, calendar: MicrosoftCalendar, round: Round, place: Place | null): string {
  return sealCursor({
    calendar: calendar.id,
    epoch: currentEpoch(world),
    issuedAt: nowOf(world),
    from: round.fromMs,
    to: round.toMs,
    until: round.until,
    ...(place === null ? {} : { ...place, after: round.after }),
    ...(round.preferences.zone === undefined ? {} : { zone: round.preferences.zone.name }),
    ...(round.preferences.immutableIds ? { immutable: true } : {}),
  })
}

type Item = RenderedEvent | Removed

function* walk(
  calendar: MicrosoftCalendar,
  round: Round,
): Generator<{ position: number; items: () => Iterable<Item> }> {
  if (round.after === null) {
    for (let position = round.place.position + 1; position < calendar.log.births.length; position += 1) {
      const entry = calendar.log.entries.get(calendar.log.births[position] ?? '')
      // What is made during the round belongs to the next one.
      if (entry === undefined || entry.bornAt > round.until) continue
      yield { position, items: () => present(entry.event, round) }
    }
    return
  }
  for (const { entry } of changesBetween(calendar.log, round.place.position, round.until)) {
    yield { position: entry.sequence, items: () => changed(entry, round) }
  }
}

/** An event as far as it lies in the window; a series comes with all its occurrences there. */
function* present(event: MicrosoftEvent, round: Round): Generator<RenderedEvent> {
  if (event.isDeleted) return
  const full = (): RenderedEvent => ({
    '@odata.type': '#microsoft.graph.event',
    ...render(event, round.preferences),
  })
  if (event.lines === null) {
    if (overlaps(event, round)) yield full()
    return
  }
  let isFirst = true
  for (const occurrence of occurrencesIn(event, round)) {
    if (isFirst) yield full()
    isFirst = false
    yield renderThin(event, round.preferences, occurrence)
  }
}

/** A change: the event as it is now, or word that it is gone from the window. */
function* changed(entry: Entry<MicrosoftEvent>, round: Round): Generator<Item> {
  let isThere = false
  for (const item of present(entry.event, round)) {
    isThere = true
    yield item
  }
  // What came and went since the last round was never told of, so there is nothing to take back.
  if (isThere || entry.bornAt > (round.after ?? 0)) return
  const id = eventId(entry.event.core, round.preferences.immutableIds)
  yield { '@odata.type': '#microsoft.graph.event', id, '@removed': { reason: 'deleted' } }
}
