import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Provider } from '../../db/providers.ts'
import { activeSubscriptions, markRenewalDue, markRenewed, stopSubscription } from '../../db/subscriptions.ts'
import type { Vendor } from '../../domain/event.ts'
import { listen, type Hook } from '../sandbox/hook.ts'
import { consentAt } from '../support/consented.ts'
import { asPerson } from '../support/sandbox-control.ts'
import { connectProvider, createWorld, makeTenant, type TestTenant, type World } from '../support/world.ts'

const dayMs = 86_400_000

let world: World
let tenant: TestTenant
let hook: Hook
/** How far the world's clock is ahead of the machine's. */
let aheadMs = 0

beforeAll(async () => {
  hook = await listen()
  world = await createWorld({ publicUrl: hook.url, now: () => new Date(Date.now() + aheadMs) })
  tenant = await makeTenant(world)
})
afterAll(async () => {
  await world.close()
  await hook.close()
})

const connect = (vendor: Vendor): Promise<Provider> =>
  connectProvider(world, tenant, vendor, { email: `${randomUUID()}@${vendor}.example` })

const ensure = ({ id: providerId, tenantId }: Provider) =>
  world.activities.ensureSubscription({ providerId, tenantId })

const standing = (provider: Provider) =>
  world.database.tenant(tenant.tenantId, (db) => activeSubscriptions(db, provider.id))

const wait = async (ms: number) => {
  aheadMs += ms
  await world.control.advance(`PT${ms / 1000}S`)
}

async function onlyOne(provider: Provider) {
  const rows = await standing(provider)
  expect(rows).toHaveLength(1)
  return rows[0] ?? expect.fail('nothing stands')
}

/** Somebody adds an event, and the vendor tells it to the subscription that it should. */
async function tells(provider: Provider, externalId: string): Promise<void> {
  const before = hook.received.length
  const person = asPerson(
    world.sandbox.url,
    provider.vendor,
    await world.control.token(provider.vendor, provider.accountEmail ?? ''),
  )
  const at = (ms: number) => new Date(Date.now() + aheadMs + ms).toISOString().slice(0, 19)
  await person.create({ title: 'Told', start: at(dayMs), end: at(dayMs + 3_600_000) })
  const nameIn = ({ headers, body }: Hook['received'][number]) =>
    `${String(headers['x-goog-channel-id'])} ${body}`
  await expect
    .poll(() => hook.received.slice(before).filter((message) => nameIn(message).includes(externalId)).length)
    .toBeGreaterThan(0)
}

describe.each(['google', 'microsoft'] as const)('a subscription at %s', (vendor) => {
  test('is asked for once, and stands', async () => {
    const provider = await connect(vendor)
    const first = await ensure(provider)
    const { externalId } = await onlyOne(provider)
    await world.control.forgetRequests()
    expect(await ensure(provider)).toEqual(first)
    expect(await world.control.requests()).toEqual([])
    await tells(provider, externalId)
  })

  test('is renewed ahead of its end, and one stands that tells', async () => {
    const provider = await connect(vendor)
    const { renewAtMs } = await ensure(provider)
    const before = await onlyOne(provider)
    const lifetimeMs = before.expiresAt.getTime() - before.grantedAt.getTime()
    expect(before.expiresAt.getTime() - (renewAtMs ?? 0)).toBeGreaterThanOrEqual(0.2 * lifetimeMs)
    await wait((renewAtMs ?? 0) - Date.now() - aheadMs + 1_000)
    const renewed = await ensure(provider)
    const after = await onlyOne(provider)
    expect(after.expiresAt.getTime()).toBeGreaterThan(before.expiresAt.getTime())
    expect(renewed.renewAtMs).toBeGreaterThan(renewAtMs ?? 0)
    await tells(provider, after.externalId)
  })

  test('that our side lost is made anew beside the one that the vendor still has', async () => {
    const provider = await connect(vendor)
    await ensure(provider)
    const { id } = await onlyOne(provider)
    await world.database.tenant(tenant.tenantId, (db) => stopSubscription(db, id))
    await ensure(provider)
    await tells(provider, (await onlyOne(provider)).externalId)
  })
})

describe('a subscription at microsoft', () => {
  test('whose vendor asks for a renewal before its time is renewed in place', async () => {
    const provider = await connect('microsoft')
    await ensure(provider)
    const before = await onlyOne(provider)
    await wait(30 * 60_000)
    await world.database.tenant(tenant.tenantId, (db) => markRenewalDue(db, before.id))
    await ensure(provider)
    const after = await onlyOne(provider)
    expect(after.externalId).toBe(before.externalId)
    expect(after.state).toBe('active')
    expect(after.expiresAt.getTime()).toBeGreaterThan(before.expiresAt.getTime())
  })

  test('goes on telling of changes after the token has ended that it was made with', async () => {
    const provider = await connect('microsoft')
    await ensure(provider)
    const { id, externalId } = await onlyOne(provider)
    await wait(45 * 60_000)
    await world.database.tenant(tenant.tenantId, (db) => markRenewalDue(db, id))
    await ensure(provider)
    await wait(50 * 60_000)
    await tells(provider, externalId)
  })

  test('whose vendor asks for a renewal while one is under way is renewed again', async () => {
    const provider = await connect('microsoft')
    await ensure(provider)
    const before = await onlyOne(provider)
    await world.database.tenant(tenant.tenantId, async (db) => {
      await markRenewalDue(db, before.id)
      const { grantedAt, expiresAt } = before
      expect(await markRenewed(db, before, grantedAt, expiresAt)).toBe('renewal-due')
    })
    await ensure(provider)
    expect(await onlyOne(provider)).toMatchObject({ state: 'active' })
  })

  test('that the vendor ended is replaced when its renewal finds it gone', async () => {
    const provider = await connect('microsoft')
    await ensure(provider)
    const before = await onlyOne(provider)
    const { accessToken } = await consentAt(world.sandbox.url, 'microsoft', provider.accountEmail ?? '')
    const app = asPerson(world.sandbox.url, 'microsoft', accessToken)
    await app.send('DELETE', `/v1.0/subscriptions/${before.externalId}`)
    await world.database.tenant(tenant.tenantId, (db) => markRenewalDue(db, before.id))
    await ensure(provider)
    const after = await onlyOne(provider)
    expect(after.externalId).not.toBe(before.externalId)
    await tells(provider, after.externalId)
  })
})
