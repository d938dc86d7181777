import type { JsonObject } from '../json.ts'
import { renderCalendar } from './calendar-resource.ts'
import { renderExtensions } from './extensions.ts'
import type { Expansion } from './odata/expand.ts'
import { navigations } from './odata/event-type.ts'
import { compileFilter, type Test } from './odata/filter.ts'
import type { EventQuery } from './odata/query.ts'
import { invalidQuery } from './errors.ts'
import { exceptionsOf, occurrencesIn, type Span } from './occurrences.ts'
import type { Preferences } from './preferences.ts'
import { occurrenceId, render, type RenderedEvent } from './render.ts'
import type { Row } from './rows.ts'
import type { MicrosoftAccount, MicrosoftCalendar } from './types.ts'

/** What has to be known to show an event as its caller wants it. */
export interface Viewer {
  account: MicrosoftAccount
  preferences: Preferences
  /** The calendar an event lives in. */
  calendarOf: (row: Row) => MicrosoftCalendar
  /** The window of the request, for those who expand instances. */
  window: () => Span
}

/** An event with what was selected of it and expanded beside it. */
export function shaped(row: Row, { select, expand }: EventQuery, viewer: Viewer): JsonObject | RenderedEvent {
  if (select === undefined && expand.length === 0)
    return render(row.event, viewer.preferences, row.occurrence)
  const shown = selected(row, select, viewer.preferences)
  for (const expansion of expand) Object.assign(shown, expanded(row, expansion, viewer))
  return shown
}

function selected(row: Row, select: ReadonlySet<string> | undefined, preferences: Preferences): JsonObject {
  const rendered: JsonObject = { ...render(row.event, preferences, row.occurrence) }
  if (select === undefined) return rendered
  const isWanted = (name: string): boolean => name === 'id' || name.startsWith('@') || select.has(name)
  const shown = Object.fromEntries(Object.entries(rendered).filter(([name]) => isWanted(name)))
  // Only who asks is told which occurrences of a series were deleted.
  if (select.has('cancelledOccurrences'))
    shown['cancelledOccurrences'] = cancelledOccurrences(row, rendered['id'])
  return shown
}

function cancelledOccurrences({ event, occurrence }: Row, id: unknown): string[] {
  if (occurrence !== undefined) return []
  return event.cancelled.toSorted().map((date) => occurrenceId(String(id), date))
}

function expanded(row: Row, expansion: Expansion, viewer: Viewer): JsonObject {
  const { event, occurrence } = row
  const { name } = expansion
  const own = occurrence?.exception ?? event
  switch (name) {
    case 'singleValueExtendedProperties':
      return propertiesWanted(expansion, own.extendedProperties)
    case 'multiValueExtendedProperties':
      return propertiesWanted(expansion, own.multiValueProperties ?? [])
    case 'extensions': {
      const test = testOf(expansion)
      const isWanted = ({ id, extensionName }: { id: string; extensionName: string }): boolean =>
        test === undefined || test({ id }) || test({ id: extensionName })
      return { extensions: renderExtensions(own.extensions).filter(isWanted) }
    }
    case 'attachments':
      return { attachments: [] }
    case 'calendar':
      return { calendar: renderCalendar(viewer.calendarOf(row), viewer.account) }
    case 'exceptionOccurrences': {
      const exceptions = occurrence === undefined ? exceptionsOf(event) : []
      return { exceptionOccurrences: related(row, exceptions, expansion, viewer) }
    }
    case 'instances': {
      const instances =
        event.lines === null || occurrence !== undefined ? [] : occurrencesIn(event, viewer.window())
      return { instances: related(row, instances, expansion, viewer) }
    }
    default:
      throw invalidQuery(`The property '${name}' cannot be expanded.`)
  }
}

function related(
  { event }: Row,
  occurrences: Iterable<NonNullable<Row['occurrence']>>,
  { select }: Expansion,
  { preferences }: Viewer,
): JsonObject[] {
  const wanted = select === undefined ? undefined : new Set(select)
  return [...occurrences].map((occurrence) => selected({ event, occurrence }, wanted, preferences))
}

/** Extended properties are shown only to who names them, and not at all when there are none. */
function propertiesWanted(expansion: Expansion, kept: readonly { id: string }[]): JsonObject {
  const test = testOf(expansion)
  if (test === undefined) throw invalidQuery(`The expansion of '${expansion.name}' needs a $filter on id.`)
  const found = kept.filter((property) => test(property))
  return found.length === 0 ? {} : { [expansion.name]: found }
}

function testOf({ name, filter }: Expansion): Test<object> | undefined {
  const type = navigations[name]
  if (filter === undefined || type?.kind !== 'collection') return undefined
  return compileFilter<object>(filter, {
    type: type.of,
    read: (item, member): unknown => (member === undefined ? item : Reflect.get(item, member)),
    unfilterable: new Set(),
    ignoresCase: false,
  })
}
