import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { updateProvider } from '../../db/providers.ts'
import { listEntryVersions } from '../../db/entry-versions.ts'
import type { Vendor } from '../../domain/event.ts'
import type { ProviderPolicies } from '../../domain/policy.ts'
import { calendarUnder, setPolicies } from '../support/policy-scene.ts'
import { tomorrow } from '../support/scene.ts'
import { tablesSaying } from '../support/stored-words.ts'
import { createWorld, settle, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const secret = () => `Clinic${randomUUID().slice(0, 8)}`
const other: Record<Vendor, Vendor> = { google: 'microsoft', microsoft: 'google' }
const whole: Partial<ProviderPolicies> = { enters: 'all', marker: null, privateEvents: 'full' }

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  test.each<[string, Partial<ProviderPolicies>, 'Busy' | 'stays']>([
    ['to times alone', { enters: 'busy-only' }, 'Busy'],
    ['to a marker', { enters: 'marked', marker: '#work' }, 'Busy'],
    ['to nothing', { enters: 'none' }, 'Busy'],
    ['of private events', { privateEvents: 'busy' }, 'Busy'],
  ])(
    'narrowing %s erases the words that are stored, and nobody’s calendar loses any',
    async (_case, narrow) => {
      const one = await calendarUnder(world, vendor, whole)
      const two = await calendarUnder(world, other[vendor], {}, one.tenant)
      const both = () => settle(world, one.provider, two.provider)
      const word = secret()
      const { id } = await one.create({ title: word, body: word, place: word, isPrivate: true })
      const gone = await one.create({ title: `${word} gone`, isPrivate: true }, 12)
      const fought = await one.create({ title: `${word} fought`, isPrivate: true }, 14)
      await both()
      const entries = await one.scene.entriesOf(one.tenant)
      const entryOf = (title: string) => entries.find((entry) => entry.content.title === title)!
      await one.scene.editEntry(one.tenant, entryOf(word), { title: `${word} second`, showAs: 'free' })
      await one.scene.editEntry(one.tenant, entryOf(`${word} fought`), { title: `${word} ours` })
      await one.change(fought.id, { title: `${word} theirs` })
      await one.person.remove(gone.id)
      await both()
      expect(await tablesSaying(world, word)).toEqual(
        expect.arrayContaining([
          'conflicts',
          'entry_versions',
          'external_events',
          'mappings',
          'schedule_entries',
        ]),
      )

      const shown = (await one.scene.vendorTitles(one.provider)).filter((title) => title !== `${word} gone`)
      await one.setPolicies(narrow)
      await both()
      expect(await tablesSaying(world, word)).toEqual([])
      expect(await one.scene.vendorTitles(one.provider)).toEqual(shown)
      expect(JSON.stringify(await one.read(id))).toContain(`${word} second`)
      expect(new Set(await two.scene.vendorTitles(two.provider))).toEqual(new Set(['Busy']))
      const kept = (await one.scene.entriesOf(one.tenant)).find((entry) => entry.id === entryOf(word).id)
      expect(kept).toMatchObject({ deletedAt: null, content: { title: 'Busy', body: '', showAs: 'free' } })
      const versions = await world.database.tenant(one.tenant.tenantId, (db) =>
        listEntryVersions(db, entryOf(word).id),
      )
      expect(versions.map(({ version, cause: { kind } }) => `${version} ${kind}`)).toEqual([
        '1 provider',
        '2 api-key',
        '3 provider',
      ])

      await one.setPolicies(whole)
      await both()
      expect(
        (await one.scene.entriesOf(one.tenant)).find((entry) => entry.id === kept?.id)?.content,
      ).toMatchObject({
        title: `${word} second`,
        body: word,
      })
      expect(await two.scene.vendorTitles(two.provider)).toContain(`${word} second`)
      expect(await one.scene.vendorTitles(one.provider)).toEqual(shown)
    },
  )

  test('what the schedule made keeps its words under a narrower policy, in every calendar', async () => {
    const one = await calendarUnder(world, vendor)
    await one.scene.makeEntry(one.tenant, 'Repair')
    await one.settle()
    await one.setPolicies({ enters: 'none' })
    await one.settle()
    expect(await one.scene.titlesOf(one.tenant)).toEqual(['Repair'])
    expect(await one.scene.vendorTitles(one.provider)).toEqual(['Repair'])
  })

  test('words that wait to be sent to the original are not sent, nor kept', async () => {
    const one = await calendarUnder(world, vendor)
    const word = secret()
    await one.create({ title: 'Visit' })
    await one.settle()
    const step = { tenantId: one.tenant.tenantId, providerId: one.provider.id, runId: randomUUID() }
    await one.scene.editEntry(one.tenant, await one.scene.only(one.tenant), { title: word })
    await world.activities.reconcilePending({ ...step, after: 0 })
    expect(await tablesSaying(world, word)).toContain('intents')
    await one.setPolicies({ enters: 'busy-only' })
    await one.settle()
    expect(await tablesSaying(world, word)).toEqual([])
    expect(await one.scene.vendorTitles(one.provider)).toEqual(['Visit'])
  })

  test('words of a write that is answered under a narrower policy are not kept', async () => {
    const one = await calendarUnder(world, vendor)
    const word = secret()
    await one.create({ title: `${word} theirs`, body: word })
    await one.settle()
    const step = { tenantId: one.tenant.tenantId, providerId: one.provider.id, runId: randomUUID() }
    await one.scene.editEntry(one.tenant, await one.scene.only(one.tenant), { title: `${word} ours` })
    await world.activities.reconcilePending({ ...step, after: 0 })
    await one.setPolicies({ enters: 'busy-only' })
    await world.activities.push(step)
    await one.settle()
    expect(await tablesSaying(world, word)).toEqual([])
    expect(await one.scene.titlesOf(one.tenant)).toEqual(['Busy'])
    expect(await one.scene.vendorTitles(one.provider)).toEqual([`${word} ours`])
  })

  test('words that wait to be copied to another calendar are not kept', async () => {
    const one = await calendarUnder(world, vendor)
    const two = await calendarUnder(world, other[vendor], {}, one.tenant)
    const word = secret()
    await one.create({ title: word })
    await one.settle()
    const step = { tenantId: one.tenant.tenantId, providerId: two.provider.id, runId: randomUUID() }
    await world.activities.reconcilePending({ ...step, after: 0 })
    expect(await tablesSaying(world, word)).toContain('intents')
    await one.setPolicies({ enters: 'busy-only' })
    await settle(world, one.provider, two.provider)
    expect(await tablesSaying(world, word)).toEqual([])
    expect(await two.scene.vendorTitles(two.provider)).toEqual(['Busy'])
  })

  test('words of a copy that its vendor put off are not kept', async () => {
    const one = await calendarUnder(world, vendor)
    const two = await calendarUnder(world, other[vendor], {}, one.tenant)
    const word = secret()
    await one.create({ title: word })
    await one.settle()
    const step = { tenantId: one.tenant.tenantId, providerId: two.provider.id, runId: randomUUID() }
    await world.activities.reconcilePending({ ...step, after: 0 })
    const busy = { vendor: other[vendor], method: 'POST', path: '/events', times: 1 }
    await world.control.fault({ kind: 'error', status: 503, ...busy })
    await world.activities.push(step).catch(() => {})
    await one.setPolicies({ enters: 'busy-only' })
    await settle(world, one.provider, two.provider)
    expect(await tablesSaying(world, word)).toEqual([])
    expect(await two.scene.vendorTitles(two.provider)).toEqual(['Busy'])
  })

  test('a paused calendar has its words erased all the same', async () => {
    const one = await calendarUnder(world, vendor)
    const word = secret()
    await one.create({ title: word })
    await one.settle()
    await one.setPolicies({ enters: 'busy-only' })
    await world.database.tenant(one.tenant.tenantId, (db) =>
      updateProvider(db, one.provider.id, { paused: true }),
    )
    const step = { tenantId: one.tenant.tenantId, providerId: one.provider.id }
    expect(await world.activities.look(step)).toEqual({ kind: 'halted', phase: 'paused' })
    expect(await tablesSaying(world, word)).toEqual([])
    expect((await one.scene.only(one.tenant)).content.title).toBe('Busy')
  })
})

