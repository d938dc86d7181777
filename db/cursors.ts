import { and, eq, sql } from 'drizzle-orm'
import { integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { EnteringPolicy } from '../domain/entering.ts'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** A round under way: where it continues, and what it needs to know when it ends. */
export interface Round {
  kind: 'full' | 'delta'
  startedAt: string
  /** Where the next page is: opaque outside the vendor's adapter. */
  resume: string
}

/**
 * Under which policy the stored events were let in. `after`: they are being held against it, and those up to this external id
 * are; null when all are.
 */
export interface Entered {
  policy: EnteringPolicy
  after: string | null
}

/**
 * How far a provider has seen, and who may work on it. The cursor is replaced only together with the rows of the round's
 * last page. `leaseEpoch` grows with each attempt that takes the provider: an older attempt can write nothing any more.
 */
export const cursors = pgTable(
  'cursors',
  {
    providerId: uuid('provider_id').primaryKey(),
    tenantId: tenantId(),
    cursor: text('cursor'),
    /** The parameters the cursor belongs to; other parameters need a round of their own. Or `underOtherIds`. */
    fingerprint: text('fingerprint'),
    generation: integer('generation').notNull(),
    round: jsonb('round').$type<Round>(),
    /** When the current window was fixed (Graph keeps it in the cursor). */
    anchoredAt: timestamp('anchored_at', { withTimezone: true }),
    /** Up to where entries and events were marked as the window moved on. */
    windowTo: timestamp('window_to', { withTimezone: true }),
    entered: jsonb('entered').$type<Entered>(),
    leaseEpoch: integer('lease_epoch').notNull(),
    leaseHolder: text('lease_holder'),
  },
  tenantPolicies,
)
export type Cursor = typeof cursors.$inferSelect

/**
 * In place of a cursor's fingerprint: the calendar goes by another id than before, and no full round has been through it since,
 * so that the ids of its events may lead nowhere.
 */
export const underOtherIds = 'under other ids'

/** Another attempt has taken the provider over: this one stops without writing. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export interface Lease {
  tenantId: string
  providerId: string
  epoch: number
}

/** Takes the provider: the epoch grows, and whoever worked on it before can write nothing any more. */
export async function takeLease(
  db: Db,
  provider: { id: string; tenantId: string },
  holder: string,
): Promise<Cursor> {
  const [row] = await db
    .insert(cursors)
    .values({
      providerId: provider.id,
      tenantId: provider.tenantId,
      cursor: null,
      fingerprint: null,
      generation: 0,
      round: null,
      anchoredAt: null,
      windowTo: null,
      entered: null,
      leaseEpoch: 1,
      leaseHolder: holder,
    })
    .onConflictDoUpdate({
      target: cursors.providerId,
      set: { leaseEpoch: sql`${cursors.leaseEpoch} + 1`, leaseHolder: holder },
    })
    .returning()
  if (!row) throw new LeaseLost('The lease row could not be written.')
  return row
}

/** Holds the lease until the transaction ends; throws `LeaseLost` when a newer attempt has it. */
export async function holdLease(db: Db, lease: Lease): Promise<void> {
  const rows = await db
    .select({ epoch: cursors.leaseEpoch })
    .from(cursors)
    .where(and(eq(cursors.providerId, lease.providerId), eq(cursors.leaseEpoch, lease.epoch)))
    .for('no key update')
  if (rows.length === 0) throw new LeaseLost('A newer attempt works on this provider.')
}

/** Takes the provider's work for the rest of the transaction, without taking its lease: a step that writes waits. */
export async function lockWork(db: Db, providerId: string): Promise<void> {
  await db
    .select({ epoch: cursors.leaseEpoch })
    .from(cursors)
    .where(eq(cursors.providerId, providerId))
    .for('no key update')
}

export async function findCursor(db: Db, providerId: string): Promise<Cursor | undefined> {
  const [row] = await db.select().from(cursors).where(eq(cursors.providerId, providerId))
  return row
}

export async function saveCursor(
  db: Db,
  providerId: string,
  progress: Partial<
    Pick<Cursor, 'cursor' | 'fingerprint' | 'generation' | 'round' | 'anchoredAt' | 'windowTo' | 'entered'>
  >,
): Promise<void> {
  await db.update(cursors).set(progress).where(eq(cursors.providerId, providerId))
}
