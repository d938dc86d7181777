import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { Page } from '../cursors.ts'
import { changesBetween } from '../event-log.ts'
import { nowOf } from '../world.ts'
import { itemsOf, type Item, type Listing } from './list-items.ts'
import { pageTokenFor, roundOf, syncTokenAfter, type Rest } from './list-round.ts'
import type { ListQuery } from './query.ts'
import { withAttendeesMax } from './render.ts'
import type { Place } from './series.ts'
import { sortedItems } from './sorted-items.ts'
import { googleSwitch } from './switches.ts'

/** One page of events.list. */
export function listEvents(place: Place, query: ListQuery): calendar_v3.Schema$Events {
  const { world, calendar } = place
  const round = roundOf(world, calendar, query)
  const listing = { place, query, round }
  const size = pageSize(listing)
  const { items, rest } =
    query.orderBy === undefined ? walkPage(listing, size) : sortedPage(listing, query.orderBy, size)
  const newest = calendar.log.entries.get(calendar.log.changes.at(-1)?.id ?? '')
  const nextSyncToken = rest === null ? syncTokenAfter(world, calendar, query, round) : undefined
  return {
    kind: 'calendar#events',
    etag: listEtag(place),
    summary: calendar.name,
    description: '',
    updated: newest?.event.updated ?? new Date(nowOf(world)).toISOString(),
    timeZone: query.timeZone ?? calendar.timeZone,
    ...(rest === null ? {} : { nextPageToken: pageTokenFor(world, calendar, query, round, rest) }),
    ...(nextSyncToken === undefined ? {} : { nextSyncToken }),
    items: items.map((item) => withAttendeesMax(item, query.attendeesMax)),
  }
}

/** Another one whenever the calendar or an event in it has changed. */
export function listEtag({ calendar }: Place): string {
  return `"p${calendar.log.sequence}.${calendar.etag.replaceAll('"', '')}"`
}

/** A page may hold fewer than were asked for, even none, and more may follow all the same. */
function pageSize({ place: { world }, query }: Listing): number {
  if (!googleSwitch(world.state, 'shortPages')) return query.pageSize
  return Math.floor(world.random.next() * (query.pageSize + 1))
}

interface ListPage {
  items: Item[]
  /** Nothing when there is no more. */
  rest: Rest | null
}

function walkPage(listing: Listing, size: number): ListPage {
  const { round, place } = listing
  const { log } = place.calendar
  const page = new Page<Item>(round.place, size)
  if (round.after === null) {
    // A full list goes by first appearance, so an event edited between two pages keeps its place.
    for (let position = round.place.position + 1; position < log.births.length; position += 1) {
      const entry = log.births[position]
      if (entry !== undefined && !page.takes(position, itemsOf(listing, entry))) break
    }
  } else {
    for (const { entry } of changesBetween(log, round.place.position, round.until))
      if (!page.takes(entry.sequence, itemsOf(listing, entry))) break
  }
  return { items: page.items, rest: page.next === null ? null : { place: page.next, passed: null } }
}

function sortedPage(listing: Listing, orderBy: 'startTime' | 'updated', size: number): ListPage {
  const { passed, place } = listing.round
  const left = sortedItems(listing, orderBy, passed)
  const page = left.slice(0, size)
  if (page.length === left.length) return { items: page.map(({ item }) => item), rest: null }
  const last = page.at(-1)
  const next = last === undefined ? passed : { key: last.key, id: last.item.id ?? '' }
  return { items: page.map(({ item }) => item), rest: { place, passed: next } }
}
