import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProviderStep } from '../../activities/deps.ts'
import { createActivities } from '../../activities/index.ts'
import type { Database, Db } from '../../db/connection.ts'
import { markPairsPending, markWindowPending } from '../../db/pending.ts'
import { updateProvider } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import { windowAt } from '../../domain/policy.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, settle, sync, type World } from '../support/world.ts'

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

/**
 * Decides a batch while something else happens within. A decision asks for the time when it has its marks, and the statement
 * after that comes when it has read its entries.
 */
async function decideAmidst(step: ProviderStep, happens: () => Promise<unknown>): Promise<void> {
  let state: 'before' | 'deciding' | 'over' = 'before'
  const watched = (db: Db): Db =>
    new Proxy(db, {
      get: (target, name) =>
        name === 'execute' && state === 'deciding'
          ? async (query: Parameters<Db['execute']>[0]) => {
              state = 'over'
              await happens()
              return target.execute(query)
            }
          : (Reflect.get(target, name) as unknown),
    })
  const database: Database = {
    ...world.database,
    tenant: (tenantId, work) => world.database.tenant(tenantId, (db) => work(watched(db))),
  }
  const now = () => {
    if (state === 'before') state = 'deciding'
    return new Date()
  }
  const { reconcilePending } = createActivities({ ...world.deps, database, now })
  await reconcilePending({ ...step, runId: randomUUID(), after: 0 })
  expect(state).toBe('over')
}

describe.each<Vendor>(['google', 'microsoft'])('an edit made while a batch is decided (%s)', (vendor) => {
  async function agreed() {
    const tenant = await makeTenant(world)
    const policies = { conflicts: 'merge-fields' as const }
    const email = `${randomUUID()}@${vendor}.example`
    const provider = await connectProvider(world, tenant, vendor, { email, policies })
    const scene = sceneOf(world)
    await scene.makeEntry(tenant, 'Repair')
    await settle(world, provider)
    const [event] = await scene.vendorEvents(provider)
    const step = { tenantId: tenant.tenantId, providerId: provider.id, runId: randomUUID() }
    return { tenant, provider, scene, step, eventId: event?.id ?? '' }
  }

  test('is not overwritten by what comes from the calendar', async () => {
    const { tenant, provider, scene, step, eventId } = await agreed()
    await (await scene.person(provider)).move(eventId, tomorrow(14), tomorrow(15))
    await world.activities.pull(step)
    const entry = await scene.only(tenant)
    await decideAmidst(step, () => scene.editEntry(tenant, entry, { title: 'Repair the pump' }))
    await settle(world, provider)
    const { content, startsAt } = await scene.only(tenant)
    expect([content.title, startsAt.toISOString()]).toEqual(['Repair the pump', `${tomorrow(14)}.000Z`])
    expect(await scene.vendorEvents(provider)).toMatchObject([{ id: eventId, title: 'Repair the pump' }])
  })

  test('is not forgotten with the batch', async () => {
    const { tenant, provider, scene, step } = await agreed()
    await scene.editEntry(tenant, await scene.only(tenant), { title: 'Repair the pump' })
    const entry = await scene.only(tenant)
    await decideAmidst(step, () => scene.editEntry(tenant, entry, { title: 'Repair both' }))
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toEqual(['Repair both'])
  })
})
