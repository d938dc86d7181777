import { and, asc, desc, eq, inArray, lt, sql, type SQL } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Db } from './connection.ts'
import { outbox, type OutboxRow } from './outbox.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

export type DeliveryState = 'waiting' | 'delivered' | 'given-up'

/** One event on its way to one endpoint. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    endpointId: uuid('endpoint_id').notNull(),
    eventId: uuid('event_id').notNull(),
    tenantId: tenantId(),
    position: bigint('position', { mode: 'number' }).notNull(),
    /** Events of the same key (an entry, or a run) arrive in the order of their positions. */
    orderKey: uuid('order_key').notNull(),
    /** Somebody asked for it again: it waits for no other, and none waits for it. */
    isRepeat: boolean('is_repeat').notNull(),
    state: text('state').$type<DeliveryState>().notNull(),
    attempts: integer('attempts').notNull(),
    /** From here on the days count, until it is given up. */
    since: timestamp('since', { withTimezone: true }).notNull(),
    /** While an attempt is under way: when whoever makes it counts as dead. */
    nextAttemptAt: timestamp('next_attempt_at', { withTimezone: true }).notNull(),
    endedAt: timestamp('ended_at', { withTimezone: true }),
  },
  (t) => [
    primaryKey({ columns: [t.endpointId, t.eventId] }),
    index('webhook_deliveries_waiting')
      .on(t.endpointId, t.orderKey, t.position)
      .where(sql`state = 'waiting'`),
    index('webhook_deliveries_due')
      .on(t.nextAttemptAt)
      .where(sql`state = 'waiting'`),
    index('webhook_deliveries_log').on(t.endpointId, t.position),
    ...tenantPolicies(),
  ],
)
export type WebhookDelivery = typeof webhookDeliveries.$inferSelect

/** One call to an endpoint, and what came of it. Nothing of what the receiver said but its status. */
export const webhookAttempts = pgTable(
  'webhook_attempts',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    endpointId: uuid('endpoint_id').notNull(),
    eventId: uuid('event_id').notNull(),
    attempt: integer('attempt').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    durationMs: integer('duration_ms').notNull(),
    /** The HTTP status; null when there was no answer, and `error` says why. */
    status: integer('status'),
    error: text('error'),
  },
  (t) => [index('webhook_attempts_event').on(t.endpointId, t.eventId, t.attempt), ...tenantPolicies()],
)
export type WebhookAttempt = typeof webhookAttempts.$inferSelect

/** What of `d` may be sent: nothing of its key that came before still waits. */
const isNext: SQL = sql`d.state = 'waiting' and (d.is_repeat or not exists (
  select 1 from webhook_deliveries earlier where earlier.endpoint_id = d.endpoint_id
    and earlier.order_key = d.order_key and earlier.position < d.position and earlier.state = 'waiting' and not earlier.is_repeat))`

export interface ClaimedDelivery {
  delivery: WebhookDelivery
  event: OutboxRow
}

/** Takes what is due, the oldest first. Until `until` nobody else takes it; whoever took it and died is taken over then. */
export async function claimDeliveries(
  db: Db,
  endpointId: string,
  { now, until, limit }: { now: Date; until: Date; limit: number },
): Promise<ClaimedDelivery[]> {
  // Materialised: as a subquery it may be run again for each row, and takes more than it was to take.
  const claimed = await db.execute<{ event_id: string }>(sql`
    with due as materialized (
      select d.event_id from webhook_deliveries d
      where d.endpoint_id = ${endpointId}::uuid and ${isNext} and d.next_attempt_at <= ${now.toISOString()}::timestamptz
      order by d.position limit ${limit} for update skip locked
    )
    update webhook_deliveries w set attempts = w.attempts + 1, next_attempt_at = ${until.toISOString()}::timestamptz
    from due where w.endpoint_id = ${endpointId}::uuid and w.event_id = due.event_id
    returning w.event_id`)
  if (claimed.length === 0) return []
  const ids = claimed.map((row) => row.event_id)
  return db
    .select({ delivery: webhookDeliveries, event: outbox })
    .from(webhookDeliveries)
    .innerJoin(outbox, eq(outbox.id, webhookDeliveries.eventId))
    .where(and(eq(webhookDeliveries.endpointId, endpointId), inArray(webhookDeliveries.eventId, ids)))
    .orderBy(asc(webhookDeliveries.position))
}

/** When the next of an endpoint is due; null when none waits. */
export async function nextDueAt(db: Db, endpointId: string): Promise<Date | null> {
  const [row] = await db.execute<{ due: string | null }>(sql`
    select min(d.next_attempt_at) as due from webhook_deliveries d where d.endpoint_id = ${endpointId}::uuid and ${isNext}`)
  return row?.due ? new Date(row.due) : null
}

