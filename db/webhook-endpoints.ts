import { asc, count, eq, sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Db } from './connection.ts'
import type { OutboxType } from './outbox.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** Where an application is told of what happened. The secrets that sign are ciphertext. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    url: text('url').notNull(),
    description: text('description').notNull(),
    /** Null is every type, those that are yet to come among them. */
    types: text('types').array().$type<OutboxType[]>(),
    enabled: boolean('enabled').notNull(),
    /** Why it was disabled here; null when a person did it, or when it is enabled. */
    disabledReason: text('disabled_reason'),
    secretCiphertext: text('secret_ciphertext').notNull(),
    /** The secret before this one signs too, until then: a receiver that changes over misses nothing. */
    formerSecretCiphertext: text('former_secret_ciphertext'),
    formerSecretUntil: timestamp('former_secret_until', { withTimezone: true }),
    /** Calls in a row that were not taken, and since when that is so. */
    failures: integer('failures').notNull(),
    failingSince: timestamp('failing_since', { withTimezone: true }),
    /** Where nothing is taken, nothing is sent until then. */
    restsUntil: timestamp('rests_until', { withTimezone: true }),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
  },
  (t) => [index('webhook_endpoints_tenant').on(t.tenantId), ...tenantPolicies()],
)
export type WebhookEndpoint = typeof webhookEndpoints.$inferSelect

/** How its calls have fared. */
export type EndpointHealth = Pick<WebhookEndpoint, 'failures' | 'failingSince' | 'restsUntil'>
export const wellHealth: EndpointHealth = { failures: 0, failingSince: null, restsUntil: null }

export async function insertEndpoint(db: Db, endpoint: WebhookEndpoint): Promise<void> {
  await db.insert(webhookEndpoints).values(endpoint)
}

export async function findEndpoint(db: Db, id: string): Promise<WebhookEndpoint | undefined> {
  const [endpoint] = await db.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id))
  return endpoint
}

/** The endpoint, held until the transaction ends. */
export async function lockEndpoint(db: Db, id: string): Promise<WebhookEndpoint | undefined> {
  const [endpoint] = await db.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id)).for('update')
  return endpoint
}

export async function listEndpoints(db: Db): Promise<WebhookEndpoint[]> {
  return db.select().from(webhookEndpoints).orderBy(asc(webhookEndpoints.createdAt), asc(webhookEndpoints.id))
}

export async function countEndpoints(db: Db): Promise<number> {
  const [row] = await db.select({ total: count() }).from(webhookEndpoints)
  return row?.total ?? 0
}

export async function updateEndpoint(
  db: Db,
  id: string,
  changes: Partial<Omit<WebhookEndpoint, 'id' | 'tenantId'>>,
): Promise<void> {
  await db.update(webhookEndpoints).set(changes).where(eq(webhookEndpoints.id, id))
}

/** Takes an endpoint away, with all that is known of its deliveries. */
export async function deleteEndpoint(db: Db, id: string): Promise<void> {
  await db.execute(sql`delete from webhook_attempts where endpoint_id = ${id}::uuid`)
  await db.execute(sql`delete from webhook_deliveries where endpoint_id = ${id}::uuid`)
  await db.delete(webhookEndpoints).where(eq(webhookEndpoints.id, id))
}

/** Where an endpoint's secret opens, and nowhere else. */
export const webhookSecretContext = ({ id, tenantId }: { id: string; tenantId: string }): string =>
  `webhook-secret:${tenantId}:${id}`
