import { and, asc, desc, gt, isNull, ne, sql } from 'drizzle-orm'
import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { providers, type Provider } from './providers.ts'
import { subscriptions, type Subscription } from './subscriptions.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'
import { tenants } from './tenants.ts'

/** The subscription that maintenance found alive in its last pass: the next one tells by it what has changed. */
export const upkeep = pgTable(
  'upkeep',
  {
    providerId: uuid('provider_id').primaryKey(),
    tenantId: tenantId(),
    /** By the vendor's id; null when none lived. */
    subscriptionId: text('subscription_id'),
    expiresAt: timestamp('expires_at', { withTimezone: true }),
  },
  tenantPolicies,
)
export type Upkeep = typeof upkeep.$inferSelect

/** When maintenance last walked all providers, told to each tenant: a pass that stays away is seen by its absence. */
export const maintenance = pgTable(
  'maintenance',
  {
    tenantId: tenantId().primaryKey(),
    finishedAt: timestamp('finished_at', { withTimezone: true }).notNull(),
  },
  tenantPolicies,
)

/** What a pass compares of one provider. */
export interface Maintained {
  provider: Provider
  before: Upkeep | null
  /** The subscription that lives longest, as far as we know. */
  subscription: Subscription | null
}

/** A page of all providers of all tenants, for a system transaction; `after` is the last one of the page before. */
export async function maintainedAfter(db: Db, after: string | null, limit: number): Promise<Maintained[]> {
  const page = await db
    .select()
    .from(providers)
    .where(and(isNull(providers.deletedAt), after === null ? undefined : gt(providers.id, after)))
    .orderBy(asc(providers.id))
    .limit(limit)
  const ids = page.map(({ id }) => id)
  const before = await db.select().from(upkeep).where(anyOf(upkeep.providerId, ids))
  const living = await db
    .select()
    .from(subscriptions)
    .where(and(anyOf(subscriptions.providerId, ids), ne(subscriptions.state, 'stopped')))
    .orderBy(desc(subscriptions.expiresAt))
  return page.map((provider) => ({
    provider,
    before: before.find(({ providerId }) => providerId === provider.id) ?? null,
    subscription: living.find(({ providerId }) => providerId === provider.id) ?? null,
  }))
}

export async function saveUpkeep(db: Db, row: Upkeep): Promise<void> {
  await db.insert(upkeep).values(row).onConflictDoUpdate({ target: upkeep.providerId, set: row })
}

/** Tells every tenant that a pass is done. */
export async function noteMaintenance(db: Db, finishedAt: Date): Promise<void> {
  await db.execute(sql`
    insert into maintenance (tenant_id, finished_at)
    select ${tenants.tenantId}, ${finishedAt.toISOString()}::timestamptz from ${tenants}
    on conflict (tenant_id) do update set finished_at = excluded.finished_at`)
}

/** When the last pass was done, in a tenant's transaction; null before the first. */
export async function lastMaintenance(db: Db): Promise<Date | null> {
  const [row] = await db.select().from(maintenance)
  return row?.finishedAt ?? null
}
