import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { createActivities, type Activities, type ActivityDeps } from '../../activities/index.ts'
import type { Database } from '../../db/connection.ts'
import { createEnvelope } from '../../db/envelope.ts'
import { insertMember } from '../../db/members.ts'
import { saveOAuthClient } from '../../db/oauth-clients.ts'
import { saveCredentials } from '../../db/provider-credentials.ts'
import { findProvider, insertProvider, markConnected, type Provider } from '../../db/providers.ts'
import { insertTenant } from '../../db/tenants.ts'
import { defaultBrakeLimits } from '../../domain/brake.ts'
import type { Vendor } from '../../domain/event.ts'
import { defaultPolicies } from '../../domain/policy.ts'
import type { VendorLimits } from '../../domain/vendor-limits.ts'
import { tokenContext } from '../../oauth/access-token.ts'
import { connectedCalendar } from '../../oauth/connected-calendar.ts'
import type { SandboxControl } from './parts.ts'

/** The product's activities on one database, without Temporal: what they do is called by hand. */
export interface Product {
  deps: ActivityDeps
  activities: Activities
}

/** A bench asks how fast the product could go; in service it keeps to what vendors permit. */
const unlimited: VendorLimits = {
  google: { project: 1e9, account: 1e9 },
  microsoft: { project: 1e9, account: 1e9 },
}

export function productOn(database: Database): Product {
  const deps: ActivityDeps = {
    database,
    envelope: createEnvelope([Buffer.alloc(32, 'bench').toString('base64')]),
    now: () => new Date(),
    pause: (ms) => pause(ms),
    newId: () => randomUUID(),
    chance: () => 0.5,
    holder: 'bench',
    nudge: async () => {},
    revive: async () => 'runs',
    log: () => {},
    alertChannel: null,
    webhookNetworks: [],
    heartbeat: () => {},
    publicUrl: 'http://127.0.0.1:1',
    pollEveryMs: 60_000,
    vendorLimits: unlimited,
    budgetMs: 4_000,
  }
  return { deps, activities: createActivities(deps) }
}

/** A connected provider on an account of the sandbox, in a tenant with one member. */
export async function connectProvider(
  { deps }: Product,
  sandbox: SandboxControl,
  vendor: Vendor,
  email: string,
): Promise<Provider> {
  const { database, envelope } = deps
  const [tenantId, memberId, id] = [randomUUID(), randomUUID(), randomUUID()]
  const now = deps.now()
  const { url } = sandbox
  const provider: Provider = {
    id,
    tenantId,
    memberId,
    vendor,
    name: email,
    calendarId: vendor === 'google' ? 'primary' : 'calendar',
    accountId: null,
    accountEmail: null,
    resolvedCalendarId: null,
    calendarTimeZone: null,
    direction: 'both',
    enabled: true,
    paused: false,
    authorization: 'unauthorized',
    policies: defaultPolicies,
    brakeEvents: defaultBrakeLimits.events,
    brakePercent: defaultBrakeLimits.percent,
    nudgePending: false,
    nudgedAt: null,
    lastSyncAt: null,
    lastError: null,
    failures: 0,
    version: 1,
    createdAt: now,
    deletedAt: null,
  }
  const token = await sandbox.token(vendor, email)
  await database.tenant(tenantId, async (db) => {
    await insertTenant(db, { tenantId, name: `Tenant of ${email}`, createdAt: now })
    await insertMember(db, { id: memberId, tenantId, email, name: email, active: true, createdAt: now })
    await saveOAuthClient(db, {
      id: randomUUID(),
      tenantId,
      vendor,
      clientId: 'bench',
      // The access token outlives the measurement, so nobody asks for the secret.
      secretCiphertext: '',
      secretHint: '',
      endpoints: { api: url, authorize: url, token: url },
      updatedAt: now,
    })
    await insertProvider(db, provider)
    await saveCredentials(db, {
      providerId: id,
      tenantId,
      accessTokenCiphertext: envelope.seal(token, tokenContext('access-token', provider)),
      refreshTokenCiphertext: '',
      accessTokenExpiresAt: new Date(now.getTime() + 3_600_000),
      scope: '',
      consentedAt: now,
    })
  })
  const calendar = await connectedCalendar(deps, provider)
  const [account, info] = await Promise.all([calendar.account(), calendar.calendar()])
  return database.tenant(tenantId, async (db) => {
    await markConnected(db, id, {
      accountId: account.id,
      accountEmail: account.email,
      resolvedCalendarId: info.id,
      calendarTimeZone: info.timeZone,
    })
    const connected = await findProvider(db, id)
    if (!connected) throw new Error('The provider was not stored.')
    return connected
  })
}

/** One run, with the steps in the order in which its workflow takes them. */
export async function run({ activities }: Product, { id, tenantId }: Provider): Promise<void> {
  const step = { tenantId, providerId: id, runId: randomUUID() }
  const opened = await activities.openRun({ ...step, trigger: 'connect' })
  if (opened.kind !== 'opened') throw new Error(`No run can be opened: the provider is ${opened.kind}.`)
  let pushed: string
  do {
    while ((await activities.pull(step)) === 'more');
    let after: number | null = 0
    while (after !== null) after = (await activities.reconcilePending({ ...step, after })).after
    do pushed = await activities.push(step)
    while (pushed === 'more')
  } while (pushed === 'moved')
  await activities.finishRun({ ...step, outcome: 'completed', failure: null })
}
