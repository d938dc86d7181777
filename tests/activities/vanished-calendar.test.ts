import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Vendor } from '../../domain/event.ts'
import { NotFound } from '../../providers/errors.ts'
import { vanishing } from '../simulation/faults.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, settle, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe.each<Vendor>(['google', 'microsoft'])('a calendar of %s that vanishes', (vendor) => {
  async function scene() {
    const tenant = await makeTenant(world)
    const email = `${randomUUID()}@${vendor}.example`
    const provider = await connectProvider(world, tenant, vendor, { email })
    const seen = sceneOf(world)
    const person = await seen.person(provider)
    await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await sync(world, provider)
    const step = { tenantId: tenant.tenantId, providerId: provider.id, runId: randomUUID() }
    const whileAway = async (work: () => Promise<unknown>) => {
      await world.control.fault({ vendor, account: email, ...vanishing(vendor) })
      await expect(work()).rejects.toBeInstanceOf(NotFound)
      await world.control.clearFaults()
    }
    return { tenant, provider, seen, step, whileAway }
  }

  test('takes no event with it: an edit that waits is sent when it returns', async () => {
    const { tenant, provider, seen, step, whileAway } = await scene()
    await seen.editEntry(tenant, await seen.only(tenant), { title: 'Ours' })
    await world.activities.reconcilePending({ ...step, after: 0 })
    await whileAway(() => world.activities.push(step))
    await settle(world, provider)
    expect(await seen.titlesOf(tenant)).toEqual(['Ours'])
    expect(await seen.vendorTitles(provider)).toEqual(['Ours'])
  })

  test('does not pass for the deletion that waits: it is carried out when it returns', async () => {
    const { tenant, provider, seen, step, whileAway } = await scene()
    await seen.editEntry(tenant, await seen.only(tenant), {}, true)
    await world.activities.reconcilePending({ ...step, after: 0 })
    await whileAway(() => world.activities.push(step))
    await settle(world, provider)
    expect(await seen.vendorTitles(provider)).toEqual([])
  })
})
