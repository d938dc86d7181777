import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Provider } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import { readProvider } from '../support/policy-scene.ts'
import { rewritingVendor } from '../support/rewriting-vendor.ts'
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

const dayMs = 86_400_000
const inDays = (days: number, hour = 9): string =>
  `${new Date(Date.now() + days * dayMs).toISOString().slice(0, 10)}T${String(hour).padStart(2, '0')}:00:00`

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  async function connected(options: Parameters<typeof connectProvider>[3] = {}) {
    const tenant = await makeTenant(world)
    const email = `${randomUUID()}@${vendor}.example`
    const provider = await connectProvider(world, tenant, vendor, { email, ...options })
    const scene = sceneOf(world)
    const step = { tenantId: tenant.tenantId, providerId: provider.id, runId: randomUUID() }
    return { tenant, provider, scene, email, step, person: await scene.person(provider) }
  }

  const lists = { vendor, method: 'GET', path: vendor === 'google' ? '/events$' : '/delta$', times: 1 }
  const lostCursor = {
    ...lists,
    kind: 'error',
    status: 410,
    ...(vendor === 'google' ? { reason: 'fullSyncRequired' } : { code: 'SyncStateNotFound' }),
  }
  const moreThanAPage = vendor === 'google' ? 520 : 270

  test('only the last page of a round says what is not there', async () => {
    const { tenant, provider, email, step } = await connected()
    await world.control.seed(email, { vendor, count: moreThanAPage, startsAt: `${tomorrow(9)}Z` })
    await sync(world, provider)
    const before = await everyEntry(tenant)
    expect(before).toHaveLength(moreThanAPage)
    await world.control.fault({ ...lostCursor, account: email })
    const hasty = world.activitiesWith({ budgetMs: 1 })
    expect(await hasty.pull(step)).toBe('more')
    expect(await hasty.pull(step)).toBe('more')
    await world.activities.reconcilePending({ ...step, after: 0 })
    expect(await everyEntry(tenant)).toEqual(before)
    await settle(world, provider)
    expect(await everyEntry(tenant)).toEqual(before)
    // Nor was anything taken for gone that the safety brake had to hold.
    expect(await eventsSeen(provider)).toBe(moreThanAPage)
  }, 120_000)

  test('an event that is made while a round is under way is not missed by it', async () => {
    const { tenant, provider: connectedOne, scene, email, step, person } = await connected()
    // The page that would show it has been read.
    let isRead = false
    const api = await rewritingVendor(world.sandbox.url, (value) =>
      isRead && Array.isArray(value) ? value.filter((item) => !isTitled(item, 'Ours')) : value,
    )
    const provider = await through(api.url, connectedOne)
    await world.control.seed(email, { vendor, count: moreThanAPage, startsAt: `${tomorrow(9)}Z` })
    await sync(world, provider)
    await world.control.fault({ ...lostCursor, account: email })
    const hasty = world.activitiesWith({ budgetMs: 1 })
    await hasty.pull(step)
    await hasty.pull(step)
    await scene.makeEntry(tenant, 'Ours', 7)
    await world.activities.reconcilePending({ ...step, after: 0 })
    await world.activities.push(step)
    await person.create({ title: 'Theirs', start: tomorrow(7), end: tomorrow(8) })
    isRead = true
    await sync(world, provider)
    isRead = false
    await settle(world, provider)
    await api.close()
    const titles = (await everyEntry(tenant)).map(({ title }) => title)
    expect(titles.filter((title) => title === 'Ours' || title === 'Theirs').toSorted()).toEqual([
      'Ours',
      'Theirs',
    ])
    expect(titles).toHaveLength(moreThanAPage + 2)
    expect(await scene.vendorEvents(provider)).toHaveLength(moreThanAPage + 2)
  }, 120_000)

  test('an event that leaves the window is not deleted', async () => {
    const { tenant, provider, scene, person } = await connected({ policies: { windowFutureDays: 3 } })
    const { id } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await sync(world, provider)
    await person.move(id, inDays(60), inDays(60, 10))
    await settle(world, provider)
    expect((await scene.only(tenant)).startsAt.toISOString().slice(0, 19)).toBe(inDays(60))
    expect(await scene.vendorTitles(provider)).toEqual(['Visit'])
  })

  test('a first look brings in what the window holds, past and to come', async () => {
    const { tenant, provider, scene, person } = await connected()
    await person.create({ title: 'Past', start: inDays(-20), end: inDays(-20, 10) })
    await person.create({ title: 'To come', start: inDays(20), end: inDays(20, 10) })
    await person.create({ title: 'Long ago', start: inDays(-200), end: inDays(-200, 10) })
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Past', 'To come'])
  })
})

test('what Outlook leaves out of a round and still has is not deleted', async () => {
  const tenant = await makeTenant(world)
  const email = `${randomUUID()}@outlook.example`
  const connected = await connectProvider(world, tenant, 'microsoft', { email })
  const scene = sceneOf(world)
  let leftOut = ''
  const api = await rewritingVendor(world.sandbox.url, (value) =>
    Array.isArray(value) ? value.filter((item: { id?: string }) => item.id !== leftOut) : value,
  )
  const provider = await through(api.url, connected)
  const person = await scene.person(provider)
  await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  await person.create({ title: 'Repair', start: tomorrow(11), end: tomorrow(12) })
  await sync(world, provider)
  leftOut =
    (await scene.mappings(provider)).find(({ baseEntry }) => baseEntry?.title === 'Visit')?.externalId ?? ''
  expect(leftOut).not.toBe('')
  await world.control.fault({
    kind: 'error',
    vendor: 'microsoft',
    account: email,
    method: 'GET',
    path: '/delta$',
    status: 410,
    code: 'SyncStateNotFound',
    times: 1,
  })
  await settle(world, provider)
  await api.close()
  expect(await scene.titlesOf(tenant)).toEqual(['Repair', 'Visit'])
})

const isTitled = (item: unknown, title: string): boolean =>
  typeof item === 'object' &&
  item !== null &&
  (('summary' in item && item.summary === title) || ('subject' in item && item.subject === title))

/** The provider, asking its vendor by another way. */
async function through(url: string, provider: Provider): Promise<Provider> {
  const { owner } = world.database
  await owner`
    update oauth_clients set endpoints = endpoints || ${owner.json({ api: url })}
    where tenant_id = ${provider.tenantId} and vendor = ${provider.vendor}`
  return (await readProvider(world, provider)) ?? provider
}

async function eventsSeen({ id }: Provider): Promise<number | undefined> {
  const [row] = await world.database.owner<{ seen: number }[]>`
    select count(*)::int as seen from external_events where provider_id = ${id} and not deleted`
  return row?.seen
}

/** Each entry by its id, version and title: one that is deleted and comes back has another. */
async function everyEntry({ tenantId }: TestTenant) {
  const rows = await world.database.owner<{ id: string; version: number; title: string }[]>`
    select id, version, content->>'title' as title from schedule_entries
    where tenant_id = ${tenantId} and deleted_at is null order by id`
  return rows.map((row) => ({ ...row }))
}
