import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findDisconnect, insertDisconnect } from '../../db/disconnects.ts'
import { markDeleted, type Provider } from '../../db/providers.ts'
import { activeSubscriptions } from '../../db/subscriptions.ts'
import type { Vendor } from '../../domain/event.ts'
import { OutcomeUnknown } from '../../providers/errors.ts'
import { listen, type Hook } from '../sandbox/hook.ts'
import { receive } from '../support/meetings.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { seriesScene, weekly } from '../support/series-scene.ts'
import { tablesSaying } from '../support/stored-words.ts'
import { connectProvider, createWorld, makeTenant, settle, sync, type World } from '../support/world.ts'

let world: World
let hook: Hook
beforeAll(async () => {
  hook = await listen()
  world = await createWorld({ publicUrl: hook.url })
})
afterAll(async () => {
  await world.close()
  await hook.close()
})

const by = { kind: 'api-key' as const, id: randomUUID() }
const newEmail = (vendor: Vendor) => `${randomUUID()}@${vendor}.example`

async function connected(vendor: Vendor) {
  const tenant = await makeTenant(world)
  const email = newEmail(vendor)
  const provider = await connectProvider(world, tenant, vendor, { email })
  const scene = sceneOf(world)
  const again = () => connectProvider(world, tenant, vendor, { email })
  return { tenant, provider, scene, again, person: await scene.person(provider) }
}

/** What the API and the workflow do, step by step. */
async function takeApart({ id: providerId, tenantId }: Provider) {
  await world.database.tenant(tenantId, async (db) => {
    await markDeleted(db, providerId, world.deps.now())
    await insertDisconnect(db, {
      providerId,
      tenantId,
      requestedAt: world.deps.now(),
      requestedBy: by,
    })
  })
  const step = { tenantId, providerId }
  const subscriptions = await world.activities.endSubscriptions({ ...step, isLast: false })
  const consent = await world.activities.revokeConsent({ ...step, isLast: false })
  while ((await world.activities.forgetProvider(step)) === 'more');
  return { subscriptions, consent }
}