/** Endpoints with something that was due before this moment and that nobody has taken, for a system transaction. */
export async function overdueEndpoints(
  db: Db,
  before: Date,
  limit: number,
): Promise<{ id: string; tenantId: string }[]> {
  const at = before.toISOString()
  const rows = await db.execute<{ id: string; tenant_id: string }>(sql`
    select distinct e.id, e.tenant_id from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id
    where ${isNext} and d.next_attempt_at < ${at}::timestamptz and e.enabled
      and (e.rests_until is null or e.rests_until < ${at}::timestamptz)
    limit ${limit}`)
  return rows.map((row) => ({ id: row.id, tenantId: row.tenant_id }))
}

/** Writes down a call. One whose endpoint was deleted meanwhile leaves nothing. */
export async function insertAttempt(db: Db, attempt: WebhookAttempt): Promise<void> {
  await db.insert(webhookAttempts).values(attempt)
}

/** The event was taken, whoever else is at it. */
export async function endDelivered(
  db: Db,
  { endpointId, eventId }: WebhookDelivery,
  endedAt: Date,
): Promise<void> {
  await db
    .update(webhookDeliveries)
    .set({ state: 'delivered', endedAt })
    .where(and(eq(webhookDeliveries.endpointId, endpointId), eq(webhookDeliveries.eventId, eventId)))
}

/** The attempt failed. One that somebody else took over meanwhile is theirs to judge. */
export async function noteFailed(
  db: Db,
  { endpointId, eventId, attempts }: WebhookDelivery,
  next: Pick<WebhookDelivery, 'state' | 'nextAttemptAt' | 'endedAt'>,
): Promise<void> {
  await db
    .update(webhookDeliveries)
    .set(next)
    .where(
      and(
        eq(webhookDeliveries.endpointId, endpointId),
        eq(webhookDeliveries.eventId, eventId),
        eq(webhookDeliveries.attempts, attempts),
        eq(webhookDeliveries.state, 'waiting'),
      ),
    )
}

/** Gives up what has waited since before then, all of it. */
export async function giveUpSince(db: Db, endpointId: string, before: Date, endedAt: Date): Promise<void> {
  await db
    .update(webhookDeliveries)
    .set({ state: 'given-up', endedAt })
    .where(
      and(
        eq(webhookDeliveries.endpointId, endpointId),
        eq(webhookDeliveries.state, 'waiting'),
        lt(webhookDeliveries.since, before),
      ),
    )
}

/**
 * Sends an event again, with its days counted anew. One that still waits is due at once and keeps its place behind the others of its
 * key. Answers whether there is such a delivery.
 */
export async function repeatDelivery(
  db: Db,
  { endpointId, eventId }: Pick<WebhookDelivery, 'endpointId' | 'eventId'>,
  now: Date,
): Promise<boolean> {
  const isRepeat = sql`is_repeat or state <> 'waiting'`
  const rows = await db
    .update(webhookDeliveries)
    .set({ state: 'waiting', isRepeat, since: now, nextAttemptAt: now, endedAt: null })
    .where(and(eq(webhookDeliveries.endpointId, endpointId), eq(webhookDeliveries.eventId, eventId)))
    .returning({ eventId: webhookDeliveries.eventId })
  return rows.length > 0
}

/** A delivery with its event and every call of it. */
export interface DeliveryLog extends ClaimedDelivery {
  calls: WebhookAttempt[]
}

/** An endpoint's deliveries, newest first. */
export async function listDeliveries(
  db: Db,
  page: {
    endpointId: string
    state?: DeliveryState | undefined
    before?: number | undefined
    eventId?: string
    limit: number
  },
): Promise<DeliveryLog[]> {
  const { endpointId, state, before, eventId } = page
  const rows = await db
    .select({ delivery: webhookDeliveries, event: outbox })
    .from(webhookDeliveries)
    .innerJoin(outbox, eq(outbox.id, webhookDeliveries.eventId))
    .where(
      and(
        eq(webhookDeliveries.endpointId, endpointId),
        state && eq(webhookDeliveries.state, state),
        before === undefined ? undefined : lt(webhookDeliveries.position, before),
        eventId === undefined ? undefined : eq(webhookDeliveries.eventId, eventId),
      ),
    )
    .orderBy(desc(webhookDeliveries.position))
    .limit(page.limit)
  if (rows.length === 0) return []
  const calls = await db
    .select()
    .from(webhookAttempts)
    .where(
      and(
        eq(webhookAttempts.endpointId, endpointId),
        inArray(
          webhookAttempts.eventId,
          rows.map(({ event }) => event.id),
        ),
      ),
    )
    .orderBy(asc(webhookAttempts.at))
  return rows.map((row) => ({ ...row, calls: calls.filter(({ eventId }) => eventId === row.event.id) }))
}

/** Forgets deliveries that ended before then, with their calls, for a system transaction. */
export async function forgetDeliveries(db: Db, before: Date): Promise<void> {
  await db.execute(sql`
    with gone as (
      delete from webhook_deliveries where ended_at < ${before.toISOString()}::timestamptz returning endpoint_id, event_id
    )
    delete from webhook_attempts a using gone where a.endpoint_id = gone.endpoint_id and a.event_id = gone.event_id`)
}
