import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { createActivities, type Activities, type ActivityDeps } from '../../activities/index.ts'
import { createEnvelope, type Envelope } from '../../db/envelope.ts'
import { insertMember } from '../../db/members.ts'
import { saveOAuthClient } from '../../db/oauth-clients.ts'
import { markWindowPending } from '../../db/pending.ts'
import { saveCredentials } from '../../db/provider-credentials.ts'
import { findProvider, insertProvider, markConnected, type Provider } from '../../db/providers.ts'
import { insertTenant } from '../../db/tenants.ts'
import { defaultBrakeLimits } from '../../domain/brake.ts'
import type { Vendor } from '../../domain/event.ts'
import { defaultPolicies, windowAt, type Direction } from '../../domain/policy.ts'
import { documentedLimits } from '../../domain/vendor-limits.ts'
import { clientSecretContext, tokenContext } from '../../oauth/access-token.ts'
import { connectedCalendar } from '../../oauth/connected-calendar.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { clients, consentAt } from './consented.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { sandboxControl, type SandboxControl } from './sandbox-control.ts'

/** A database, a sandbox and the product's activities on them, without Temporal: what they do is called by hand. */
export interface World {
  database: TestDatabase
  sandbox: Sandbox
  control: SandboxControl
  envelope: Envelope
  deps: ActivityDeps
  activities: Activities
  /** The same activities with other parts of the world. */
  activitiesWith(parts: Partial<ActivityDeps>): Activities
  /** Providers that were told to look, in order. */
  nudged: string[]
  close(): Promise<void>
}

export async function createWorld(overrides: Partial<ActivityDeps> = {}): Promise<World> {
  const [database, sandbox] = await Promise.all([testDatabase(), startSandbox({ port: 0 })])
  const world = worldOn(database, sandbox, overrides)
  return {
    ...world,
    async close() {
      await world.close()
      await database.close()
    },
  }
}

/** A world on a database that outlives it. */
export function worldOn(
  database: TestDatabase,
  sandbox: Sandbox,
  overrides: Partial<ActivityDeps> = {},
): World {
  const envelope = createEnvelope(['a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U='])
  const nudged: string[] = []
  const deps: ActivityDeps = {
    database,
    envelope,
    now: () => new Date(),
    pause: (ms) => pause(ms),
    newId: () => randomUUID(),
    chance: () => 0.5,
    holder: 'test',
    nudge: async (providers) => void nudged.push(...providers.map((provider) => provider.id)),
    revive: async () => 'runs',
    log: () => {},
    alertChannel: null,
    webhookNetworks: ['127.0.0.0/8'],
    heartbeat: () => {},
    publicUrl: 'http://127.0.0.1:1',
    pollEveryMs: 60_000,
    vendorLimits: documentedLimits,
    budgetMs: 4_000,
    ...overrides,
  }
  return {
    database,
    sandbox,
    control: sandboxControl(sandbox.control),
    envelope,
    deps,
    activities: createActivities(deps),
    activitiesWith: (parts) => createActivities({ ...deps, ...parts }),
    nudged,
    close: () => sandbox.close(),
  }
}

export interface TestTenant {
  tenantId: string
  memberId: string
}

/** A tenant with one member and both OAuth clients, pointed at the sandbox. */
export async function makeTenant(world: World, name = 'Acme'): Promise<TestTenant> {
  const tenantId = world.deps.newId()
  const memberId = await makeMember(world, tenantId, 'dana@acme.example', async () => {
    await world.database.tenant(tenantId, (db) =>
      insertTenant(db, { tenantId, name, createdAt: world.deps.now() }),
    )
  })
  for (const vendor of ['google', 'microsoft'] as const) {
    const url = world.sandbox.url
    await world.database.tenant(tenantId, (db) =>
      saveOAuthClient(db, {
        id: world.deps.newId(),
        tenantId,
        vendor,
        clientId: clients[vendor].id,
        secretCiphertext: world.envelope.seal(
          clients[vendor].secret,
          clientSecretContext({ tenantId, vendor }),
        ),
        secretHint: clients[vendor].secret.slice(-4),
        endpoints: { api: url, authorize: url, token: url },
        updatedAt: world.deps.now(),
      }),
    )
  }
  return { tenantId, memberId }
}

