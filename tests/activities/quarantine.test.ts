import { afterAll, beforeAll, expect, test } from 'vitest'
import { listQuarantined } from '../../db/quarantine.ts'
import { calendarUnder, readProvider } from '../support/policy-scene.ts'
import { rewritingVendor, type RewritingVendor } from '../support/rewriting-vendor.ts'
import { createWorld, makeTenant, settle, type World } from '../support/world.ts'

let world: World
let vendor: RewritingVendor
/** Events of this title are listed without an end. */
let endless: string | null = null
beforeAll(async () => {
  world = await createWorld()
  vendor = await rewritingVendor(world.sandbox.url, (value) =>
    typeof value === 'object' && value !== null && 'summary' in value && value.summary === endless
      ? { ...value, end: undefined }
      : value,
  )
})
afterAll(async () => {
  await vendor.close()
  await world.close()
})

test('an item that nobody can read waits alone, is listed, and is synced once the vendor sends it well', async () => {
  const tenant = await makeTenant(world)
  const one = await calendarUnder(world, 'google', {}, tenant)
  await world.database.owner`
    update oauth_clients set endpoints = endpoints || ${world.database.owner.json({ api: vendor.url })}
    where tenant_id = ${tenant.tenantId} and vendor = 'google'`
  const provider = (await readProvider(world, one.provider)) ?? one.provider
  const listed = () =>
    world.database.tenant(tenant.tenantId, (db) =>
      listQuarantined(db, { providerId: provider.id, limit: 100 }),
    )

  await one.create({ title: 'Visit' })
  const { id } = await one.create({ title: 'Malformed' }, 12)
  endless = 'Malformed'
  await settle(world, provider)
  expect(await one.scene.titlesOf(tenant)).toEqual(['Visit'])
  const [item, ...others] = await listed()
  expect(others).toEqual([])
  expect(item).toMatchObject({ externalId: id, reason: expect.stringContaining('no start and end') })
  expect(item?.rawSize).toBeGreaterThan(100)

  await one.change(id, { body: 'Still malformed' })
  await settle(world, provider)
  const [again] = await listed()
  expect(again?.firstSeenAt).toEqual(item?.firstSeenAt)
  expect(again?.lastSeenAt.getTime()).toBeGreaterThan(item?.lastSeenAt.getTime() ?? 0)

  endless = null
  await one.change(id, { title: 'Mended' })
  await settle(world, provider)
  expect(await listed()).toEqual([])
  expect(await one.scene.titlesOf(tenant)).toEqual(['Mended', 'Visit'])
})
