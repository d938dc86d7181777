import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { holdProvider } from '../../activities/hold-provider.ts'
import { saveCursor } from '../../db/cursors.ts'
import { forgetPreviews } from '../../db/previews.ts'
import { openShadow } from '../../db/shadow.ts'
import { insertTenant } from '../../db/tenants.ts'
import type { Vendor } from '../../domain/event.ts'
import { chanceOf } from '../simulation/chance.ts'
import { brakeSceneOf } from '../support/brake-scene.ts'
import { previewOf, said } from '../support/preview-scene.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, settle, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const scene = () => sceneOf(world)

async function connected(vendor: Vendor, options: Parameters<typeof connectProvider>[3] = {}) {
  const tenant = await makeTenant(world)
  const email = `${randomUUID()}@${vendor}.example`
  const provider = await connectProvider(world, tenant, vendor, { email, ...options })
  const person = await scene().person(provider)
  return { tenant, provider, person }
}

/** Something new, changed and deleted on either side, and one event that both sides renamed. */
async function everything(vendor: Vendor) {
  const { tenant, provider, person } = await connected(vendor)
  const there: Record<string, string> = {}
  for (const title of ['Edited there', 'Gone there', 'Edited on both']) {
    there[title] = (await person.create({ title, start: tomorrow(9), end: tomorrow(10) })).id
  }
  for (const title of ['Edited here', 'Gone here']) await scene().makeEntry(tenant, title)
  await settle(world, provider)

  const here = async (title: string) => {
    const entry = (await scene().entriesOf(tenant)).find((one) => one.content.title === title)
    if (!entry) throw new Error(`There is no entry "${title}".`)
    return entry
  }
  await person.rename(there['Edited there'] ?? '', 'Renamed there')
  await person.rename(there['Edited on both'] ?? '', 'Theirs')
  await person.remove(there['Gone there'] ?? '')
  await person.create({ title: 'New there', start: tomorrow(11), end: tomorrow(12) })
  await scene().editEntry(tenant, await here('Edited here'), { title: 'Renamed here', location: 'Room 1' })
  await scene().editEntry(tenant, await here('Edited on both'), { title: 'Ours' })
  await scene().editEntry(tenant, await here('Gone here'), {}, true)
  await scene().makeEntry(tenant, 'New here')
  return { tenant, provider, person }
}

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  test('a preview tells of each side what the next look does, and the look does it', async () => {
    const { tenant, provider } = await everything(vendor)
    const { preview, items } = await previewOf(world, provider)
    expect(said(items)).toEqual([
      'both conflict Ours',
      'external create New here',
      'external delete Gone here',
      'external update Renamed here',
      'schedule create New there',
      'schedule delete Gone there',
      'schedule update Renamed there',
    ])
    expect(preview).toMatchObject({ complete: true, undecided: 0, unlisted: 0 })
    expect(items.find(({ title }) => title === 'Renamed here')).toMatchObject({
      fields: ['title', 'location'],
      reason: 'The entry was changed in the schedule.',
      time: { kind: 'dateTime' },
    })
    await settle(world, provider)
    expect(await scene().titlesOf(tenant)).toEqual([
      'New here',
      'New there',
      'Ours',
      'Renamed here',
      'Renamed there',
    ])
    expect(await scene().vendorTitles(provider)).toEqual([
      'New here',
      'New there',
      'Renamed here',
      'Renamed there',
      'Theirs',
    ])
    expect((await previewOf(world, provider)).items).toEqual([])
  })

  test('a preview writes no row but itself, and the vendor is only read', async () => {
    const { provider } = await everything(vendor)
    await world.control.forgetRequests()
    const before = await scene().rowsWritten()
    const first = await previewOf(world, provider)
    expect(await scene().tablesWritten(before)).toEqual(['preview_items', 'previews'])
    expect(new Set((await world.control.requests()).map(({ method }) => method))).toEqual(new Set(['GET']))
    expect(said((await previewOf(world, provider)).items)).toEqual(said(first.items))
  })

  test('a calendar that was never looked at is previewed whole', async () => {
    const { tenant, provider, person } = await connected(vendor)
    await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await scene().makeEntry(tenant, 'Repair', 12)
    expect(said((await previewOf(world, provider)).items)).toEqual([
      'external create Repair',
      'schedule create Visit',
    ])
    expect(await scene().mappings(provider)).toEqual([])
  })

  test('a wider direction is tried before it is chosen', async () => {
    const { tenant, provider, person } = await connected(vendor, { direction: 'inbound' })
    await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await sync(world, provider)
    await scene().makeEntry(tenant, 'Repair', 12)
    const entry = (await scene().entriesOf(tenant)).find(({ content }) => content.title === 'Visit')
    if (entry) await scene().editEntry(tenant, entry, { title: 'Longer visit' })
    expect((await previewOf(world, provider)).items).toEqual([])
    expect(said((await previewOf(world, provider, { direction: 'both' })).items)).toEqual([
      'external create Repair',
      'external update Longer visit',
    ])
    await sync(world, provider)
    expect(await scene().vendorTitles(provider)).toEqual(['Visit'])
  })

  test('a cursor that the vendor has forgotten is previewed as a full round, which deletes nothing', async () => {
    const { provider, person } = await connected(vendor)
    await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await settle(world, provider)
    await world.database.tenant(provider.tenantId, (db) =>
      saveCursor(db, provider.id, { fingerprint: 'another' }),
    )
    const { preview, items } = await previewOf(world, provider)
    expect(items).toEqual([])
    expect(preview.complete).toBe(true)
  })

  test('a write whose answer was lost is looked up, and told as what it came to', async () => {
    const { tenant, provider } = await connected(vendor)
    await sync(world, provider)
    await scene().makeEntry(tenant, 'Repair')
    await world.control.fault({
      kind: 'responseLost',
      vendor,
      account: provider.accountEmail,
      method: 'POST',
      path: '/events',
      times: 1,
    })
    await expect(sync(world, provider)).rejects.toThrow('did not answer')
    expect((await previewOf(world, provider)).items).toEqual([])
    await settle(world, provider)
    expect(await scene().vendorTitles(provider)).toEqual(['Repair'])
  })
})

