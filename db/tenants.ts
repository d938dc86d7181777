import { eq } from 'drizzle-orm'
import { pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

export const tenants = pgTable(
  'tenants',
  {
    tenantId: tenantId().primaryKey(),
    name: text('name').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  tenantPolicies,
)
export type Tenant = typeof tenants.$inferSelect

export async function insertTenant(db: Db, tenant: Tenant): Promise<void> {
  await db.insert(tenants).values(tenant)
}

export async function findTenant(db: Db, id: string): Promise<Tenant | undefined> {
  const [tenant] = await db.select().from(tenants).where(eq(tenants.tenantId, id))
  return tenant
}

export async function findTenantByName(db: Db, name: string): Promise<Tenant | undefined> {
  const [tenant] = await db.select().from(tenants).where(eq(tenants.name, name))
  return tenant
}
