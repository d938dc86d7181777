import type { Entry } from '../event-log.ts'
import type { State } from '../state.ts'
import type { Round } from './delta-token.ts'
import { wasIn } from './extents.ts'
import { eventId } from './ids.ts'
import { instant, lies, occurrencesIn } from './occurrences.ts'
import { renderThin, renderTyped, type RenderedEvent } from './render.ts'
import { microsoftSwitch } from './switches.ts'
import type { MicrosoftEvent } from './types.ts'

const type = '#microsoft.graph.event'

export interface Removed {
  '@odata.type': string
  id: string
  '@removed': { reason: 'deleted' | 'changed' }
}
export type DeltaItem = Partial<RenderedEvent> | Removed

/** How delta tells things where the documentation is silent or speaks of cases. */
export interface Manner {
  isSkeletal: boolean
  omitsEarlyMasters: boolean
  putsMastersLast: boolean
  reasonOfLeaving: 'deleted' | 'changed'
  tellsOutside: boolean
}

export function mannerOf(state: State): Manner {
  return {
    isSkeletal: microsoftSwitch(state, 'deltaItems') === 'skeletons',
    omitsEarlyMasters: microsoftSwitch(state, 'deltaEarlyMasters') === 'omitted',
    putsMastersLast: microsoftSwitch(state, 'deltaMasters') === 'last',
    reasonOfLeaving: microsoftSwitch(state, 'deltaReasonOfLeaving'),
    tellsOutside: microsoftSwitch(state, 'deltaOutside') === 'told',
  }
}

/** An event as far as it lies in the window; a series comes with all its occurrences there. */
export function present(event: MicrosoftEvent, round: Round, manner: Manner): Iterable<DeltaItem> {
  if (event.isDeleted) return []
  if (event.lines !== null) return presentSeries(event, round, manner)
  return lies(event, round) ? [whole(event, round, manner)] : []
}

function* presentSeries(event: MicrosoftEvent, round: Round, manner: Manner): Generator<DeltaItem> {
  const isEarly = instant(event.start) < round.fromMs
  const comes = !(manner.omitsEarlyMasters && isEarly)
  let isEmpty = true
  for (const occurrence of occurrencesIn(event, round)) {
    if (isEmpty && comes && !manner.putsMastersLast) yield whole(event, round, manner)
    isEmpty = false
    yield renderThin(event, round.preferences, occurrence)
  }
  if (!isEmpty && comes && manner.putsMastersLast) yield whole(event, round, manner)
}

/** A change: the event as it is now, or word that it is gone from the window. */
export function* changed(entry: Entry<MicrosoftEvent>, round: Round, manner: Manner): Generator<DeltaItem> {
  let isThere = false
  for (const item of present(entry.event, round, manner)) {
    isThere = true
    yield item
  }
  // What came and went since the last round was never told of, so there is nothing to take back.
  if (isThere || entry.bornAt > (round.after ?? 0)) return
  if (!manner.tellsOutside && !wasIn(entry, round.after ?? 0, round)) return
  const id = eventId(entry.event.core, round.preferences.immutableIds)
  const reason = entry.event.isDeleted ? 'deleted' : manner.reasonOfLeaving
  yield { '@odata.type': type, id, '@removed': { reason } }
}

function whole(event: MicrosoftEvent, round: Round, manner: Manner): DeltaItem {
  const rendered = renderTyped(event, round.preferences)
  if (!manner.isSkeletal) return rendered
  // What some consumer mailboxes send instead: enough to ask for the event by its id.
  return {
    '@odata.type': type,
    '@odata.etag': rendered['@odata.etag'],
    ...(rendered.id === undefined ? {} : { id: rendered.id }),
    ...(rendered.type === undefined ? {} : { type: rendered.type }),
    ...(rendered.start === undefined ? {} : { start: rendered.start }),
    ...(rendered.end === undefined ? {} : { end: rendered.end }),
  }
}
