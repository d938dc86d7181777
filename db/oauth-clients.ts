import { eq } from 'drizzle-orm'
import { jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { Vendor } from '../domain/event.ts'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/** Where a vendor is spoken to: its own hosts, or a sandbox on loopback. Base URLs without a trailing slash. */
export interface VendorEndpoints {
  /** `https://www.googleapis.com` or `https://graph.microsoft.com` */
  api: string
  /** Host of the consent page: `https://accounts.google.com` or `https://login.microsoftonline.com` */
  authorize: string
  /** Host of the token endpoint: `https://oauth2.googleapis.com` or `https://login.microsoftonline.com` */
  token: string
}

/** A tenant's own OAuth client at a vendor. The secret is ciphertext; `secretHint` is its last four characters. */
export const oauthClients = pgTable(
  'oauth_clients',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    vendor: text('vendor').$type<Vendor>().notNull(),
    clientId: text('client_id').notNull(),
    secretCiphertext: text('secret_ciphertext').notNull(),
    secretHint: text('secret_hint').notNull(),
    endpoints: jsonb('endpoints').$type<VendorEndpoints>().notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
  },
  (t) => [uniqueIndex('oauth_clients_vendor').on(t.tenantId, t.vendor), ...tenantPolicies()],
)
export type OAuthClient = typeof oauthClients.$inferSelect

export async function findOAuthClient(db: Db, vendor: Vendor): Promise<OAuthClient | undefined> {
  const [client] = await db.select().from(oauthClients).where(eq(oauthClients.vendor, vendor))
  return client
}

export async function saveOAuthClient(db: Db, client: OAuthClient): Promise<void> {
  const { id: _id, ...values } = client
  await db
    .insert(oauthClients)
    .values(client)
    .onConflictDoUpdate({ target: [oauthClients.tenantId, oauthClients.vendor], set: values })
}
