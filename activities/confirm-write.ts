import type { Db } from '../db/connection.ts'
import { findExternalEvents, saveExternalEvents } from '../db/external-events.ts'
import { removeAgain, settleIntents, type Intent } from '../db/intents.ts'
import { findMapping, mappingsOfEntries, saveMappings, type Mapping } from '../db/mappings.ts'
import { markPending } from '../db/pending.ts'
import { countInRun } from '../db/runs.ts'
import { contentFields, sameContent } from '../domain/event.ts'
import type { ObservedEvent } from '../providers/port.ts'
import type { HeldProvider } from './hold-provider.ts'
import { seeEvent, seeRemoval, storedContent, type SeenIn } from './observed-rows.ts'
import { retired } from './pair-work.ts'

/** Stores the outcomes of writes: the vendor's state, the new base and `done`, together. */
export interface Confirmation {
  held: HeldProvider
  runId: string
  at: Date
}

/** A create happened. `before`: it was found, not answered, so what differs from what was sent is somebody's edit. */
export async function confirmCreate(
  { held, runId, at }: Confirmation,
  intent: Intent,
  event: ObservedEvent,
  made: 'now' | 'before',
): Promise<void> {
  await held.transaction(async (db) => {
    const mapping = await findMapping(db, intent.mappingId)
    if (!mapping || !intent.projection) return settleIntents(db, [intent.id], 'done', at)
    const content = await store(db, held, event, at)
    const sent = storedContent(intent.projection, held.provider)
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
    await settleIntents(db, [intent.id], 'done', at)
    await countInRun(db, runId, { sent: 1 })
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
          content: storedContent(intent.projection, held.provider),
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
        },
      ])
      const base = {
        baseEntry: intent.projection,
        baseExternal: storedContent(intent.projection, held.provider),
      }
      await saveMappings(db, [{ ...mapping, ...base, externalId, state: 'active', updatedAt: at }])
      await markExternal(db, held, externalId)
    }
    await settleIntents(db, [intent.id], 'done', at)
  })
}

export async function confirmUpdate(
  { held, runId, at }: Confirmation,
  intent: Intent,
  event: ObservedEvent,
): Promise<void> {
  await held.transaction(async (db) => {
    const mapping = await findMapping(db, intent.mappingId)
    const content = await store(db, held, event, at)
    if (mapping && content) {
      const base = { baseEntry: intent.projection, baseExternal: content }
      await saveMappings(db, [{ ...mapping, ...base, reason: event.readOnly, updatedAt: at }])
    }
    await settleIntents(db, [intent.id], 'done', at)
    await countInRun(db, runId, { sent: 1 })
  })
}

/** An update whose answer was lost is found to have arrived: what else differs there is somebody's edit. */
export async function confirmFound(
  { held, runId, at }: Confirmation,
  intent: Intent,
  mapping: Mapping,
  event: ObservedEvent,
): Promise<void> {
  await held.transaction(async (db) => {
    const content = await store(db, held, event, at)
    if (content && mapping.baseExternal) {
      const written = contentFields.filter((field) => field in intent.fields)
      const sent = Object.fromEntries(written.map((field) => [field, content[field]]))
      const base = { baseEntry: intent.projection, baseExternal: { ...mapping.baseExternal, ...sent } }
      await saveMappings(db, [{ ...mapping, ...base, reason: event.readOnly, updatedAt: at }])
    }
    await markExternal(db, held, event.externalId)
    await settleIntents(db, [intent.id], 'done', at)
    await countInRun(db, runId, { sent: 1 })
  })
}

export async function confirmDelete({ held, runId, at }: Confirmation, intent: Intent): Promise<void> {
  await held.transaction(async (db) => {
    const mapping = await findMapping(db, intent.mappingId)
    if (mapping) {
      await storeRemoval(db, held, mapping, at)
      await saveMappings(db, [retired(mapping, at)])
    }
    await settleIntents(db, [intent.id], 'done', at)
    await countInRun(db, runId, { sent: 1 })
  })
}

/** The vendor's side moved under a write: what is there now is observed, and the pair is decided again. */
export async function observeAgain(
  { held, at }: Confirmation,
  intent: Intent,
  mapping: Mapping,
  event: ObservedEvent | 'gone',
): Promise<void> {
  await held.transaction(async (db) => {
    if (event === 'gone') await storeRemoval(db, held, mapping, at)
    else await store(db, held, event, at)
    if (mapping.state === 'withdrawing') {
      if (event !== 'gone' && (await isReplaced(db, mapping))) return removeAgain(db, intent.id, event.etag)
      // A removal that was overtaken is decided again too.
      const decided =
        event === 'gone' ? retired(mapping, at) : { ...mapping, state: 'active' as const, updatedAt: at }
      await saveMappings(db, [decided])
    }
    await settleIntents(db, [intent.id], 'dropped', at)
    if (mapping.externalId !== null) await markExternal(db, held, mapping.externalId)
  })
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
      const state = isCreate ? 'unsupported' : mapping.state === 'withdrawing' ? 'retired' : mapping.state
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

async function store(db: Db, held: HeldProvider, event: ObservedEvent, at: Date) {
  const [known] = await findExternalEvents(db, held.provider.id, [event.externalId])
  const seen = seeEvent(known, event, seenIn(held, at))
  if (seen.kind === 'same') return known?.content ?? null
  await saveExternalEvents(db, [seen.row])
  return seen.row.content
}

async function storeRemoval(db: Db, held: HeldProvider, mapping: Mapping, at: Date): Promise<void> {
  if (mapping.externalId === null) return
  const [known] = await findExternalEvents(db, held.provider.id, [mapping.externalId])
  const seen = seeRemoval(known, seenIn(held, at))
  if (seen.kind !== 'same') await saveExternalEvents(db, [seen.row])
}

const seenIn = (held: HeldProvider, at: Date): SeenIn => ({
  provider: held.provider,
  generation: held.cursor.generation,
  at,
  awaits: !held.calendar.tellsAll,
})

const markExternal = (db: Db, held: HeldProvider, externalId: string) =>
  markPending(db, held.provider.tenantId, [
    { providerId: held.provider.id, kind: 'external', subjectId: externalId },
  ])