test('fewer kinds of events erase the words of the others', async () => {
  const one = await calendarUnder(world, 'google')
  const word = secret()
  await one.create({ title: word }, 9, {
    eventType: 'outOfOffice',
    outOfOfficeProperties: { autoDeclineMode: 'declineNone' },
  })
  await one.create({ title: 'Visit' }, 12)
  await one.settle()
  await one.setPolicies({ eventTypes: ['default'] })
  await one.settle()
  expect(await one.scene.titlesOf(one.tenant)).toEqual(['Busy', 'Visit'])
  expect(await tablesSaying(world, word)).toEqual([])
  expect(await one.scene.vendorTitles(one.provider)).toEqual([word, 'Visit'].toSorted())
})

test('a meeting that another calendar of the member lets in keeps its words', async () => {
  const one = await calendarUnder(world, 'google')
  const two = await calendarUnder(world, 'google', {}, one.tenant)
  const iCalUID = `${randomUUID()}@else.example`
  const meeting = { title: 'Planning', start: tomorrow(9), end: tomorrow(10), iCalUID }
  await one.person.create(meeting)
  await two.person.create(meeting)
  await settle(world, one.provider, two.provider)
  await one.setPolicies({ enters: 'busy-only' })
  await settle(world, one.provider, two.provider)
  expect(await one.scene.titlesOf(one.tenant)).toEqual(['Planning'])
  expect(await two.scene.vendorTitles(two.provider)).toEqual(['Planning'])
  await setPolicies(world, two.provider, { enters: 'busy-only' })
  await settle(world, one.provider, two.provider)
  expect(await one.scene.titlesOf(one.tenant)).toEqual(['Busy'])
  expect(await two.scene.vendorTitles(two.provider)).toEqual(['Planning'])
})

