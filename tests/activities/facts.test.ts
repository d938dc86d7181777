import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeLease } from '../../db/cursors.ts'
import { markPairsPending } from '../../db/pending.ts'
import { findProvider, updateProvider } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, settle, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function connected(vendor: Vendor, options: Parameters<typeof connectProvider>[3] = {}) {
  const tenant = await makeTenant(world)
  const email = `${randomUUID()}@${vendor}.example`
  const provider = await connectProvider(world, tenant, vendor, { email, ...options })
  const scene = sceneOf(world)
  const step = { tenantId: tenant.tenantId, providerId: provider.id }
  return { tenant, provider, scene, email, step, person: await scene.person(provider) }
}
const visit = { title: 'Visit', start: tomorrow(9), end: tomorrow(10) }

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  const gone = vendor === 'google' ? { reason: 'fullSyncRequired' } : { code: 'SyncStateNotFound' }

  test('a lost cursor costs a full round: what is gone is deleted, the rest stays as it is', async () => {
    const { tenant, provider, scene, person } = await connected(vendor)
    const { id } = await person.create(visit)
    await person.create({ ...visit, title: 'Stays' })
    await sync(world, provider)
    const before = (await scene.entriesOf(tenant)).find((entry) => entry.content.title === 'Stays')
    await person.remove(id)
    await world.control.fault({ kind: 'error', vendor, method: 'GET', status: 410, times: 1, ...gone })
    await settle(world, provider)
    expect(await scene.only(tenant)).toEqual(before)
    expect(await scene.vendorTitles(provider)).toEqual(['Stays'])
  })

  test('a round that breaks off in the middle deletes nothing', async () => {
    const { tenant, provider, scene, person } = await connected(vendor)
    await person.create(visit)
    await sync(world, provider)
    await world.control.fault({ kind: 'error', vendor, method: 'GET', status: 410, times: 1, ...gone })
    await world.control.fault({ kind: 'error', vendor, method: 'GET', status: 503, nth: 2, times: 1 })
    await sync(world, provider).catch(() => {})
    expect(await scene.titlesOf(tenant)).toEqual(['Visit'])
    await world.control.clearFaults()
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Visit'])
  })

  test('an attempt that lost its lease writes nothing', async () => {
    const { tenant, provider, scene, step } = await connected(vendor)
    await sync(world, provider)
    await scene.makeEntry(tenant, 'Repair')
    await world.activities.reconcilePending({ ...step, runId: randomUUID(), after: 0 })
    const steal = () =>
      world.database.tenant(tenant.tenantId, (db) => takeLease(db, provider, 'a newer attempt'))
    const frozen = createFrozen(steal)
    await expect(frozen.push({ ...step, runId: randomUUID() })).rejects.toThrow('newer attempt')
    expect(await scene.vendorTitles(provider)).toEqual([])
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toEqual(['Repair'])
  })

  test('an event outside the window is not brought in, and one that moves into it is', async () => {
    const { tenant, provider, scene, person } = await connected(vendor, { policies: { windowFutureDays: 3 } })
    const later = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)
    const { id } = await person.create({
      title: 'Later',
      start: `${later}T09:00:00`,
      end: `${later}T10:00:00`,
    })
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual([])
    expect(await scene.vendorTitles(provider)).toEqual(['Later'])
    await person.move(id, tomorrow(9), tomorrow(10))
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Later'])
  })

  test('a calendar with a series and a changed occurrence comes in whole', async () => {
    const { tenant, provider, scene, email, person } = await connected(vendor)
    await world.control.importCalendar(vendor, email, series())
    await person.create(visit)
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Moved', 'Visit', 'Weekly'])
    const kept = await scene.mappings(provider)
    expect(kept.map((mapping) => mapping.state)).toEqual(['active', 'active', 'active'])
  })

  test('a revoked consent halts the provider, says so, and keeps what is there', async () => {
    const { tenant, provider, scene, email, step, person } = await connected(vendor)
    await person.create(visit)
    await sync(world, provider)
    await world.control.revoke(vendor, email)
    expect(await world.activities.look(step)).toEqual({ kind: 'halted', phase: 'reauthorization-required' })
    const stored = await world.database.tenant(tenant.tenantId, (db) => findProvider(db, provider.id))
    expect(stored?.lastError?.message).toContain('authorize again')
    expect(await scene.titlesOf(tenant)).toEqual(['Visit'])
  })

  test('in a way out only, an edit or a deletion there is left alone until the entry changes', async () => {
    const { tenant, provider, scene, person } = await connected(vendor, { direction: 'outbound' })
    await scene.makeEntry(tenant, 'Repair')
    await settle(world, provider)
    const [copy] = await scene.vendorEvents(provider)
    await person.remove(copy?.id ?? '')
    await person.create(visit)
    await settle(world, provider)
    expect(await scene.titlesOf(tenant)).toEqual(['Repair'])
    expect(await scene.vendorTitles(provider)).toEqual(['Visit'])
    await scene.editEntry(tenant, await scene.only(tenant), { title: 'Repair again' })
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toEqual(['Repair again', 'Visit'])
  })

  test('in a way in only, nothing that happens here reaches the calendar', async () => {
    const { tenant, provider, scene, person } = await connected(vendor, { direction: 'inbound' })
    await person.create(visit)
    await settle(world, provider)
    await scene.editEntry(tenant, await scene.only(tenant), { title: 'Ours' })
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toEqual(['Visit'])
    await scene.editEntry(tenant, await scene.only(tenant), {}, true)
    await scene.makeEntry(tenant, 'Repair', 12)
    await settle(world, provider)
    expect(await scene.vendorTitles(provider)).toEqual(['Visit'])
  })
})

