import { and, asc, desc, eq, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { index, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { AlertKind } from '../domain/alerts.ts'
import type { Db } from './connection.ts'
import { providers } from './providers.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'
import { tenants } from './tenants.ts'

/** What people on call were told, and when it was over. One is open of a kind and provider at a time, however often it is seen. */
export const alerts = pgTable(
  'alerts',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    providerId: uuid('provider_id').notNull(),
    kind: text('kind').$type<AlertKind>().notNull(),
    message: text('message').notNull(),
    openedAt: timestamp('opened_at', { withTimezone: true }).notNull(),
    resolvedAt: timestamp('resolved_at', { withTimezone: true }),
    /** When the channel took the message, and the message that it is over. */
    announcedAt: timestamp('announced_at', { withTimezone: true }),
    resolveAnnouncedAt: timestamp('resolve_announced_at', { withTimezone: true }),
  },
  (t) => [
    uniqueIndex('alerts_open')
      .on(t.providerId, t.kind)
      .where(sql`resolved_at is null`),
    index('alerts_unannounced')
      .on(t.openedAt)
      .where(sql`announced_at is null or (resolved_at is not null and resolve_announced_at is null)`),
    index('alerts_tenant').on(t.tenantId, t.openedAt),
    ...tenantPolicies(),
  ],
)
export type Alert = typeof alerts.$inferSelect

/** Opens what is new and ends what is over; what stands already keeps its first words and moment. */
export async function holdAlerts(
  db: Db,
  of: { tenantId: string; providerId: string },
  open: Map<AlertKind, string>,
  { at, newId }: { at: Date; newId: () => string },
): Promise<void> {
  const standing = await db
    .select({ id: alerts.id, kind: alerts.kind })
    .from(alerts)
    .where(and(eq(alerts.providerId, of.providerId), isNull(alerts.resolvedAt)))
  for (const { id, kind } of standing) {
    if (!open.has(kind)) await db.update(alerts).set({ resolvedAt: at }).where(eq(alerts.id, id))
  }
  const known = new Set(standing.map(({ kind }) => kind))
  const fresh = [...open].filter(([kind]) => !known.has(kind))
  if (fresh.length === 0) return
  await db
    .insert(alerts)
    .values(fresh.map(([kind, message]) => ({ id: newId(), ...of, kind, message, openedAt: at })))
    .onConflictDoNothing()
}

/** A deleted provider has nothing that people could mend. */
export async function endAlerts(db: Db, providerId: string, at: Date): Promise<void> {
  await db
    .update(alerts)
    .set({ resolvedAt: at })
    .where(and(eq(alerts.providerId, providerId), isNull(alerts.resolvedAt)))
}

/** An alert with what somebody who is called needs to know (R44). */
export interface ToldAlert {
  alert: Alert
  providerName: string
  tenantName: string
  lastSyncAt: Date | null
}

const toldAlerts = (db: Db) =>
  db
    .select({
      alert: alerts,
      providerName: providers.name,
      tenantName: tenants.name,
      lastSyncAt: providers.lastSyncAt,
    })
    .from(alerts)
    .innerJoin(providers, eq(providers.id, alerts.providerId))
    .innerJoin(tenants, eq(tenants.tenantId, alerts.tenantId))

/** What the channel has not taken yet, oldest first, of every tenant: for a system transaction. */
export async function unannounced(db: Db, limit: number): Promise<ToldAlert[]> {
  return toldAlerts(db)
    .where(
      or(isNull(alerts.announcedAt), and(isNotNull(alerts.resolvedAt), isNull(alerts.resolveAnnouncedAt))),
    )
    .orderBy(asc(alerts.openedAt), asc(alerts.id))
    .limit(limit)
}

export async function noteAnnounced(db: Db, { id, resolvedAt }: Alert, at: Date): Promise<void> {
  await db
    .update(alerts)
    .set(resolvedAt === null ? { announcedAt: at } : { announcedAt: at, resolveAnnouncedAt: at })
    .where(eq(alerts.id, id))
}

/** A tenant's alerts, newest first. */
export async function listAlerts(db: Db, isOpen: boolean | undefined, limit: number): Promise<ToldAlert[]> {
  return toldAlerts(db)
    .where(
      isOpen === undefined ? undefined : isOpen ? isNull(alerts.resolvedAt) : isNotNull(alerts.resolvedAt),
    )
    .orderBy(desc(alerts.openedAt), desc(alerts.id))
    .limit(limit)
}
