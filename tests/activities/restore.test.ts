import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listEntryVersions } from '../../db/entry-versions.ts'
import { findEntries, type ScheduleEntry } from '../../db/schedule-entries.ts'
import type { Vendor } from '../../domain/event.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import {
  connectProvider,
  createWorld,
  makeTenant,
  settle,
  type TestTenant,
  type World,
} from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  async function connected() {
    const tenant = await makeTenant(world)
    const email = `${randomUUID()}@${vendor}.example`
    const provider = await connectProvider(world, tenant, vendor, { email })
    const scene = sceneOf(world)
    return { tenant, provider, scene, person: await scene.person(provider) }
  }

  test('an entry restored after its event was deleted in the calendar has one event again', async () => {
    const { tenant, provider, scene, person } = await connected()
    const id = await scene.makeEntry(tenant, 'Repair')
    for (let round = 0; round < 2; round++) {
      await settle(world, provider)
      expect(await scene.vendorTitles(provider)).toEqual(['Repair'])
      const [event] = await scene.vendorEvents(provider)
      await person.remove(event?.id ?? '')
      await settle(world, provider)
      expect(await scene.titlesOf(tenant)).toEqual([])
      await scene.editEntry(tenant, await entry(tenant, id), {})
    }
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Repair'])
    expect(await scene.vendorTitles(provider)).toEqual(['Repair'])
  })

  test('an entry restored after both sides deleted it has one event again', async () => {
    const { tenant, provider, scene, person } = await connected()
    const id = await scene.makeEntry(tenant, 'Repair')
    await settle(world, provider)
    const [event] = await scene.vendorEvents(provider)
    await person.remove(event?.id ?? '')
    await scene.editEntry(tenant, await scene.only(tenant), {}, true)
    await settle(world, provider)
    expect((await scene.mappings(provider)).map(({ state }) => state)).toEqual(['retired'])
    await scene.editEntry(tenant, await entry(tenant, id), {})
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Repair'])
    expect(await scene.vendorTitles(provider)).toEqual(['Repair'])
  })

  test('a deletion in the calendar is told to the application, and the history keeps what it was and who did it', async () => {
    const { tenant, provider, scene, person } = await connected()
    const { id } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await settle(world, provider)
    const before = await scene.only(tenant)
    await person.remove(id)
    await settle(world, provider)
    const told = await world.database.owner<{ type: string; version: number }[]>`
      select type, (data->>'version')::int as version from outbox where subject_id = ${before.id} order by at`
    expect(told.map(({ type, version }) => `${type} ${version}`)).toEqual([
      'SCHEDULE_ENTRY_CREATED 1',
      'SCHEDULE_ENTRY_DELETED 2',
    ])
    const versions = await world.database.tenant(tenant.tenantId, (db) => listEntryVersions(db, before.id))
    expect(versions.at(-1)).toMatchObject({
      deleted: true,
      content: before.content,
      cause: { kind: 'provider', providerId: provider.id },
    })
  })
})

async function entry({ tenantId }: TestTenant, id: string): Promise<ScheduleEntry> {
  const [found] = await world.database.tenant(tenantId, (db) => findEntries(db, [id]))
  if (!found) throw new Error('The entry is gone.')
  return found
}
