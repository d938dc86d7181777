import { sql } from 'drizzle-orm'
import { pgPolicy, pgRole, uuid } from 'drizzle-orm/pg-core'

/** What the application works as: owns nothing, sees the rows of the tenant its transaction names. */
export const appRole = pgRole('calendar_app').existing()

/** For the few questions that come before a tenant is known (a webhook's channel, an API key) or that walk the fleet. */
export const systemRole = pgRole('calendar_system').existing()

export const tenantId = () => uuid('tenant_id').notNull()

const ownTenant = sql`tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)`

/** The second wall: PostgreSQL itself shows and takes only rows of the transaction's tenant. */
export const tenantPolicies = () => [
  pgPolicy('own_tenant', { for: 'all', to: appRole, using: ownTenant, withCheck: ownTenant }),
  pgPolicy('whole_fleet', { for: 'all', to: systemRole, using: sql`true`, withCheck: sql`true` }),
]
