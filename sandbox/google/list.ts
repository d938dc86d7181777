import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { fillPage, openCursor, sealCursor, type Place } from '../cursors.ts'
import { changesBetween } from '../event-log.ts'
import { numberOf, textOf, type JsonObject } from '../json.ts'
import { currentEpoch, nowOf, type World } from '../world.ts'
import { badRequest, fullSyncRequired, invalid, type GoogleError } from './errors.ts'
import { googleSwitch } from './switches.ts'
import { instancesOf, isMaster, type Place as Target } from './series.ts'
import { instantOfTime } from './times.ts'
import type { GoogleAccount, GoogleCalendar, GoogleEvent } from './types.ts'
import type { ListQuery } from './query.ts'
import { tombstone, withZone } from './render.ts'

/** After this long a sync token is no longer honoured. */
export const syncTokenLifetimeMs = 29 * 86_400_000

/** A round of events.list: all events, or what changed after a sync token. */
interface Round {
  /** Nothing for a full list. */
  after: number | null
  /** What changed later than this belongs to the next round. */
  until: number
  fromMs: number
  toMs: number
  place: Place
}

/** One page of events.list. */
export function listEvents(
  target: { world: World; account: GoogleAccount; calendar: GoogleCalendar },
  query: ListQuery,
): calendar_v3.Schema$Events {
  const { world, calendar } = target
  const round = roundOf(world, calendar, query)
  const page = query.orderBy === undefined ? walkPage(target, round, query) : sortedPage(target, round, query)
  const newest = calendar.log.entries.get(calendar.log.changes.at(-1)?.id ?? '')
  return {
    kind: 'calendar#events',
    etag: `"p${calendar.log.sequence}"`,
    summary: calendar.name,
    description: '',
    updated: newest?.event.updated ?? new Date(nowOf(world)).toISOString(),
    timeZone: query.timeZone ?? calendar.timeZone,
    accessRole: 'owner',
    defaultReminders: [{ method: 'popup', minutes: 10 }],
    ...(page.next === null
      ? nextSyncToken(world, calendar, query, round)
      : { nextPageToken: seal(world, calendar, query, round, page.next) }),
    items: page.items.map((event) => withZone(event, query.timeZone)),
  }
}

function roundOf(world: World, calendar: GoogleCalendar, query: ListQuery): Round {
  const start = { position: -1, offset: 0 }
  const { fromMs, toMs } = query
  if (query.pageToken !== undefined) {
    const cursor = openCursor(query.pageToken)
    if (
      cursor === undefined ||
      cursor['calendar'] !== calendar.id ||
      cursor['query'] !== signature(query, 'page')
    ) {
      throw invalid('Invalid page token value.')
    }
    return {
      after: numberOf(cursor['after']) ?? null,
      until: numberOf(cursor['until']) ?? 0,
      fromMs: numberOf(cursor['from']) ?? -Infinity,
      toMs: numberOf(cursor['to']) ?? Infinity,
      place: { position: numberOf(cursor['position']) ?? -1, offset: numberOf(cursor['offset']) ?? 0 },
    }
  }
  if (query.syncToken === undefined) {
    return { after: null, until: calendar.log.sequence, fromMs, toMs, place: start }
  }
  const cursor = openCursor(query.syncToken)
  const after = numberOf(cursor?.['after'])
  if (cursor === undefined || after === undefined) throw malformedSyncToken(world)
  if (!isLive(world, calendar, cursor)) throw fullSyncRequired()
  if (textOf(cursor['query']) !== signature(query, 'sync')) {
    throw badRequest('Sync token cannot be used with other parameters than those of the initial list.')
  }
  const window = { fromMs: numberOf(cursor['from']) ?? -Infinity, toMs: numberOf(cursor['to']) ?? Infinity }
  return { after, until: calendar.log.sequence, ...window, place: { position: after, offset: 0 } }
}

function malformedSyncToken(world: World): GoogleError {
  return googleSwitch(world.state, 'malformedSyncToken') === 400
    ? invalid('Invalid sync token value.')
    : fullSyncRequired()
}

function isLive(world: World, calendar: GoogleCalendar, cursor: JsonObject): boolean {
  const issuedAtMs = numberOf(cursor['issuedAt']) ?? 0
  return (
    cursor['calendar'] === calendar.id &&
    numberOf(cursor['access']) === calendar.accessVersion &&
    world.state.epochs.includes(numberOf(cursor['epoch']) ?? -1) &&
    nowOf(world) - issuedAtMs < syncTokenLifetimeMs
  )
}

/** The parameters that must stay the same from page to page, and from one sync to the next. */
function signature(query: ListQuery, scope: 'page' | 'sync'): string {
  const lasting = [query.singleEvents, query.eventTypes.toSorted()]
  const paging = [
    query.syncToken,
    query.showDeleted,
    query.orderBy,
    query.iCalUID,
    query.text,
    query.fromMs,
    query.toMs,
  ]
  const filters = [query.privateProperties, query.sharedProperties, query.updatedFromMs]
  return JSON.stringify(scope === 'sync' ? lasting : [...lasting, ...paging, ...filters])
}

function seal(world: World, calendar: GoogleCalendar, query: ListQuery, round: Round, place: Place): string {
  return sealCursor({
    calendar: calendar.id,
    epoch: currentEpoch(world),
    query: signature(query, 'page'),
    after: round.after,
    until: round.until,
    from: finite(round.fromMs),
    to: finite(round.toMs),
    ...place,
  })
}

