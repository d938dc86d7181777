import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolveConflict, type Decision } from '../../api/conflict-resolution.ts'
import { resetMapping } from '../../api/mapping-reset.ts'
import { findConflict, listConflicts } from '../../db/conflicts.ts'
import type { Vendor } from '../../domain/event.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import {
  connectProvider,
  createWorld,
  makeTenant,
  settle,
  sync,
  type TestTenant,
  type World,
} from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const author = (tenant: TestTenant) => ({
  tenantId: tenant.tenantId,
  cause: { kind: 'session' as const },
  now: world.deps.now(),
})

const openConflict = async (tenant: TestTenant) => {
  const [conflict] = await world.database.tenant(tenant.tenantId, (db) =>
    listConflicts(db, { state: 'open', limit: 9 }),
  )
  expect(conflict?.resolvedAt).toBeNull()
  if (!conflict) throw new Error('There is no open conflict.')
  return conflict
}

async function decide(
  tenant: TestTenant,
  resolution: Decision['resolution'],
  fields: Decision['fields'] = {},
): Promise<void> {
  const { id, entryVersion, externalRevision } = await openConflict(tenant)
  const decision = { resolution, fields, reviewed: { entryVersion, externalRevision } }
  await world.database.tenant(tenant.tenantId, (db) =>
    resolveConflict(db, world.deps, author(tenant), id, decision),
  )
}

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  /** An event that both sides renamed; the calendar moved it too, the schedule gave it a place. */
  async function bothEdited() {
    const tenant = await makeTenant(world)
    const email = `${randomUUID()}@${vendor}.example`
    const provider = await connectProvider(world, tenant, vendor, { email })
    const scene = sceneOf(world)
    const person = await scene.person(provider)
    const { id } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await sync(world, provider)
    await person.rename(id, 'Theirs')
    await person.move(id, tomorrow(14), tomorrow(15))
    await scene.editEntry(tenant, await scene.only(tenant), { title: 'Ours', location: 'Room 1' })
    await settle(world, provider)
    return { tenant, provider, scene, person, id }
  }
  /** Title, place and start on both sides. */
  async function sides({ tenant, provider, scene }: Awaited<ReturnType<typeof bothEdited>>) {
    await settle(world, provider)
    const entries = await scene.entriesOf(tenant)
    const events = await scene.vendorEvents(provider)
    return {
      schedule: entries.map(({ content: { title, time } }) => [
        title,
        time.kind === 'dateTime' && time.startsAt,
      ]),
      external: events.map(({ title, start }) => [title, start]),
      open: await world.database.tenant(tenant.tenantId, (db) =>
        listConflicts(db, { state: 'open', limit: 9 }),
      ),
    }
  }

  test.each<[string, Decision['resolution'], Decision['fields'], string, number]>([
    ['keeping the schedule', 'schedule', {}, 'Ours', 9],
    ['keeping the calendar', 'external', {}, 'Theirs', 14],
    ['a merge of both', 'merge', { title: 'schedule', location: 'schedule', time: 'external' }, 'Ours', 14],
  ])('%s brings both sides to the same', async (_case, resolution, fields, title, hour) => {
    const stage = await bothEdited()
    await decide(stage.tenant, resolution, fields)
    const { schedule, external, open } = await sides(stage)
    expect(schedule).toEqual([[title, `${tomorrow(hour)}Z`]])
    expect(external).toEqual([[title, `${tomorrow(hour)}Z`]])
    expect(open).toEqual([])
  })

  test('until a person decides neither side is written, however often either is edited', async () => {
    const stage = await bothEdited()
    await stage.scene.editEntry(stage.tenant, await stage.scene.only(stage.tenant), { title: 'Ours again' })
    await stage.person.rename(stage.id, 'Theirs again')
    const { schedule, external, open } = await sides(stage)
    expect(schedule).toEqual([['Ours again', `${tomorrow(9)}Z`]])
    expect(external).toEqual([['Theirs again', `${tomorrow(14)}Z`]])
    expect(open).toHaveLength(1)
    const told = await world.database.owner`
      select 1 from outbox where tenant_id = ${stage.tenant.tenantId} and type = 'CALENDAR_CONFLICT_DETECTED'`
    expect(told).toHaveLength(1)
  })

  test('a merge without a word on a field that differs is refused by name, and nothing is decided', async () => {
    const { tenant } = await bothEdited()
    await expect(decide(tenant, 'merge', { title: 'schedule' })).rejects.toThrow(/location|time/)
    expect((await openConflict(tenant)).resolvedAt).toBeNull()
  })

  test('a decision on a side that moved since is refused', async () => {
    const stage = await bothEdited()
    const { id, entryVersion, externalRevision } = await openConflict(stage.tenant)
    await stage.scene.editEntry(stage.tenant, await stage.scene.only(stage.tenant), { title: 'Ours again' })
    const decision: Decision = {
      resolution: 'external',
      fields: {},
      reviewed: { entryVersion, externalRevision },
    }
    const decided = world.database.tenant(stage.tenant.tenantId, (db) =>
      resolveConflict(db, world.deps, author(stage.tenant), id, decision),
    )
    await expect(decided).rejects.toThrow(/read the conflict again/)
  })

  test('an entry deleted here and edited there comes back or is gone everywhere, as decided', async () => {
    for (const [resolution, titles] of [
      ['external', ['Theirs']],
      ['schedule', []],
    ] as const) {
      const tenant = await makeTenant(world)
      const provider = await connectProvider(world, tenant, vendor, {
        email: `${randomUUID()}@${vendor}.example`,
      })
      const scene = sceneOf(world)
      const person = await scene.person(provider)
      const { id } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
      await sync(world, provider)
      await person.rename(id, 'Theirs')
      await scene.editEntry(tenant, await scene.only(tenant), {}, true)
      await settle(world, provider)
      await decide(tenant, resolution)
      await settle(world, provider)
      expect(await scene.titlesOf(tenant)).toEqual(titles)
      expect(await scene.vendorTitles(provider)).toEqual(titles)
    }
  })

  test('an entry that is restored right after its deletion was decided for has its own words on both sides', async () => {
    const tenant = await makeTenant(world)
    const email = `${randomUUID()}@${vendor}.example`
    const provider = await connectProvider(world, tenant, vendor, { email })
    const scene = sceneOf(world)
    const person = await scene.person(provider)
    const { id } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await sync(world, provider)
    const entry = await scene.only(tenant)
    await person.rename(id, 'Theirs')
    await scene.editEntry(tenant, entry, {}, true)
    await settle(world, provider)
    await decide(tenant, 'schedule')
    await scene.editEntry(tenant, { ...entry, version: entry.version + 1 }, {}, false)
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Visit'])
    expect(await scene.vendorTitles(provider)).toEqual(['Visit'])
  })

  test('an event deleted there and edited here is made anew or is gone everywhere, as decided', async () => {
    for (const [resolution, titles] of [
      ['schedule', ['Ours']],
      ['external', []],
    ] as const) {
      const tenant = await makeTenant(world)
      const provider = await connectProvider(world, tenant, vendor, {
        email: `${randomUUID()}@${vendor}.example`,
      })
      const scene = sceneOf(world)
      const person = await scene.person(provider)
      const { id } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
      await sync(world, provider)
      await person.remove(id)
      await scene.editEntry(tenant, await scene.only(tenant), { title: 'Ours' })
      await settle(world, provider)
      await decide(tenant, resolution)
      await settle(world, provider)
      expect(await scene.titlesOf(tenant)).toEqual(titles)
      expect(await scene.vendorTitles(provider)).toEqual(titles)
    }
  })

  test('a reset has a conflict decided anew, and keeps who wished it and why', async () => {
    const { tenant, provider, scene, person, id } = await bothEdited()
    const before = await openConflict(tenant)
    await person.rename(id, 'Ours')
    await scene.editEntry(tenant, await scene.only(tenant), {
      location: '',
      time: { ...(await scene.only(tenant)).content.time },
    })
    await world.database.tenant(tenant.tenantId, (db) =>
      resetMapping(db, author(tenant), before.mappingId, 'The calendar was mended by hand.'),
    )
    await settle(world, provider)
    const after = await world.database.tenant(tenant.tenantId, (db) => findConflict(db, before.id))
    expect(after).toMatchObject({
      resolution: 'reset',
      reason: 'The calendar was mended by hand.',
      resolvedBy: { kind: 'session' },
    })
  })
})
