import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Vendor } from '../../domain/event.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { receive } from '../support/meetings.ts'
import { until } from '../support/stack.ts'
import { connectProvider, createWorld, makeTenant, settle, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  async function connected() {
    const tenant = await makeTenant(world)
    const provider = await connectProvider(world, tenant, vendor, {
      email: `${randomUUID()}@${vendor}.example`,
    })
    await sync(world, provider)
    const step = { tenantId: tenant.tenantId, providerId: provider.id, runId: randomUUID() }
    return { tenant, provider, scene: sceneOf(world), step }
  }

  test('a create that arrives when its entry has another copy already leaves one copy', async () => {
    const { tenant, provider, scene, step } = await connected()
    await scene.makeEntry(tenant, 'Repair')
    await world.activities.reconcilePending({ ...step, after: 0 })
    await world.control.forgetRequests()
    await world.control.fault({
      kind: 'latency',
      vendor,
      method: 'POST',
      path: '/events',
      ms: 1_500,
      times: 1,
    })
    const slow = world.activities.push(step).catch((error: Error) => error.name)
    await until(
      'the slow request on its way',
      () => world.control.requests(),
      (requests) => requests.some(({ method }) => method === 'POST'),
    )
    // Another attempt finds nothing of it at the vendor, and the entry moves on.
    await world.activities.pull(step)
    await scene.editEntry(tenant, await scene.only(tenant), { title: 'Repair the pump' })
    await sync(world, provider)
    expect(await slow).toBe('LeaseLost')
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toEqual(['Repair the pump'])
    expect(await scene.titlesOf(tenant)).toEqual(['Repair the pump'])
  })

  test('an entry restored before its copy was removed keeps the copy, and what was edited there meanwhile', async () => {
    const { tenant, provider, scene, step } = await connected()
    await scene.makeEntry(tenant, 'Repair')
    await settle(world, provider)
    const [copy] = await scene.vendorEvents(provider)
    const entry = await scene.only(tenant)
    await scene.editEntry(tenant, entry, {}, true)
    await world.activities.reconcilePending({ ...step, after: 0 })
    await (await scene.person(provider)).rename(copy?.id ?? '', 'Repair the pump')
    await scene.editEntry(tenant, { ...entry, version: entry.version + 1 }, {})
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Repair the pump'])
    expect((await scene.vendorEvents(provider)).map(({ id, title }) => ({ id, title }))).toEqual([
      { id: copy?.id, title: 'Repair the pump' },
    ])
  })

  test('a copy whose removal failed goes at the next try, though its original has taken its place', async () => {
    const tenant = await makeTenant(world)
    const from = await connectProvider(world, tenant, 'google', { email: `${randomUUID()}@google.example` })
    const to = await connectProvider(world, tenant, vendor, { email: `${randomUUID()}@${vendor}.example` })
    const scene = sceneOf(world)
    const visit = { title: 'Visit', start: tomorrow(9), end: tomorrow(10) }
    const iCalUID = `${randomUUID()}@move.example`
    await (await scene.person(from)).create({ ...visit, iCalUID })
    await settle(world, from, to)
    await receive(world, to, { ...visit, iCalUID })
    await world.control.fault({
      kind: 'error',
      vendor,
      method: 'DELETE',
      path: '/events',
      status: 503,
      times: 1,
    })
    await expect(sync(world, to)).rejects.toThrow('server error')
    await settle(world, to, from)
    expect(await scene.vendorTitles(to)).toEqual(['Visit'])
    expect(await scene.titlesOf(tenant)).toEqual(['Visit'])
  })

  test('an update whose answer is lost is no edit of theirs, though the entry is edited again', async () => {
    const { tenant, provider, scene } = await connected()
    await scene.makeEntry(tenant, 'Repair')
    await settle(world, provider)
    await scene.editEntry(tenant, await scene.only(tenant), { title: 'Repair the pump' })
    await world.control.fault({ kind: 'responseLost', vendor, method: 'PATCH', path: '/events', times: 1 })
    await expect(sync(world, provider)).rejects.toThrow('did not answer')
    await scene.editEntry(tenant, await scene.only(tenant), { title: 'Repair both pumps' })
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toEqual(['Repair both pumps'])
    expect(await scene.titlesOf(tenant)).toEqual(['Repair both pumps'])
  })

  test('an edit of theirs on top of an update whose answer is lost comes in', async () => {
    const { tenant, provider, scene } = await connected()
    await scene.makeEntry(tenant, 'Repair')
    await settle(world, provider)
    const [copy] = await scene.vendorEvents(provider)
    await scene.editEntry(tenant, await scene.only(tenant), { location: 'Cellar' })
    await world.control.fault({ kind: 'responseLost', vendor, method: 'PATCH', path: '/events', times: 1 })
    await expect(sync(world, provider)).rejects.toThrow('did not answer')
    await (await scene.person(provider)).rename(copy?.id ?? '', 'Repair the pump')
    await settle(world, provider)
    const { title, location } = (await scene.only(tenant)).content
    expect({ title, location }).toEqual({ title: 'Repair the pump', location: 'Cellar' })
    expect(await scene.vendorTitles(provider)).toEqual(['Repair the pump'])
  })

  test('a copy that somebody deletes before any look has shown it takes its entry along', async () => {
    const { tenant, provider, scene, step } = await connected()
    await scene.makeEntry(tenant, 'Repair')
    await world.activities.reconcilePending({ ...step, after: 0 })
    await world.activities.push(step)
    const [copy] = await scene.vendorEvents(provider)
    await (await scene.person(provider)).remove(copy?.id ?? '')
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual([])
  })

  test('a copy is asked about at most once: the look after its echo makes one call and writes nothing', async () => {
    const { tenant, scene, step } = await connected()
    await scene.makeEntry(tenant, 'Repair')
    await world.activities.reconcilePending({ ...step, after: 0 })
    await world.activities.push(step)
    expect(await world.activities.look(step)).toMatchObject({ kind: 'rest' })
    await world.control.forgetRequests()
    const before = await scene.rowsWritten()
    expect(await world.activities.look(step)).toMatchObject({ kind: 'rest' })
    expect(await world.control.requests()).toHaveLength(1)
    expect(await scene.tablesWritten(before)).toEqual(['cursors', 'providers'])
  })
})
