import { and, asc, desc, eq, gt, isNull, ne, sql } from 'drizzle-orm'
import { integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { providers, type Provider } from './providers.ts'
import { subscriptions, type Subscription } from './subscriptions.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'
import { tenants } from './tenants.ts'

/** What came of a provider's push subscription since the maintenance before. */
export type UpkeepAction = 'renewed' | 'recreated' | 'skipped' | 'failed'

/** What maintenance found of each provider in its last pass: the next one tells by it what has changed. */
export const upkeep = pgTable(
  'upkeep',
  {
    providerId: uuid('provider_id').primaryKey(),
    tenantId: tenantId(),
    checkedAt: timestamp('checked_at', { withTimezone: true }).notNull(),
    action: text('action').$type<UpkeepAction>().notNull(),
    /** The subscription that lived then, by the vendor's id, and its end; null when none did. */
    subscriptionId: text('subscription_id'),
    expiresAt: timestamp('expires_at', { withTimezone: true }),
    error: text('error'),
  },
  tenantPolicies,
)
export type Upkeep = typeof upkeep.$inferSelect

/** That maintenance has walked all providers, told to each tenant: a pass that stays away is seen by its absence. */
export const maintenance = pgTable(
  'maintenance',
  {
    tenantId: tenantId().primaryKey(),
    startedAt: timestamp('started_at', { withTimezone: true }).notNull(),
    finishedAt: timestamp('finished_at', { withTimezone: true }).notNull(),
    /** In all tenants together. */
    providers: integer('providers').notNull(),
    failed: integer('failed').notNull(),
  },
  tenantPolicies,
)
export type Maintenance = typeof maintenance.$inferSelect

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
export async function noteMaintenance(db: Db, pass: Omit<Maintenance, 'tenantId'>): Promise<void> {
  const [startedAt, finishedAt] = [pass.startedAt.toISOString(), pass.finishedAt.toISOString()]
  await db.execute(sql`
    insert into maintenance (tenant_id, started_at, finished_at, providers, failed)
    select ${tenants.tenantId}, ${startedAt}::timestamptz, ${finishedAt}::timestamptz, ${pass.providers}, ${pass.failed} from ${tenants}
    on conflict (tenant_id) do update set started_at = excluded.started_at, finished_at = excluded.finished_at,
      providers = excluded.providers, failed = excluded.failed`)
}

export async function lastMaintenance(db: Db): Promise<Maintenance | undefined> {
  const [row] = await db.select().from(maintenance).limit(1)
  return row
}

export async function upkeepOf(db: Db, providerId: string): Promise<Upkeep | undefined> {
  const [row] = await db.select().from(upkeep).where(eq(upkeep.providerId, providerId))
  return row
}
