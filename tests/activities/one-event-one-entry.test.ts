import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { receive } from '../support/meetings.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import {
  connectProvider,
  createWorld,
  makeMember,
  makeTenant,
  settle,
  sync,
  type World,
} from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const email = (vendor: string) => `${randomUUID()}@${vendor}.example`

async function both() {
  const tenant = await makeTenant(world)
  const google = await connectProvider(world, tenant, 'google', { email: email('google') })
  const outlook = await connectProvider(world, tenant, 'microsoft', { email: email('outlook') })
  const scene = sceneOf(world)
  return {
    tenant,
    google,
    outlook,
    scene,
    me: await scene.person(google),
    there: await scene.person(outlook),
  }
}

test("what one calendar brought in, the member's other one gets exactly once and sends none back", async () => {
  const { tenant, google, outlook, scene, me } = await both()
  await me.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  await settle(world, google, outlook)
  expect(await scene.vendorTitles(google)).toEqual(['Visit'])
  expect(await scene.vendorTitles(outlook)).toEqual(['Visit'])
  expect(await scene.titlesOf(tenant)).toEqual(['Visit'])
})

test('an edit of the copy comes back to the original, and its deletion too', async () => {
  const { tenant, google, outlook, scene, me, there } = await both()
  await me.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  await settle(world, google, outlook)
  const [copy] = await scene.vendorEvents(outlook)
  await there.rename(copy?.id ?? '', 'Visit, moved')
  await settle(world, outlook, google)
  expect(await scene.vendorTitles(google)).toEqual(['Visit, moved'])
  await there.remove(copy?.id ?? '')
  await settle(world, outlook, google)
  expect(await scene.vendorTitles(google)).toEqual([])
  expect(await scene.titlesOf(tenant)).toEqual([])
})

test('the same meeting in both accounts is one entry, and no copy is made of it', async () => {
  const { tenant, google, outlook, scene, me, there } = await both()
  const { iCalUId } = (await there.create({ title: 'Board', start: tomorrow(9), end: tomorrow(10) })) as {
    iCalUId: string
  }
  await me.create({ title: 'Board', start: tomorrow(9), end: tomorrow(10), iCalUID: iCalUId })
  await settle(world, google, outlook)
  expect(await scene.titlesOf(tenant)).toEqual(['Board'])
  expect(await scene.vendorTitles(google)).toEqual(['Board'])
  expect(await scene.vendorTitles(outlook)).toEqual(['Board'])
})

test('two members invited to one meeting have an entry each', async () => {
  const { tenant, google, scene, me } = await both()
  const other = {
    tenantId: tenant.tenantId,
    memberId: await makeMember(world, tenant.tenantId, 'bo@acme.example'),
  }
  const theirs = await connectProvider(world, other, 'google', { email: email('google') })
  const meeting = {
    title: 'Board',
    start: tomorrow(9),
    end: tomorrow(10),
    iCalUID: `${randomUUID()}@meet.example`,
  }
  await me.create(meeting)
  await (await scene.person(theirs)).create(meeting)
  await settle(world, google, theirs)
  expect(await scene.titlesOf(tenant)).toEqual(['Board', 'Board'])
})

test('an entry of two members is one copy in the calendar of each, and an unassigned member loses only the copy', async () => {
  const { tenant, google, scene } = await both()
  const memberId = await makeMember(world, tenant.tenantId, 'bo@acme.example')
  const theirs = await connectProvider(world, { ...tenant, memberId }, 'google', { email: email('google') })
  await settle(world, google, theirs)
  const entryId = await scene.makeEntry(tenant, 'Repair', 9, [tenant.memberId, memberId])
  await settle(world, google, theirs)
  expect(await scene.vendorTitles(google)).toEqual(['Repair'])
  expect(await scene.vendorTitles(theirs)).toEqual(['Repair'])
  await scene.assign(tenant, entryId, [memberId])
  await settle(world, google, theirs)
  expect(await scene.vendorTitles(google)).toEqual([])
  expect(await scene.vendorTitles(theirs)).toEqual(['Repair'])
  expect(await scene.titlesOf(tenant)).toEqual(['Repair'])
})

test("a member's last edit of a copy they are taken off reaches the entry beside the schedule's own, and the copy goes", async () => {
  const tenant = await makeTenant(world)
  const policies = { conflicts: 'prefer-external' as const }
  const google = await connectProvider(world, tenant, 'google', { email: email('google'), policies })
  const scene = sceneOf(world)
  const memberId = await makeMember(world, tenant.tenantId, 'bo@acme.example')
  const entryId = await scene.makeEntry(tenant, 'Repair', 9, [tenant.memberId])
  await settle(world, google)
  const [copy] = await scene.vendorEvents(google)
  await scene.editEntry(tenant, await scene.only(tenant), { title: 'Repair of the lift' })
  const path = `/calendar/v3/calendars/primary/events/${copy?.id}`
  const at = (hour: number) => ({ dateTime: `${tomorrow(hour)}Z` })
  await (await scene.person(google)).send('PATCH', path, { start: at(14), end: at(15) })
  await scene.assign(tenant, entryId, [memberId])
  await settle(world, google)
  const { content } = await scene.only(tenant)
  expect(content).toMatchObject({ title: 'Repair of the lift', time: { startsAt: `${tomorrow(14)}Z` } })
  expect(await scene.vendorTitles(google)).toEqual([])
  expect((await scene.mappings(google)).map(({ state }) => state)).toEqual(['retired'])
})

