import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, settle, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const email = () => `${randomUUID()}@google.example`

/** An event of one calendar with our copy of it in the other one of the same member. */
async function copied() {
  const tenant = await makeTenant(world)
  const from = await connectProvider(world, tenant, 'google', { email: email() })
  const to = await connectProvider(world, tenant, 'google', { email: email() })
  const scene = sceneOf(world)
  const visit = { start: tomorrow(9), end: tomorrow(10), iCalUID: `${randomUUID()}@move.example` }
  const { id } = await (await scene.person(from)).create({ title: 'Visit', ...visit })
  await settle(world, from, to)
  const [copy] = await scene.vendorEvents(to)
  return { tenant, from, to, scene, visit, originalId: id, copyId: copy?.id ?? '' }
}

test('an original that comes where our copy was just edited takes its place, and the edit stays', async () => {
  const { tenant, from, to, scene, visit, originalId, copyId } = await copied()
  const there = await scene.person(to)
  await there.rename(copyId, 'Longer visit')
  await (await scene.person(from)).remove(originalId)
  await there.create({ title: 'Visit', ...visit })
  await sync(world, to)
  await settle(world, to, from)
  expect(await scene.titlesOf(tenant)).toEqual(['Longer visit'])
  expect(await scene.vendorEvents(to)).toHaveLength(1)
})

test('an original that comes where our copy is in conflict waits beside it, and no look finds work', async () => {
  const { tenant, from, to, scene, visit, copyId } = await copied()
  const there = await scene.person(to)
  await there.rename(copyId, 'Visit (theirs)')
  await scene.editEntry(tenant, await scene.only(tenant), { title: 'Visit (ours)' })
  await settle(world, to, from)
  await there.create({ title: 'Visit', ...visit })
  await settle(world, to, from)
  const look = () => world.activities.look({ tenantId: tenant.tenantId, providerId: to.id })
  expect(await look()).toMatchObject({ kind: 'rest' })
  expect(await scene.vendorTitles(to)).toEqual(['Visit', 'Visit (theirs)'])
  await there.rename(copyId, 'Visit (ours)')
  await settle(world, to, from)
  expect(await scene.vendorTitles(to)).toEqual(['Visit'])
  expect(await look()).toMatchObject({ kind: 'rest' })
})

test('an original that comes where our copy is still to be written takes its place', async () => {
  const { tenant, from, to, scene, visit } = await copied()
  await scene.editEntry(tenant, await scene.only(tenant), { title: 'Longer visit' })
  await (await scene.person(to)).create({ title: 'Visit', ...visit })
  await settle(world, to, from)
  expect(await scene.titlesOf(tenant)).toEqual(['Longer visit'])
  expect(await scene.vendorEvents(to)).toHaveLength(1)
})
