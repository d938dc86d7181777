import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import type { Database } from '../../db/connection.ts'
import { markPairsPending, markWindowPending } from '../../db/pending.ts'
import { updateProvider } from '../../db/providers.ts'
import { windowAt } from '../../domain/policy.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** The world's activities, and something that happens right before one of their transactions. */
function meanwhile(transaction: number, happens: () => Promise<unknown>) {
  let seen = 0
  const database: Database = {
    ...world.database,
    async tenant(tenantId, work) {
      if (++seen === transaction) await happens()
      return world.database.tenant(tenantId, work)
    },
  }
  return createActivities({ ...world.deps, database })
}

test('a direction that is widened while a batch is about to be decided holds for the batch', async () => {
  const tenant = await makeTenant(world)
  const email = `${randomUUID()}@google.example`
  const provider = await connectProvider(world, tenant, 'google', { email, direction: 'outbound' })
  const scene = sceneOf(world)
  const step = { tenantId: tenant.tenantId, providerId: provider.id, runId: randomUUID() }
  await (await scene.person(provider)).create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  await world.activities.pull(step)
  const activities = meanwhile(3, () =>
    world.database.tenant(tenant.tenantId, async (db) => {
      await updateProvider(db, provider.id, { direction: 'both' })
      await markWindowPending(db, provider, windowAt(new Date(), provider.policies))
    }),
  )
  await activities.reconcilePending({ ...step, after: 0 })
  await sync(world, provider)
  expect(await scene.titlesOf(tenant)).toEqual(['Visit'])
})

test('a direction that is narrowed before a create was sent leaves nothing that is still to be made', async () => {
  const tenant = await makeTenant(world)
  const email = `${randomUUID()}@google.example`
  const provider = await connectProvider(world, tenant, 'google', { email })
  const scene = sceneOf(world)
  const step = { tenantId: tenant.tenantId, providerId: provider.id, runId: randomUUID() }
  await world.activities.pull(step)
  await scene.makeEntry(tenant, 'Visit')
  await world.activities.reconcilePending({ ...step, after: 0 })
  expect((await scene.mappings(provider)).map(({ state }) => state)).toEqual(['creating'])
  await world.database.tenant(tenant.tenantId, async (db) => {
    const narrowed = await updateProvider(db, provider.id, { direction: 'inbound' })
    if (narrowed) await markPairsPending(db, narrowed)
  })
  await sync(world, provider)
  expect((await scene.mappings(provider)).map(({ state }) => state)).toEqual(['retired'])
  expect(await scene.vendorTitles(provider)).toEqual([])
})