describe.each<Vendor>(['google', 'microsoft'])('a deleted provider of %s', (vendor) => {
  test('leaves no word, no secret and no subscription; entries and events stay', async () => {
    const { tenant, provider, scene, person } = await connected(vendor)
    const word = `Clinic${randomUUID().slice(0, 8)}`
    await person.create({ title: word, start: tomorrow(9), end: tomorrow(10) })
    await scene.makeEntry(tenant, `${word} ours`, 12)
    await sync(world, provider)
    const step = { tenantId: tenant.tenantId, providerId: provider.id }
    await world.activities.ensureSubscription(step)

    const { subscriptions } = await takeApart(provider)
    expect(subscriptions).toBe('stopped')
    expect(await tablesSaying(world, word)).toEqual(['entry_versions', 'schedule_entries'])
    const [kept] = await world.database.owner<{ secrets: number }[]>`
      select count(*)::int as secrets from provider_credentials where provider_id = ${provider.id}`
    expect(kept).toEqual({ secrets: 0 })
    expect(await scene.titlesOf(tenant)).toEqual([word, `${word} ours`])
    expect(await scene.vendorTitles(provider)).toEqual([word, `${word} ours`])
    const done = await world.database.tenant(tenant.tenantId, (db) => findDisconnect(db, provider.id))
    expect(done?.finishedAt).not.toBeNull()
    expect(await world.activities.look(step)).toEqual({ kind: 'gone' })
  })

  test('is linked when its calendar is connected again: nothing is doubled on either side', async () => {
    const { tenant, provider, scene, person, again } = await connected(vendor)
    await person.create({ title: 'Theirs', start: tomorrow(9), end: tomorrow(10) })
    await scene.makeEntry(tenant, 'Ours', 12)
    await settle(world, provider)
    await takeApart(provider)
    const back = await again()
    await world.control.forgetRequests()
    await settle(world, back)
    expect(await scene.titlesOf(tenant)).toEqual(['Ours', 'Theirs'])
    expect(await scene.vendorTitles(back)).toEqual(['Ours', 'Theirs'])
    const writes = (await world.control.requests()).filter(({ method }) => method !== 'GET')
    expect(writes.filter(({ path }) => /events/.test(path))).toEqual([])
    const pairs = await scene.mappings(back)
    expect(pairs.map(({ origin, state }) => `${origin} ${state}`).toSorted()).toEqual([
      'external active',
      'schedule active',
    ])
  })

  test.each(['stays', 'is taken off'])(
    'that had a copy of a meeting which then came to it shows the meeting alone when it is back (the member %s)',
    async (who) => {
      const { tenant, provider, scene, again } = await connected(vendor)
      const other = await connectProvider(world, tenant, 'google', { email: newEmail('google') })
      const iCalUID = `${randomUUID()}@meet.example`
      const meeting = { title: 'Board', start: tomorrow(9), end: tomorrow(10), iCalUID }
      await receive(world, other, meeting)
      await settle(world, other, provider)
      await receive(world, provider, meeting)
      await takeApart(provider)
      const entry = await scene.only(tenant)
      await scene.editEntry(tenant, entry, { title: 'Board, by the office' })
      if (who === 'is taken off') await scene.assign(tenant, entry.id, [])
      const back = await again()
      await settle(world, other, back)
      expect(await scene.vendorEvents(back)).toHaveLength(1)
      expect(await scene.titlesOf(tenant)).toEqual(['Board, by the office'])
      const states = (await scene.mappings(back)).map(({ origin, state }) => `${origin} ${state}`)
      expect(states.filter((state) => state !== 'schedule retired')).toEqual(
        who === 'stays' ? ['external active'] : [],
      )
    },
  )

  test('takes up what changed meanwhile on one side, and asks about what changed on both', async () => {
    const { tenant, provider, scene, person, again } = await connected(vendor)
    const here = await person.create({ title: 'Here', start: tomorrow(9), end: tomorrow(10) })
    await scene.makeEntry(tenant, 'There', 12)
    const twice = await person.create({ title: 'Twice', start: tomorrow(15), end: tomorrow(16) })
    await settle(world, provider)
    await takeApart(provider)
    await person.rename(here.id, 'Here, by the member')
    await person.rename(twice.id, 'Twice, by the member')
    for (const entry of await scene.entriesOf(tenant)) {
      if (entry.content.title === 'Here') continue
      await scene.editEntry(tenant, entry, { title: `${entry.content.title}, by the office` })
    }
    const back = await again()
    // What it does not show yet may still come: no entry is decided before it was seen whole.
    const { id: providerId, tenantId } = back
    await world.activities.reconcilePending({ tenantId, providerId, runId: randomUUID(), after: 0 })
    await settle(world, back)
    expect(await scene.titlesOf(tenant)).toEqual([
      'Here, by the member',
      'There, by the office',
      'Twice, by the office',
    ])
    expect(await scene.vendorTitles(back)).toEqual([
      'Here, by the member',
      'There, by the office',
      'Twice, by the member',
    ])
    const pairs = await scene.mappings(back)
    expect(pairs.map(({ state }) => state).toSorted()).toEqual(['active', 'active', 'conflict'])
  })

  test('brings nothing back that was deleted meanwhile on either side', async () => {
    const { tenant, provider, scene, person, again } = await connected(vendor)
    const gone = await person.create({ title: 'Deleted there', start: tomorrow(9), end: tomorrow(10) })
    await scene.makeEntry(tenant, 'Deleted here', 12)
    await settle(world, provider)
    await takeApart(provider)
    await person.remove(gone.id)
    const entry = (await scene.entriesOf(tenant)).find(({ content }) => content.title === 'Deleted here')
    if (!entry) throw new Error('The entry is not there.')
    await scene.editEntry(tenant, entry, {}, true)
    const back = await again()
    await settle(world, back)
    expect(await scene.vendorTitles(back)).toEqual([])
    expect(await scene.titlesOf(tenant)).toEqual(['Deleted there'])
    await scene.editEntry(tenant, await scene.only(tenant), { title: 'Wanted after all' })
    await settle(world, back)
    expect(await scene.vendorTitles(back)).toEqual(['Wanted after all'])
  })

  test('takes a deletion for one that comes after its calendar was seen again', async () => {
    const { tenant, provider, scene, person, again } = await connected(vendor)
    const { id } = await person.create({ title: 'Theirs', start: tomorrow(9), end: tomorrow(10) })
    await settle(world, provider)
    await takeApart(provider)
    const back = await again()
    const step = { tenantId: tenant.tenantId, providerId: back.id, runId: randomUUID() }
    while ((await world.activities.pull(step)) === 'more');
    await person.remove(id)
    await settle(world, back)
    expect(await scene.titlesOf(tenant)).toEqual([])
    expect(await scene.vendorTitles(back)).toEqual([])
  })

  test('makes an entry anew that is restored after its deletion had reached the calendar that came back', async () => {
    const { tenant, provider, scene, person, again } = await connected(vendor)
    await person.create({ title: 'Theirs', start: tomorrow(9), end: tomorrow(10) })
    await settle(world, provider)
    await takeApart(provider)
    const back = await again()
    await settle(world, back)
    const entry = await scene.only(tenant)
    await scene.editEntry(tenant, entry, {}, true)
    await settle(world, back)
    expect(await scene.vendorTitles(back)).toEqual([])
    await scene.editEntry(tenant, { ...entry, version: entry.version + 1 }, { title: 'Wanted after all' })
    await settle(world, back)
    expect(await scene.titlesOf(tenant)).toEqual(['Wanted after all'])
    expect(await scene.vendorTitles(back)).toEqual(['Wanted after all'])
    const states = (await scene.mappings(back)).map(({ state }) => state)
    expect(states.toSorted()).toEqual(['active', 'retired'])
  })

  test('finds the copy whose create had no known outcome', async () => {
    const { tenant, provider, scene, again } = await connected(vendor)
    await sync(world, provider)
    await scene.makeEntry(tenant, 'Ours', 12)
    await world.control.fault({ kind: 'responseLost', vendor, method: 'POST', times: 1 })
    await sync(world, provider).catch(() => {})
    expect(await scene.vendorTitles(provider)).toEqual(['Ours'])
    await takeApart(provider)
    const back = await again()
    await settle(world, back)
    expect(await scene.vendorTitles(back)).toEqual(['Ours'])
    expect(await scene.titlesOf(tenant)).toEqual(['Ours'])
  })
})

