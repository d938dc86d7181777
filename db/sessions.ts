import { and, eq, gt } from 'drizzle-orm'
import { pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { Role } from './api-keys.ts'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** A browser signed in to the console, or (`link`) the one-time link that will sign one in. Only hashes are kept. */
export const sessions = pgTable(
  'sessions',
  {
    hash: text('hash').primaryKey(),
    tenantId: tenantId(),
    kind: text('kind').$type<'link' | 'session'>().notNull(),
    role: text('role').$type<Role>().notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  },
  tenantPolicies,
)
export type Session = typeof sessions.$inferSelect

export async function insertSession(db: Db, session: Session): Promise<void> {
  await db.insert(sessions).values(session)
}

export async function findSession(db: Db, hash: string, now: Date): Promise<Session | undefined> {
  const [session] = await db
    .select()
    .from(sessions)
    .where(and(eq(sessions.hash, hash), eq(sessions.kind, 'session'), gt(sessions.expiresAt, now)))
  return session
}

/** Takes a one-time link out: the second visit finds nothing. */
export async function consumeLink(db: Db, hash: string, now: Date): Promise<Session | undefined> {
  const [link] = await db
    .delete(sessions)
    .where(and(eq(sessions.hash, hash), eq(sessions.kind, 'link'), gt(sessions.expiresAt, now)))
    .returning()
  return link
}

export async function deleteSession(db: Db, hash: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.hash, hash))
}
