import { and, eq, gt, lt } from 'drizzle-orm'
import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** A consent under way (RFC 6749 §10.12, RFC 7636): single use, ten minutes, bound to tenant, provider and browser. */
export const oauthStates = pgTable(
  'oauth_states',
  {
    stateHash: text('state_hash').primaryKey(),
    tenantId: tenantId(),
    providerId: uuid('provider_id').notNull(),
    codeVerifierCiphertext: text('code_verifier_ciphertext').notNull(),
    redirectUri: text('redirect_uri').notNull(),
    /** Hash of the cookie of the browser that started it; null for a client without cookies. */
    browserHash: text('browser_hash'),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  },
  tenantPolicies,
)
export type OAuthState = typeof oauthStates.$inferSelect

export async function insertOAuthState(db: Db, state: OAuthState): Promise<void> {
  await db.insert(oauthStates).values(state)
}

/** Takes the state out, so that a second callback with the same one finds nothing. Asked before a tenant is known. */
export async function consumeOAuthState(
  db: Db,
  stateHash: string,
  now: Date,
): Promise<OAuthState | undefined> {
  const [state] = await db
    .delete(oauthStates)
    .where(and(eq(oauthStates.stateHash, stateHash), gt(oauthStates.expiresAt, now)))
    .returning()
  return state
}

export async function deleteExpiredOAuthStates(db: Db, now: Date): Promise<void> {
  await db.delete(oauthStates).where(lt(oauthStates.expiresAt, now))
}
