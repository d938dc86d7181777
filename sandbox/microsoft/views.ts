import { isObject, type JsonObject } from '../json.ts'
import type { State } from '../state.ts'
import { invalidRequest } from './errors.ts'
import { readQuery, type Addressed, type EventQuery } from './odata/query.ts'
import { lies, occurrencesIn, type Span } from './occurrences.ts'
import type { Preferences } from './preferences.ts'
import type { RenderedEvent } from './render.ts'
import type { Row } from './rows.ts'
import { shaped, type Viewer } from './shape.ts'
import type { Found } from './store.ts'
import { microsoftSwitch } from './switches.ts'
import type { MicrosoftAccount, MicrosoftCalendar } from './types.ts'
import { readWindow } from './window.ts'

/** Who reads, and with which options. */
export interface Reading {
  state: State
  account: MicrosoftAccount
  preferences: Preferences
  /** The options of the address, as they came. */
  options: unknown
}

export interface ListPage {
  value: (JsonObject | RenderedEvent)[]
  /** How many rows to skip for the next page. */
  nextSkip: number | null
  /** How many there are on all pages, for those who asked. */
  count: number | null
  select: ReadonlySet<string> | undefined
}

const pageSizeUsual = 10

/** Single events and series masters, without occurrences. */
export function listEvents(reading: Reading, calendar: MicrosoftCalendar): ListPage {
  function* rows(): Generator<Row> {
    for (const { event } of calendar.log.births) if (!event.isDeleted) yield { event, occurrence: undefined }
  }
  return pageOf(reading, 'events', rows())
}

/** Single events, occurrences and exceptions within a window, without masters. */
export function viewEvents(reading: Reading, calendar: MicrosoftCalendar): ListPage {
  const span = windowOf(reading)
  function* rows(): Generator<Row> {
    for (const { event } of calendar.log.births) {
      if (event.isDeleted) continue
      if (event.lines === null) {
        if (lies(event, span)) yield { event, occurrence: undefined }
      } else for (const occurrence of occurrencesIn(event, span)) yield { event, occurrence }
    }
  }
  return pageOf(reading, 'calendarView', rows())
}

/** The occurrences of one series within a window. */
export function viewInstances(reading: Reading, { event, occurrence }: Found): ListPage {
  if (event.lines === null || occurrence !== undefined)
    throw invalidRequest('Instances are those of a series; the event is none.')
  const rows = occurrencesIn(event, windowOf(reading)).map((one) => ({ event, occurrence: one }))
  return pageOf(reading, 'instances', rows)
}

/** One event by itself. */
export function viewEvent(
  reading: Reading,
  found: Found,
): { value: JsonObject | RenderedEvent; select: EventQuery['select'] } {
  const query = readQuery(reading.state, reading.options, 'event')
  return { value: shaped(found, query, viewerOf(reading)), select: query.select }
}

function windowOf({ state, options }: Reading): Span {
  const includesEdges = microsoftSwitch(state, 'viewEdges') === 'included'
  return { ...readWindow(isObject(options) ? options : {}), includesEdges }
}

function viewerOf(reading: Reading): Viewer {
  const { account, preferences } = reading
  const calendarOf = ({ event }: Row): MicrosoftCalendar => {
    const calendar = account.calendars.get(account.homes.get(event.core) ?? '')
    if (calendar === undefined) throw new Error(`Event ${event.core} lives in no calendar.`)
    return calendar
  }
  return { account, preferences, calendarOf, window: () => windowOf(reading) }
}

function pageOf(reading: Reading, addressed: Addressed, rows: Iterable<Row>): ListPage {
  const query = readQuery(reading.state, reading.options, addressed)
  const viewer = viewerOf(reading)
  const size = query.top ?? Math.min(reading.preferences.pageSize ?? pageSizeUsual, 1000)
  const { filter } = query
  // Only who orders or counts has to look at them all.
  const most = query.order !== undefined || query.counts ? Infinity : query.skip + size + 1
  const all: Row[] = []
  for (const row of rows) {
    if (all.length >= most) break
    if (filter === undefined || filter(row)) all.push(row)
  }
  if (query.order !== undefined) all.sort(query.order)
  const value = all.slice(query.skip, query.skip + size).map((row) => shaped(row, query, viewer))
  const isMore = size > 0 && all.length > query.skip + size
  return {
    value,
    nextSkip: isMore ? query.skip + size : null,
    count: query.counts ? all.length : null,
    select: query.select,
  }
}
