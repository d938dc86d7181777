import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listMappings } from '../../db/mappings.ts'
import type { Vendor } from '../../domain/event.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, settle, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const scene = () => sceneOf(world)

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  const connect = async (options: Parameters<typeof connectProvider>[3] = {}) => {
    const tenant = await makeTenant(world)
    const provider = await connectProvider(world, tenant, vendor, {
      email: `${randomUUID()}@${vendor}.example`,
      ...options,
    })
    return { tenant, provider }
  }

  test('an event made there becomes an entry, once', async () => {
    const { tenant, provider } = await connect()
    await (await scene().person(provider)).create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await settle(world, provider)
    expect(await scene().titlesOf(tenant)).toEqual(['Visit'])
    expect((await scene().only(tenant)).content.time).toMatchObject({
      startsAt: `${tomorrow(9)}Z`,
      endsAt: `${tomorrow(10)}Z`,
    })
  })

  test('an edit and a deletion there reach the entry', async () => {
    const { tenant, provider } = await connect()
    const owner = await scene().person(provider)
    const { id } = await owner.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await sync(world, provider)
    await owner.rename(id, 'Longer visit')
    await sync(world, provider)
    expect(await scene().titlesOf(tenant)).toEqual(['Longer visit'])
    await owner.remove(id)
    await sync(world, provider)
    expect(await scene().titlesOf(tenant)).toEqual([])
  })

  test('an entry made here reaches the vendor once, then its edit, then its deletion', async () => {
    const { tenant, provider } = await connect()
    await sync(world, provider)
    await scene().makeEntry(tenant, 'Repair')
    await settle(world, provider)
    expect(await scene().vendorTitles(provider)).toEqual(['Repair'])
    await scene().editEntry(tenant, await scene().only(tenant), { title: 'Repair the pump' })
    await settle(world, provider)
    expect(await scene().vendorTitles(provider)).toEqual(['Repair the pump'])
    await scene().editEntry(tenant, await scene().only(tenant), {}, true)
    await settle(world, provider)
    expect(await scene().vendorTitles(provider)).toEqual([])
    expect(await scene().titlesOf(tenant)).toEqual([])
  })

  test('edits on both sides are a conflict: both stay, everything else flows', async () => {
    const { tenant, provider } = await connect()
    const owner = await scene().person(provider)
    const { id } = await owner.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await sync(world, provider)
    await owner.rename(id, 'Visit (theirs)')
    await scene().editEntry(tenant, await scene().only(tenant), { title: 'Visit (ours)' })
    await owner.create({ title: 'Other', start: tomorrow(11), end: tomorrow(12) })
    await settle(world, provider)
    expect((await scene().vendorTitles(provider)).toSorted()).toEqual(['Other', 'Visit (theirs)'])
    expect((await scene().titlesOf(tenant)).toSorted()).toEqual(['Other', 'Visit (ours)'])
    const mappings = await world.database.tenant(tenant.tenantId, (db) =>
      listMappings(db, { state: 'conflict', limit: 9 }),
    )
    expect(mappings).toHaveLength(1)
  })

  test('the same edit on both sides is agreement', async () => {
    const { tenant, provider } = await connect()
    const owner = await scene().person(provider)
    const { id } = await owner.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await sync(world, provider)
    await owner.rename(id, 'Same words')
    await scene().editEntry(tenant, await scene().only(tenant), { title: 'Same words' })
    await settle(world, provider)
    const mappings = await world.database.tenant(tenant.tenantId, (db) =>
      listMappings(db, { state: 'conflict', limit: 9 }),
    )
    expect(mappings).toEqual([])
  })

  test('at rest a look makes one vendor call and writes no row but the cursor and Last Sync', async () => {
    const { tenant, provider } = await connect()
    await (await scene().person(provider)).create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await scene().makeEntry(tenant, 'Repair', 12)
    await settle(world, provider)
    await world.control.forgetRequests()
    const before = await scene().rowsWritten()
    const seen = await world.activities.look({ tenantId: tenant.tenantId, providerId: provider.id })
    expect(seen.kind).toBe('rest')
    expect(await world.control.requests()).toHaveLength(1)
    expect(await scene().tablesWritten(before)).toEqual(['cursors', 'providers'])
  })

  test('a create whose answer is lost is not doubled', async () => {
    const { tenant, provider } = await connect()
    await sync(world, provider)
    await scene().makeEntry(tenant, 'Repair')
    await world.control.fault({ kind: 'responseLost', vendor, method: 'POST', path: '/events', times: 1 })
    await expect(sync(world, provider)).rejects.toThrow('did not answer')
    await settle(world, provider)
    expect(await scene().vendorTitles(provider)).toEqual(['Repair'])
    expect(await scene().titlesOf(tenant)).toEqual(['Repair'])
  })
})
