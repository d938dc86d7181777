import type { Db } from '../db/connection.ts'
import { findExternalEvents, saveExternalEvents, type ExternalEvent } from '../db/external-events.ts'
import { removeAgain, replaceCreated, settleIntents, type Intent } from '../db/intents.ts'
import { findMapping, mappingsOfEntries, saveMappings, type Mapping } from '../db/mappings.ts'
import { endSeriesPairs } from '../db/occurrences.ts'
import { markPending } from '../db/pending.ts'
import { countInRun } from '../db/runs.ts'
import type { Cause } from '../db/schedule-entries.ts'
import { isNarrower } from '../domain/entering.ts'
import { sameContent } from '../domain/event.ts'
import { waitedMs } from '../domain/latency.ts'
import { readSlotId, type ObservedEvent } from '../providers/port.ts'
import type { HeldProvider } from './hold-provider.ts'
import { markSeries, plainBefore, slotsSeen, slotsWritten, withSent } from './confirm-occurrences.ts'
import { admissionOf, type AdmissionOf } from './admission.ts'
import { forgetWordsOf } from './narrow-stored.ts'
import { seeCancelled, seeEvent, seeRemoval, type SeenIn } from './observed-rows.ts'
import { comparable, retired } from './pair-work.ts'

/** Stores the outcomes of writes: the vendor's state, the new base and `done`, together. */
export interface Confirmation {
  held: HeldProvider
  runId: string
  /** Before the vendor was asked. */
  at: Date
  now(this: void): Date
}

/** The write is known to have happened: it is done, counted, and what it carried waited until now. */
async function settleSent(db: Db, { held, runId, at, now }: Confirmation, intent: Intent): Promise<void> {
  const [madeAt = null] = await settleIntents(db, [intent.id], 'done', at)
  const outbound = [waitedMs(madeAt, now(), held.provider.lastSyncAt)]
  await countInRun(db, runId, { sent: 1 }, { outbound })
}

/** A create happened. `before`: it was found, not answered, so what differs from what was sent is somebody's edit. */
export async function confirmCreate(
  confirmation: Confirmation,
  intent: Intent,
  event: ObservedEvent,
  made: 'now' | 'before',
): Promise<void> {
  const { held, at } = confirmation
  await held.transaction(async (db) => {
    const mapping = await findMapping(db, intent.mappingId)
    if (!mapping || !intent.projection) return void (await settleIntents(db, [intent.id], 'done', at))
    const content = (await store(db, held, event, at, ourCopy)).row?.content
    const sent = intent.projection
    const baseExternal = made === 'before' ? sent : (content ?? sent)
    await saveMappings(db, [
      {
        ...mapping,
        externalId: event.externalId,
        state: mapping.state === 'creating' ? 'active' : mapping.state,
        reason: event.readOnly,
        baseEntry: intent.projection,
        baseExternal,
        updatedAt: at,
      },
    ])
    if (content && !sameContent(content, baseExternal)) await markExternal(db, held, event.externalId)
    await markSeries(db, held, mapping.entryId, event)
    await settleSent(db, confirmation, intent)
  })
}

/** A create happened, and somebody deleted the copy before we heard of it: that is a deletion at the vendor. */
export async function confirmCreatedAndDeleted({ held, at }: Confirmation, intent: Intent): Promise<void> {
  await held.transaction(async (db) => {
    const mapping = await findMapping(db, intent.mappingId)
    if (mapping && intent.projection) {
      const externalId = mapping.externalId ?? `gone:${intent.idempotencyKey}`
      const { id: providerId, tenantId } = held.provider
      await saveExternalEvents(db, [
        {
          providerId,
          tenantId,
          externalId,
          kind: 'single',
          etag: null,
          icalUid: null,
          seriesExternalId: null,
          originalStart: null,
          vendorId: null,
          eventType: null,
          entersAs: 'full',
          content: intent.projection,
          problem: null,
          readOnly: null,
          createKey: intent.idempotencyKey,
          isAwaited: false,
          revision: 1,
          deleted: true,
          startsAt: null,
          endsAt: null,
          generation: held.cursor.generation,
          observedAt: at,
          changedAt: at,
        },
      ])
      const base = {
        baseEntry: intent.projection,
        baseExternal: intent.projection,
      }
      await saveMappings(db, [{ ...mapping, ...base, externalId, state: 'active', updatedAt: at }])
      await markExternal(db, held, externalId)
    }
    await settleIntents(db, [intent.id], 'done', at)
  })
}

