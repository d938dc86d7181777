import { saveCursor, type Cursor, type Entered } from '../db/cursors.ts'
import type { Db } from '../db/connection.ts'
import { externalEventsAfter, saveExternalEvents, type ExternalEvent } from '../db/external-events.ts'
import { forgetWords } from '../db/forget-words.ts'
import { emit } from '../db/outbox.ts'
import { markPending } from '../db/pending.ts'
import { raiseNudges, type Provider } from '../db/providers.ts'
import type { Cause } from '../db/schedule-entries.ts'
import { admitted, enteringPolicy, isNarrower, sameEntering, type Admission } from '../domain/entering.ts'
import { admissionOfStored } from './admission.ts'
import type { ActivityDeps } from './deps.ts'
import type { HeldProvider } from './hold-provider.ts'
import { factId } from './idempotency-key.ts'

const batchSize = 500

type HeldRows = Pick<HeldProvider, 'provider' | 'cursor' | 'transaction'>

/** Whether all that is stored was let in under the policy of now. */
export const isHeldAgainst = ({ entered }: Pick<Cursor, 'entered'>, { policies }: Provider): boolean =>
  entered !== null && entered.after === null && sameEntering(entered.policy, policies)

/**
 * Holds what is stored against a policy that changed, before anything is asked or sent under it: a batch's events and all
 * that came from them lose their words in one transaction with the place to go on, so that a kill anywhere costs one batch.
 * What another policy may let in anew is fetched by the full round that follows. `more`: the time is up.
 */
export async function narrowStored<Held extends HeldRows>(
  deps: ActivityDeps,
  held: Held,
  runId?: string,
): Promise<Held | 'more'> {
  const { provider } = held
  const startedMs = deps.now().getTime()
  let cursor = held.cursor
  while (!isHeldAgainst(cursor, provider)) {
    if (deps.now().getTime() - startedMs >= deps.budgetMs) return 'more'
    deps.heartbeat()
    const batch = await held.transaction((db) => narrowBatch(db, held, cursor, { runId, now: deps.now() }))
    await deps.nudge(batch.nudged.map((id) => ({ id, tenantId: provider.tenantId })))
    cursor = { ...cursor, ...batch.progress }
  }
  return { ...held, cursor }
}

async function narrowBatch(
  db: Db,
  { provider }: HeldRows,
  cursor: Cursor,
  at: { runId: string | undefined; now: Date },
): Promise<{ nudged: string[]; progress: Partial<Cursor> }> {
  const policy = enteringPolicy(provider.policies)
  const isUnderWay = cursor.entered !== null && sameEntering(cursor.entered.policy, policy)
  const after = (isUnderWay && cursor.entered?.after) || ''
  const rows = await externalEventsAfter(db, provider.id, after, batchSize)
  const admission = await admissionOfStored(db, provider, rows)
  const narrowed = rows.flatMap((row) => narrowing(row, admission(row)))
  const nudged = await storeNarrowed(db, provider, narrowed, {
    cause: { kind: 'provider', providerId: provider.id, ...(at.runId && { runId: at.runId }) },
    now: at.now,
  })
  const last = rows.length === batchSize ? (rows.at(-1)?.externalId ?? null) : null
  const entered: Entered = { policy, after: last }
  const isOtherPolicy = last === null && cursor.entered !== null
  const progress = { entered, ...(isOtherPolicy && { cursor: null, round: null }) }
  await saveCursor(db, provider.id, progress)
  return { nudged, progress }
}

/** The row as it is stored when less of it enters. */
export function narrowing(row: ExternalEvent, entersAs: Admission): ExternalEvent[] {
  if (!isNarrower(entersAs, row.entersAs)) return []
  const content = admitted(row.content, entersAs)
  const isOut = entersAs === 'none'
  const times = isOut ? { startsAt: null, endsAt: null, problem: null } : {}
  return [{ ...row, ...times, entersAs, content, revision: row.revision + 1 }]
}

/** Stores events that enter with less than before, and has everything that came from them forget its words. */
export async function storeNarrowed(
  db: Db,
  provider: Provider,
  rows: ExternalEvent[],
  by: { cause: Cause; now: Date },
): Promise<string[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.externalId)
  await saveExternalEvents(db, rows)
  await markPending(
    db,
    provider.tenantId,
    ids.map((subjectId) => ({ providerId: provider.id, kind: 'external', subjectId })),
  )
  return forgetWordsOf(db, provider, ids, by)
}

/** Tells the application and the other calendars of what the entries no longer say. Answers whom to nudge. */
export async function forgetWordsOf(
  db: Db,
  provider: Provider,
  externalIds: string[],
  { cause, now }: { cause: Cause; now: Date },
): Promise<string[]> {
  const { entries, providerIds } = await forgetWords(db, provider, externalIds, cause, now)
  const type = 'SCHEDULE_ENTRY_UPDATED' as const
  await emit(
    db,
    entries.map(({ id, version }) => ({
      id: factId(type, id, version),
      tenantId: provider.tenantId,
      type,
      subjectId: id,
      data: { version, providerId: provider.id },
      at: now,
    })),
  )
  const others = providerIds.filter((id) => id !== provider.id)
  return raiseNudges(db, others, now)
}
