import type { Db } from '../db/connection.ts'
import { holdLease, takeLease, type Cursor, type Lease } from '../db/cursors.ts'
import { countCalendarsOf } from '../db/vendor-turns.ts'
import { findProvider, markReauthorizationRequired, type Provider } from '../db/providers.ts'
import { connectedCalendar } from '../oauth/connected-calendar.ts'
import { refuseWhileWaiting } from '../oauth/vendor-wait.ts'
import { ConsentRevoked } from '../providers/errors.ts'
import type { CalendarProvider } from '../providers/port.ts'
import { isBackfill } from './backfill.ts'
import type { ActivityDeps, Halted, ProviderStep } from './deps.ts'

/** A provider in one hand: every transaction and every vendor call checks that the hand is still the newest. */
export interface HeldProvider {
  kind: 'held'
  provider: Provider
  cursor: Cursor
  /** How many calendars of its account are connected, where the vendor counts calls at once. */
  calendars: number
  calendar: CalendarProvider
  transaction<T>(this: void, work: (db: Db) => Promise<T>): Promise<T>
}

/** Takes the provider over from whoever had it, unless it must not be worked on. */
export async function holdProvider(
  deps: ActivityDeps,
  step: ProviderStep & { runId?: string },
): Promise<HeldProvider | Halted | { kind: 'gone' }> {
  const taken = await deps.database.tenant(step.tenantId, async (db) => {
    const provider = await findProvider(db, step.providerId)
    if (!provider || isHalted(provider)) return { provider, cursor: null, calendars: 1 }
    const calendars = provider.vendor === 'microsoft' ? await countCalendarsOf(db, provider) : 1
    return { provider, cursor: await takeLease(db, provider, deps.holder), calendars }
  })
  const { provider, cursor, calendars } = taken
  if (!provider) return { kind: 'gone' }
  const halted = isHalted(provider)
  if (halted || !cursor) return halted ?? { kind: 'halted', phase: 'paused' }

  const transaction = holding(deps, provider, cursor)
  const held = { provider, cursor, transaction }
  const calendar = await heldCalendar(deps, held, step.runId)
  return { ...held, kind: 'held', calendars, calendar }
}

/** The calendar of a provider in one hand: each call to the vendor checks that the hand is still the newest. */
export function heldCalendar(
  deps: ActivityDeps,
  { provider, cursor, transaction }: Pick<HeldProvider, 'provider' | 'cursor' | 'transaction'>,
  runId?: string,
): Promise<CalendarProvider> {
  return connectedCalendar(
    deps,
    provider,
    async () => {
      deps.heartbeat()
      await transaction((db) => refuseWhileWaiting(db, provider, deps.now()))
    },
    () => deps.database.tenant(provider.tenantId, (db) => isBackfill(db, cursor, runId)),
  )
}

/** A provider's rows in one hand, whether or not its calendar may be asked. */
export async function holdRows(
  deps: ActivityDeps,
  step: ProviderStep,
): Promise<Pick<HeldProvider, 'provider' | 'cursor' | 'transaction'> | undefined> {
  const taken = await deps.database.tenant(step.tenantId, async (db) => {
    const provider = await findProvider(db, step.providerId)
    return provider && { provider, cursor: await takeLease(db, provider, deps.holder) }
  })
  return taken && { ...taken, transaction: holding(deps, taken.provider, taken.cursor) }
}

/** Transactions that write only while no newer attempt has the provider. */
function holding(deps: ActivityDeps, provider: Provider, cursor: Cursor): HeldProvider['transaction'] {
  const lease: Lease = { tenantId: provider.tenantId, providerId: provider.id, epoch: cursor.leaseEpoch }
  return (work) =>
    deps.database.tenant(provider.tenantId, async (db) => {
      await holdLease(db, lease)
      return work(db)
    })
}

/** Why nothing may be done with this provider now; null when it may. */
export function isHalted(provider: Provider): Halted | null {
  if (provider.authorization !== 'connected') return { kind: 'halted', phase: provider.authorization }
  return provider.paused || !provider.enabled ? { kind: 'halted', phase: 'paused' } : null
}

/** Runs vendor work; a revoked consent is an outcome, stored for people to see, and stops the polls. A newer consent stands. */
export async function unlessRevoked<T>(
  deps: ActivityDeps,
  held: HeldProvider,
  work: () => Promise<T>,
): Promise<T | Halted> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ConsentRevoked)) throw error
    const { code, message, requestId } = error
    await held.transaction((db) =>
      markReauthorizationRequired(db, held.provider, {
        code,
        message,
        requestId,
        at: deps.now().toISOString(),
      }),
    )
    return { kind: 'halted', phase: 'reauthorization-required' }
  }
}