/** Every entry by its id, and every event by its: what stands there, and a word that moves when it changes. */
async function standing({ tenant, provider }: Awaited<ReturnType<typeof connected>>) {
  const entries = (await scene().entriesOf(tenant)).map(
    ({ id, version, content }) => [id, { title: content.title, word: String(version) }] as const,
  )
  const events = (await scene().vendorEvents(provider)).map(
    ({ id, title, start }) => [id, { title, word: title + start }] as const,
  )
  return { schedule: new Map(entries), external: new Map(events) }
}

type Standing = Awaited<ReturnType<typeof standing>>

/** What came, changed and went between two moments, as a preview says it. */
const between = (before: Standing, after: Standing): string[] =>
  (['schedule', 'external'] as const)
    .flatMap((side) => [
      ...[...after[side]].flatMap(([id, { title, word }]) => {
        const was = before[side].get(id)
        if (!was) return `${side} create ${title}`
        return was.word === word ? [] : `${side} update ${title}`
      }),
      ...[...before[side]].flatMap(([id, { title }]) =>
        after[side].has(id) ? [] : `${side} delete ${title}`,
      ),
    ])
    .toSorted()

test.each([1, 2, 3, 4, 5, 6])(
  'whatever people did on either side, the look does exactly what its preview told (history %i)',
  async (seed) => {
    const chance = chanceOf(seed)
    const stage = await connected(seed % 2 === 0 ? 'google' : 'microsoft', {
      policies: { conflicts: chance.pick(['manual', 'prefer-schedule', 'prefer-external']) },
    })
    const { tenant, provider, person } = stage
    let count = 0
    const words = () => `Thing ${seed}.${++count}`
    const act = async () => {
      const events = await scene().vendorEvents(provider)
      const entries = await scene().entriesOf(tenant)
      const hour = 1 + chance.below(20)
      const what = chance.below(7)
      if (what === 0) await scene().makeEntry(tenant, words(), hour)
      else if (what === 1)
        await person.create({ title: words(), start: tomorrow(hour), end: tomorrow(hour + 1) })
      else if (what < 4 && entries.length > 0)
        await scene().editEntry(tenant, chance.pick(entries), { title: words() }, what === 3)
      else if (what < 6 && events.length > 0) await person.rename(chance.pick(events).id, words())
      else if (what === 6 && events.length > 0) await person.remove(chance.pick(events).id)
    }
    for (let round = 0; round < 3; round++) {
      for (let turn = 0; turn < 8; turn++) await act()
      const told = said((await previewOf(world, provider)).items).filter((line) => !line.startsWith('both'))
      const before = await standing(stage)
      await sync(world, provider)
      expect(between(before, await standing(stage))).toEqual(told)
    }
  },
)

