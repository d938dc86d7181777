import type { Db } from '../db/connection.ts'
import { findExternalEvents, type ExternalEvent } from '../db/external-events.ts'
import type { Intent } from '../db/intents.ts'
import { mappingsOfExternals, type Mapping } from '../db/mappings.ts'
import {
  endSeriesPairs,
  forgetOccurrences,
  markOccurrencesPending,
  occurrencesOf,
} from '../db/occurrences.ts'
import { contentFields, sameField, type EventContent } from '../domain/event.ts'
import { occurrenceAt } from '../domain/series.ts'
import { readSlotId, type ObservedEvent } from '../providers/port.ts'
import type { HeldProvider } from './hold-provider.ts'
import { slotsMoved } from './series-fallout.ts'

/**
 * What a plain occurrence showed when its first write was decided. That write has no etag to hold on to: what else differs
 * in the answer is somebody's edit of the series, which may have been agreed on meanwhile, or is not known here yet.
 */
export async function plainBefore(
  db: Db,
  held: HeldProvider,
  intent: Intent,
  event: ObservedEvent,
): Promise<EventContent | null> {
  const slot = readSlotId(event.externalId)
  if (!slot || intent.expectedEtag !== null) return null
  const { id } = held.provider
  const [pair] = await mappingsOfExternals(db, id, [slot.seriesId])
  const plain = {
    entry: pair?.baseEntry && occurrenceAt(pair.baseEntry, slot.slot),
    external: pair?.baseExternal && occurrenceAt(pair.baseExternal, slot.slot),
  }
  if (plain.entry && plain.external && intent.projection)
    return asDecided(plain.external, plain.entry, intent.projection)
  const [series] = await findExternalEvents(db, id, [slot.seriesId])
  return series?.content ? occurrenceAt(series.content, slot.slot) : null
}

/** Where both sides have agreed on something new since, what the write was decided on stands in its projection. */
function asDecided(external: EventContent, entry: EventContent, projection: EventContent): EventContent {
  const moved = contentFields.filter((field) => !sameField(field, entry, projection))
  return { ...external, ...Object.fromEntries(moved.map((field) => [field, projection[field]])) }
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

/**
 * What the vendor's answer about a series says of its slots: somebody may have left one out since we looked, and no page tells
 * it again once the series is stored so.
 */
export async function slotsSeen(
  db: Db,
  { provider, calendar }: HeldProvider,
  before: ExternalEvent | undefined,
  { content, externalId }: ExternalEvent,
  at: Date,
): Promise<void> {
  if (!content) return
  const { reappeared, leftOut } = slotsMoved(before?.content ?? null, externalId, content)
  if (!calendar.restoresOccurrences) await forgetOccurrences(db, provider.id, reappeared, at)
  const slotIds = [...reappeared, ...leftOut]
  await markOccurrencesPending(db, provider, { entryIds: [], externalIds: [], slotIds })
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