export async function confirmUpdate(
  confirmation: Confirmation,
  intent: Intent,
  event: ObservedEvent,
): Promise<void> {
  const { held, at } = confirmation
  await held.transaction(async (db) => {
    const mapping = await findMapping(db, intent.mappingId)
    const before = await plainBefore(db, held, intent, event)
    const { row, isNarrowed } = await store(db, held, event, at)
    const content = row?.content
    if (mapping && content) {
      const baseExternal = before ? withSent(before, intent, content) : content
      const base = { baseEntry: comparable(row, intent.projection), baseExternal }
      if (!sameContent(content, baseExternal)) await markExternal(db, held, event.externalId)
      await saveMappings(db, [{ ...written(mapping), ...base, reason: event.readOnly, updatedAt: at }])
      if (intent.fields.recurrence !== undefined) await slotsWritten(db, held, mapping, event, content, at)
    }
    await replaceCreated(db, intent.mappingId, intent.projection)
    await settleSent(db, confirmation, intent)
    if (isNarrowed) await forget(db, confirmation, event)
  })
}

/** A changed occurrence is a pair of its own from its first write on. */
const written = (mapping: Mapping): Mapping =>
  mapping.state === 'creating' ? { ...mapping, state: 'active' } : mapping

/** An update whose answer was lost is found to have arrived: what else differs there is somebody's edit. */
export async function confirmFound(
  confirmation: Confirmation,
  intent: Intent,
  mapping: Mapping,
  event: ObservedEvent,
): Promise<void> {
  const { held, at } = confirmation
  await held.transaction(async (db) => {
    const plain = await plainBefore(db, held, intent, event)
    const { row, isNarrowed } = await store(db, held, event, at)
    const content = row?.content ?? null
    const before = mapping.baseExternal ?? plain ?? content
    if (content && before) {
      const base = {
        baseEntry: comparable(row, intent.projection),
        baseExternal: withSent(before, intent, content),
      }
      await saveMappings(db, [{ ...written(mapping), ...base, reason: event.readOnly, updatedAt: at }])
    }
    await markExternal(db, held, event.externalId)
    await replaceCreated(db, intent.mappingId, intent.projection)
    await settleSent(db, confirmation, intent)
    if (isNarrowed) await forget(db, confirmation, event)
  })
}

export async function confirmDelete(confirmation: Confirmation, intent: Intent): Promise<void> {
  const { held, at } = confirmation
  await held.transaction(async (db) => {
    const mapping = await findMapping(db, intent.mappingId)
    if (mapping) {
      await storeRemoval(db, held, mapping, at)
      await saveMappings(db, [removed(mapping, at)])
      await endSeriesPairs(db, held.provider.id, [mapping], at)
    }
    await settleSent(db, confirmation, intent)
  })
}

/** A whole event that went leaves no pair; a slot that is left out is what both sides agree on. */
function removed(mapping: Mapping, at: Date): Mapping {
  const isOccurrence = mapping.externalId !== null && readSlotId(mapping.externalId) !== undefined
  const gone = retired(mapping, at)
  return isOccurrence ? { ...gone, state: 'active' } : gone
}

/** The vendor's side moved under a write: what is there now is observed, and the pair is decided again. */
export async function observeAgain(
  confirmation: Confirmation,
  intent: Intent,
  mapping: Mapping,
  event: ObservedEvent | 'gone',
): Promise<void> {
  const { held, at } = confirmation
  await held.transaction(async (db) => {
    if (event === 'gone') {
      await storeRemoval(db, held, mapping, at)
      return decideAgain(db, confirmation, intent, mapping, event)
    }
    const { isNarrowed } = await store(db, held, event, at)
    await decideAgain(db, confirmation, intent, mapping, event)
    if (isNarrowed) await forget(db, confirmation, event)
  })
}

async function decideAgain(
  db: Db,
  { held, at }: Confirmation,
  intent: Intent,
  mapping: Mapping,
  event: ObservedEvent | 'gone',
): Promise<void> {
  if (mapping.state === 'withdrawing') {
    if (event !== 'gone' && (await isReplaced(db, mapping))) return removeAgain(db, intent.id, event.etag)
    // A removal that was overtaken, or never made, is decided again too.
    await saveMappings(db, [
      event === 'gone' ? removed(mapping, at) : { ...mapping, state: standing(mapping), updatedAt: at },
    ])
  }
  await settleIntents(db, [intent.id], 'dropped', at)
  if (mapping.externalId !== null) await markExternal(db, held, mapping.externalId)
}

