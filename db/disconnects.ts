import { eq, isNull, sql } from 'drizzle-orm'
import { index, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Db } from './connection.ts'
import type { Cause } from './schedule-entries.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** `none`: there was nothing to stop. `left`: the vendor could not be told; it ends by itself at its expiry. */
export type SubscriptionsEnd = 'stopped' | 'none' | 'left'
/**
 * `not-offered`: the vendor revokes nothing for one app (Graph). `shared`: another calendar of the account lives by the same
 * consent. `left`: the vendor could not be told; the token is deleted here all the same.
 */
export type ConsentEnd = 'revoked' | 'none' | 'not-offered' | 'shared' | 'left'

/** A provider that is being deleted, or was: each step with what came of it, so that a step is taken once. */
export const disconnects = pgTable(
  'disconnects',
  {
    providerId: uuid('provider_id').primaryKey(),
    tenantId: tenantId(),
    requestedAt: timestamp('requested_at', { withTimezone: true }).notNull(),
    requestedBy: jsonb('requested_by').$type<Cause>().notNull(),
    subscriptions: text('subscriptions').$type<SubscriptionsEnd>(),
    consent: text('consent').$type<ConsentEnd>(),
    secretsDeletedAt: timestamp('secrets_deleted_at', { withTimezone: true }),
    finishedAt: timestamp('finished_at', { withTimezone: true }),
  },
  (t) => [
    index('disconnects_open')
      .on(t.requestedAt)
      .where(sql`finished_at is null`),
    ...tenantPolicies(),
  ],
)
export type Disconnect = typeof disconnects.$inferSelect

export async function insertDisconnect(
  db: Db,
  disconnect: Pick<Disconnect, 'providerId' | 'tenantId' | 'requestedAt' | 'requestedBy'>,
): Promise<void> {
  await db.insert(disconnects).values(disconnect).onConflictDoNothing()
}

export async function findDisconnect(db: Db, providerId: string): Promise<Disconnect | undefined> {
  const [row] = await db.select().from(disconnects).where(eq(disconnects.providerId, providerId))
  return row
}

/** Notes what came of a step; what was noted before stands. */
export async function noteStep(
  db: Db,
  providerId: string,
  step: Partial<Pick<Disconnect, 'subscriptions' | 'consent' | 'secretsDeletedAt' | 'finishedAt'>>,
): Promise<void> {
  for (const [name, value] of Object.entries(step)) {
    const column = disconnects[name as keyof typeof step]
    await db
      .update(disconnects)
      .set({ [name]: value })
      .where(sql`${eq(disconnects.providerId, providerId)} and ${isNull(column)}`)
  }
}
