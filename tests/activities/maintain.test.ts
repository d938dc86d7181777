import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { MaintenanceLine } from '../../activities/index.ts'
import { updateProvider, type Provider } from '../../db/providers.ts'
import { activeSubscriptions } from '../../db/subscriptions.ts'
import { lastMaintenance } from '../../db/upkeep.ts'
import type { Vendor } from '../../domain/event.ts'
import { listen, type Hook } from '../sandbox/hook.ts'
import { connectProvider, createWorld, makeTenant, type TestTenant, type World } from '../support/world.ts'

const hourMs = 3_600_000

let world: World
let tenant: TestTenant
let hook: Hook
let lines: MaintenanceLine[] = []
const missing = new Set<string>()
/** How far the world's clock is ahead of the machine's. */
let aheadMs = 0

beforeAll(async () => {
  hook = await listen()
  world = await createWorld({
    publicUrl: hook.url,
    now: () => new Date(Date.now() + aheadMs),
    log: (_job, line) => void lines.push(line as MaintenanceLine),
    revive: async ({ id }) => (missing.has(id) ? 'revived' : 'runs'),
  })
  tenant = await makeTenant(world)
})
afterAll(async () => {
  await world.close()
  await hook.close()
})
beforeEach(() => void (lines = []))

const connect = (vendor: Vendor): Promise<Provider> =>
  connectProvider(world, tenant, vendor, { email: `${randomUUID()}@${vendor}.example` })
const ensure = ({ id: providerId, tenantId }: Provider) =>
  world.activities.ensureSubscription({ providerId, tenantId })
const living = async ({ id, tenantId }: Provider) =>
  (await world.database.tenant(tenantId, (db) => activeSubscriptions(db, id)))[0]

const wait = async (ms: number) => {
  aheadMs += ms
  await world.control.advance(`PT${Math.round(ms / 1000)}S`)
}

/** A whole pass over every provider there is; what it says of one. */
async function pass(provider: Provider): Promise<MaintenanceLine> {
  lines = []
  let after: string | null = null
  do after = (await world.activities.maintainPage({ after })).after
  while (after !== null)
  await world.activities.finishMaintenance()
  return lines.find(({ providerId }) => providerId === provider.id) ?? expect.fail('It has no line.')
}

describe.each<Vendor>(['google', 'microsoft'])('maintenance of a calendar of %s', (vendor) => {
  test('passes over a subscription that lives, and says whose it is', async () => {
    const provider = await connect(vendor)
    await ensure(provider)
    await pass(provider)
    const { expiresAt } = (await living(provider)) ?? expect.fail('nothing lives')
    const expiry = expiresAt.toISOString()
    expect(await pass(provider)).toEqual({
      tenantId: tenant.tenantId,
      providerId: provider.id,
      name: provider.name,
      vendor,
      action: 'skipped',
      oldExpiry: expiry,
      newExpiry: expiry,
      error: null,
      workflow: 'runs',
    })
  })

  test('tells of one that its provider renewed, with both expiries', async () => {
    const provider = await connect(vendor)
    const { renewAtMs } = await ensure(provider)
    const { newExpiry } = await pass(provider)
    await wait((renewAtMs ?? 0) - world.deps.now().getTime() + 1_000)
    await ensure(provider)
    const line = await pass(provider)
    expect(line).toMatchObject({ action: 'renewed', oldExpiry: newExpiry, error: null })
    expect(Date.parse(line.newExpiry ?? '')).toBeGreaterThan(Date.parse(newExpiry ?? ''))
  })

  test('renews what its provider left undone, before it ends', async () => {
    const provider = await connect(vendor)
    const { renewAtMs } = await ensure(provider)
    const { newExpiry } = await pass(provider)
    await wait((renewAtMs ?? 0) - world.deps.now().getTime() + hourMs)
    expect(world.deps.now().getTime()).toBeLessThan(Date.parse(newExpiry ?? ''))
    expect(await pass(provider)).toMatchObject({ action: 'renewed', oldExpiry: newExpiry })
  })

  test('makes one anew that ended unseen, and has its provider look', async () => {
    const provider = await connect(vendor)
    await ensure(provider)
    const { newExpiry } = await pass(provider)
    await wait(Date.parse(newExpiry ?? '') - world.deps.now().getTime() + hourMs)
    world.nudged.length = 0
    expect(await pass(provider)).toMatchObject({ action: 'recreated', oldExpiry: newExpiry, error: null })
    expect(world.nudged).toContain(provider.id)
  })

  test('leaves a calendar that was just connected to ask by itself', async () => {
    const provider = await connect(vendor)
    expect(await pass(provider)).toMatchObject({ action: 'skipped', newExpiry: null, error: null })
    expect(await living(provider)).toBeUndefined()
  })

  test('says what the vendor said when there is none and none can be had', async () => {
    const provider = await connect(vendor)
    await wait(hourMs)
    await world.control.fault({
      vendor,
      account: provider.accountEmail,
      kind: 'error',
      status: 503,
      times: 'always',
      path: vendor === 'google' ? '/watch' : '/subscriptions',
    })
    const line = await pass(provider)
    await world.control.clearFaults()
    expect(line).toMatchObject({
      action: 'failed',
      newExpiry: null,
      error: expect.stringContaining('a server error'),
    })
  })

  test('leaves a paused calendar alone', async () => {
    const provider = await connect(vendor)
    await world.database.tenant(tenant.tenantId, (db) => updateProvider(db, provider.id, { paused: true }))
    expect(await pass(provider)).toMatchObject({ action: 'skipped', newExpiry: null, error: null })
    expect(await living(provider)).toBeUndefined()
  })
})