export async function makeMember(
  world: World,
  tenantId: string,
  email: string,
  before: () => Promise<void> = async () => {},
): Promise<string> {
  await before()
  const id = world.deps.newId()
  await world.database.tenant(tenantId, (db) =>
    insertMember(db, { id, tenantId, email, name: email, active: true, createdAt: world.deps.now() }),
  )
  return id
}

/** A connected provider of the member, on a sandbox account made for it. */
export async function connectProvider(
  world: World,
  tenant: TestTenant,
  vendor: Vendor,
  options: {
    email?: string
    direction?: Direction
    calendarId?: string
    policies?: Partial<Provider['policies']>
  } = {},
): Promise<Provider> {
  const email = options.email ?? `dana@${vendor}.example`
  await world.control.makeAccount(vendor, email)
  const id = world.deps.newId()
  const { tenantId, memberId } = tenant
  const now = world.deps.now()
  const provider: Provider = {
    id,
    tenantId,
    memberId,
    vendor,
    name: `${vendor} of ${email}`,
    calendarId: options.calendarId ?? (vendor === 'google' ? 'primary' : 'calendar'),
    accountId: null,
    accountEmail: null,
    resolvedCalendarId: null,
    calendarTimeZone: null,
    direction: options.direction ?? 'both',
    enabled: true,
    paused: false,
    authorization: 'unauthorized',
    policies: { ...defaultPolicies, ...options.policies },
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
  const tokens = await consentAt(world.sandbox.url, vendor, email)
  await world.database.tenant(tenantId, async (db) => {
    await insertProvider(db, provider)
    await saveCredentials(db, {
      providerId: id,
      tenantId,
      accessTokenCiphertext: world.envelope.seal(tokens.accessToken, tokenContext('access-token', provider)),
      refreshTokenCiphertext: world.envelope.seal(
        tokens.refreshToken ?? '',
        tokenContext('refresh-token', provider),
      ),
      accessTokenExpiresAt: new Date(now.getTime() + tokens.expiresInSeconds * 1_000),
      scope: tokens.scope,
      consentedAt: now,
    })
  })
  const calendar = await connectedCalendar(world.deps, provider)
  const account = await calendar.account()
  const info = await calendar.calendar()
  return world.database.tenant(tenantId, async (db) => {
    await markConnected(db, id, {
      accountId: account.id,
      accountEmail: account.email,
      resolvedCalendarId: info.id,
      calendarTimeZone: info.timeZone,
    })
    await markWindowPending(db, provider, windowAt(now, provider.policies))
    const connected = await findProvider(db, id)
    if (!connected) throw new Error('The provider was not stored.')
    return connected
  })
}

/** One run's steps, in the order the workflow takes them. */
export async function sync(world: World, provider: Provider): Promise<void> {
  const step = { tenantId: provider.tenantId, providerId: provider.id, runId: world.deps.newId() }
  const { activities } = world
  for (let round = 0; round < 10; round++) {
    while ((await activities.pull(step)) === 'more');
    let after: number | null = 0
    while (after !== null) after = (await activities.reconcilePending({ ...step, after })).after
    let pushed = await activities.push(step)
    while (pushed === 'more') pushed = await activities.push(step)
    if (pushed !== 'moved') return
  }
  throw new Error('The sides do not come to rest.')
}

/** Looks of all providers in turn until each has seen what the others did. */
export async function settle(world: World, ...providers: Provider[]): Promise<void> {
  for (let pass = 0; pass < 3; pass++) for (const provider of providers) await sync(world, provider)
}