test('a deletion by one of several assignees takes that member off and keeps the entry', async () => {
  const { tenant, google, scene, me } = await both()
  const memberId = await makeMember(world, tenant.tenantId, 'bo@acme.example')
  const theirs = await connectProvider(world, { ...tenant, memberId }, 'google', { email: email('google') })
  await settle(world, google, theirs)
  await scene.makeEntry(tenant, 'Repair', 9, [tenant.memberId, memberId])
  await settle(world, google, theirs)
  const [copy] = await scene.vendorEvents(google)
  await me.remove(copy?.id ?? '')
  await settle(world, google, theirs)
  expect(await scene.titlesOf(tenant)).toEqual(['Repair'])
  expect(await scene.vendorTitles(theirs)).toEqual(['Repair'])
  expect(await scene.vendorTitles(google)).toEqual([])
})

test('unassigning a member from their own event leaves the event with them and does not bring it back', async () => {
  const { tenant, google, scene, me } = await both()
  const { id } = await me.create({ title: 'Mine', start: tomorrow(9), end: tomorrow(10) })
  await sync(world, google)
  const entry = await scene.only(tenant)
  await scene.assign(tenant, entry.id, [])
  await settle(world, google)
  await me.rename(id, 'Still mine')
  await settle(world, google)
  expect(await scene.vendorTitles(google)).toEqual(['Still mine'])
  expect(await scene.titlesOf(tenant)).toEqual(['Mine'])
})

test('a member put back on the entry of their own event has it there again, and no copy beside it', async () => {
  const { tenant, google, scene, me } = await both()
  const { id } = await me.create({ title: 'Mine', start: tomorrow(9), end: tomorrow(10) })
  await sync(world, google)
  const entry = await scene.only(tenant)
  await scene.assign(tenant, entry.id, [])
  await settle(world, google)
  await scene.assign(tenant, entry.id, [tenant.memberId])
  await settle(world, google)
  expect(await scene.vendorTitles(google)).toEqual(['Mine'])
  await me.rename(id, 'Mine again')
  await settle(world, google)
  expect(await scene.only(tenant)).toMatchObject({ id: entry.id, content: { title: 'Mine again' } })
})

test('a calendar that is connected gets the entries of its member alone', async () => {
  const { tenant, google, scene } = await both()
  await scene.makeEntry(tenant, 'Repair')
  const memberId = await makeMember(world, tenant.tenantId, 'bo@acme.example')
  const theirs = await connectProvider(world, { ...tenant, memberId }, 'google', { email: email('google') })
  await settle(world, google, theirs)
  expect(await scene.vendorTitles(google)).toEqual(['Repair'])
  expect(await scene.vendorTitles(theirs)).toEqual([])
})

test('a series in both calendars that becomes a single event in each is one entry', async () => {
  const { tenant, google, outlook, scene, me, there } = await both()
  const meeting = {
    title: 'Board',
    start: tomorrow(9),
    end: tomorrow(10),
    iCalUID: `${randomUUID()}@meet.example`,
  }
  const rule = 'RRULE:FREQ=DAILY;COUNT=3'
  await receive(world, google, meeting)
  await receive(world, outlook, meeting, rule)
  const [here] = await scene.vendorEvents(google)
  const [other] = await scene.vendorEvents(outlook)
  const path = `/calendar/v3/calendars/primary/events/${here?.id}`
  await me.send('PATCH', path, { recurrence: [rule] })
  await settle(world, google, outlook)
  expect(await scene.titlesOf(tenant)).toEqual(['Board'])
  await me.send('PATCH', path, { recurrence: null })
  await there.send('PATCH', `/v1.0/me/events/${other?.id}`, { recurrence: null })
  await settle(world, google, outlook)
  expect(await scene.titlesOf(tenant)).toEqual(['Board'])
  expect(await world.activities.look({ tenantId: tenant.tenantId, providerId: outlook.id })).toMatchObject({
    kind: 'rest',
  })
})

test('an entry that its last member deleted is not brought back by an edit of the event it was taken from', async () => {
  const { tenant, google, outlook, scene, me } = await both()
  const memberId = await makeMember(world, tenant.tenantId, 'bo@acme.example')
  const theirs = await connectProvider(world, { ...tenant, memberId }, 'google', { email: email('google') })
  const { id } = await me.create({ title: 'Mine', start: tomorrow(9), end: tomorrow(10) })
  await settle(world, google, outlook)
  await scene.assign(tenant, (await scene.only(tenant)).id, [memberId])
  await settle(world, google, outlook, theirs)
  const [copy] = await scene.vendorEvents(theirs)
  await (await scene.person(theirs)).remove(copy?.id ?? '')
  await settle(world, google, outlook, theirs)
  expect(await scene.titlesOf(tenant)).toEqual([])
  await me.rename(id, 'Still mine')
  await settle(world, google, outlook, theirs)
  expect(await scene.titlesOf(tenant)).toEqual([])
  expect(await scene.vendorTitles(theirs)).toEqual([])
})

test.each(['source first', 'destination first'])(
  'an event moved between two connected calendars stays the same entry (%s)',
  async (order) => {
    const tenant = await makeTenant(world)
    const from = await connectProvider(world, tenant, 'google', { email: email('google') })
    const to = await connectProvider(world, tenant, 'google', { email: email('google') })
    const scene = sceneOf(world)
    const iCalUID = `${randomUUID()}@move.example`
    const source = await scene.person(from)
    const { id } = await source.create({ title: 'Wandering', start: tomorrow(9), end: tomorrow(10), iCalUID })
    await sync(world, from)
    const before = await scene.only(tenant)
    await source.remove(id)
    await (
      await scene.person(to)
    ).create({ title: 'Wandering', start: tomorrow(9), end: tomorrow(10), iCalUID })
    await settle(world, ...(order === 'source first' ? [from, to] : [to, from]))
    const after = await scene.only(tenant)
    expect(after.id).toBe(before.id)
    expect(await scene.vendorTitles(to)).toEqual(['Wandering'])
  },
)
