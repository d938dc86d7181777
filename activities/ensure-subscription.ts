import { randomBytes } from 'node:crypto'
import { fingerprintOf } from '../db/envelope.ts'
import { findOAuthClient } from '../db/oauth-clients.ts'
import { findCursor } from '../db/cursors.ts'
import { predecessorIds } from '../db/predecessors.ts'
import { findProvider, type Provider } from '../db/providers.ts'
import { countCalendarsOf } from '../db/vendor-turns.ts'
import {
  activeSubscriptions,
  insertSubscription,
  markRenewed,
  nameSubscription,
  stopSubscription,
  type Subscription,
} from '../db/subscriptions.ts'
import type { Vendor } from '../domain/event.ts'
import { renewAt } from '../domain/polls.ts'
import { canReceivePush } from '../domain/push-address.ts'
import { freshAccessToken } from '../oauth/access-token.ts'
import { connectedCalendar } from '../oauth/connected-calendar.ts'
import { VendorError } from '../providers/errors.ts'
import type { CalendarProvider } from '../providers/port.ts'
import type { ActivityDeps, ProviderStep } from './deps.ts'
import { isHalted } from './hold-provider.ts'
import { inTurn } from './vendor-turn.ts'

const dayMs = 86_400_000
const retryMs = 5 * 60_000
/** When other calendars of the mailbox are being asked, the subscription follows soon. */
const busyMs = 10_000

interface Ensured {
  renewAtMs: number | null
  /** The vendor's words, when it would not renew or subscribe now. */
  failure?: string
}

/** Sees to it that the vendor tells us of changes: renewed in place, or a new subscription is live before the old one stops. */
export async function ensureSubscription(deps: ActivityDeps, step: ProviderStep): Promise<Ensured> {
  const nowMs = deps.now().getTime()
  const provider = await deps.database.tenant(step.tenantId, (db) => findProvider(db, step.providerId))
  if (!provider || isHalted(provider)) return { renewAtMs: null }
  if (!(await canBeReached(deps, provider))) return { renewAtMs: nowMs + dayMs }

  const standing = await deps.database.tenant(step.tenantId, (db) => activeSubscriptions(db, provider.id))
  const newest = standing[0]
  if (newest?.state === 'active') {
    const dueMs = renewAt(newest.grantedAt, newest.expiresAt).getTime()
    if (dueMs > nowMs) return { renewAtMs: dueMs }
  }
  const calling = await deps.database.tenant(step.tenantId, async (db) => ({
    provider,
    cursor: (await findCursor(db, provider.id)) ?? null,
    calendars: await countCalendarsOf(db, provider),
  }))
  const busy = { renewAtMs: nowMs + busyMs }
  return inTurn<Ensured>(deps, calling, busy, () => renewOrSubscribe(deps, provider, standing))
}

async function renewOrSubscribe(
  deps: ActivityDeps,
  provider: Provider,
  standing: Subscription[],
): Promise<Ensured> {
  const calendar = await connectedCalendar(deps, provider)
  const [newest] = standing
  try {
    const renewed = newest && (await renew(deps, provider, calendar, newest))
    const live = renewed ?? (await subscribe(deps, provider, calendar))
    for (const old of standing) if (old.id !== live.id) await stop(deps, provider, calendar, old)
    // The vendor asked for a renewal again, or ended it, while it was renewed.
    if (live.state !== 'active') return { renewAtMs: deps.now().getTime() }
    return { renewAtMs: renewAt(live.grantedAt, live.expiresAt).getTime() }
  } catch (error) {
    // Polls see every change, only later: a vendor that cannot tell us now is asked again soon.
    if (!(error instanceof VendorError)) throw error
    return { renewAtMs: deps.now().getTime() + retryMs, failure: error.message }
  }
}

/** Renews in place where the vendor does: some refuse a second subscription to the same calendar beside the first. */
async function renew(
  deps: ActivityDeps,
  provider: Provider,
  calendar: CalendarProvider,
  newest: Subscription,
): Promise<Subscription | undefined> {
  // Graph tells of changes for as long as the token lives that a subscription was renewed with.
  if (provider.vendor === 'microsoft') await freshAccessToken(deps, provider)
  const grantedAt = deps.now()
  const granted = await calendar.renewSubscription(newest)
  if (!granted) return undefined
  const expiresAt = new Date(granted.expiresAt)
  const state = await deps.database.tenant(provider.tenantId, (db) =>
    markRenewed(db, newest, grantedAt, expiresAt),
  )
  return { ...newest, state, grantedAt, expiresAt }
}

/** The row stands before the vendor is asked: its first message may come before its answer. */
async function subscribe(
  deps: ActivityDeps,
  provider: Provider,
  calendar: CalendarProvider,
): Promise<Subscription> {
  const id = deps.newId()
  const secret = randomBytes(32).toString('base64url')
  const grantedAt = deps.now()
  const row: Subscription = {
    id,
    tenantId: provider.tenantId,
    providerId: provider.id,
    vendor: provider.vendor,
    externalId: id,
    resourceId: null,
    secretHash: fingerprintOf(secret),
    state: 'active',
    grantedAt,
    expiresAt: grantedAt,
    lastNotificationAt: null,
  }
  const former = await deps.database.tenant(provider.tenantId, async (db) => {
    await insertSubscription(db, row)
    return predecessorIds(db, provider.id)
  })
  try {
    const granted = await calendar.subscribe({
      id,
      secret,
      notifyUrl: notifyUrl(deps, provider.vendor, provider.id),
      lifecycleUrl: `${deps.publicUrl}/webhooks/${provider.vendor}/lifecycle?provider=${provider.id}`,
      // A provider whose consent had ended could not stop its subscription when it was deleted.
      formerUrls: former.map((id) => notifyUrl(deps, provider.vendor, id)),
    })
    const named = { ...granted, expiresAt: new Date(granted.expiresAt) }
    await deps.database.tenant(provider.tenantId, (db) => nameSubscription(db, id, named))
    return { ...row, ...named }
  } catch (error) {
    await deps.database.tenant(provider.tenantId, (db) => stopSubscription(db, id))
    throw error
  }
}

/** The provider's id tells its subscription from another tenant's to the same calendar. */
const notifyUrl = ({ publicUrl }: ActivityDeps, vendor: Vendor, providerId: string): string =>
  `${publicUrl}/webhooks/${vendor}?provider=${providerId}`

async function stop(
  deps: ActivityDeps,
  provider: Provider,
  calendar: CalendarProvider,
  old: Subscription,
): Promise<void> {
  await calendar.unsubscribe(old).catch((error: unknown) => {
    // It ends by itself at its expiry; until then its notifications are refused.
    if (!(error instanceof VendorError)) throw error
  })
  await deps.database.tenant(provider.tenantId, (db) => stopSubscription(db, old.id))
}

/** Whether its vendor could tell us of changes. */
export async function canBeReached(deps: ActivityDeps, provider: Provider): Promise<boolean> {
  if (deps.publicUrl.startsWith('https:')) return true
  const client = await deps.database.tenant(provider.tenantId, (db) => findOAuthClient(db, provider.vendor))
  return client !== undefined && canReceivePush(deps.publicUrl, client.endpoints.api)
}
