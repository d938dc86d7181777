import { and, desc, eq, gt, max, ne, sql } from 'drizzle-orm'
import { index, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { Vendor } from '../domain/event.ts'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** A Google watch channel or a Graph subscription. The secret is per subscription; only its SHA-256 is kept. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    providerId: uuid('provider_id').notNull(),
    vendor: text('vendor').$type<Vendor>().notNull(),
    /** Google's channel id or Graph's subscription id: what a notification names. */
    externalId: text('external_id').notNull(),
    /** Google's resource id, needed to stop the channel. */
    resourceId: text('resource_id'),
    secretHash: text('secret_hash').notNull(),
    /** `renewal-due`: the vendor asked for a renewal before its time; it still tells us of changes. */
    state: text('state').$type<'active' | 'renewal-due' | 'stopped'>().notNull(),
    grantedAt: timestamp('granted_at', { withTimezone: true }).notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    lastNotificationAt: timestamp('last_notification_at', { withTimezone: true }),
  },
  (t) => [
    uniqueIndex('subscriptions_external').on(t.vendor, t.externalId),
    index('subscriptions_provider').on(t.providerId),
    ...tenantPolicies(),
  ],
)
export type Subscription = typeof subscriptions.$inferSelect

export async function insertSubscription(db: Db, subscription: Subscription): Promise<void> {
  await db.insert(subscriptions).values(subscription).onConflictDoNothing()
}

/** Whose notification this is. Asked before a tenant is known. */
export async function findSubscriptionByExternalId(
  db: Db,
  vendor: Vendor,
  externalId: string,
): Promise<Subscription | undefined> {
  const [row] = await db
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.vendor, vendor), eq(subscriptions.externalId, externalId)))
  return row
}

export async function activeSubscriptions(db: Db, providerId: string): Promise<Subscription[]> {
  return db
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.providerId, providerId), ne(subscriptions.state, 'stopped')))
    .orderBy(desc(subscriptions.expiresAt))
}

export async function nameSubscription(
  db: Db,
  id: string,
  granted: Pick<Subscription, 'externalId' | 'resourceId' | 'expiresAt'>,
): Promise<void> {
  await db.update(subscriptions).set(granted).where(eq(subscriptions.id, id))
}

/** A renewal was granted. What the vendor said since the row was read stands, and is answered. */
export async function markRenewed(
  db: Db,
  { id, state }: Subscription,
  grantedAt: Date,
  expiresAt: Date,
): Promise<Subscription['state']> {
  const [renewed] = await db
    .update(subscriptions)
    .set({
      state: sql`case when ${subscriptions.state} = ${state} then 'active' else ${subscriptions.state} end`,
      grantedAt,
      expiresAt,
    })
    .where(eq(subscriptions.id, id))
    .returning({ state: subscriptions.state })
  return renewed?.state ?? 'stopped'
}

/** A living subscription that its vendor wants renewed now. */
export async function markRenewalDue(db: Db, id: string): Promise<void> {
  await db
    .update(subscriptions)
    .set({ state: 'renewal-due' })
    .where(and(eq(subscriptions.id, id), eq(subscriptions.state, 'active')))
}

export async function stopSubscription(db: Db, id: string): Promise<void> {
  await db.update(subscriptions).set({ state: 'stopped' }).where(eq(subscriptions.id, id))
}

export async function recordNotification(db: Db, id: string, at: Date): Promise<void> {
  await db.update(subscriptions).set({ lastNotificationAt: at }).where(eq(subscriptions.id, id))
}

/** When the vendor last told of a change, if it did after this moment. */
export async function notifiedSince(db: Db, providerId: string, since: Date | null): Promise<Date | null> {
  const [row] = await db
    .select({ at: max(subscriptions.lastNotificationAt) })
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.providerId, providerId),
        since ? gt(subscriptions.lastNotificationAt, since) : undefined,
      ),
    )
  return row?.at ?? null
}

/** A new consent begins without them: the vendor ends what an ended consent had asked for. */
export async function forgetSubscriptions(db: Db, providerId: string): Promise<void> {
  await db.update(subscriptions).set({ state: 'stopped' }).where(eq(subscriptions.providerId, providerId))
}