test('a subscription that Microsoft lost without a word is made anew', async () => {
  const provider = await connect('microsoft')
  await ensure(provider)
  await pass(provider)
  const lost = (await living(provider)) ?? expect.fail('nothing lives')
  await world.control.fault({
    vendor: 'microsoft',
    account: provider.accountEmail,
    kind: 'dropNotification',
    times: 'always',
  })
  await world.control.lifecycle(lost.externalId, 'subscriptionRemoved')
  await world.control.clearFaults()
  expect(await pass(provider)).toMatchObject({ action: 'recreated' })
  expect((await living(provider))?.externalId).not.toBe(lost.externalId)
})

test('a workflow that is missing is said to have been revived', async () => {
  const provider = await connect('google')
  missing.add(provider.id)
  expect(await pass(provider)).toMatchObject({ workflow: 'revived' })
})

test('every tenant is told of a pass, one without calendars too', async () => {
  const quiet = await makeTenant(world, 'Quiet')
  const provider = await connect('google')
  await pass(provider)
  const beat = await world.database.tenant(quiet.tenantId, (db) => lastMaintenance(db))
  expect(Math.abs(world.deps.now().getTime() - (beat?.getTime() ?? 0))).toBeLessThan(60_000)
})

test('an operator-given name and the vendors’ words are all that a line says', async () => {
  const provider = await connect('google')
  await ensure(provider)
  const line = await pass(provider)
  expect(Object.keys(line).toSorted()).toEqual([
    'action',
    'error',
    'name',
    'newExpiry',
    'oldExpiry',
    'providerId',
    'tenantId',
    'vendor',
    'workflow',
  ])
})

test('a provider that cannot be seen to is told of, and those behind it are seen to', async () => {
  const providers = [await connect('google'), await connect('google'), await connect('google')]
  for (const provider of providers) await ensure(provider)
  const broken = providers.toSorted((one, other) => (one.id < other.id ? -1 : 1))[0] ?? expect.fail()
  await wait(8 * 24 * hourMs)
  await world.database
    .owner`update provider_credentials set access_token_ciphertext = 'nonsense' where provider_id = ${broken.id}`
  expect(await pass(broken)).toMatchObject({
    action: 'failed',
    error: expect.stringContaining('It could not be seen to'),
  })
  for (const { id } of providers.filter(({ id }) => id !== broken.id))
    expect(lines.find(({ providerId }) => providerId === id)).toMatchObject({ error: null })
})
