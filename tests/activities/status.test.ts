import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setEntryStatus } from '../../db/entry-writes.ts'
import { markEntriesPending } from '../../db/pending.ts'
import type { Vendor } from '../../domain/event.ts'
import { sceneOf } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, settle, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

test.each<[Vendor, string]>([
  ['google', 'completed'],
  ['microsoft', 'completed'],
  ['google', 'cancelled'],
  ['microsoft', 'cancelled'],
])('what happens in a calendar never changes the status of an entry (%s, %s)', async (vendor, status) => {
  const tenant = await makeTenant(world)
  const email = `${randomUUID()}@${vendor}.example`
  const provider = await connectProvider(world, tenant, vendor, { email })
  const scene = sceneOf(world)
  const id = await scene.makeEntry(tenant, 'Repair')
  await settle(world, provider)
  await world.database.tenant(tenant.tenantId, async (db) => {
    await setEntryStatus(db, id, status)
    await markEntriesPending(db, tenant.tenantId, [id], null)
  })
  await settle(world, provider)
  expect(await scene.only(tenant)).toMatchObject({ id, status, version: 1 })
  expect(await scene.vendorTitles(provider)).toEqual(['Repair'])
  const [copy] = await scene.vendorEvents(provider)
  await (await scene.person(provider)).rename(copy?.id ?? '', 'Repair the pump')
  await settle(world, provider)
  expect(await scene.only(tenant)).toMatchObject({ id, status, content: { title: 'Repair the pump' } })
})
