import { endAlerts } from '../db/alerts.ts'
import { takeLease } from '../db/cursors.ts'
import { findDisconnect, noteStep, type ConsentEnd, type SubscriptionsEnd } from '../db/disconnects.ts'
import { keyed } from '../db/former-pairs.ts'
import { deleteSecrets, forgetRows, nextStanding, retirePairs } from '../db/forget-provider.ts'
import { findOAuthClient } from '../db/oauth-clients.ts'
import { findCredentials } from '../db/provider-credentials.ts'
import { findProviders, isAccountShared, type Provider } from '../db/providers.ts'
import { activeSubscriptions, stopSubscription } from '../db/subscriptions.ts'
import { clientCredentials, tokenContext } from '../oauth/access-token.ts'
import { connectedCalendar } from '../oauth/connected-calendar.ts'
import { ClientRefused, ConsentRevoked, NotFound, Refused } from '../providers/errors.ts'
import { revokeToken } from '../providers/oauth.ts'
import { contentHash } from './content-hash.ts'
import { idempotencyKey } from './idempotency-key.ts'
import type { ActivityDeps, ProviderStep } from './deps.ts'

/**
 * Ends what the vendor tells us of a deleted provider. Throws where the vendor may do it later; `isLast` gives up. What is
 * left, as where the consent has ended already, ends by itself at its expiry, and until then its messages are refused.
 */
export async function endSubscriptions(
  deps: ActivityDeps,
  step: ProviderStep & { isLast: boolean },
): Promise<SubscriptionsEnd> {
  const provider = await deletedProvider(deps, step)
  if (!provider) return 'none'
  const { tenantId } = step
  const standing = await deps.database.tenant(tenantId, (db) => activeSubscriptions(db, provider.id))
  let end: SubscriptionsEnd = standing.length > 0 ? 'stopped' : 'none'
  for (const subscription of standing) {
    try {
      const calendar = await connectedCalendar(deps, provider)
      await calendar.unsubscribe(subscription)
    } catch (error) {
      if (!step.isLast && !isHopeless(error) && !(error instanceof NotFound)) throw error
      if (!(error instanceof NotFound)) end = 'left'
    }
    await deps.database.tenant(tenantId, (db) => stopSubscription(db, subscription.id))
  }
  await deps.database.tenant(tenantId, (db) => noteStep(db, provider.id, { subscriptions: end }))
  return end
}

/** Nobody may speak for the provider any more, today or later. */
const isHopeless = (error: unknown): boolean =>
  error instanceof ConsentRevoked || error instanceof ClientRefused

/** Gives the consent back where the vendor takes it for one app, unless another calendar of the account lives by it. */
export async function revokeConsent(
  deps: ActivityDeps,
  step: ProviderStep & { isLast: boolean },
): Promise<ConsentEnd> {
  const provider = await deletedProvider(deps, step)
  if (!provider) return 'none'
  const end = await consentEnd(deps, provider).catch((error: unknown): ConsentEnd => {
    if (error instanceof Refused || isHopeless(error) || step.isLast) return 'left'
    throw error
  })
  await deps.database.tenant(step.tenantId, (db) => noteStep(db, provider.id, { consent: end }))
  return end
}

async function consentEnd(deps: ActivityDeps, provider: Provider): Promise<ConsentEnd> {
  const { credentials, client, isShared } = await deps.database.tenant(provider.tenantId, async (db) => ({
    credentials: await findCredentials(db, provider.id),
    client: await findOAuthClient(db, provider.vendor),
    isShared: await isAccountShared(db, provider),
  }))
  if (!credentials || !client) return 'none'
  if (provider.vendor === 'microsoft') return 'not-offered'
  if (isShared) return 'shared'
  const token = deps.envelope.open(
    credentials.refreshTokenCiphertext,
    tokenContext('refresh-token', provider),
  )
  await revokeToken(clientCredentials(deps.envelope, client), token)
  return 'revoked'
}

/** Rows in one transaction: what waits for them waits that long. */
const atOnce = 2_000
const pairsAtOnce = 500

/**
 * Deletes the secrets of a deleted provider, then what it knew, some rows at a time: `more` until all is gone. Its pairs stay
 * with ids and hashes, so that the same calendar, connected again, is linked and nothing is doubled. Entries and events stay.
 */
export async function forgetProvider(deps: ActivityDeps, step: ProviderStep): Promise<'more' | 'done'> {
  const provider = await deletedProvider(deps, step)
  if (!provider) return 'done'
  const now = deps.now()
  return deps.database.tenant(step.tenantId, async (db) => {
    const disconnect = await findDisconnect(db, provider.id)
    if (disconnect?.finishedAt) return 'done'
    if (!disconnect?.secretsDeletedAt) {
      // Whoever still works on it loses its hand, and writes nothing more.
      await takeLease(db, provider, deps.holder)
      await deleteSecrets(db, provider.id)
      await endAlerts(db, provider.id, now)
      await noteStep(db, provider.id, { secretsDeletedAt: now })
    }
    const pairs = await nextStanding(db, provider.id, pairsAtOnce)
    if (pairs.length > 0) {
      await retirePairs(
        db,
        pairs.map(({ id, generation, baseEntry, baseExternal }) => ({
          id,
          createKey: keyed(idempotencyKey(provider.vendor, id, generation)),
          entryHash: baseEntry && contentHash(baseEntry),
          externalHash: baseExternal && contentHash(baseExternal),
        })),
        now,
      )
      return 'more'
    }
    if (!(await forgetRows(db, provider.id, atOnce))) return 'more'
    await noteStep(db, provider.id, { finishedAt: now })
    return 'done'
  })
}

/** The provider of this step when it is deleted: nothing here is done to one that lives. */
async function deletedProvider(deps: ActivityDeps, step: ProviderStep): Promise<Provider | undefined> {
  const [provider] = await deps.database.tenant(step.tenantId, (db) => findProviders(db, [step.providerId]))
  return provider?.deletedAt ? provider : undefined
}
