import { and, asc, eq } from 'drizzle-orm'
import { boolean, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** A tenant's person: owns providers, is assigned to entries. */
export const members = pgTable(
  'members',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    email: text('email').notNull(),
    name: text('name').notNull(),
    active: boolean('active').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  (t) => [uniqueIndex('members_email').on(t.tenantId, t.email), ...tenantPolicies()],
)
export type Member = typeof members.$inferSelect

export async function insertMember(db: Db, member: Member): Promise<'inserted' | 'email-taken'> {
  const rows = await db.insert(members).values(member).onConflictDoNothing().returning({ id: members.id })
  return rows.length > 0 ? 'inserted' : 'email-taken'
}

export async function findMember(db: Db, id: string): Promise<Member | undefined> {
  const [member] = await db.select().from(members).where(eq(members.id, id))
  return member
}

export async function listMembers(db: Db): Promise<Member[]> {
  return db.select().from(members).orderBy(asc(members.email))
}

/** Which of these ids name active members of the tenant; the rest cannot be assigned. */
export async function knownMemberIds(db: Db, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select({ id: members.id })
    .from(members)
    .where(and(anyOf(members.id, ids), eq(members.active, true)))
  return rows.map((row) => row.id)
}
