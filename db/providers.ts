import { and, asc, eq, gt, isNull, lt, ne, or, sql } from 'drizzle-orm'
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Vendor } from '../domain/event.ts'
import type { Direction, ProviderPolicies } from '../domain/policy.ts'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { predecessorsOf } from './predecessors.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

export type AuthorizationState = 'unauthorized' | 'connected' | 'reauthorization-required'

/** What went wrong last, as the vendor said it: never a token, a title or a response body. */
export interface ProviderError {
  code: string
  message: string
  requestId: string | null
  at: string
}

/** One connected external calendar: vendor, account, calendar id, direction, window, policies. */
export const providers = pgTable(
  'providers',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    memberId: uuid('member_id').notNull(),
    vendor: text('vendor').$type<Vendor>().notNull(),
    name: text('name').notNull(),
    calendarId: text('calendar_id').notNull(),
    /** The vendor's id of the account, known once authorised; a connection's identity, so a reconnect resumes. */
    accountId: text('account_id'),
    accountEmail: text('account_email'),
    /** The calendar's canonical id at the vendor (`primary` has many names): what makes two connections the same. */
    resolvedCalendarId: text('resolved_calendar_id'),
    calendarTimeZone: text('calendar_time_zone'),
    direction: text('direction').$type<Direction>().notNull(),
    enabled: boolean('enabled').notNull(),
    paused: boolean('paused').notNull(),
    authorization: text('authorization').$type<AuthorizationState>().notNull(),
    policies: jsonb('policies').$type<ProviderPolicies>().notNull(),
    /** The safety brake's limits: how many events, and how many percent, one side may lose in a day. */
    brakeEvents: integer('brake_events').notNull(),
    brakePercent: integer('brake_percent').notNull(),
    nudgePending: boolean('nudge_pending').notNull(),
    nudgedAt: timestamp('nudged_at', { withTimezone: true }),
    lastSyncAt: timestamp('last_sync_at', { withTimezone: true }),
    /** Looks and runs in a row that failed. */
    failures: integer('failures').notNull(),
    lastError: jsonb('last_error').$type<ProviderError>(),
    version: integer('version').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
    deletedAt: timestamp('deleted_at', { withTimezone: true }),
  },
  (t) => [
    uniqueIndex('providers_one_connection')
      .on(t.tenantId, t.vendor, t.accountId, t.resolvedCalendarId)
      .where(sql`account_id is not null and deleted_at is null`),
    index('providers_member').on(t.tenantId, t.memberId),
    index('providers_nudged')
      .on(t.nudgedAt)
      .where(sql`nudge_pending`),
    ...tenantPolicies(),
  ],
)
export type Provider = typeof providers.$inferSelect

export async function insertProvider(db: Db, provider: Provider): Promise<void> {
  await db.insert(providers).values(provider)
}

export async function findProvider(db: Db, id: string): Promise<Provider | undefined> {
  const [provider] = await db
    .select()
    .from(providers)
    .where(and(eq(providers.id, id), isNull(providers.deletedAt)))
  return provider
}

/** These providers, those that are deleted too. */
export async function findProviders(db: Db, ids: string[]): Promise<Provider[]> {
  if (ids.length === 0) return []
  return db.select().from(providers).where(anyOf(providers.id, ids))
}

/** Providers in the order they were made; `after` is the last one of the page before. */
export async function listProvidersAfter(
  db: Db,
  after: { at: Date; id: string } | undefined,
  limit: number,
): Promise<Provider[]> {
  return db
    .select()
    .from(providers)
    .where(
      and(
        isNull(providers.deletedAt),
        after
          ? or(
              gt(providers.createdAt, after.at),
              and(eq(providers.createdAt, after.at), gt(providers.id, after.id)),
            )
          : undefined,
      ),
    )
    .orderBy(asc(providers.createdAt), asc(providers.id))
    .limit(limit)
}

/** From now on nobody finds it: not the API, not a look, not a webhook. Its rows are forgotten step by step. */
export async function markDeleted(db: Db, id: string, now: Date): Promise<void> {
  await db
    .update(providers)
    .set({ deletedAt: now, nudgePending: false, nudgedAt: null, version: sql`${providers.version} + 1` })
    .where(and(eq(providers.id, id), isNull(providers.deletedAt)))
}

/** Whether another connected calendar of this account lives by the same consent. */
export async function isAccountShared(db: Db, { id, vendor, accountId }: Provider): Promise<boolean> {
  if (accountId === null) return false
  const others = await db
    .select({ id: providers.id })
    .from(providers)
    .where(
      and(
        eq(providers.vendor, vendor),
        eq(providers.accountId, accountId),
        eq(providers.authorization, 'connected'),
        ne(providers.id, id),
        isNull(providers.deletedAt),
      ),
    )
    .limit(1)
  return others.length > 0
}

