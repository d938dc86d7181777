import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Provider } from '../../db/providers.ts'
import { OutcomeUnknown } from '../../providers/errors.ts'
import { calendarOf, connectedAs, mailboxScene } from '../support/moved-scene.ts'
import { readProvider } from '../support/policy-scene.ts'
import { rewritingVendor } from '../support/rewriting-vendor.ts'
import { tomorrow } from '../support/scene.ts'
import { createWorld, settle, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const dayMs = 86_400_000
const inDays = (days: number, hour: number): string =>
  `${new Date(Date.now() + days * dayMs).toISOString().slice(0, 10)}T${String(hour).padStart(2, '0')}:00:00`

describe.each<'default' | 'all'>(['default', 'all'])('a mailbox that moves with its %s ids', (ids) => {
  async function inStep() {
    const moving = await mailboxScene(world)
    const made = await moving.theirs()
    await moving.scene.makeEntry(moving.tenant, 'Repair', 11)
    await settle(world, moving.provider)
    const { provider, tenant, series, scene } = moving
    return {
      ...moving,
      ...made,
      entry: async (title: string) => {
        const found = (await series.all(tenant)).find(({ content }) => content.title === title)
        if (!found) throw new Error(`There is no entry "${title}".`)
        return found
      },
      /** Both sides show the same, occurrence by occurrence. */
      agree: async (titles: string[]) => {
        const shown = await series.shown(tenant)
        expect(await series.shownBy(provider)).toEqual(shown)
        expect([...new Set(shown.map(({ title }) => title))].toSorted()).toEqual(titles)
        expect(await scene.vendorEvents(provider)).toHaveLength(3)
      },
    }
  }

  test('changes no entry and no pair, and nothing is written to it', async () => {
    const { provider, scene, move, everyEntry, pairs, agree } = await inStep()
    const before = { entries: await everyEntry(), pairs: await pairs() }
    await move(ids)
    await world.control.forgetRequests()
    await settle(world, provider)
    expect({ entries: await everyEntry(), pairs: await pairs() }).toEqual(before)
    const writes = (await world.control.requests()).filter(({ method }) => method !== 'GET')
    expect(writes).toEqual([])
    await agree(['Repair', 'Retro', 'Standup', 'Visit'])
    const there = new Set((await scene.vendorEvents(provider)).map(({ title }) => title))
    expect(there).toEqual(new Set(['Repair', 'Standup', 'Visit']))
  })

  test('loses no edit that was made on either side meanwhile', async () => {
    const { tenant, provider, scene, person, move, visit, retro, entry, agree } = await inStep()
    await person.rename(visit, 'Visit there')
    await person.rename(retro, 'Retro there')
    await scene.editEntry(tenant, await entry('Repair'), { title: 'Repair here' })
    await scene.editEntry(tenant, await entry('Standup'), { title: 'Standup here' })
    await move(ids)
    await settle(world, provider)
    await agree(['Repair here', 'Retro there', 'Standup here', 'Visit there'])
  })

  test('loses no edit that was seen before it moved and is decided after', async () => {
    const { provider, person, step, move, visit, retro, agree } = await inStep()
    await person.rename(visit, 'Visit there')
    await person.rename(retro, 'Retro there')
    expect(await world.activities.pull(step)).toBe('done')
    await move(ids)
    await settle(world, provider)
    await agree(['Repair', 'Retro there', 'Standup', 'Visit there'])
  })

  test('goes on afterwards: edits flow both ways, and deletions too', async () => {
    const { tenant, provider, scene, person, move, idOf, entry, agree, series } = await inStep()
    await move(ids)
    await settle(world, provider)
    await person.rename(await idOf('Repair'), 'Repair there')
    await scene.editEntry(tenant, await entry('Visit'), { title: 'Visit here' })
    await series.change(tenant, await entry('Standup'), (await entry('Retro')).originalStart ?? '', {
      title: 'Retro here',
    })
    await settle(world, provider)
    await agree(['Repair there', 'Retro here', 'Standup', 'Visit here'])
    await person.remove(await idOf('Repair there'))
    await scene.editEntry(tenant, await entry('Visit here'), {}, true)
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toEqual(['Standup'])
    expect(await scene.titlesOf(tenant)).toContain('Standup')
    expect(await scene.titlesOf(tenant)).not.toContain('Repair there')
  })

  test('keeps a conflict as one conflict', async () => {
    const { tenant, provider, scene, person, move, visit, entry } = await inStep()
    await person.rename(visit, 'Visit there')
    await scene.editEntry(tenant, await entry('Visit'), { title: 'Visit here' })
    await settle(world, provider)
    await move(ids)
    await settle(world, provider)
    const states = (await scene.mappings(provider)).filter(({ state }) => state === 'conflict')
    expect(states).toHaveLength(1)
    expect(await scene.vendorTitles(provider)).toEqual(['Repair', 'Standup', 'Visit there'])
    const [conflicts] = await world.database.owner<{ open: number }[]>`
      select count(*)::int as open from conflicts where provider_id = ${provider.id} and resolved_at is null`
    expect(conflicts?.open).toBe(1)
  })

  test.each(['PATCH', 'POST', 'DELETE'])(
    'settles a %s whose answer was lost before it moved',
    async (method) => {
      const { tenant, provider, email, scene, move, entry } = await inStep()
      if (method === 'POST') await scene.makeEntry(tenant, 'Late', 14)
      else await scene.editEntry(tenant, await entry('Repair'), { title: 'Late' }, method === 'DELETE')
      await world.control.fault({
        kind: 'responseLost',
        vendor: 'microsoft',
        account: email,
        method,
        times: 1,
      })
      await expect(sync(world, provider)).rejects.toBeInstanceOf(OutcomeUnknown)
      await move(ids)
      await settle(world, provider)
      const titles = { POST: ['Late', 'Repair'], PATCH: ['Late'], DELETE: [] }[method] ?? []
      expect(await scene.vendorTitles(provider)).toEqual([...titles, 'Standup', 'Visit'].toSorted())
      const here = (await scene.titlesOf(tenant)).filter(
        (title) => !['Retro', 'Standup', 'Visit'].includes(title),
      )
      expect(here).toEqual(titles)
    },
  )
})

test('a move is followed page by page, whatever page is asked for again', async () => {
  const { provider, email, step, move, everyEntry, pairs, scene } = await mailboxScene(world)
  await world.control.seed(email, { vendor: 'microsoft', count: 270, startsAt: `${tomorrow(9)}Z` })
  await sync(world, provider)
  const before = { entries: await everyEntry(), pairs: await pairs() }
  await move('all')
  expect(await world.activities.look(step)).toEqual({ kind: 'work', pulled: false })
  const hasty = world.activitiesWith({ budgetMs: 1 })
  expect(await hasty.pull(step)).toBe('more')
  await world.activities.reconcilePending({ ...step, after: 0 })
  // The place in the round is lost: it begins again.
  const lost = {
    kind: 'error',
    status: 410,
    code: 'SyncStateNotFound',
    method: 'GET',
    path: '/delta$',
    times: 1,
  }
  await world.control.fault({ ...lost, vendor: 'microsoft', account: email })
  expect(await hasty.pull(step)).toBe('more')
  await settle(world, provider)
  expect({ entries: await everyEntry(), pairs: await pairs() }).toEqual(before)
  expect(await scene.vendorEvents(provider)).toHaveLength(270)
}, 120_000)

test('nothing is written where ids may lead nowhere', async () => {
  const { tenant, provider, scene, step, theirs, move } = await mailboxScene(world)
  await theirs()
  await sync(world, provider)
  const visit = (await scene.entriesOf(tenant)).find(({ content }) => content.title === 'Visit')
  if (!visit) throw new Error('The entry is not there.')
  await scene.editEntry(tenant, visit, { title: 'Visit here' })
  await world.activities.reconcilePending({ ...step, after: 0 })
  await move('all')
  expect(await world.activities.look(step)).toEqual({ kind: 'work', pulled: false })
  await world.control.forgetRequests()
  expect(await world.activities.push(step)).toBe('moved')
  expect(await world.control.requests()).toEqual([])
  await settle(world, provider)
  expect(await scene.vendorTitles(provider)).toEqual(['Standup', 'Visit here'])
})

test('an event out of the window is found in the mailbox that moved', async () => {
  const { tenant, provider, person, scene, move, everyEntry, idOf } = await mailboxScene(world, {
    policies: { windowFutureDays: 3 },
  })
  const { id } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  await sync(world, provider)
  await person.move(id, inDays(60, 9), inDays(60, 10))
  await settle(world, provider)
  const before = await everyEntry()
  await move('all')
  await settle(world, provider)
  expect(await everyEntry()).toEqual(before)
  await person.rename(await idOf('Visit'), 'Visit there')
  await person.move(await idOf('Visit there'), tomorrow(9), tomorrow(10))
  await settle(world, provider)
  expect(await scene.titlesOf(tenant)).toEqual(['Visit there'])
})

test('what was deleted while the mailbox moved is deleted', async () => {
  const { tenant, provider, person, scene, theirs, move } = await mailboxScene(world)
  const { visit } = await theirs()
  await sync(world, provider)
  await person.remove(visit)
  await move('all')
  await settle(world, provider)
  expect(await scene.titlesOf(tenant)).not.toContain('Visit')
  expect(await scene.titlesOf(tenant)).toContain('Standup')
})

test('an event with the iCalendar UID of another that is still there is another one', async () => {
  const {
    tenant,
    provider: connected,
    person,
    scene,
    everyEntry,
  } = await mailboxScene(world, {
    policies: { windowFutureDays: 3 },
  })
  const { id, iCalUId } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  const api = await rewritingVendor(world.sandbox.url, (value) =>
    isTitled(value, 'Twin') ? { ...value, iCalUId } : value,
  )
  const provider = await through(api.url, connected)
  await sync(world, provider)
  // Out of the window no round shows it, but for what asks whether it is still there.
  await person.move(id, inDays(60, 9), inDays(60, 10))
  await settle(world, provider)
  const [visit] = await everyEntry()
  await person.create({ title: 'Twin', start: tomorrow(9), end: tomorrow(10) })
  await connectedAs(world, provider, 'AAMkElsewhere=')
  await settle(world, provider)
  await api.close()
  expect(await calendarOf(world, provider)).toBe(connected.resolvedCalendarId)
  expect(await scene.titlesOf(tenant)).toEqual(['Twin', 'Visit'])
  expect(await everyEntry()).toContainEqual(visit)
  expect(await scene.vendorTitles(provider)).toEqual(['Twin', 'Visit'])
})

test('a calendar of the same name that shows nothing of ours is not taken for it', async () => {
  const { tenant, provider, person, scene } = await mailboxScene(world)
  const { id } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  await sync(world, provider)
  await person.remove(id)
  await connectedAs(world, provider, 'AAMkElsewhere=')
  await expect(sync(world, provider)).rejects.toThrow('not found')
  await expect(sync(world, provider)).rejects.toThrow('not found')
  expect(await calendarOf(world, provider)).toBe('AAMkElsewhere=')
  expect(await scene.titlesOf(tenant)).toEqual(['Visit'])
})

test('a calendar beside the main one that moves with every id says that it is not found', async () => {
  const main = await mailboxScene(world)
  const { id: calendarId } = await main.person.send<{ id: string }>('POST', '/v1.0/me/calendars', {
    name: 'Team',
  })
  const { provider, tenant, person, move, scene } = await mailboxScene(world, {
    email: main.email,
    calendarId,
  })
  const time = (hour: number) => ({ dateTime: tomorrow(hour), timeZone: 'UTC' })
  const visit = { subject: 'Visit', start: time(9), end: time(10) }
  await person.send('POST', `/v1.0/me/calendars/${calendarId}/events`, visit)
  await sync(world, provider)
  await move('all')
  await expect(sync(world, provider)).rejects.toThrow(
    'Microsoft: not found (ErrorItemNotFound). If the calendar is gone for good, delete this provider',
  )
  expect(await scene.titlesOf(tenant)).toEqual(['Visit'])
})

const isTitled = (value: unknown, title: string): value is object =>
  typeof value === 'object' && value !== null && 'subject' in value && value.subject === title

/** The provider, asking its vendor by another way. */
async function through(url: string, provider: Provider): Promise<Provider> {
  const { owner } = world.database
  await owner`
    update oauth_clients set endpoints = endpoints || ${owner.json({ api: url })}
    where tenant_id = ${provider.tenantId} and vendor = ${provider.vendor}`
  return (await readProvider(world, provider)) ?? provider
}
