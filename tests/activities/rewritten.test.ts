import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Vendor } from '../../domain/event.ts'
import { readProvider } from '../support/policy-scene.ts'
import { rewritingVendor, type RewritingVendor } from '../support/rewriting-vendor.ts'
import { sceneOf } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, settle, type World } from '../support/world.ts'

let world: World
let rewriting: RewritingVendor | undefined
beforeAll(async () => {
  world = await createWorld()
})
afterEach(() => rewriting?.close())
afterAll(() => world.close())

/** A vendor that shows every title in capitals, whatever was written. */
const inCapitals = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  const name = 'summary' in value ? 'summary' : 'subject'
  return name in value ? { ...value, [name]: String(Reflect.get(value, name)).toUpperCase() } : value
}

test.each<Vendor>(['google', 'microsoft'])(
  'what a vendor rewrote when it was written is nobody’s edit, and the next look finds nothing (%s)',
  async (vendor) => {
    const tenant = await makeTenant(world)
    const email = `${randomUUID()}@${vendor}.example`
    const connected = await connectProvider(world, tenant, vendor, { email })
    rewriting = await rewritingVendor(world.sandbox.url, inCapitals)
    await world.database.owner`
      update oauth_clients set endpoints = endpoints || ${world.database.owner.json({ api: rewriting.url })}
      where tenant_id = ${tenant.tenantId} and vendor = ${vendor}`
    const provider = (await readProvider(world, connected)) ?? connected
    const scene = sceneOf(world)
    const step = { tenantId: tenant.tenantId, providerId: provider.id }
    await scene.makeEntry(tenant, 'Repair')
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Repair'])
    expect(await world.activities.look(step)).toMatchObject({ kind: 'rest' })

    await scene.editEntry(tenant, await scene.only(tenant), { title: 'Repair the pump' })
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Repair the pump'])
    expect(await scene.vendorTitles(provider)).toEqual(['Repair the pump'])
    expect(await world.activities.look(step)).toMatchObject({ kind: 'rest' })
  },
)