test.each<Vendor>(['google', 'microsoft'])(
  'a series of %s is linked again with its changed occurrences and those it leaves out',
  async (vendor) => {
    const { tenant, provider, again } = await connected(vendor)
    const scene = seriesScene(world)
    await scene.make(tenant, weekly('Standup'))
    const series = await scene.series(tenant)
    await scene.change(tenant, series, scene.slot(series.content, 1), { title: 'Retro' })
    await scene.change(tenant, series, scene.slot(series.content, 2), 'deleted')
    await settle(world, provider)
    const before = await scene.shown(tenant)
    expect(await scene.shownBy(provider)).toEqual(before)
    await takeApart(provider)
    const back = await again()
    await settle(world, back)
    expect(await scene.shown(tenant)).toEqual(before)
    expect(await scene.shownBy(back)).toEqual(before)
    expect(before).toHaveLength(7)
    const { id: providerId, tenantId } = back
    expect(await world.activities.look({ tenantId, providerId })).toMatchObject({ kind: 'rest' })
  },
)

test('what was deleted before the calendar was connected again stays away when its mailbox moves', async () => {
  const { tenant, provider, scene, person, again } = await connected('microsoft')
  const gone = await person.create({ title: 'Deleted there', start: tomorrow(9), end: tomorrow(10) })
  await person.create({ title: 'Kept', start: tomorrow(9), end: tomorrow(10) })
  await settle(world, provider)
  await takeApart(provider)
  await person.remove(gone.id)
  const back = await again()
  await settle(world, back)
  const account = back.accountEmail
  await world.control.fault({ kind: 'mailboxMoved', ids: 'all', vendor: 'microsoft', account })
  await settle(world, back)
  const entry = (await scene.entriesOf(tenant)).find(({ content }) => content.title === 'Deleted there')
  if (!entry) throw new Error('The entry is not there.')
  await scene.editEntry(tenant, entry, {})
  await settle(world, back)
  expect(await scene.vendorTitles(back)).toEqual(['Kept'])
  expect(await scene.titlesOf(tenant)).toEqual(['Deleted there', 'Kept'])
})

