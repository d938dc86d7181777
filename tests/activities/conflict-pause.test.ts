import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refreshConflict, resolveConflict } from '../../api/conflict-resolution.ts'
import { listConflicts } from '../../db/conflicts.ts'
import { findPreview } from '../../db/previews.ts'
import { overviewOf } from '../../db/provider-overview.ts'
import type { Provider } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import type { PauseScope } from '../../domain/policy.ts'
import { setPolicies } from '../support/policy-scene.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { monday, seriesScene, weekly } from '../support/series-scene.ts'
import { connectProvider, createWorld, makeTenant, settle, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const look = ({ tenantId, id }: Provider) => world.activities.look({ tenantId, providerId: id })

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  async function connected(pauseScope: PauseScope) {
    const tenant = await makeTenant(world)
    const provider = await connectProvider(world, tenant, vendor, {
      email: `${randomUUID()}@${vendor}.example`,
      policies: { pauseScope },
    })
    const scene = sceneOf(world)
    const person = await scene.person(provider)
    return { tenant, provider, scene, person }
  }

  /** One event that both sides renamed, and another on each side that one side changed. */
  async function fought(pauseScope: PauseScope) {
    const stage = await connected(pauseScope)
    const { tenant, provider, scene, person } = stage
    const visit = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    const theirs = await person.create({ title: 'Lunch', start: tomorrow(12), end: tomorrow(13) })
    await scene.makeEntry(tenant, 'Repair', 15)
    await settle(world, provider)
    const entryOf = async (title: string) => {
      const found = (await scene.entriesOf(tenant)).find((entry) => entry.content.title === title)
      if (!found) throw new Error(`There is no ${title}.`)
      return found
    }
    await person.rename(visit.id, 'Visit theirs')
    await scene.editEntry(tenant, await entryOf('Visit'), { title: 'Visit ours' })
    await person.rename(theirs.id, 'Lunch moved')
    await scene.editEntry(tenant, await entryOf('Repair'), { title: 'Repair moved' })
    await settle(world, provider)
    return { ...stage, visit, entryOf }
  }
  type Stage = Pick<Awaited<ReturnType<typeof fought>>, 'tenant' | 'provider'>

  const open = ({ tenant, provider }: Stage) =>
    world.database.tenant(tenant.tenantId, (db) =>
      listConflicts(db, { state: 'open', providerId: provider.id, limit: 9 }),
    )

  async function resolve(stage: Stage): Promise<void> {
    const { tenant, provider } = stage
    for (const { id } of await open(stage)) {
      await world.database.tenant(tenant.tenantId, (db) => refreshConflict(db, id))
    }
    for (const { id, entryVersion, externalRevision } of await open(stage)) {
      const author = { tenantId: tenant.tenantId, cause: { kind: 'session' as const }, now: world.deps.now() }
      const decision = {
        resolution: 'schedule' as const,
        fields: {},
        reviewed: { entryVersion, externalRevision },
      }
      const { flipped } = await world.database.tenant(tenant.tenantId, (db) =>
        resolveConflict(db, world.deps, author, id, decision),
      )
      expect(flipped).toContain(provider.id)
    }
  }

  test('a conflict pauses its own event alone, unless the provider says otherwise', async () => {
    const stage = await fought('event')
    expect(await stage.scene.titlesOf(stage.tenant)).toEqual(['Lunch moved', 'Repair moved', 'Visit ours'])
    expect(await stage.scene.vendorTitles(stage.provider)).toEqual([
      'Lunch moved',
      'Repair moved',
      'Visit theirs',
    ])
  })

  test('with the scope "provider" one conflict holds back every change of both sides, and its end lets all of them go', async () => {
    const stage = await fought('provider')
    const { tenant, provider, scene, person } = stage
    const entries = ['Lunch', 'Repair moved', 'Visit ours']
    const events = ['Lunch moved', 'Repair', 'Visit theirs']
    expect(await scene.titlesOf(tenant)).toEqual(entries)
    expect(await scene.vendorTitles(provider)).toEqual(events)

    await person.create({ title: 'Added there', start: tomorrow(17), end: tomorrow(18) })
    await scene.makeEntry(tenant, 'Added here', 19)
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Added here', ...entries])
    expect(await scene.vendorTitles(provider)).toEqual(['Added there', ...events])
    const [overview] = await world.database
      .tenant(tenant.tenantId, (db) => overviewOf(db, [provider.id]))
      .then((all) => [...all.values()])
    expect(overview?.conflictPause?.conflicts).toBe(1)

    await resolve(stage)
    await settle(world, provider)
    const both = ['Added here', 'Added there', 'Lunch moved', 'Repair moved', 'Visit ours']
    expect(await scene.titlesOf(tenant)).toEqual(both)
    expect(await scene.vendorTitles(provider)).toEqual(both)
  })

  test('a paused provider is looked at without a run, and without a row but the cursor’s and Last Sync', async () => {
    const { provider, scene } = await fought('provider')
    await look(provider)
    const before = await scene.rowsWritten()
    expect(await look(provider)).toMatchObject({ kind: 'rest', conflicts: 1 })
    expect(await scene.tablesWritten(before)).toEqual(['cursors', 'providers'])
  })

  test('a write that was decided before the conflict is not sent while it lasts', async () => {
    const stage = await fought('event')
    const { tenant, provider, scene } = stage
    const step = { tenantId: tenant.tenantId, providerId: provider.id, runId: world.deps.newId() }
    await scene.editEntry(tenant, await stage.entryOf('Repair moved'), { title: 'Repair again' })
    await world.activities.reconcilePending({ ...step, after: 0 })
    await setPolicies(world, provider, { pauseScope: 'provider' })
    expect(await world.activities.push(step)).toBe('done')
    expect(await scene.vendorTitles(provider)).toContain('Repair moved')
    await setPolicies(world, provider, { pauseScope: 'event' })
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toContain('Repair again')
  })

  test('a preview of a paused provider says that nothing would be done, and how much waits', async () => {
    const { tenant, provider } = await fought('provider')
    const previewId = world.deps.newId()
    const step = { tenantId: tenant.tenantId, providerId: provider.id, previewId, wish: {} }
    expect(await world.activities.preview(step)).toEqual({ kind: 'ready', previewId })
    const preview = await world.database.tenant(tenant.tenantId, (db) =>
      findPreview(db, previewId, world.deps.now()),
    )
    expect(preview).toMatchObject({ counts: {}, unlisted: 0, undecided: 2 })
  })

  test('sides that come to agree by themselves end the pause within the run that sees it', async () => {
    const stage = await fought('provider')
    const { provider, scene, person, visit } = stage
    await person.rename(visit.id, 'Visit ours')
    expect(await look(provider)).toEqual({ kind: 'work', pulled: true })
    await sync(world, provider)
    expect(await open(stage)).toEqual([])
    expect(await scene.vendorTitles(provider)).toEqual(['Lunch moved', 'Repair moved', 'Visit ours'])
  })

  test('the other calendar of the member is not paused', async () => {
    const stage = await fought('provider')
    const { tenant, provider, scene } = stage
    const other = await connectProvider(world, tenant, vendor === 'google' ? 'microsoft' : 'google', {
      email: `${randomUUID()}@other.example`,
    })
    await settle(world, other, provider)
    expect(await scene.vendorTitles(other)).toEqual(['Lunch', 'Repair moved', 'Visit ours'])
  })

  test('one occurrence in conflict pauses its series and all others, and waits without runs while its series has changed', async () => {
    const { tenant, provider, scene, person } = await connected('provider')
    /** The id of a series' second occurrence. */
    const secondOf = async (id: string) => {
      const path =
        vendor === 'google'
          ? `/calendar/v3/calendars/primary/events/${id}/instances`
          : `/v1.0/me/events/${id}/instances?startDateTime=${monday(0)}&endDateTime=${monday(0, 100)}`
      const page = await person.send<{ items?: { id: string }[]; value?: { id: string }[] }>('GET', path)
      return (page.items ?? page.value)?.[1]?.id ?? ''
    }
    const series = seriesScene(world)
    await series.make(tenant, weekly('Standup'))
    await settle(world, provider)
    const standup = await series.series(tenant)
    const slot = series.slot(standup.content, 1)
    const [event] = await scene.vendorEvents(provider)
    await series.change(tenant, standup, slot, { title: 'Ours' })
    await person.rename(await secondOf(event?.id ?? ''), 'Theirs')
    await settle(world, provider)
    const [conflict] = await world.database.tenant(tenant.tenantId, (db) =>
      listConflicts(db, { state: 'open', limit: 9 }),
    )
    expect(conflict).toBeDefined()

    await series.write(tenant, standup, { ...standup.content, title: 'Daily' }, false)
    await series.change(tenant, standup, slot, { location: 'Room 1' })
    await settle(world, provider)
    expect(await look(provider)).toMatchObject({ kind: 'rest', conflicts: 1 })
    expect((await series.shownBy(provider)).map(({ title }) => title)).toEqual([
      'Standup',
      'Theirs',
      ...Array.from({ length: 6 }, () => 'Standup'),
    ])
    await resolve({ tenant, provider })
    await settle(world, provider)
    expect(await series.shownBy(provider)).toEqual(await series.shown(tenant))
    expect((await series.shown(tenant))[0]?.title).toBe('Daily')
  })
})
