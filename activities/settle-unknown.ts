import { markUnsent, openIntents, settleIntents, type Intent } from '../db/intents.ts'
import { findMapping, type Mapping } from '../db/mappings.ts'
import { contentFields, sameField } from '../domain/event.ts'
import type { ObservedEvent } from '../providers/port.ts'
import {
  confirmCreate,
  confirmCreatedAndDeleted,
  confirmDelete,
  confirmFound,
  observeAgain,
  type Confirmation,
} from './confirm-write.ts'
import { currentEvent } from './current-event.ts'
import type { ActivityDeps } from './deps.ts'
import type { HeldProvider } from './hold-provider.ts'

/** Looks up every write whose outcome was lost, before anything else is read or written. */
export async function settleUnknown(
  deps: ActivityDeps,
  held: HeldProvider,
  runId: string,
): Promise<'done' | 'moved'> {
  let outcome: 'done' | 'moved' = 'done'
  const unknown = await held.transaction((db) => openIntents(db, held.provider.id, 'sent', 1_000))
  for (const intent of unknown) {
    deps.heartbeat()
    const mapping = await held.transaction((db) => findMapping(db, intent.mappingId))
    const confirmation: Confirmation = { held, runId, at: deps.now(), now: () => deps.now() }
    if (!mapping) await held.transaction((db) => settleIntents(db, [intent.id], 'dropped', deps.now()))
    else if ((await settle(confirmation, intent, mapping)) === 'moved') outcome = 'moved'
  }
  return outcome
}

async function settle(
  confirmation: Confirmation,
  intent: Intent,
  mapping: Mapping,
): Promise<'done' | 'moved'> {
  const { held } = confirmation
  if (intent.kind === 'create' && intent.projection) {
    const found = await held.calendar.findCreated(intent.idempotencyKey, intent.projection)
    if (found === undefined) {
      await held.transaction((db) => markUnsent(db, intent.id, 'not-found'))
      return 'done'
    }
    if (found === 'gone') await confirmCreatedAndDeleted(confirmation, intent)
    else await confirmCreate(confirmation, intent, found, 'before')
    return 'moved'
  }
  const event = mapping.externalId === null ? 'gone' : await currentEvent(held, mapping.externalId)
  if (intent.kind === 'delete' && event === 'gone') {
    await confirmDelete(confirmation, intent)
    return 'done'
  }
  if (intent.kind === 'update' && event !== 'gone' && carries(event, intent)) {
    await confirmFound(confirmation, intent, mapping, event)
    return 'moved'
  }
  // Whether or not the write arrived, what stands there now is the truth, and the pair is decided on it.
  await observeAgain(confirmation, intent, mapping, event)
  return 'moved'
}

/** The event says what was sent: the write arrived, or somebody came to the same by themselves. */
function carries({ content }: ObservedEvent, { fields, projection }: Intent): boolean {
  if (!content || !projection) return false
  return contentFields.every((field) => !(field in fields) || sameField(field, content, projection))
}
