import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import { updateProvider } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import { brakeSceneOf } from '../support/brake-scene.ts'
import { tomorrow } from '../support/scene.ts'
import { createWorld, makeMember, makeTenant, settle, sync, type World } from '../support/world.ts'

let world: World
let offsetMs = 0
beforeAll(async () => {
  world = await createWorld({ now: () => new Date(Date.now() + offsetMs) })
})
afterAll(() => world.close())
afterEach(() => void (offsetMs = 0))

const scene = () => brakeSceneOf(world)
const dayMs = 86_400_000
const vendors: Vendor[] = ['google', 'microsoft']

test('of a hundred events thirty deleted in the calendar at once are held: nothing is lost in the schedule or in Outlook', async () => {
  const { tenant, provider } = await scene().connected(100)
  const { provider: outlook } = await scene().connected(0, { vendor: 'microsoft', tenant })
  expect(await scene().counts(tenant, outlook)).toEqual([100, 100])
  await scene().vanish(provider, 30)
  await settle(world, provider, outlook)
  expect(await scene().counts(tenant, provider, outlook)).toEqual([100, 70, 100])
  expect(await scene().held(provider)).toHaveLength(30)
  expect(await scene().brakes(provider)).toMatchObject([{ side: 'schedule', mapped: 100 }])
  expect(await scene().brakes(outlook)).toEqual([])
}, 180_000)

test('the same spread over ten looks is stopped when the day has lost as much as it may', async () => {
  const { tenant, provider } = await scene().connected(100)
  for (let look = 0; look < 10; look++) {
    await scene().vanish(provider, 3)
    await sync(world, provider)
  }
  // Eight looks lost 24; the ninth would have lost more than a quarter.
  expect(await scene().counts(tenant)).toEqual([76])
  expect(await scene().held(provider)).toHaveLength(6)
})

test.each([
  ['more than a quarter, but few', 20, 15],
  ['many, but less than a quarter', 200, 30],
  ['a small calendar emptied', 10, 10],
])('%s: it goes through', async (_case, all, gone) => {
  const { tenant, provider } = await scene().connected(all)
  await scene().vanish(provider, gone)
  await sync(world, provider)
  expect(await scene().counts(tenant, provider)).toEqual([all - gone, all - gone])
  expect(await scene().brakes(provider)).toEqual([])
})

test.each(vendors)('with %s a calendar emptied completely empties no schedule', async (vendor) => {
  const { tenant, provider } = await scene().connected(40, { vendor })
  await scene().vanish(provider, 40)
  await settle(world, provider)
  expect(await scene().counts(tenant, provider)).toEqual([40, 0])
  expect(await scene().held(provider)).toHaveLength(40)
})

test('a day later the count starts anew', async () => {
  const { tenant, provider } = await scene().connected(60)
  offsetMs = -dayMs - 1_000
  await scene().vanish(provider, 15)
  await sync(world, provider)
  offsetMs = 0
  await scene().vanish(provider, 15)
  await sync(world, provider)
  expect(await scene().counts(tenant)).toEqual([30])
  expect(await scene().brakes(provider)).toEqual([])
})

test.each(vendors)('with %s entries deleted in bulk leave the events in the calendar', async (vendor) => {
  const { tenant, provider } = await scene().connected(100, { vendor })
  await scene().drop(tenant, 30)
  await settle(world, provider)
  expect(await scene().counts(tenant, provider)).toEqual([70, 100])
  expect(await scene().brakes(provider)).toMatchObject([{ side: 'external', mapped: 100 }])
})

test('a member taken off many entries keeps the copies until a person decides', async () => {
  const { tenant, provider } = await scene().connected(0)
  await scene().makeMany(tenant, 22)
  await settle(world, provider)
  for (const { id } of await scene().entriesOf(tenant)) await scene().assign(tenant, id, [])
  await settle(world, provider)
  expect(await scene().counts(tenant, provider)).toEqual([22, 22])
  await scene().decide(provider, 'refused')
  await settle(world, provider)
  expect(await scene().counts(tenant, provider)).toEqual([22, 22])
  // They are the member's again: an edit reaches the copy.
  const [entry] = await scene().entriesOf(tenant)
  if (!entry) throw new Error('There is no entry.')
  await scene().editEntry(tenant, entry, { title: 'Repaired' })
  await settle(world, provider)
  expect(await scene().vendorTitles(provider)).toContain('Repaired')
})

