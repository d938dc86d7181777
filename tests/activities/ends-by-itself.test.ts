import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listConflicts } from '../../db/conflicts.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import {
  connectProvider,
  createWorld,
  makeMember,
  makeTenant,
  settle,
  sync,
  type World,
} from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** An event that was edited on both sides. */
async function inConflict() {
  const tenant = await makeTenant(world)
  const email = `${randomUUID()}@google.example`
  const provider = await connectProvider(world, tenant, 'google', { email })
  const scene = sceneOf(world)
  const person = await scene.person(provider)
  const { id } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  await sync(world, provider)
  await person.rename(id, 'Visit (theirs)')
  await scene.editEntry(tenant, await scene.only(tenant), { title: 'Visit (ours)' })
  await settle(world, provider)
  const open = () =>
    world.database.tenant(tenant.tenantId, (db) => listConflicts(db, { state: 'open', limit: 9 }))
  expect(await open()).toHaveLength(1)
  return { tenant, provider, scene, person, id, open }
}

test('a conflict about an event that both sides deleted is over', async () => {
  const { tenant, provider, scene, person, id, open } = await inConflict()
  await person.remove(id)
  await scene.editEntry(tenant, await scene.only(tenant), {}, true)
  await settle(world, provider)
  expect(await open()).toEqual([])
  expect((await scene.mappings(provider)).map(({ state }) => state)).toEqual(['retired'])
})

test('a conflict about an event whose member was taken off the entry is over, and the event stays', async () => {
  const { tenant, provider, scene, open } = await inConflict()
  const other = await makeMember(world, tenant.tenantId, 'bo@acme.example')
  await scene.assign(tenant, (await scene.only(tenant)).id, [other])
  await settle(world, provider)
  expect(await open()).toEqual([])
  expect(await scene.vendorTitles(provider)).toEqual(['Visit (theirs)'])
})
