import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** A provider's OAuth tokens, as ciphertext. `version` grows with each stored token; the refresh lease lets one refresh. */
export const providerCredentials = pgTable(
  'provider_credentials',
  {
    providerId: uuid('provider_id').primaryKey(),
    tenantId: tenantId(),
    refreshTokenCiphertext: text('refresh_token_ciphertext').notNull(),
    accessTokenCiphertext: text('access_token_ciphertext').notNull(),
    accessTokenExpiresAt: timestamp('access_token_expires_at', { withTimezone: true }).notNull(),
    scope: text('scope').notNull(),
    version: integer('version').notNull(),
    refreshLeaseUntil: timestamp('refresh_lease_until', { withTimezone: true }),
    /** When its member consented; null where that was before it was noted. */
    consentedAt: timestamp('consented_at', { withTimezone: true }),
    /** When the vendor last renewed the tokens; null when it has not, since the consent. */
    refreshedAt: timestamp('refreshed_at', { withTimezone: true }),
  },
  tenantPolicies,
)
export type ProviderCredentials = typeof providerCredentials.$inferSelect

export async function findCredentials(db: Db, providerId: string): Promise<ProviderCredentials | undefined> {
  const [row] = await db
    .select()
    .from(providerCredentials)
    .where(eq(providerCredentials.providerId, providerId))
  return row
}

const unused = { refreshLeaseUntil: null, refreshedAt: null }

/** Stores the tokens of a new consent; what was there before is gone. */
export async function saveCredentials(
  db: Db,
  credentials: Omit<ProviderCredentials, 'version' | 'refreshLeaseUntil' | 'refreshedAt'>,
): Promise<void> {
  await db
    .insert(providerCredentials)
    .values({ ...credentials, version: 1, ...unused })
    .onConflictDoUpdate({
      target: providerCredentials.providerId,
      set: { ...credentials, version: sql`${providerCredentials.version} + 1`, ...unused },
    })
}

/** Lets one caller refresh: true for the one who may, until `until` at the latest. */
export async function takeRefreshLease(
  db: Db,
  providerId: string,
  seenVersion: number,
  now: Date,
  until: Date,
): Promise<boolean> {
  const rows = await db
    .update(providerCredentials)
    .set({ refreshLeaseUntil: until })
    .where(
      and(
        eq(providerCredentials.providerId, providerId),
        eq(providerCredentials.version, seenVersion),
        or(isNull(providerCredentials.refreshLeaseUntil), lt(providerCredentials.refreshLeaseUntil, now)),
      ),
    )
    .returning({ providerId: providerCredentials.providerId })
  return rows.length > 0
}

/** Stores refreshed tokens and gives the lease back; refused when somebody stored newer ones meanwhile. */
export async function storeRefreshedTokens(
  db: Db,
  providerId: string,
  seenVersion: number,
  tokens: Pick<
    ProviderCredentials,
    'refreshTokenCiphertext' | 'accessTokenCiphertext' | 'accessTokenExpiresAt' | 'refreshedAt'
  >,
): Promise<boolean> {
  const rows = await db
    .update(providerCredentials)
    .set({ ...tokens, version: seenVersion + 1, refreshLeaseUntil: null })
    .where(and(eq(providerCredentials.providerId, providerId), eq(providerCredentials.version, seenVersion)))
    .returning({ providerId: providerCredentials.providerId })
  return rows.length > 0
}

/** Gives the lease back that was taken until then; false when it is somebody else's by now, or a new consent ended it. */
export async function releaseRefreshLease(db: Db, providerId: string, until: Date): Promise<boolean> {
  const rows = await db
    .update(providerCredentials)
    .set({ refreshLeaseUntil: null })
    .where(
      and(eq(providerCredentials.providerId, providerId), eq(providerCredentials.refreshLeaseUntil, until)),
    )
    .returning({ providerId: providerCredentials.providerId })
  return rows.length > 0
}