test.each([
  ['both', 'schedule'],
  ['inbound', 'schedule'],
  ['outbound', 'external'],
] as const)('with the direction %s the side that would lose, the %s, is kept', async (direction, side) => {
  const { tenant, provider } = await scene().connected(direction === 'outbound' ? 0 : 40, { direction })
  if (direction === 'outbound') {
    await scene().makeMany(tenant, 22)
    await settle(world, provider)
    await scene().drop(tenant, 22)
  } else await scene().vanish(provider, 40)
  await settle(world, provider)
  expect(await scene().brakes(provider)).toMatchObject([{ side }])
  const [entries, events] = await scene().counts(tenant, provider)
  expect(side === 'schedule' ? entries : events).toBe(direction === 'outbound' ? 22 : 40)
})

test.each(vendors)('with %s what a person approves is deleted, and the count starts anew', async (vendor) => {
  const { tenant, provider } = await scene().connected(100, { vendor })
  await scene().vanish(provider, 30)
  await settle(world, provider)
  await scene().decide(provider, 'approved')
  await scene().vanish(provider, 15)
  await settle(world, provider)
  expect(await scene().counts(tenant, provider)).toEqual([55, 55])
  expect(await scene().held(provider)).toEqual([])
  expect(await scene().brakes(provider)).toEqual([])
})

test.each(vendors)(
  'with %s what a person refuses to delete from the schedule is made anew in the calendar',
  async (vendor) => {
    const { tenant, provider } = await scene().connected(40, { vendor })
    const before = (await scene().vendorTitles(provider)).toSorted()
    await scene().vanish(provider, 30)
    await settle(world, provider)
    await scene().decide(provider, 'refused')
    await settle(world, provider)
    expect(await scene().counts(tenant, provider)).toEqual([40, 40])
    expect((await scene().vendorTitles(provider)).toSorted()).toEqual(before)
    expect(await scene().look(provider)).toMatchObject({ kind: 'rest' })
  },
)

test('with the direction inbound nothing is made anew in the calendar: the entries stay, by themselves', async () => {
  const { tenant, provider } = await scene().connected(40, { direction: 'inbound' })
  await scene().vanish(provider, 30)
  await settle(world, provider)
  await scene().decide(provider, 'refused')
  await settle(world, provider)
  expect(await scene().counts(tenant, provider)).toEqual([40, 10])
  expect(await scene().brakes(provider)).toEqual([])
})

test.each(vendors)(
  'with %s what a person refuses to delete from the calendar comes back in the schedule, as that person’s change',
  async (vendor) => {
    const { tenant, provider } = await scene().connected(40, { vendor })
    await scene().drop(tenant, 30)
    await settle(world, provider)
    await scene().decide(provider, 'refused')
    await settle(world, provider)
    expect(await scene().counts(tenant, provider)).toEqual([40, 40])
    const changers = (await scene().entriesOf(tenant)).filter((entry) => entry.changedBy.kind === 'session')
    expect(changers).toHaveLength(30)
    expect(await scene().look(provider)).toMatchObject({ kind: 'rest' })
  },
)

test('what vanished after the review is not approved by it', async () => {
  const { tenant, provider } = await scene().connected(40)
  await scene().vanish(provider, 30)
  await sync(world, provider)
  const reviewed = (await scene().held(provider)).at(-1)?.seq
  await scene().vanish(provider, 5)
  await sync(world, provider)
  expect(await scene().decide(provider, 'approved', reviewed)).toMatchObject({ decided: 30, held: 5 })
  await settle(world, provider)
  expect(await scene().counts(tenant, provider)).toEqual([10, 5])
  expect(await scene().held(provider)).toHaveLength(5)
  await expect(scene().decide(provider, 'approved', reviewed)).rejects.toThrow(/not held any more/)
})

