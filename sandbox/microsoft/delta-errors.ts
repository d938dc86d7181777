import type { World } from '../world.ts'
import { GraphError, invalidQuery } from './errors.ts'
import type { Span } from './occurrences.ts'
import { microsoftSwitch } from './switches.ts'

/** What the codes of a dead delta token come with. */
const messages = {
  SyncStateNotFound: 'The sync state generation is not found; generation=149;[highest=157][157][155][156].',
  syncStateInvalid: 'The sync state is invalid. Please perform a full synchronization.',
  resyncRequired: "Resync required. Replace any local items with the server's version.",
  fullSyncRequired:
    'The delta token is no longer valid, and the application must perform a full synchronization.',
}
export type DeltaCode = keyof typeof messages

export function isDeltaCode(code: string | undefined): code is DeltaCode {
  return code !== undefined && code in messages
}

/** A refusal of a delta link in one of the bodies seen or documented for it. */
export function syncStateError(
  code: DeltaCode,
  status: number,
  headers: Record<string, string> = {},
): GraphError {
  return new GraphError(status, code, messages[code], { headers })
}

/**
 * The end of a delta token: its client has to begin anew. One form of the answer holds an address to begin at, the
 * first call's with an empty token.
 * https://learn.microsoft.com/graph/delta-query-overview#synchronization-reset
 */
export function deltaGone(
  address: string,
  span: Span,
  form: DeltaCode | 'location',
  status: number,
): GraphError {
  if (form !== 'location') return syncStateError(form, status)
  return syncStateError('resyncRequired', status, { location: freshLink(address, span) })
}

function freshLink(address: string, { fromMs, toMs }: Span): string {
  const at = (instantMs: number): string => new Date(instantMs).toISOString()
  return `${address}?startDateTime=${at(fromMs)}&endDateTime=${at(toMs)}&$deltatoken=`
}

/** A token Graph never gave out. */
export function badSyncState(world: World): GraphError {
  return microsoftSwitch(world.state, 'malformedDeltaToken') === 400
    ? syncStateError('syncStateInvalid', 400)
    : syncStateError('SyncStateNotFound', 410)
}

const unsupported = /^\$(select|expand|filter|orderby|search|skip|count)$/i

/** Refuses the query options that delta does not serve; the texts are those seen in the wild. */
export function checkDeltaOptions(world: World, query: object): void {
  const names = Object.keys(query)
  if (names.some((name) => name.toLowerCase() === '$top')) {
    throw invalidQuery(
      "The '$top' parameter is not supported with change tracking over the 'CalendarView' resource as page size cannot be guaranteed. Express page size preferences using the Prefer: odata.maxpagesize= header instead.",
    )
  }
  const toleratesSelect = microsoftSwitch(world.state, 'deltaSelect') === 'ignored'
  const refused = names.filter(
    (name) => unsupported.test(name) && !(toleratesSelect && name.toLowerCase() === '$select'),
  )
  if (refused.length > 0) {
    throw invalidQuery(
      "The following parameters are not supported with change tracking over the 'CalendarView' resource: '$orderby, $filter, $select, $expand, $search'.",
    )
  }
}

/** Delta over events (or calendars) themselves is a matter of the beta version. */
export function noChangeTracking(type: 'event' | 'calendar'): GraphError {
  const message = `Unsupported request: Change tracking is not supported against 'microsoft.graph.${type}'.`
  return new GraphError(400, 'BadRequest', message)
}