test('the same meeting in the member’s other calendar is told as a link', async () => {
  const { tenant, provider: from } = await connected('google')
  const to = await connectProvider(world, tenant, 'google', { email: `${randomUUID()}@google.example` })
  const visit = {
    title: 'Visit',
    start: tomorrow(9),
    end: tomorrow(10),
    iCalUID: `${randomUUID()}@visit.example`,
  }
  await (await scene().person(from)).create(visit)
  await settle(world, from)
  await (await scene().person(to)).create(visit)
  expect(said((await previewOf(world, to)).items)).toEqual(['both link Visit'])
})

test('a series is told with the occurrences that differ', async () => {
  const { provider, person } = await connected('google')
  const path = '/calendar/v3/calendars/primary/events'
  const { id } = await person.send<{ id: string }>('POST', path, {
    summary: 'Stand-up',
    start: { dateTime: `${tomorrow(9)}Z`, timeZone: 'UTC' },
    end: { dateTime: `${tomorrow(10)}Z`, timeZone: 'UTC' },
    recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
  })
  const { items: instances } = await person.send<{ items: { id: string }[] }>(
    'GET',
    `${path}/${id}/instances`,
  )
  await person.rename(instances[1]?.id ?? '', 'Long stand-up')
  await person.remove(instances[2]?.id ?? '')
  const { items } = await previewOf(world, provider)
  expect(said(items)).toEqual([
    'schedule create Stand-up',
    'schedule delete Stand-up',
    'schedule update Long stand-up',
  ])
  expect(items.find(({ action }) => action === 'create')?.repeats).toBe(true)
})

test('what the safety brake would hold is told as held, and no brake is set', async () => {
  const brakes = brakeSceneOf(world)
  const { provider } = await brakes.connected(40)
  await brakes.vanish(provider, 30)
  const { preview } = await previewOf(world, provider)
  expect(preview.counts).toEqual({ 'schedule.hold': 30 })
  expect(await brakes.brakes(provider)).toEqual([])
  expect(await brakes.held(provider)).toEqual([])
})

test('whoever works on the provider keeps it', async () => {
  const { provider } = await everything('google')
  const held = await holdProvider(world.deps, { tenantId: provider.tenantId, providerId: provider.id })
  if (held.kind !== 'held') throw new Error('The provider is not held.')
  await previewOf(world, provider)
  await expect(held.transaction(async () => 'still mine')).resolves.toBe('still mine')
})

test('a paused provider is previewed, one without consent is not', async () => {
  const { provider, person } = await connected('google')
  await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  const { owner } = world.database
  await owner`update providers set paused = true where id = ${provider.id}`
  expect(said((await previewOf(world, provider)).items)).toEqual(['schedule create Visit'])
  await owner`update providers set "authorization" = 'reauthorization-required' where id = ${provider.id}`
  await expect(previewOf(world, provider)).rejects.toThrow('halted')
})

test('PostgreSQL itself refuses a write beside the copied rows', async () => {
  const { provider } = await connected('google')
  const shadow = await openShadow(world.database, provider)
  const tenant = { tenantId: randomUUID(), name: 'Acme', createdAt: new Date() }
  const refused = await shadow.transaction((db) => insertTenant(db, tenant)).catch((error: unknown) => error)
  expect(refused).toMatchObject({ cause: { message: expect.stringContaining('read-only transaction') } })
  await shadow.close()
})

test('a preview that nobody may read any more keeps no words', async () => {
  const { provider } = await everything('google')
  const { preview } = await previewOf(world, provider)
  const { database } = world
  const kept = () => database.owner`select title from preview_items where preview_id = ${preview.id}`
  await database.system((db) => forgetPreviews(db, new Date(preview.expiresAt.getTime() - 1)))
  expect(await kept()).toHaveLength(7)
  await database.system((db) => forgetPreviews(db, preview.expiresAt))
  expect(await kept()).toEqual([])
})