test('a word on one side leaves what is held on the other', async () => {
  const { tenant, provider } = await scene().connected(80)
  await scene().vanish(provider, 30)
  await sync(world, provider)
  const vanished = new Set((await scene().held(provider)).map(({ entryId }) => entryId))
  const others = (await scene().entriesOf(tenant)).filter(({ id }) => !vanished.has(id)).slice(0, 30)
  await Promise.all(others.map((entry) => scene().editEntry(tenant, entry, {}, true)))
  await settle(world, provider)
  expect(await scene().brakes(provider)).toMatchObject([{ side: 'schedule' }, { side: 'external' }])
  await scene().decide(provider, 'approved', Number.MAX_SAFE_INTEGER, 'schedule')
  await settle(world, provider)
  expect(await scene().brakes(provider)).toMatchObject([{ side: 'external' }])
  // Fifty were left by the calendar, thirty of which the schedule dropped and the calendar keeps.
  expect(await scene().counts(tenant, provider)).toEqual([20, 50])
})

test('while deletions are held, everything else goes on, and a look finds nothing to do', async () => {
  const { tenant, provider } = await scene().connected(40)
  await scene().vanish(provider, 30)
  await sync(world, provider)
  const [left] = await scene().vendorEvents(provider)
  await (await scene().person(provider)).rename(left?.id ?? '', 'Renamed there')
  await (await scene().person(provider)).create({ title: 'New there', start: tomorrow(9), end: tomorrow(10) })
  await scene().makeEntry(tenant, 'New here')
  await settle(world, provider)
  expect(await scene().titlesOf(tenant)).toEqual(
    expect.arrayContaining(['Renamed there', 'New there', 'New here']),
  )
  expect(await scene().vendorTitles(provider)).toContain('New here')
  expect(await scene().held(provider)).toHaveLength(30)
  await world.control.forgetRequests()
  const before = await scene().rowsWritten()
  expect(await scene().look(provider)).toMatchObject({ kind: 'rest' })
  expect(await scene().tablesWritten(before)).toEqual(['cursors', 'providers'])
})

test('an entry that is edited while its deletion is held becomes a conflict, and is held no more', async () => {
  const { tenant, provider } = await scene().connected(40)
  await scene().vanish(provider, 30)
  await sync(world, provider)
  const [held] = await scene().held(provider)
  const entry = (await scene().entriesOf(tenant)).find(({ id }) => id === held?.entryId)
  if (!entry) throw new Error('There is no entry.')
  await scene().editEntry(tenant, entry, { title: 'Edited here' })
  await settle(world, provider)
  expect(await scene().held(provider)).toHaveLength(29)
  expect((await scene().mappings(provider)).filter(({ state }) => state === 'conflict')).toHaveLength(1)
})

test('entries that come back by themselves release the brake', async () => {
  const { tenant, provider } = await scene().connected(40)
  const entries = await scene().entriesOf(tenant)
  await scene().drop(tenant, 30)
  await settle(world, provider)
  for (const { id } of await scene()
    .held(provider)
    .then((rows) => rows.map(({ entryId }) => ({ id: entryId })))) {
    const entry = entries.find((one) => one.id === id)
    if (entry) await scene().editEntry(tenant, { ...entry, version: entry.version + 1 }, {})
  }
  await settle(world, provider)
  expect(await scene().brakes(provider)).toEqual([])
  expect(await scene().counts(tenant, provider)).toEqual([40, 40])
})

test('a burst larger than a batch is held as a whole, though its first batch holds few of them', async () => {
  const { tenant, provider } = await scene().connected(60)
  // Ten of the deletions are marked before five hundred other changes, the rest behind them.
  await scene().vanish(provider, 10)
  const step = { tenantId: tenant.tenantId, providerId: provider.id, runId: randomUUID() }
  await world.activities.pull(step)
  await scene().makeMany(tenant, 500)
  await scene().vanish(provider, 20)
  await world.activities.pull(step)
  let after: number | null = 0
  while (after !== null) after = (await world.activities.reconcilePending({ ...step, after })).after
  expect(await scene().held(provider)).toHaveLength(30)
})

