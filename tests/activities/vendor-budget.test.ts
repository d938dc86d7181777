import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../db/connection.ts'
import type { Vendor } from '../../domain/event.ts'
import type { VendorLimits } from '../../domain/vendor-limits.ts'
import { spendCalls, type BudgetDeps, type Caller } from '../../oauth/vendor-budget.ts'
import { sceneOf } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, settle, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => void (world = await createWorld()))
const open: Database[] = []
afterAll(async () => {
  await Promise.all(open.map((database) => database.close()))
  await world.close()
})

const limits: VendorLimits = {
  google: { project: 1_000, account: 100 },
  microsoft: { project: 1_000, account: 100 },
}
let nowMs = Date.parse('2026-01-05T09:00:00Z')
const live = async () => false
const backfill = async () => true

/** A process of its own: what it took is not known to others. */
function aProcess(): BudgetDeps {
  const database = connect(world.database.url, { poolSize: 1 })
  open.push(database)
  return { database, vendorLimits: limits, now: () => new Date(nowMs) }
}

const caller = (clientId: string, part: Partial<Caller> = {}): Caller => ({
  id: randomUUID(),
  tenantId: randomUUID(),
  vendor: 'google',
  accountId: randomUUID(),
  clientId,
  ...part,
})

/** How many calls are made before the budget refuses one. */
async function callsUntilRefused(deps: BudgetDeps, who: Caller, isBackfill = live): Promise<number> {
  for (let calls = 0; calls < 2_000; calls++) {
    const isRefused = await spendCalls(deps, who, 1, isBackfill).then(
      () => false,
      () => true,
    )
    if (isRefused) return calls
  }
  throw new Error('Nothing was refused.')
}

describe('what a vendor permits in a minute', () => {
  beforeEach(() => void (nowMs += 60_000))

  test('one account has nine tenths of it, of all processes together', async () => {
    const who = caller(randomUUID())
    const first = await callsUntilRefused(aProcess(), who)
    const second = await callsUntilRefused(aProcess(), who)
    expect(first).toBeLessThanOrEqual(90 + 15)
    expect(first + second).toBeLessThanOrEqual(100 + 15)
    expect(first + second).toBeGreaterThan(80)
  })

  test('an import leaves room for what people wait for', async () => {
    const [who, deps] = [caller(randomUUID()), aProcess()]
    expect(await callsUntilRefused(deps, who, backfill)).toBeLessThanOrEqual(70 + 15)
    expect(await callsUntilRefused(deps, who, live)).toBeGreaterThanOrEqual(20)
  })

  test('one tenant has half of a project that others use, and the others go on', async () => {
    const [clientId, busy, other, deps] = [randomUUID(), randomUUID(), randomUUID(), aProcess()]
    const spentBy = async (tenantId: string) => {
      let calls = 0
      // Each account has a tenth of the project: the tenant is refused long before all of them are.
      for (let account = 0; account < 20; account++)
        calls += await callsUntilRefused(deps, caller(clientId, { tenantId }))
      return calls
    }
    expect(await spentBy(busy)).toBeLessThanOrEqual(500 + 100)
    expect(await spentBy(other)).toBeGreaterThan(300)
  })

  test('another client’s project and another account are their own', async () => {
    const [who, deps] = [caller(randomUUID()), aProcess()]
    await callsUntilRefused(deps, who)
    await spendCalls(deps, { ...who, accountId: randomUUID() }, 1, live)
    await spendCalls(deps, { ...who, clientId: randomUUID() }, 1, live)
  })

  test('is there again in the next minute', async () => {
    const [who, deps] = [caller(randomUUID()), aProcess()]
    await callsUntilRefused(deps, who)
    const refused = spendCalls(deps, who, 1, live)
    await expect(refused).rejects.toMatchObject({ code: 'budget', retryAfterMs: 60_000 - (nowMs % 60_000) })
    nowMs += 60_000
    expect(await callsUntilRefused(deps, who)).toBeGreaterThan(80)
  })

  test('a patch at Google counts for three calls', async () => {
    const [who, deps] = [caller(randomUUID()), aProcess()]
    let patches = 0
    while (
      await spendCalls(deps, who, 3, live).then(
        () => true,
        () => false,
      )
    )
      patches++
    expect(patches).toBeLessThanOrEqual(35)
  })
})

test.each<Vendor>(['google', 'microsoft'])(
  'a budget that is spent at %s stops no edit for good',
  async (vendor) => {
    let now = new Date()
    const few = { google: { project: 1_000, account: 40 }, microsoft: { project: 1_000, account: 40 } }
    const tight = await createWorld({ vendorLimits: few, now: () => now })
    try {
      const tenant = await makeTenant(tight)
      const provider = await connectProvider(tight, tenant, vendor, {
        email: `${randomUUID()}@${vendor}.example`,
      })
      const scene = sceneOf(tight)
      for (let entry = 0; entry < 60; entry++)
        await scene.makeEntry(tenant, `Visit ${entry}`, 9 + (entry % 8))
      let minutes = 0
      for (let isDone = false; !isDone; minutes++) {
        isDone = await settle(tight, provider).then(
          () => true,
          () => false,
        )
        now = new Date(now.getTime() + 60_000)
      }
      expect(minutes).toBeGreaterThan(1)
      expect(await scene.vendorTitles(provider)).toHaveLength(60)
      await sync(tight, provider)
      expect(await scene.titlesOf(tenant)).toHaveLength(60)
    } finally {
      await tight.close()
    }
  },
)
