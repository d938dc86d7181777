import { conflictPauseOf } from '../db/conflict-pause.ts'
import { repeats } from '../domain/event.ts'
import type { Db } from '../db/connection.ts'
import { markSent, markUnsent, openIntents, settleIntents, type Intent } from '../db/intents.ts'
import { findMapping, type Mapping } from '../db/mappings.ts'
import type { Provider } from '../db/providers.ts'
import {
  NotFound,
  OutcomeUnknown,
  PreconditionFailed,
  Refused,
  TokenRefused,
  VendorError,
} from '../providers/errors.ts'
import {
  confirmCreate,
  confirmCreatedAndDeleted,
  confirmDelete,
  confirmRefused,
  confirmUpdate,
  observeAgain,
  type Confirmation,
} from './confirm-write.ts'
import type { ActivityDeps, RunStep } from './deps.ts'
import { holdProvider, unlessRevoked, type HeldProvider } from './hold-provider.ts'
import { currentEvent, occurrenceOf } from './current-event.ts'
import { isUnderOtherIds } from './resolve-anew.ts'
import { settleUnknown } from './settle-unknown.ts'
import { inTurn } from './vendor-turn.ts'

type Written = 'done' | 'moved'
type Pushed = Written | 'more' | 'halted'

/** Writes decided changes one after the other: vendors limit writes to one calendar. `moved`: look and decide again. */
export async function push(deps: ActivityDeps, step: RunStep): Promise<Pushed> {
  const held = await holdProvider(deps, step)
  if (held.kind !== 'held') return 'halted'
  return inTurn<Pushed>(deps, held, 'more', () => pushHeld(deps, held, step), step.runId)
}

async function pushHeld(deps: ActivityDeps, held: HeldProvider, step: RunStep): Promise<Pushed> {
  const pushed = await unlessRevoked(deps, held, async () => {
    // Where ids may lead nowhere, what is not found is not gone: the vendor is asked first.
    if (isUnderOtherIds(held)) return 'moved' as const
    const startedMs = deps.now().getTime()
    let outcome: Written = await settleUnknown(deps, held, step.runId)
    while (deps.now().getTime() - startedMs < deps.budgetMs) {
      const taken = await held.transaction((db) => takeWrite(db, held.provider, deps.now()))
      if (!taken) return outcome
      deps.heartbeat()
      if (taken.mapping && (await write(deps, held, step.runId, taken.intent, taken.mapping)) === 'moved')
        outcome = 'moved'
    }
    return 'more' as const
  })
  return typeof pushed === 'string' ? pushed : 'halted'
}

/**
 * The next decided write, said to be sent before the call, so that whoever comes after a crash looks before writing again; none
 * while conflicts pause the whole provider. One whose pair is gone is dropped.
 */
async function takeWrite(
  db: Db,
  provider: Provider,
  now: Date,
): Promise<{ intent: Intent; mapping: Mapping | undefined } | undefined> {
  if (await conflictPauseOf(db, provider)) return undefined
  const [intent] = await openIntents(db, provider.id, 'planned', 1)
  if (!intent) return undefined
  const mapping = await findMapping(db, intent.mappingId)
  if (mapping) await markSent(db, intent.id)
  else await settleIntents(db, [intent.id], 'dropped', now)
  return { intent, mapping }
}

async function write(
  deps: ActivityDeps,
  held: HeldProvider,
  runId: string,
  intent: Intent,
  mapping: Mapping,
): Promise<Written> {
  const confirmation: Confirmation = { held, runId, at: deps.now(), now: () => deps.now() }
  try {
    return await call(held, confirmation, intent, mapping)
  } catch (error) {
    return handleFailure(confirmation, intent, mapping, error)
  }
}

async function call(
  held: HeldProvider,
  confirmation: Confirmation,
  intent: Intent,
  mapping: Mapping,
): Promise<Written> {
  switch (intent.kind) {
    case 'create': {
      if (!intent.projection) throw new Refused('no-content', 'The write has no content.')
      const created = await held.calendar.createEvent(intent.idempotencyKey, intent.projection)
      if (created.event === 'gone') {
        await confirmCreatedAndDeleted(confirmation, intent)
        return 'moved'
      }
      await confirmCreate(confirmation, intent, created.event, created.made)
      return created.made === 'before' || isSeriesWrite(intent) ? 'moved' : 'done'
    }
    case 'update': {
      if (mapping.externalId === null) throw new Refused('no-event', 'The pair has no event to change.')
      const ref = await occurrenceOf(held, mapping.externalId)
      const event = ref
        ? await held.calendar.updateOccurrence(ref, intent.fields, intent.expectedEtag)
        : await held.calendar.updateEvent(mapping.externalId, intent.fields, intent.expectedEtag)
      await confirmUpdate(confirmation, intent, event)
      return isSeriesWrite(intent) ? 'moved' : 'done'
    }
    case 'delete': {
      const ref = mapping.externalId === null ? undefined : await occurrenceOf(held, mapping.externalId)
      if (ref) await held.calendar.cancelOccurrence(ref, intent.expectedEtag)
      else if (mapping.externalId !== null)
        await held.calendar.deleteEvent(mapping.externalId, intent.expectedEtag)
      await confirmDelete(confirmation, intent)
      return 'done'
    }
  }
}

/** A series that was written has its changed occurrences to be decided next. */
const isSeriesWrite = ({ projection }: Intent): boolean => projection !== null && repeats(projection)

async function handleFailure(
  confirmation: Confirmation,
  intent: Intent,
  mapping: Mapping,
  error: unknown,
): Promise<Written> {
  const { held } = confirmation
  if (error instanceof PreconditionFailed || error instanceof NotFound) {
    if (mapping.externalId !== null) {
      const event = await currentEvent(held, mapping.externalId)
      await observeAgain(confirmation, intent, mapping, event)
      return 'moved'
    }
  }
  if (error instanceof Refused) {
    await confirmRefused(confirmation, intent, error.message)
    return 'done'
  }
  // Any answer but a lost one says that nothing was written: it may simply be sent again.
  const isAnswer = error instanceof VendorError && !(error instanceof OutcomeUnknown)
  if (isAnswer || error instanceof TokenRefused) {
    await held.transaction((db) => markUnsent(db, intent.id, error.code))
  }
  throw error
}