test('a batch that dies before it is written is decided again: the count is the same', async () => {
  const { tenant, provider } = await scene().connected(40)
  await scene().vanish(provider, 30)
  const step = { tenantId: tenant.tenantId, providerId: provider.id, runId: randomUUID() }
  await world.activities.pull(step)
  const dying = createActivities({
    ...world.deps,
    database: {
      ...world.database,
      tenant: (tenantId, work) =>
        world.database.tenant(tenantId, async (db) => {
          const result = await work(db)
          const isBatch = typeof result === 'object' && result !== null && 'applied' in result
          if (isBatch) throw new Error('The process died.')
          return result
        }),
    },
  })
  await expect(dying.reconcilePending({ ...step, after: 0 })).rejects.toThrow('The process died.')
  expect(await scene().held(provider)).toEqual([])
  await settle(world, provider)
  expect(await scene().held(provider)).toHaveLength(30)
  expect(await scene().counts(tenant)).toEqual([40])
})

test('two calendars of one tenant do not share their counts', async () => {
  const tenant = await makeTenant(world)
  const first = await scene().connected(30, { tenant, direction: 'inbound' })
  const second = await scene().connected(30, { tenant, direction: 'inbound' })
  for (const { provider } of [first, second]) {
    await scene().vanish(provider, 15)
    await sync(world, provider)
  }
  expect(await scene().brakes(first.provider)).toEqual([])
  expect(await scene().brakes(second.provider)).toEqual([])
  expect(await scene().counts(tenant)).toEqual([30])
})

test('the limits are the provider’s own', async () => {
  const { tenant, provider } = await scene().connected(10)
  await world.database.tenant(tenant.tenantId, (db) =>
    updateProvider(db, provider.id, { brakeEvents: 2, brakePercent: 10 }),
  )
  await scene().vanish(provider, 3)
  await sync(world, provider)
  expect(await scene().counts(tenant)).toEqual([10])
})

test('a series is one event: thirty slots left out hold nothing, twenty-two series deleted are held', async () => {
  const { tenant, provider } = await scene().connected(0)
  const person = await scene().person(provider)
  const path = '/calendar/v3/calendars/primary/events'
  const ids: string[] = []
  for (let index = 0; index < 22; index++) {
    const { id } = await person.send<{ id: string }>('POST', path, {
      summary: `Series ${index}`,
      start: { dateTime: `${tomorrow(9)}Z`, timeZone: 'UTC' },
      end: { dateTime: `${tomorrow(10)}Z`, timeZone: 'UTC' },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=40'],
    })
    ids.push(id)
  }
  await settle(world, provider)
  const listed = await person.send<{ items: { id: string }[] }>('GET', `${path}/${ids[0]}/instances`)
  for (const { id } of listed.items.slice(0, 30)) await person.remove(id)
  await settle(world, provider)
  expect(await scene().brakes(provider)).toEqual([])
  for (const id of ids) await person.remove(id)
  await settle(world, provider)
  expect(await scene().held(provider)).toHaveLength(22)
  expect((await scene().entriesOf(tenant)).filter(({ content }) => content.recurrence)).toHaveLength(22)
  await scene().decide(provider, 'refused')
  await settle(world, provider)
  const after = await person.send<{ items: { recurrence?: string[] }[] }>('GET', path)
  expect(after.items.filter(({ recurrence }) => recurrence)).toHaveLength(22)
  expect(
    after.items.find(({ recurrence }) => recurrence?.some((line) => line.startsWith('EXDATE'))),
  ).toBeDefined()
})

test('an event of several members that vanishes from one calendar counts too: the member stays on the entry', async () => {
  const tenant = await makeTenant(world)
  const other = await makeMember(world, tenant.tenantId, 'kim@acme.example')
  const { provider } = await scene().connected(0, { tenant })
  await scene().makeMany(tenant, 22, [tenant.memberId, other])
  await settle(world, provider)
  await scene().vanish(provider, 22)
  await settle(world, provider)
  expect(await scene().held(provider)).toHaveLength(22)
  await scene().decide(provider, 'approved')
  await settle(world, provider)
  expect(await scene().counts(tenant, provider)).toEqual([22, 0])
})

test('a lost cursor is no deletion: a full round that shows everything holds nothing', async () => {
  const { tenant, provider } = await scene().connected(40)
  const lost = { reason: 'fullSyncRequired', path: '/events$', method: 'GET' }
  await world.control.fault({
    kind: 'error',
    status: 410,
    vendor: 'google',
    account: provider.accountEmail,
    times: 1,
    ...lost,
  })
  await settle(world, provider)
  expect(await scene().counts(tenant, provider)).toEqual([40, 40])
  expect(await scene().held(provider)).toEqual([])
})