test('an erasure that is killed in any of its batches goes on from there, and does each event once', async () => {
  const one = await calendarUnder(world, 'google')
  const email = one.provider.accountEmail ?? ''
  await world.control.seed(email, { vendor: 'google', count: 1_200, startsAt: `${tomorrow(0)}Z` })
  await one.settle()
  const titles = new Set(await one.scene.vendorTitles(one.provider))
  await one.setPolicies({ enters: 'busy-only' })
  const step = { tenantId: one.tenant.tenantId, providerId: one.provider.id, runId: randomUUID() }
  let kills = 0
  let isDone = false
  while (!isDone) {
    const killed = killedAt(kills % 4 === 3 ? Number.POSITIVE_INFINITY : 1 + (kills % 4))
    isDone = await killed.pull(step).then(
      (outcome) => outcome === 'done',
      () => false,
    )
    if (!isDone) kills++
  }
  expect(kills).toBeGreaterThanOrEqual(3)
  const [left] = await world.database.owner<{ total: number; versions: number }[]>`
    select count(*) filter (where content ->> 'title' <> 'Busy')::int as total, max(version)::int as versions
    from schedule_entries where tenant_id = ${one.tenant.tenantId}`
  expect(left).toEqual({ total: 0, versions: 2 })
  for (const title of [...titles].slice(0, 3)) expect(await tablesSaying(world, title)).toEqual([])
  await one.settle()
  expect(new Set(await one.scene.vendorTitles(one.provider))).toEqual(titles)
})

/** The same activities in a process that dies when it has committed so many transactions, just before the next. */
function killedAt(commits: number): World['activities'] {
  let left = commits
  const database: World['database'] = {
    ...world.database,
    tenant: async (tenantId, work) => {
      if (left-- <= 0) throw new Error('killed')
      return world.database.tenant(tenantId, work)
    },
  }
  return world.activitiesWith({ database })
}
