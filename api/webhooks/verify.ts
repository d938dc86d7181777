import { timingSafeEqual } from 'node:crypto'
import { fingerprintOf } from '../../db/envelope.ts'
import { findSubscriptionByExternalId, type Subscription } from '../../db/subscriptions.ts'
import type { Vendor } from '../../domain/event.ts'
import type { ApiDeps } from '../dependencies.ts'

export type Verdict = { kind: 'ours'; subscription: Subscription } | { kind: 'unknown' } | { kind: 'forged' }

export interface Claim {
  externalId: string
  secret: string | undefined
  resourceId?: string | undefined
}

/** Whose notification this is: a living subscription of ours, and the secret only its vendor was told. */
export async function verify(deps: ApiDeps, vendor: Vendor, claim: Claim): Promise<Verdict> {
  const { externalId } = claim
  if (externalId === '' || externalId.length > 200) return { kind: 'unknown' }
  const subscription = await deps.database.system((db) =>
    findSubscriptionByExternalId(db, vendor, externalId),
  )
  if (!subscription || subscription.state === 'stopped' || subscription.expiresAt <= deps.now()) {
    return { kind: 'unknown' }
  }
  if (!isSecret(claim.secret, subscription.secretHash)) return { kind: 'forged' }
  const isOtherResource = subscription.resourceId !== null && vendor === 'google'
  if (isOtherResource && claim.resourceId !== subscription.resourceId) return { kind: 'forged' }
  return { kind: 'ours', subscription }
}

function isSecret(given: string | undefined, hash: string): boolean {
  const fingerprint = Buffer.from(fingerprintOf(given ?? ''))
  const expected = Buffer.from(hash)
  return fingerprint.length === expected.length && timingSafeEqual(fingerprint, expected)
}
