import { isObject, numberOf, textOf, type JsonObject } from '../json.ts'
import { invalidQuery } from './errors.ts'
import { instant, occurrencesIn, overlaps, type Occurrence } from './occurrences.ts'
import type { Preferences } from './preferences.ts'
import { render, type RenderedEvent } from './render.ts'
import { readWindow } from './window.ts'
import type { ExtendedProperty, MicrosoftCalendar, MicrosoftEvent } from './types.ts'

interface Row {
  event: MicrosoftEvent
  occurrence: Occurrence | undefined
}

export interface ListPage {
  value: Record<string, unknown>[]
  /** How many rows to skip for the next page. */
  nextSkip: number | null
}

const pageSizeUsual = 10
const pageSizeMax = 1000

/** Single events and series masters, without occurrences. */
export function listEvents(calendar: MicrosoftCalendar, query: unknown, preferences: Preferences): ListPage {
  const asked: JsonObject = isObject(query) ? query : {}
  const isWanted = filterOf(textOf(asked['$filter']))
  function* rows(): Generator<Row> {
    for (const { event } of calendar.log.entries.values()) {
      if (!event.isDeleted && isWanted(event)) yield { event, occurrence: undefined }
    }
  }
  return pageOf(rows(), asked, preferences)
}

/** Single events, occurrences and exceptions within a window, without masters. */
export function viewEvents(calendar: MicrosoftCalendar, query: unknown, preferences: Preferences): ListPage {
  const asked: JsonObject = isObject(query) ? query : {}
  const span = readWindow(asked)
  function* rows(): Generator<Row> {
    for (const { event } of calendar.log.entries.values()) {
      if (event.isDeleted) continue
      if (event.lines === null) {
        if (overlaps(event, span)) yield { event, occurrence: undefined }
      } else for (const occurrence of occurrencesIn(event, span)) yield { event, occurrence }
    }
  }
  return pageOf(rows(), asked, preferences)
}

/** The occurrences of one series within a window. */
export function viewInstances(event: MicrosoftEvent, query: unknown, preferences: Preferences): ListPage {
  const asked: JsonObject = isObject(query) ? query : {}
  const rows = [...occurrencesIn(event, readWindow(asked))].map((occurrence) => ({ event, occurrence }))
  return pageOf(rows, asked, preferences)
}

function pageOf(rows: Iterable<Row>, asked: JsonObject, preferences: Preferences): ListPage {
  const size = Math.min(numberOf(asked['$top']) ?? preferences.pageSize ?? pageSizeUsual, pageSizeMax)
  const skip = numberOf(asked['$skip']) ?? 0
  const value: Record<string, unknown>[] = []
  let index = 0
  for (const { event, occurrence } of ordered(rows, textOf(asked['$orderby']))) {
    index += 1
    if (index <= skip) continue
    if (value.length === size) return { value, nextSkip: skip + size }
    value.push(shape(render(event, preferences, occurrence), event, occurrence, asked))
  }
  return { value, nextSkip: null }
}

function ordered(rows: Iterable<Row>, order: string | undefined): Iterable<Row> {
  if (order === undefined) return rows
  const [property, direction = 'asc'] = order.trim().split(/\s+/)
  if (property !== 'start/dateTime' && property !== 'start')
    throw invalidQuery(`Ordering by '${order}' is not supported.`)
  const startOf = ({ event, occurrence }: Row): number => instant((occurrence ?? event).start)
  const sorted = [...rows].sort((a, b) => startOf(a) - startOf(b))
  return direction === 'desc' ? sorted.toReversed() : sorted
}

/** Applies $select and $expand to one event. */
export function shape(
  rendered: RenderedEvent,
  event: MicrosoftEvent,
  occurrence: Occurrence | undefined,
  asked: JsonObject,
): Record<string, unknown> {
  const own: Record<string, unknown> = { ...rendered }
  if (occurrence === undefined && event.lines !== null) {
    const masterId = rendered.id ?? ''
    own['cancelledOccurrences'] = event.cancelled.map((date) => `OID.${masterId}.${date}`)
  }
  const select = textOf(asked['$select'])
    ?.split(',')
    .map((name) => name.trim())
  const isSelected = (name: string): boolean =>
    select === undefined
      ? name !== 'cancelledOccurrences'
      : name === 'id' || name.startsWith('@') || select.includes(name)
  const shaped = Object.fromEntries(Object.entries(own).filter(([name]) => isSelected(name)))
  const expand = textOf(asked['$expand'])
  if (expand?.startsWith('singleValueExtendedProperties')) {
    const kept = (occurrence?.exception ?? event).extendedProperties
    const found = kept.filter(({ id }) => isExpanded(expand, id))
    if (found.length > 0) shaped['singleValueExtendedProperties'] = found
  }
  return shaped
}

/** The expansion names the properties it wants: id eq 'String {…} Name Marker'. */
function isExpanded(expand: string, id: string): boolean {
  const ids = [...expand.matchAll(/id\s+eq\s+'((?:[^']|'')*)'/gi)].map((match) =>
    (match[1] ?? '').replaceAll("''", "'"),
  )
  return ids.some((wanted) => sameProperty(wanted, id))
}

function filterOf(filter: string | undefined): (event: MicrosoftEvent) => boolean {
  if (filter === undefined) return () => true
  const any =
    /^singleValueExtendedProperties\/Any\(\s*(\w+)\s*:\s*\1\/id\s+eq\s+'((?:[^']|'')*)'(?:\s+and\s+\1\/value\s+eq\s+'((?:[^']|'')*)')?\s*\)$/i.exec(
      filter.trim(),
    )
  if (any !== null) {
    const [id, value] = [any[2] ?? '', any[3]].map((text) => text?.replaceAll("''", "'"))
    const isMeant = (property: ExtendedProperty): boolean =>
      sameProperty(property.id, id ?? '') && (value === undefined || property.value === value)
    return (event) => event.extendedProperties.some(isMeant)
  }
  const equal = /^(iCalUId|subject)\s+eq\s+'((?:[^']|'')*)'$/i.exec(filter.trim())
  if (equal !== null) {
    const name = equal[1]?.toLowerCase() === 'subject' ? 'subject' : 'iCalUId'
    const wanted = (equal[2] ?? '').replaceAll("''", "'")
    return (event) => event.properties[name] === wanted
  }
  throw invalidQuery(`The filter '${filter}' is not supported by the sandbox.`)
}

/** The GUID in a property's id may be written in either case. */
function sameProperty(one: string, other: string): boolean {
  const normal = (id: string): string => id.replace(/\{[^}]*\}/, (guid) => guid.toLowerCase())
  return normal(one) === normal(other)
}
