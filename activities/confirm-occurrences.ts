import type { Db } from '../db/connection.ts'
import { findExternalEvents } from '../db/external-events.ts'
import type { Intent } from '../db/intents.ts'
import type { Mapping } from '../db/mappings.ts'
import {
  endSeriesPairs,
  forgetOccurrences,
  markOccurrencesPending,
  occurrencesOf,
} from '../db/occurrences.ts'
import { contentFields, type EventContent } from '../domain/event.ts'
import { occurrenceAt } from '../domain/series.ts'
import { readSlotId, type ObservedEvent } from '../providers/port.ts'
import type { HeldProvider } from './hold-provider.ts'

/**
 * What a plain occurrence showed when its first write was decided. That write has no etag to hold on to: what else differs
 * in the answer is somebody's edit of the series, and not yet known here.
 */
export async function plainBefore(
  db: Db,
  held: HeldProvider,
  intent: Intent,
  event: ObservedEvent,
): Promise<EventContent | null> {
  const slot = readSlotId(event.externalId)
  if (!slot || intent.expectedEtag !== null) return null
  const [series] = await findExternalEvents(db, held.provider.id, [slot.seriesId])
  return series?.content ? occurrenceAt(series.content, slot.slot) : null
}

/** What was known of the vendor's form, with what was sent as the vendor shows it. */
export function withSent(before: EventContent, { fields }: Intent, content: EventContent): EventContent {
  const sent = contentFields.filter((field) => field in fields)
  return { ...before, ...Object.fromEntries(sent.map((field) => [field, content[field]])) }
}

/** A series that a write made has its changed occurrences to be sent. */
export async function markSeries(
  db: Db,
  held: HeldProvider,
  entryId: string | null,
  { kind, externalId }: ObservedEvent,
): Promise<void> {
  if (kind !== 'series' || entryId === null) return
  await markOccurrencesPending(db, held.provider, {
    entryIds: [entryId],
    externalIds: [externalId],
    slotIds: [],
  })
}

/** A new rule may cost the vendor its changed occurrences: what it dropped is sent anew. */
export async function slotsWritten(
  db: Db,
  held: HeldProvider,
  mapping: Mapping,
  event: ObservedEvent,
  content: EventContent,
  at: Date,
): Promise<void> {
  const { id: providerId } = held.provider
  const known = await occurrencesOf(db, providerId, [event.externalId])
  const isDropped = ({ originalStart }: { originalStart: string | null }) =>
    held.calendar.ruleChange === 'drops-all' || !occurrenceAt(content, originalStart ?? '')
  await forgetOccurrences(
    db,
    providerId,
    known.filter(isDropped).map((row) => row.externalId),
    at,
  )
  if (mapping.entryId === null) return
  if (held.calendar.ruleChange === 'drops-all') await endSeriesPairs(db, providerId, [mapping], at)
  await markSeries(db, held, mapping.entryId, event)
}
