import { isObject, textOf, type JsonObject } from '../../json.ts'
import type { State } from '../../state.ts'
import { GraphError, invalidQuery } from '../errors.ts'
import { readRow, type Row } from '../rows.ts'
import { microsoftSwitch } from '../switches.ts'
import { eventType, navigations } from './event-type.ts'
import { parseExpand, type Expansion } from './expand.ts'
import { compileFilter, memberAt, type Scope, type Test } from './filter.ts'
import { orderOf, type Order } from './order.ts'

/** What a caller wants to see of events, and of which. */
export interface EventQuery {
  /** Nothing when everything usual is wanted. */
  select: ReadonlySet<string> | undefined
  expand: readonly Expansion[]
  filter: Test<Row> | undefined
  order: Order | undefined
  top: number | undefined
  skip: number
  counts: boolean
}

export type Addressed = 'events' | 'calendarView' | 'instances' | 'event'

const onLists = ['$select', '$expand', '$filter', '$orderby', '$top', '$skip', '$count', '$format']
const onEvents = ['$select', '$expand', '$format']
const unfilterable = new Set(
  'id changeKey body attendees recurrence uid transactionId webLink occurrenceId cancelledOccurrences locations onlineMeeting onlineMeetingUrl attachments calendar instances exceptionOccurrences'.split(
    ' ',
  ),
)

/** The options of a request for events; whatever Graph would refuse is refused in its words. */
export function readQuery(state: State, sent: unknown, addressed: Addressed): EventQuery {
  const query: JsonObject = isObject(sent) ? sent : {}
  checkNames(query, addressed)
  const [select, expand, filter] = [
    textOf(query['$select']),
    textOf(query['$expand']),
    textOf(query['$filter']),
  ]
  return {
    select: select === undefined ? undefined : selectOf(select, state, addressed),
    expand: expand === undefined ? [] : parseExpand(expand),
    filter: filter === undefined ? undefined : compileFilter(filter, scopeOf(state)),
    order: orderOf(textOf(query['$orderby'])),
    top: topOf(state, query['$top']),
    skip: wholeNumber('$skip', query['$skip']) ?? 0,
    counts: flagOf('$count', query['$count']),
  }
}

/** What a filter of events can speak of. */
function scopeOf(state: State): Scope<Row> {
  const ignoresCase = microsoftSwitch(state, 'filterCase') === 'ignored'
  return { type: eventType, read: readRow, unfilterable, ignoresCase }
}

function checkNames(query: JsonObject, addressed: Addressed): void {
  const known = addressed === 'event' ? onEvents : onLists
  for (const [name, value] of Object.entries(query)) {
    if (!name.startsWith('$')) continue
    if (Array.isArray(value)) {
      const message = `Query option '${name}' was specified more than once, but it must be specified at most once.`
      throw new GraphError(400, 'BadRequest', message)
    }
    if (known.includes(name)) continue
    if (name === '$search' || onLists.includes(name))
      throw invalidQuery(`The query option '${name}' is not supported here.`)
    throw new GraphError(400, 'BadRequest', `The query parameter '${name}' is not supported.`)
  }
}

function selectOf(text: string, state: State, addressed: Addressed): Set<string> | undefined {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('*')) return undefined
  const selected = new Set(names.map((name) => memberAt(name.split('/'), eventType).names[0] ?? name))
  for (const name of Object.keys(navigations)) selected.delete(name)
  if (addressed !== 'calendarView') return selected
  // Views do not tell when an event was made or changed, once one chooses.
  for (const name of ['createdDateTime', 'lastModifiedDateTime']) {
    if (selected.delete(name) && microsoftSwitch(state, 'viewSelectsModified') === 'refused')
      throw invalidQuery(`The property '${name}' cannot be selected on a calendarView.`)
  }
  return selected
}

function topOf(state: State, value: unknown): number | undefined {
  const top = wholeNumber('$top', value)
  const most = microsoftSwitch(state, 'topMax')
  if (top === undefined || top <= most) return top
  if (microsoftSwitch(state, 'topBeyondMax') === 'capped') return most
  const message = `The limit of '${most}' for Top query has been exceeded. The value from the incoming request is '${top}'.`
  throw invalidQuery(message)
}

function wholeNumber(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  const text = textOf(value) ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const message = `Invalid value '${text}' for ${name} query option found. The ${name} query option requires a non-negative integer value.`
  throw new GraphError(400, 'BadRequest', message)
}

function flagOf(name: string, value: unknown): boolean {
  if (value === undefined || value === 'false') return false
  if (value === 'true') return true
  const message = `Invalid value '${textOf(value) ?? ''}' for ${name} query option found. Valid values are 'true' and 'false'.`
  throw new GraphError(400, 'BadRequest', message)
}
