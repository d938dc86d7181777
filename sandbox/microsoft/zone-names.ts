import type { World } from '../world.ts'
import { newChangeKey } from './store.ts'
import type { EventParts, MicrosoftEvent } from './types.ts'

/**
 * An event as if it had been made in a zone that Outlook has another name for, such as `tzone://Microsoft/Custom` or
 * `Customized Time Zone`. Nothing of its times changes; no caller can make such an event through the API.
 */
export function renamedZone(world: World, event: MicrosoftEvent, name: string): MicrosoftEvent {
  const { recurrence } = event.properties
  const exceptions = Object.entries(event.exceptions).map(([date, exception]): [string, EventParts] => [
    date,
    renamed(world, exception, name),
  ])
  const range = { ...recurrence?.range, recurrenceTimeZone: name }
  return {
    ...event,
    ...renamed(world, event, name),
    properties: { ...event.properties, ...(recurrence ? { recurrence: { ...recurrence, range } } : {}) },
    exceptions: Object.fromEntries(exceptions),
  }
}

function renamed<P extends EventParts>(world: World, parts: P, zoneName: string): P {
  const { start, end } = parts
  return {
    ...parts,
    changeKey: newChangeKey(world),
    start: { ...start, zoneName },
    end: { ...end, zoneName },
  }
}
