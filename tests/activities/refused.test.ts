import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Vendor } from '../../domain/event.ts'
import { sceneOf } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, settle, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

test.each<Vendor>(['google', 'microsoft'])(
  'an entry that the vendor refuses says why, holds up nothing, and is tried again when it changes (%s)',
  async (vendor) => {
    const tenant = await makeTenant(world)
    const email = `${randomUUID()}@${vendor}.example`
    const provider = await connectProvider(world, tenant, vendor, { email })
    const scene = sceneOf(world)
    await settle(world, provider)
    const refusal = { kind: 'error', vendor, account: email, method: 'POST', path: '/events', status: 400 }
    await world.control.fault({ ...refusal, times: 1 })
    const id = await scene.makeEntry(tenant, 'Repair')
    await settle(world, provider)
    await scene.makeEntry(tenant, 'Visit', 11)
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toEqual(['Visit'])
    const refused = (await scene.mappings(provider)).find(({ entryId }) => entryId === id)
    expect(refused).toMatchObject({
      state: 'unsupported',
      reason: expect.stringContaining('refused') as string,
    })
    const entries = await scene.entriesOf(tenant)
    const entry = entries.find((one) => one.id === id)
    if (!entry) throw new Error('The entry is gone.')
    await scene.editEntry(tenant, entry, { title: 'Repair the pump' })
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toEqual(['Repair the pump', 'Visit'])
  },
)