test('our own copies are known again under a policy by which nothing enters', async () => {
  const { tenant, provider, scene } = await connected('google')
  await scene.makeEntry(tenant, 'Ours', 12)
  await settle(world, provider)
  await takeApart(provider)
  const back = await connectProvider(world, tenant, 'google', {
    email: provider.accountEmail ?? '',
    policies: { enters: 'none' },
  })
  await settle(world, back)
  await scene.editEntry(tenant, await scene.only(tenant), { title: 'Ours, renamed' })
  await settle(world, back)
  expect(await scene.vendorTitles(back)).toEqual(['Ours, renamed'])
})

test('a consent is given back at Google, unless another calendar of the account lives by it', async () => {
  const { tenant, provider, again } = await connected('google')
  const other = await connectProvider(world, tenant, 'google', {
    email: provider.accountEmail ?? '',
    calendarId: (await secondCalendar(provider)).id,
  })
  expect((await takeApart(provider)).consent).toBe('shared')
  await sync(world, other)
  expect((await takeApart(other)).consent).toBe('revoked')
  const back = await again()
  expect((await takeApart(back)).consent).toBe('revoked')
})

test('a consent is not given back at Microsoft, where that would end every app’s sessions', async () => {
  const { provider } = await connected('microsoft')
  expect((await takeApart(provider)).consent).toBe('not-offered')
})

test('a subscription that nobody may stop any more is said to be left', async () => {
  const { tenant, provider } = await connected('microsoft')
  await world.activities.ensureSubscription({ tenantId: tenant.tenantId, providerId: provider.id })
  await world.control.revoke('microsoft', provider.accountEmail ?? '')
  expect((await takeApart(provider)).subscriptions).toBe('left')
})

test('a subscription that was left makes room when its calendar is connected again', async () => {
  const { tenant, provider, again } = await connected('microsoft')
  const { tenantId } = tenant
  await sync(world, provider)
  await world.activities.ensureSubscription({ tenantId, providerId: provider.id })
  await world.database.tenant(tenantId, (db) => markDeleted(db, provider.id, world.deps.now()))
  await world.control.fault({ vendor: 'microsoft', kind: 'error', status: 503, times: 'always' })
  const step = { tenantId, providerId: provider.id, isLast: true }
  expect(await world.activities.endSubscriptions(step)).toBe('left')
  await world.control.clearFaults()
  const back = await again()
  await sync(world, back)
  await world.activities.ensureSubscription({ tenantId, providerId: back.id })
  const live = await world.database.tenant(tenantId, (db) => activeSubscriptions(db, back.id))
  expect(live).toHaveLength(1)
})

test('a vendor that is away is tried again, and given up in the end', async () => {
  const { tenant, provider } = await connected('google')
  const step = { tenantId: tenant.tenantId, providerId: provider.id }
  await world.activities.ensureSubscription(step)
  await world.database.tenant(tenant.tenantId, (db) => markDeleted(db, provider.id, world.deps.now()))
  await world.control.fault({ vendor: 'google', kind: 'error', status: 503, times: 'always' })
  await expect(world.activities.endSubscriptions({ ...step, isLast: false })).rejects.toThrow(OutcomeUnknown)
  await expect(world.activities.revokeConsent({ ...step, isLast: false })).rejects.toThrow(OutcomeUnknown)
  expect(await world.activities.endSubscriptions({ ...step, isLast: true })).toBe('left')
  expect(await world.activities.revokeConsent({ ...step, isLast: true })).toBe('left')
  await world.control.clearFaults()
})

async function secondCalendar(provider: Provider): Promise<{ id: string }> {
  const person = await sceneOf(world).person(provider)
  return person.send<{ id: string }>('POST', '/calendar/v3/calendars', { summary: 'Second' })
}
