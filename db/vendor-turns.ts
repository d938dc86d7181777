import { and, count, eq, isNull, sql } from 'drizzle-orm'
import { boolean, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Db } from './connection.ts'
import { providers, type Provider } from './providers.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** Who is calling for a mailbox now, where more calendars of it are connected than may call at once. */
export const vendorTurns = pgTable(
  'vendor_turns',
  {
    /** A provider is worked on by one hand, so it has one turn: whoever takes it over takes the turn too. */
    providerId: uuid('provider_id').primaryKey(),
    tenantId: tenantId(),
    mailbox: text('mailbox').notNull(),
    turnId: uuid('turn_id').notNull(),
    isBackfill: boolean('is_backfill').notNull(),
    /** Whoever died in its turn holds it until then. */
    until: timestamp('until', { withTimezone: true }).notNull(),
  },
  (t) => [index('vendor_turns_mailbox').on(t.tenantId, t.mailbox), ...tenantPolicies()],
)
export type VendorTurn = typeof vendorTurns.$inferSelect

/** How many calendars of a provider's account are connected, itself among them. */
export async function countCalendarsOf(
  db: Db,
  { vendor, accountId }: Pick<Provider, 'vendor' | 'accountId'>,
): Promise<number> {
  if (accountId === null) return 1
  const [row] = await db
    .select({ total: count() })
    .from(providers)
    .where(and(eq(providers.vendor, vendor), eq(providers.accountId, accountId), isNull(providers.deletedAt)))
  return row?.total ?? 1
}

/** Takes a turn unless as many as may have one; of those, fewer for what may wait. Two that ask at once are told one after the other. */
export async function takeTurn(
  db: Db,
  turn: VendorTurn,
  most: { all: number; backfills: number },
  now: Date,
): Promise<boolean> {
  const { tenantId: tenant, mailbox, providerId } = turn
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${tenant}/${mailbox}`}, 0))`)
  const [others] = await db.execute<{ all: number; backfills: number }>(sql`
    select count(*)::int as all, (count(*) filter (where is_backfill))::int as backfills from vendor_turns
    where mailbox = ${mailbox} and provider_id <> ${providerId}::uuid and until > ${now.toISOString()}::timestamptz`)
  const isFull = !others || others.all >= most.all || (turn.isBackfill && others.backfills >= most.backfills)
  if (isFull) return false
  await db.insert(vendorTurns).values(turn).onConflictDoUpdate({ target: vendorTurns.providerId, set: turn })
  return true
}

/** Gives a turn back; one that somebody else took over stays theirs. */
export async function endTurn(db: Db, turnId: string): Promise<void> {
  await db.delete(vendorTurns).where(eq(vendorTurns.turnId, turnId))
}