test('the words of a private event are never stored', async () => {
  const { provider, person } = await connected('google')
  const secret = `Clinic ${randomUUID()}`
  const at = (hour: number) => ({ dateTime: `${tomorrow(hour)}Z`, timeZone: 'UTC' })
  const event = { summary: secret, description: secret, visibility: 'private', start: at(9), end: at(10) }
  await person.send('POST', '/calendar/v3/calendars/primary/events', event)
  await settle(world, provider)
  const dump = await world.database.owner<{ rows: string }[]>`
    select query_to_xml('select * from external_events', true, false, '')::text
      || query_to_xml('select * from schedule_entries', true, false, '')::text
      || query_to_xml('select * from entry_versions', true, false, '')::text
      || query_to_xml('select * from mappings', true, false, '')::text as rows`
  expect(dump[0]?.rows).toContain('Busy')
  expect(dump[0]?.rows).not.toContain(secret)
})

test("somebody else's meeting comes in and is never written to, and the pair says why", async () => {
  const { tenant, provider, scene, person } = await connected('microsoft')
  const at = (hour: number) => ({ dateTime: tomorrow(hour), timeZone: 'UTC' })
  const attendees = [{ type: 'required', emailAddress: { address: 'kim@else.example', name: 'Kim' } }]
  await person.send('POST', '/v1.0/me/events', { subject: 'Board', start: at(9), end: at(10), attendees })
  await settle(world, provider)
  const mails = (await world.control.mail()).length
  await scene.editEntry(tenant, await scene.only(tenant), { title: 'Ours' })
  await settle(world, provider)
  expect(await scene.vendorTitles(provider)).toEqual(['Board'])
  expect((await scene.mappings(provider))[0]?.reason).toContain('attendees')
  expect(await world.control.mail()).toHaveLength(mails)
})

test("guests of a member's own meeting get no mail about what we change", async () => {
  const { tenant, provider, scene, person } = await connected('google')
  const at = (hour: number) => ({ dateTime: `${tomorrow(hour)}Z`, timeZone: 'UTC' })
  const attendees = [{ email: 'kim@else.example' }]
  const meeting = { summary: 'Board', start: at(9), end: at(10), attendees }
  await person.send('POST', '/calendar/v3/calendars/primary/events?sendUpdates=none', meeting)
  await settle(world, provider)
  const mails = (await world.control.mail()).length
  await scene.editEntry(tenant, await scene.only(tenant), { title: 'Board, in the hall' })
  await settle(world, provider)
  expect(await scene.vendorTitles(provider)).toEqual(['Board, in the hall'])
  await scene.editEntry(tenant, await scene.only(tenant), {}, true)
  await settle(world, provider)
  expect(await scene.vendorTitles(provider)).toEqual([])
  expect(await world.control.mail()).toHaveLength(mails)
})

