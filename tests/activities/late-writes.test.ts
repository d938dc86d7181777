import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Vendor } from '../../domain/event.ts'
import { sceneOf } from '../support/scene.ts'
import { until } from '../support/stack.ts'
import { connectProvider, createWorld, makeTenant, settle, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  async function connected() {
    const tenant = await makeTenant(world)
    const provider = await connectProvider(world, tenant, vendor, {
      email: `${randomUUID()}@${vendor}.example`,
    })
    await sync(world, provider)
    const step = { tenantId: tenant.tenantId, providerId: provider.id, runId: randomUUID() }
    return { tenant, provider, scene: sceneOf(world), step }
  }

  test('a create that arrives when its entry has another copy already leaves one copy', async () => {
    const { tenant, provider, scene, step } = await connected()
    await scene.makeEntry(tenant, 'Repair')
    await world.activities.reconcilePending({ ...step, after: 0 })
    await world.control.forgetRequests()
    await world.control.fault({
      kind: 'latency',
      vendor,
      method: 'POST',
      path: '/events',
      ms: 1_500,
      times: 1,
    })
    const slow = world.activities.push(step).catch((error: Error) => error.name)
    await until(
      'the slow request on its way',
      () => world.control.requests(),
      (requests) => requests.some(({ method }) => method === 'POST'),
    )
    // Another attempt finds nothing of it at the vendor, and the entry moves on.
    await world.activities.pull(step)
    await scene.editEntry(tenant, await scene.only(tenant), { title: 'Repair the pump' })
    await sync(world, provider)
    expect(await slow).toBe('LeaseLost')
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toEqual(['Repair the pump'])
    expect(await scene.titlesOf(tenant)).toEqual(['Repair the pump'])
  })
})
