import { findExternalEvents } from '../db/external-events.ts'
import { readSlotId, type ObservedEvent, type OccurrenceRef } from '../providers/port.ts'
import type { HeldProvider } from './hold-provider.ts'

/** The occurrence that an id of ours names, with the vendor's own id where it was told; undefined for a whole event. */
export async function occurrenceOf(
  held: HeldProvider,
  externalId: string,
): Promise<OccurrenceRef | undefined> {
  const named = readSlotId(externalId)
  if (!named) return undefined
  const [known] = await held.transaction((db) => findExternalEvents(db, held.provider.id, [externalId]))
  return { ...named, vendorId: known?.vendorId ?? null }
}

/** What stands at the vendor now under an id of ours. */
export async function currentEvent(held: HeldProvider, externalId: string): Promise<ObservedEvent | 'gone'> {
  const ref = await occurrenceOf(held, externalId)
  return ref ? held.calendar.getOccurrence(ref) : held.calendar.getEvent(externalId)
}
