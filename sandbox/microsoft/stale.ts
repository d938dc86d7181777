import type { State } from '../state.ts'
import { nowOf, type World } from '../world.ts'
import { slotAt, type Occurrence } from './occurrences.ts'
import type { Found } from './store.ts'
import { microsoftSwitch } from './switches.ts'
import type { EventParts, MicrosoftEvent } from './types.ts'

/**
 * An occurrence as a GET by its id shows it: for a while after a patch that may be as it was before, if so switched,
 * while the answer to the patch and all lists are up to date.
 * https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/3706
 */
export function staleView(world: World, found: Found): Found {
  const { event, occurrence } = found
  const replaced = occurrence?.exception?.replaced
  if (occurrence === undefined || replaced === undefined) return found
  const staleMs = microsoftSwitch(world.state, 'staleOccurrenceSeconds') * 1000
  const patchedMs = Date.parse(occurrence.exception?.properties.lastModifiedDateTime ?? '')
  if (!(nowOf(world) - patchedMs < staleMs)) return found
  const { changeKey, exception } = replaced
  const times = exception ?? slotAt(event, occurrence.date)
  return {
    ...found,
    event: { ...event, changeKey },
    occurrence: { ...occurrence, start: times.start, end: times.end, exception },
  }
}

/** What to remember of an occurrence that is being patched, if reads are to be stale. */
export function rememberedFor(
  state: State,
  event: MicrosoftEvent,
  { exception }: Occurrence,
): Pick<EventParts, 'replaced'> {
  if (microsoftSwitch(state, 'staleOccurrenceSeconds') === 0) return {}
  if (exception === undefined) return { replaced: { changeKey: event.changeKey } }
  const { replaced: _older, ...parts } = exception
  return { replaced: { changeKey: event.changeKey, exception: parts } }
}