/** Takes the row for the rest of the transaction, so that a change made beside it waits. */
export async function lockProvider(db: Db, id: string): Promise<Provider | undefined> {
  const [provider] = await db
    .select()
    .from(providers)
    .where(and(eq(providers.id, id), isNull(providers.deletedAt)))
    .for('update')
  return provider
}

/** Changes what an operator may change; the caller has checked the words. */
export async function updateProvider(
  db: Db,
  id: string,
  changes: Partial<
    Pick<
      Provider,
      'name' | 'direction' | 'enabled' | 'paused' | 'policies' | 'calendarId' | 'brakeEvents' | 'brakePercent'
    >
  >,
): Promise<Provider | undefined> {
  const [provider] = await db
    .update(providers)
    .set({ ...changes, version: sql`${providers.version} + 1` })
    .where(and(eq(providers.id, id), isNull(providers.deletedAt)))
    .returning()
  return provider
}

export interface Connection {
  accountId: string
  accountEmail: string
  resolvedCalendarId: string
  calendarTimeZone: string
}

/** Stores whose account and which calendar this is. The unique index refuses a calendar that is connected already. */
export async function markConnected(db: Db, id: string, connection: Connection): Promise<void> {
  await db
    .update(providers)
    .set({
      ...connection,
      authorization: 'connected',
      lastError: null,
      failures: 0,
      version: sql`${providers.version} + 1`,
    })
    .where(eq(providers.id, id))
}

/**
 * The calendar goes by another id from now on, for the deleted providers that it was connected through before as well. The
 * unique index refuses one that is connected already.
 */
export async function moveCalendar(
  db: Db,
  id: string,
  calendar: Pick<Connection, 'resolvedCalendarId' | 'calendarTimeZone'>,
): Promise<Provider | undefined> {
  const { resolvedCalendarId } = calendar
  await db
    .update(providers)
    .set({ resolvedCalendarId })
    .where(sql`${providers.id} in (${predecessorsOf(id)})`)
  const [provider] = await db
    .update(providers)
    .set(calendar)
    .where(and(eq(providers.id, id), isNull(providers.deletedAt)))
    .returning()
  return provider
}

/** Unless the provider changed since it was read: a member who consented meanwhile is not asked again. */
export async function markReauthorizationRequired(
  db: Db,
  { id, version }: Pick<Provider, 'id' | 'version'>,
  error: ProviderError,
): Promise<void> {
  await db
    .update(providers)
    .set({
      authorization: 'reauthorization-required',
      lastError: error,
      version: sql`${providers.version} + 1`,
    })
    .where(and(eq(providers.id, id), eq(providers.version, version)))
}

export async function recordProviderError(db: Db, id: string, error: ProviderError | null): Promise<void> {
  await db
    .update(providers)
    .set({ lastError: error, failures: sql`${providers.failures} + 1` })
    .where(eq(providers.id, id))
}

/** A look has begun: what was hinted at before is covered by it. */
export async function clearNudge(db: Db, id: string): Promise<void> {
  await db
    .update(providers)
    .set({ nudgePending: false, nudgedAt: null })
    .where(and(eq(providers.id, id), eq(providers.nudgePending, true)))
}

/** Sets the hint and answers the providers on which it flipped: only those are signalled. */
export async function raiseNudges(db: Db, ids: string[], now: Date): Promise<string[]> {
  if (ids.length === 0) return []
  const flipped = await db
    .update(providers)
    .set({ nudgePending: true, nudgedAt: now })
    .where(
      and(
        sql`${providers.id} = any(${sql.param(ids)}::uuid[])`,
        eq(providers.nudgePending, false),
        eq(providers.enabled, true),
        isNull(providers.deletedAt),
      ),
    )
    .returning({ id: providers.id })
  return flipped.map((row) => row.id)
}

/** Takes a hint back when its signal could not be sent, so that the next one tries again. */
export async function takeNudgeBack(db: Db, id: string): Promise<void> {
  await db.update(providers).set({ nudgePending: false, nudgedAt: null }).where(eq(providers.id, id))
}

/** Hints that have stood longer than a signal takes to arrive: somebody died between the row and the signal. Each is taken anew. */
export async function takeStandingNudges(db: Db, before: Date, now: Date): Promise<{ id: string }[]> {
  return db
    .update(providers)
    .set({ nudgedAt: now })
    .where(and(eq(providers.nudgePending, true), lt(providers.nudgedAt, before)))
    .returning({ id: providers.id })
}

/** A completed pass, with or without changes: the only thing that moves Last Sync. */
export async function recordCompletedPass(db: Db, id: string, at: Date): Promise<{ isHeld: boolean }> {
  const held = sql<boolean>`exists (select 1 from brakes b where b.provider_id = ${id}::uuid and b.decision is null)`
  const [row] = await db
    .update(providers)
    .set({ lastSyncAt: at, lastError: null, failures: 0 })
    .where(eq(providers.id, id))
    .returning({ isHeld: held })
  return row ?? { isHeld: false }
}