function nextSyncToken(
  world: World,
  calendar: GoogleCalendar,
  query: ListQuery,
  round: Round,
): { nextSyncToken?: string } {
  const filters = [query.orderBy, query.iCalUID, query.text, query.updatedFromMs].filter(
    (value) => value !== undefined,
  )
  // A list that was sorted or searched gives no token to go on from.
  if (filters.length + query.privateProperties.length + query.sharedProperties.length > 0) return {}
  const token = sealCursor({
    calendar: calendar.id,
    epoch: currentEpoch(world),
    access: calendar.accessVersion,
    issuedAt: nowOf(world),
    query: signature(query, 'sync'),
    after: round.until,
    from: finite(round.fromMs),
    to: finite(round.toMs),
  })
  return { nextSyncToken: token }
}

function finite(instantMs: number): number | null {
  return Number.isFinite(instantMs) ? instantMs : null
}

type Item = calendar_v3.Schema$Event
type Page = { items: Item[]; next: Place | null }

function walkPage(place: Target, round: Round, query: ListQuery): Page {
  const { calendar } = place
  const items = (event: GoogleEvent) => (): Iterable<Item> => itemsOf(place, event, round, query)
  function* walk(): Generator<{ position: number; items: () => Iterable<Item> }> {
    if (round.after === null) {
      // A full list goes by first appearance, so an event edited between two pages keeps its place.
      for (let position = round.place.position + 1; position < calendar.log.births.length; position += 1) {
        const entry = calendar.log.entries.get(calendar.log.births[position] ?? '')
        if (entry !== undefined) yield { position, items: items(entry.event) }
      }
      return
    }
    for (const { entry } of changesBetween(calendar.log, round.place.position, round.until)) {
      yield { position: entry.sequence, items: items(entry.event) }
    }
  }
  return fillPage(walk(), round.place, query.pageSize)
}

function sortedPage(place: Target, round: Round, query: ListQuery): Page {
  const { calendar } = place
  const all: Item[] = []
  for (const { event } of calendar.log.entries.values()) all.push(...itemsOf(place, event, round, query))
  if (query.orderBy === 'updated') all.sort((a, b) => ((a.updated ?? '') < (b.updated ?? '') ? -1 : 1))
  else
    all.sort((a, b) => instantOfTime(a.start, calendar.timeZone) - instantOfTime(b.start, calendar.timeZone))
  const from = Math.max(round.place.position, 0)
  const to = from + query.pageSize
  return { items: all.slice(from, to), next: to < all.length ? { position: to, offset: 0 } : null }
}

/** What one kept event contributes to a list: nothing, itself, or the instances of a series. */
function* itemsOf(place: Target, event: GoogleEvent, round: Round, query: ListQuery): Generator<Item> {
  const { calendar } = place
  if (!matches(event, query)) return
  const showsDeleted = query.showDeleted || round.after !== null || query.updatedFromMs !== undefined
  const master = calendar.log.entries.get(event.recurringEventId ?? '')?.event
  // The end of a series is told by its master alone, and none of its occurrences outlives it.
  if (master?.status === 'cancelled' && !(query.singleEvents && showsDeleted)) return
  if (event.status === 'cancelled') {
    const isException = master !== undefined && !query.singleEvents
    if (showsDeleted || isException) yield query.showDeleted ? event : tombstone(event)
    return
  }
  const span = { from: round.fromMs, to: round.toMs }
  if (!isMaster(event)) {
    if (round.after !== null || overlaps(calendar, event, span)) yield event
    return
  }
  if (!query.singleEvents) {
    if (round.after !== null || isUnbounded(span) || !instancesOf(place, event, span).next().done) yield event
    return
  }
  for (const instance of instancesOf(place, event, span)) {
    if (!calendar.log.entries.has(instance.id)) yield instance
  }
}

function isUnbounded(span: { from: number; to: number }): boolean {
  return span.from === -Infinity && span.to === Infinity
}

function overlaps(calendar: GoogleCalendar, event: GoogleEvent, span: { from: number; to: number }): boolean {
  if (isUnbounded(span)) return true
  const startMs = instantOfTime(event.start, calendar.timeZone)
  const endMs = Math.max(instantOfTime(event.end, calendar.timeZone), startMs + 1)
  return startMs < span.to && endMs > span.from
}

function matches(event: GoogleEvent, query: ListQuery): boolean {
  if (query.iCalUID !== undefined && event.iCalUID !== query.iCalUID) return false
  if (query.eventTypes.length > 0 && !query.eventTypes.includes(event.eventType ?? 'default')) return false
  if (query.updatedFromMs !== undefined && Date.parse(event.updated) < query.updatedFromMs) return false
  if (query.text !== undefined) {
    const words = [event.summary, event.description, event.location].join('\n').toLowerCase()
    if (!words.includes(query.text)) return false
  }
  return (
    hasProperties(event.extendedProperties?.private, query.privateProperties) &&
    hasProperties(event.extendedProperties?.shared, query.sharedProperties)
  )
}

function hasProperties(properties: Record<string, string> | null | undefined, wanted: string[]): boolean {
  return wanted.every((pair) => {
    const at = pair.indexOf('=')
    return properties?.[pair.slice(0, at)] === pair.slice(at + 1)
  })
}
