import type { World } from '../world.ts'
import { newChangeKey, type Found } from './store.ts'
import type { EventParts, MicrosoftEvent } from './types.ts'

type Named = Pick<Found, 'event' | 'occurrence'>

/** What an event or an occurrence has of its own; an occurrence nobody changed has no properties that are not its series'. */
export function partsOf({ event, occurrence }: Named): EventParts {
  if (occurrence === undefined) return event
  if (occurrence.exception !== undefined) return occurrence.exception
  const { changeKey, isAllDay, extendedProperties, multiValueProperties, extensions } = event
  return {
    changeKey,
    properties: {},
    start: occurrence.start,
    end: occurrence.end,
    isAllDay,
    extendedProperties,
    ...(multiValueProperties === undefined ? {} : { multiValueProperties }),
    ...(extensions === undefined ? {} : { extensions }),
  }
}

/** An event with other parts of its own, or with an occurrence that has them and so is an exception from now on. */
export function withParts(world: World, { event, occurrence }: Named, parts: EventParts): MicrosoftEvent {
  const changed = { ...parts, changeKey: newChangeKey(world) }
  if (occurrence === undefined) return { ...event, ...changed }
  const exceptions = { ...event.exceptions, [occurrence.date]: changed }
  return { ...event, changeKey: newChangeKey(world), exceptions }
}
