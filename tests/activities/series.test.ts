import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { markSent, openIntents } from '../../db/intents.ts'
import type { EventContent, Vendor } from '../../domain/event.ts'
import { timedFromWall } from '../../domain/time.ts'
import { sceneOf } from '../support/scene.ts'
import { monday, seriesScene, weekly, zone } from '../support/series-scene.ts'
import { connectProvider, createWorld, makeTenant, settle, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function stage() {
  const tenant = await makeTenant(world)
  const google = await connectProvider(world, tenant, 'google', { email: `${randomUUID()}@gmail.example` })
  const outlook = await connectProvider(world, tenant, 'microsoft', {
    email: `${randomUUID()}@outlook.example`,
  })
  const scene = seriesScene(world)
  const people = {
    google: await sceneOf(world).person(google),
    microsoft: await sceneOf(world).person(outlook),
  }
  const providers = { google, microsoft: outlook }
  return {
    tenant,
    google,
    outlook,
    scene,
    people,
    providers,
    settle: () => settle(world, google, outlook),
    /** All three sides show the same, and this many occurrences. */
    agree: async (count: number) => {
      const here = await scene.shown(tenant)
      expect(await scene.shownBy(google)).toEqual(here)
      expect(await scene.shownBy(outlook)).toEqual(here)
      expect(here).toHaveLength(count)
      return here
    },
  }
}

/** Makes a weekly series of eight Mondays in a calendar; answers its id there. */
async function makeAt(vendor: Vendor, person: Awaited<ReturnType<typeof stage>>['people'][Vendor]) {
  if (vendor === 'google') {
    const { id } = await person.send<{ id: string }>('POST', '/calendar/v3/calendars/primary/events', {
      summary: 'Standup',
      start: { dateTime: monday(9), timeZone: zone },
      end: { dateTime: monday(10), timeZone: zone },
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=8;BYDAY=MO'],
    })
    return id
  }
  const { id } = await person.send<{ id: string }>('POST', '/v1.0/me/events', {
    subject: 'Standup',
    start: { dateTime: monday(9), timeZone: 'W. Europe Standard Time' },
    end: { dateTime: monday(10), timeZone: 'W. Europe Standard Time' },
    recurrence: {
      pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' },
      range: { type: 'numbered', startDate: monday(9).slice(0, 10), numberOfOccurrences: 8 },
    },
  })
  return id
}

/** The id of the nth occurrence (from 0) of a series in a calendar. */
async function occurrenceIn(
  vendor: Vendor,
  person: Awaited<ReturnType<typeof stage>>['people'][Vendor],
  id: string,
  nth: number,
): Promise<string> {
  if (vendor === 'google') {
    const { items } = await person.send<{ items: { id: string }[] }>(
      'GET',
      `/calendar/v3/calendars/primary/events/${id}/instances`,
    )
    return items[nth]?.id ?? ''
  }
  const { value } = await person.send<{ value: { id: string }[] }>(
    'GET',
    `/v1.0/me/events/${id}/instances?startDateTime=${monday(0)}&endDateTime=${monday(0, 100)}&$top=50`,
  )
  return value[nth]?.id ?? ''
}

const eventPath = (vendor: Vendor, id: string) =>
  vendor === 'google' ? `/calendar/v3/calendars/primary/events/${id}` : `/v1.0/me/events/${id}`
const named = (vendor: Vendor, title: string) =>
  vendor === 'google' ? { summary: title } : { subject: title }

test('a series made in the schedule is one series in each calendar, with every occurrence', async () => {
  const { tenant, google, outlook, scene, settle: rest, agree } = await stage()
  await scene.make(tenant, weekly('Standup'))
  await rest()
  await agree(8)
  expect(await sceneOf(world).vendorEvents(google)).toHaveLength(1)
  expect(await sceneOf(world).vendorEvents(outlook)).toHaveLength(1)
})

test('a slot left out before the calendars know the series is left out there too', async () => {
  const { tenant, scene, settle: rest, agree } = await stage()
  await scene.make(tenant, weekly('Standup'))
  const series = await scene.series(tenant)
  await scene.change(tenant, series, scene.slot(series.content, 2), 'deleted')
  await rest()
  await agree(7)
})

test('an occurrence changed, moved or left out in the schedule is so in each calendar, alone', async () => {
  const { tenant, scene, settle: rest, agree } = await stage()
  await scene.make(tenant, weekly('Standup'))
  await rest()
  const series = await scene.series(tenant)
  await scene.change(tenant, series, scene.slot(series.content, 1), { title: 'Retro' })
  await scene.change(tenant, series, scene.slot(series.content, 2), {
    time: timedFromWall(monday(14, 15), monday(15, 15), zone),
  })
  await scene.change(tenant, series, scene.slot(series.content, 3), 'deleted')
  await rest()
  const shown = await agree(7)
  expect(shown.filter(({ title }) => title === 'Retro')).toHaveLength(1)
  expect(shown.map(({ start }) => start)).toContain(
    `${new Date(Date.parse(series.content.time.kind === 'dateTime' ? series.content.time.startsAt : '') + 15 * 86_400_000 + 5 * 3_600_000).toISOString().slice(0, 19)}Z`,
  )
})

test.each<[string, Partial<EventContent> | 'deleted']>([
  ['renamed', { title: 'Retro' }],
  ['moved', { time: timedFromWall(monday(14, 7), monday(15, 7), zone) }],
  ['left out', 'deleted'],
])('an occurrence that was %s costs at most three calls in each calendar', async (_how, change) => {
  const { tenant, google, outlook, scene, settle: rest, agree } = await stage()
  await scene.make(tenant, weekly('Standup'))
  await rest()
  const series = await scene.series(tenant)
  await scene.change(tenant, series, scene.slot(series.content, 1), change)
  for (const provider of [google, outlook]) {
    await world.control.forgetRequests()
    await settle(world, provider)
    const calls = (await world.control.requests()).filter(({ path }) => !/\/events$|\/delta$/.test(path))
    expect(calls.filter(({ method }) => method !== 'GET')).toHaveLength(1)
    expect(calls.length).toBeLessThanOrEqual(3)
  }
  await agree(change === 'deleted' ? 7 : 8)
})

describe.each<Vendor>(['google', 'microsoft'])('in %s', (vendor) => {
  test('a series made there is one entry here and one series in the other calendar', async () => {
    const { tenant, scene, people, settle: rest, agree } = await stage()
    await makeAt(vendor, people[vendor])
    await rest()
    await agree(8)
    expect((await scene.series(tenant)).content.recurrence).toMatchObject({ exdates: [] })
  })

  test('an occurrence changed or deleted there is so everywhere, and nothing else is', async () => {
    const { scene, tenant, people, settle: rest, agree } = await stage()
    const person = people[vendor]
    const id = await makeAt(vendor, person)
    await rest()
    const changed = await occurrenceIn(vendor, person, id, 2)
    await person.send('PATCH', eventPath(vendor, changed), named(vendor, 'Retro'))
    await person.send('DELETE', eventPath(vendor, await occurrenceIn(vendor, person, id, 4)))
    await rest()
    const shown = await agree(7)
    expect(shown.filter(({ title }) => title === 'Retro')).toHaveLength(1)
    expect(await scene.overrides(tenant)).toHaveLength(2)
  })

  test('a series renamed there keeps its changed occurrence as it was', async () => {
    const { people, settle: rest, agree } = await stage()
    const person = people[vendor]
    const id = await makeAt(vendor, person)
    await person.send(
      'PATCH',
      eventPath(vendor, await occurrenceIn(vendor, person, id, 2)),
      named(vendor, 'Retro'),
    )
    await rest()
    await person.send('PATCH', eventPath(vendor, id), named(vendor, 'Daily'))
    await rest()
    const shown = await agree(8)
    expect(shown.filter(({ title }) => title === 'Daily')).toHaveLength(7)
    expect(shown.filter(({ title }) => title === 'Retro')).toHaveLength(1)
  })

  test('a series deleted there is gone everywhere, with its changed occurrences', async () => {
    const { people, settle: rest, agree } = await stage()
    const person = people[vendor]
    const id = await makeAt(vendor, person)
    await person.send(
      'PATCH',
      eventPath(vendor, await occurrenceIn(vendor, person, id, 2)),
      named(vendor, 'Retro'),
    )
    await rest()
    await person.send('DELETE', eventPath(vendor, id))
    await rest()
    await agree(0)
  })
})

test('a series moved to another hour in the schedule takes its changed and left out occurrences along', async () => {
  const { tenant, scene, settle: rest, agree } = await stage()
  await scene.make(tenant, weekly('Standup'))
  await rest()
  const series = await scene.series(tenant)
  await scene.change(tenant, series, scene.slot(series.content, 1), { title: 'Retro' })
  await scene.change(tenant, series, scene.slot(series.content, 3), 'deleted')
  await rest()
  await agree(7)
  const time = timedFromWall(monday(16), monday(17), zone)
  await scene.write(tenant, series, { ...series.content, time }, false)
  await rest()
  const shown = await agree(7)
  expect(shown.filter(({ title }) => title === 'Retro')).toHaveLength(1)
  expect(await scene.overrides(tenant)).toHaveLength(2)
})

test.each<Vendor>(['google', 'microsoft'])(
  'an occurrence that its member leaves out at %s while a write of the series is on its way is left out everywhere',
  async (vendor) => {
    const { tenant, providers, scene, people, settle: rest, agree } = await stage()
    const person = people[vendor]
    const id = await makeAt(vendor, person)
    await rest()
    const series = await scene.series(tenant)
    await scene.write(tenant, series, { ...series.content, title: 'Daily' }, false)
    const { id: providerId } = providers[vendor]
    const step = { tenantId: tenant.tenantId, providerId, runId: randomUUID() }
    await world.activities.reconcilePending({ ...step, after: 0 })
    await person.send('DELETE', eventPath(vendor, await occurrenceIn(vendor, person, id, 3)))
    await world.activities.push(step)
    await rest()
    await agree(7)
  },
)

test('a series that ends sooner loses the changes of the slots it no longer has', async () => {
  const { tenant, scene, settle: rest, agree } = await stage()
  await scene.make(tenant, weekly('Standup'))
  await rest()
  const series = await scene.series(tenant)
  await scene.change(tenant, series, scene.slot(series.content, 6), { title: 'Retro' })
  await rest()
  const shorter = weekly('Standup', 'FREQ=WEEKLY;COUNT=4;BYDAY=MO')
  await scene.write(tenant, series, { ...series.content, recurrence: shorter.recurrence }, false)
  await rest()
  await agree(4)
  expect(await scene.overrides(tenant)).toHaveLength(0)
})

test('a series that goes on longer keeps its changed and its left out occurrences', async () => {
  const { tenant, scene, settle: rest, agree } = await stage()
  await scene.make(tenant, weekly('Standup'))
  const series = await scene.series(tenant)
  await scene.change(tenant, series, scene.slot(series.content, 5), 'deleted')
  await rest()
  await scene.change(tenant, series, scene.slot(series.content, 1), { title: 'Retro' })
  await scene.change(tenant, series, scene.slot(series.content, 3), 'deleted')
  await rest()
  const longer = weekly('Standup', 'FREQ=WEEKLY;COUNT=10;BYDAY=MO')
  await scene.write(tenant, series, { ...series.content, recurrence: longer.recurrence }, false)
  await rest()
  const shown = await agree(8)
  expect(shown.filter(({ title }) => title === 'Retro')).toHaveLength(1)
  expect(await scene.overrides(tenant)).toHaveLength(3)
})

test('a series that becomes a single event and back is one event everywhere each time', async () => {
  const { tenant, scene, settle: rest, agree } = await stage()
  await scene.make(tenant, weekly('Standup'))
  await rest()
  const series = await scene.series(tenant)
  await scene.write(tenant, series, { ...series.content, recurrence: null }, false)
  await rest()
  await agree(1)
  const single = await scene.series(tenant)
  await scene.write(tenant, single, { ...single.content, recurrence: series.content.recurrence }, false)
  await rest()
  await agree(8)
})

test('an occurrence edited differently on both sides is a conflict of that occurrence alone', async () => {
  const { tenant, google, scene, people, settle: rest } = await stage()
  const id = await makeAt('google', people.google)
  await rest()
  const series = await scene.series(tenant)
  await scene.change(tenant, series, scene.slot(series.content, 2), { title: 'Ours' })
  await people.google.send(
    'PATCH',
    eventPath('google', await occurrenceIn('google', people.google, id, 2)),
    named('google', 'Theirs'),
  )
  await people.google.send(
    'PATCH',
    eventPath('google', await occurrenceIn('google', people.google, id, 5)),
    named('google', 'Other'),
  )
  await rest()
  const mappings = await sceneOf(world).mappings(google)
  expect(mappings.filter(({ state }) => state === 'conflict')).toHaveLength(1)
  expect((await scene.shown(tenant)).map(({ title }) => title)).toContain('Other')
  expect((await scene.shown(tenant)).map(({ title }) => title)).toContain('Ours')
})

test('a rule that Outlook cannot hold goes to Google alone, and its pair says why', async () => {
  const { tenant, google, outlook, scene, settle: rest } = await stage()
  await scene.make(tenant, weekly('Odd', 'FREQ=MONTHLY;COUNT=3;BYDAY=1MO,3MO'))
  await rest()
  expect((await scene.shownBy(google)).length).toBeGreaterThan(0)
  expect(await scene.shownBy(outlook)).toEqual([])
  const [pair] = await sceneOf(world).mappings(outlook)
  expect(pair).toMatchObject({ state: 'unsupported', reason: expect.stringContaining('Outlook') })
})

test.each<Vendor>(['google', 'microsoft'])(
  'an occurrence stays left out when the worker that was to remove it at %s died before it asked',
  async (vendor) => {
    const { tenant, providers, scene, settle: rest, agree } = await stage()
    await scene.make(tenant, weekly('Standup'))
    await rest()
    const series = await scene.series(tenant)
    await scene.change(tenant, series, scene.slot(series.content, 3), 'deleted')
    const { id: providerId, tenantId } = providers[vendor]
    await world.activities.reconcilePending({ tenantId, providerId, runId: randomUUID(), after: 0 })
    await world.database.tenant(tenantId, async (db) => {
      const [removal] = await openIntents(db, providerId, 'planned', 1)
      if (!removal) throw new Error('Nothing is to be removed.')
      await markSent(db, removal.id)
    })
    await rest()
    await agree(7)
  },
)

describe('a rename of a series reaches an occurrence that was moved in the schedule meanwhile', () => {
  test.each([
    ['and not decided about yet', []],
    ['and whose first write is decided', ['decided']],
    ['and whose first write is decided, and decided anew with another edit', ['decided', 'edited again']],
  ] as [string, ('decided' | 'edited again')[]][])('%s', async (_what, did) => {
    const { tenant, google, outlook, scene, people } = await stage()
    await scene.make(tenant, weekly('Standup'))
    await settle(world, google, outlook)
    const series = await scene.series(tenant)
    const slot = scene.slot(series.content, 2)
    const time = timedFromWall(monday(15, 14), monday(16, 14), zone)
    await scene.change(tenant, series, slot, { time })
    const { id: providerId, tenantId } = google
    const step = { tenantId, providerId, runId: randomUUID() }
    if (did.includes('decided')) await world.activities.reconcilePending({ ...step, after: 0 })
    const [event] = await sceneOf(world).vendorEvents(google)
    await people.google.rename(event?.id ?? '', 'Daily')
    await world.activities.pull(step)
    await world.activities.reconcilePending({ ...step, after: 0 })
    if (did.includes('edited again')) {
      await scene.change(tenant, series, slot, { time, location: 'Hall 2' })
      await world.activities.reconcilePending({ ...step, after: 0 })
    }
    await world.activities.push(step)
    await settle(world, google, outlook)
    const here = await scene.shown(tenant)
    expect([...new Set(here.map(({ title }) => title))]).toEqual(['Daily'])
    expect(await scene.shownBy(google)).toEqual(here)
    expect(await scene.shownBy(outlook)).toEqual(here)
  })
})