/** Without a base an occurrence's pair that stands says that both sides leave it out; this one was only ever to be left out. */
function standing({ baseEntry, externalId }: Mapping): 'active' | 'creating' {
  const isOccurrence = externalId !== null && readSlotId(externalId) !== undefined
  return isOccurrence && baseEntry === null ? 'creating' : 'active'
}

/** The vendor will not take this write: the pair says why, and waits for the entry to change. */
export async function confirmRefused(
  { held, at }: Confirmation,
  intent: Intent,
  reason: string,
): Promise<void> {
  await held.transaction(async (db) => {
    const mapping = await findMapping(db, intent.mappingId)
    if (mapping) {
      const isCreate = intent.kind === 'create'
      const isFirst = isCreate || mapping.state === 'creating'
      const state = isFirst ? 'unsupported' : mapping.state === 'withdrawing' ? 'retired' : mapping.state
      await saveMappings(db, [
        { ...mapping, state, ...(isCreate && { externalId: null }), reason, updatedAt: at },
      ])
    }
    await settleIntents(db, [intent.id], 'failed', at, reason)
  })
}

/** Another copy of the entry, or its original, has taken this one's place: it cannot come back. */
async function isReplaced(db: Db, mapping: Mapping): Promise<boolean> {
  if (mapping.entryId === null) return false
  const pairs = await mappingsOfEntries(db, mapping.providerId, [mapping.entryId])
  return pairs.some((other) => other.id !== mapping.id && other.state !== 'withdrawing')
}

async function store(
  db: Db,
  held: HeldProvider,
  event: ObservedEvent,
  at: Date,
  admission?: AdmissionOf,
): Promise<{ row: ExternalEvent | null; isNarrowed: boolean }> {
  const [known] = await findExternalEvents(db, held.provider.id, [event.externalId])
  const admits = admission ?? (await admissionOf(db, held.provider, [event]))
  const seen = seeEvent(known, event, seenIn(held, at, admits))
  if (seen.kind === 'same') return { row: known ?? null, isNarrowed: false }
  await saveExternalEvents(db, [seen.row])
  await slotsSeen(db, held, known, seen.row, at)
  return { row: seen.row, isNarrowed: known !== undefined && isNarrower(seen.row.entersAs, known.entersAs) }
}

/**
 * A policy was narrowed while a write was on its way, or somebody made the event private: what came from it loses its words
 * with the answer. Who is to be told has a hint, which is signalled as every one that stands.
 */
async function forget(
  db: Db,
  { held, runId, at }: Confirmation,
  { externalId }: ObservedEvent,
): Promise<void> {
  const cause: Cause = { kind: 'provider', providerId: held.provider.id, runId }
  await forgetWordsOf(db, held.provider, [externalId], { cause, now: at })
}

async function storeRemoval(db: Db, held: HeldProvider, mapping: Mapping, at: Date): Promise<void> {
  if (mapping.externalId === null) return
  const [known] = await findExternalEvents(db, held.provider.id, [mapping.externalId])
  const slot = readSlotId(mapping.externalId)
  const seen = slot
    ? seeCancelled(
        known,
        { ...slot, vendorId: known?.vendorId ?? null },
        mapping.externalId,
        null,
        seenIn(held, at, ourCopy),
      )
    : seeRemoval(known, seenIn(held, at, ourCopy))
  if (seen.kind !== 'same') await saveExternalEvents(db, [seen.row])
}

/** What we made ourselves is let in whole, whatever the policy says of the calendar's own events. */
const ourCopy: AdmissionOf = () => 'full'

const seenIn = (held: HeldProvider, at: Date, admission: AdmissionOf): SeenIn => ({
  provider: held.provider,
  generation: held.cursor.generation,
  at,
  awaits: !held.calendar.tellsAll,
  admission,
})

const markExternal = (db: Db, held: HeldProvider, externalId: string) =>
  markPending(db, held.provider.tenantId, [
    { providerId: held.provider.id, kind: 'external', subjectId: externalId },
  ])