test.each<[Vendor, object]>([
  ['google', { colorId: '7' }],
  ['microsoft', { categories: ['Red category'] }],
])('a change of what we do not hold is no work (%s)', async (vendor, change) => {
  const { tenant, provider, scene, step, person } = await connected(vendor)
  const { id } = await person.create(visit)
  await settle(world, provider)
  await world.activities.look(step)
  const before = await scene.only(tenant)
  const path = vendor === 'google' ? '/calendar/v3/calendars/primary/events' : '/v1.0/me/events'
  await person.send('PATCH', `${path}/${id}`, change)
  expect(await world.activities.look(step)).toMatchObject({ kind: 'rest' })
  expect(await scene.only(tenant)).toEqual(before)
})

test('fields we do not model survive our edit byte for byte', async () => {
  const { tenant, provider, scene, person } = await connected('google')
  const path = '/calendar/v3/calendars/primary/events'
  const at = (hour: number) => ({ dateTime: `${tomorrow(hour)}Z`, timeZone: 'UTC' })
  const extras = {
    colorId: '7',
    description: '<b>Bring</b> the tools',
    extendedProperties: { shared: { theirs: '1' } },
    reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 7 }] },
  }
  const { id } = await person.send<{ id: string }>('POST', path, {
    summary: 'Visit',
    start: at(9),
    end: at(10),
    ...extras,
  })
  await sync(world, provider)
  await scene.editEntry(tenant, await scene.only(tenant), { title: 'Edited' })
  await settle(world, provider)
  expect(await person.send('GET', `${path}/${id}`)).toMatchObject({ summary: 'Edited', ...extras })
})

/** The same activities in a process that is frozen just before its second look at the lease. */
function createFrozen(steal: () => Promise<unknown>): World['activities'] {
  let beats = 0
  let stolen: Promise<unknown> | undefined
  const database: World['database'] = {
    ...world.database,
    tenant: async (tenantId, work) => {
      if (beats > 0) stolen ??= steal()
      await stolen
      return world.database.tenant(tenantId, work)
    },
  }
  return world.activitiesWith({ database, heartbeat: () => void beats++ })
}

function series(): string {
  const stamp = (days: number) =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
  const event = (...lines: string[]) => [
    'BEGIN:VEVENT',
    'UID:weekly@tests.example',
    'DTSTAMP:20260101T000000Z',
    ...lines,
    'END:VEVENT',
  ]
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//calendar-sync//tests//EN',
    ...event(
      `DTSTART:${stamp(2)}T090000Z`,
      `DTEND:${stamp(2)}T100000Z`,
      'RRULE:FREQ=WEEKLY;COUNT=4',
      'SUMMARY:Weekly',
    ),
    ...event(
      `RECURRENCE-ID:${stamp(9)}T090000Z`,
      `DTSTART:${stamp(9)}T110000Z`,
      `DTEND:${stamp(9)}T120000Z`,
      'SUMMARY:Moved',
    ),
    'END:VCALENDAR',
  ].join('\r\n')
}

test('a wider direction lets through what rested', async () => {
  const { tenant, provider, scene, person } = await connected('google', { direction: 'inbound' })
  await person.create(visit)
  await settle(world, provider)
  await scene.editEntry(tenant, await scene.only(tenant), { title: 'Ours' })
  await settle(world, provider)
  await world.database.tenant(tenant.tenantId, async (db) => {
    await updateProvider(db, provider.id, { direction: 'both' })
    await markPairsPending(db, provider)
  })
  await settle(world, provider)
  expect(await scene.vendorTitles(provider)).toEqual(['Ours'])
})
