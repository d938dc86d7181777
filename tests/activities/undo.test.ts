import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeEntry } from '../../api/entry-changes.ts'
import { readHistory } from '../../api/entry-history.ts'
import { changeInScope, deleteInScope, type Scope } from '../../api/entry-scopes.ts'
import { undoChange } from '../../api/entry-undo.ts'
import type { Provider } from '../../db/providers.ts'
import { findEntry, type ScheduleEntry } from '../../db/schedule-entries.ts'
import { insertSubscription, recordNotification, type Subscription } from '../../db/subscriptions.ts'
import type { EventContent, Vendor } from '../../domain/event.ts'
import { timedFromWall } from '../../domain/time.ts'
import { calendarUnder } from '../support/policy-scene.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { monday, seriesScene, weekly, zone } from '../support/series-scene.ts'
import { tablesSaying } from '../support/stored-words.ts'
import {
  connectProvider,
  createWorld,
  makeMember,
  makeTenant,
  settle,
  type TestTenant,
  type World,
} from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** What an application does with entries, as the API does it. */
function applicationOf({ tenantId }: TestTenant) {
  const author = () => ({ tenantId, cause: { kind: 'session' as const }, now: world.deps.now() })
  const asTenant = <T>(work: Parameters<typeof world.database.tenant<T>>[1]) =>
    world.database.tenant(tenantId, work)
  const wishing = (changes: Partial<EventContent>) => (current: ScheduleEntry, assignees: string[]) => ({
    content: { ...current.content, ...changes },
    status: current.status,
    assignees,
    leftOut: null,
  })
  return {
    change: (id: string, changes: Partial<EventContent>, scope: Scope = { kind: 'all' }) =>
      asTenant((db) =>
        changeInScope(db, world.deps, author(), scope, { id, ifMatch: '*', wishFor: wishing(changes) }),
      ),
    reassign: (id: string, assignees: string[]) =>
      asTenant((db) =>
        changeEntry(db, world.deps, author(), id, '*', (current) => ({
          ...wishing({})(current, assignees),
          assignees,
        })),
      ),
    remove: (id: string, scope: Scope = { kind: 'all' }) =>
      asTenant((db) => deleteInScope(db, world.deps, author(), scope, { id, ifMatch: undefined })),
    undo: (id: string, version: number) =>
      asTenant((db) => undoChange(db, world.deps, author(), id, undefined, version)),
    history: (id: string) =>
      asTenant(async (db) => {
        const entry = await findEntry(db, id)
        if (!entry) throw new Error('There is no such entry.')
        return (await readHistory(db, entry, { after: 0, limit: 100 })).map(({ shown }) => shown)
      }),
    versionOf: async (id: string) => (await asTenant((db) => findEntry(db, id)))?.version ?? 0,
  }
}

async function stage() {
  const tenant = await makeTenant(world)
  const connected = (vendor: Vendor) =>
    connectProvider(world, tenant, vendor, { email: `${randomUUID()}@${vendor}.example` })
  const google = await connected('google')
  const microsoft = await connected('microsoft')
  const scene = sceneOf(world)
  return {
    tenant,
    providers: { google, microsoft },
    scene,
    application: applicationOf(tenant),
    settle: () => settle(world, google, microsoft),
    /** The titles of all three sides. */
    titles: async () => [
      await scene.titlesOf(tenant),
      await scene.vendorTitles(google),
      await scene.vendorTitles(microsoft),
    ],
  }
}
const everywhere = (...titles: string[]) => [titles, titles, titles]

/** Two looks more change nothing: what came in last is no edit of anybody's. */
async function atRest(of: Provider[]): Promise<void> {
  const look = ({ tenantId, id }: Provider) => world.activities.look({ tenantId, providerId: id })
  for (const provider of of) expect((await look(provider)).kind).toBe('rest')
}

test('an undone edit of the schedule is undone in Google and in Outlook', async () => {
  const { tenant, providers, scene, application, settle: rest, titles } = await stage()
  const id = await scene.makeEntry(tenant, 'Visit')
  await rest()
  await application.change(id, { title: 'Repair', location: 'Room 1' })
  await application.change(id, { body: 'Bring a ladder.' })
  await rest()
  expect(await titles()).toEqual(everywhere('Repair'))
  await application.undo(id, 2)
  await rest()
  expect(await titles()).toEqual(everywhere('Visit'))
  const [entry] = await scene.entriesOf(tenant)
  expect(entry?.content).toMatchObject({ location: '', body: 'Bring a ladder.' })
  await atRest([providers.google, providers.microsoft])
})

describe.each<Vendor>(['google', 'microsoft'])('what somebody did in %s', (vendor) => {
  async function broughtIn() {
    const all = await stage()
    const provider = all.providers[vendor]
    const person = await all.scene.person(provider)
    const { id } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await all.settle()
    const entry = await all.scene.only(all.tenant)
    return { ...all, provider, person, id, entry }
  }

  test('to an event is undone there and in the copy, and history says whose calendar and which run it came from', async () => {
    const { tenant, provider, person, id, entry, application, settle: rest, titles } = await broughtIn()
    await person.rename(id, 'Moved')
    await rest()
    expect(await titles()).toEqual([['Moved'], ...everywhere('Moved').slice(1)])
    const [, renamed] = await application.history(entry.id)
    expect(renamed).toMatchObject({
      changed: ['title'],
      cause: {
        kind: 'provider',
        providerId: provider.id,
        name: provider.name,
        memberId: tenant.memberId,
        runId: expect.any(String),
      },
    })
    await application.undo(entry.id, 2)
    await rest()
    expect(await titles()).toEqual(everywhere('Visit'))
  })

  test('by deleting an event is undone: it is in all calendars again', async () => {
    const { provider, person, id, entry, application, settle: rest, titles } = await broughtIn()
    await person.remove(id)
    await rest()
    expect(await titles()).toEqual(everywhere())
    await application.undo(entry.id, 2)
    await rest()
    expect(await titles()).toEqual(everywhere('Visit'))
    await atRest([provider])
  })

  test('by leaving what several are assigned to is undone: the member has it again', async () => {
    const { tenant, provider, scene, person, application, settle: rest } = await broughtIn()
    const lee = await makeMember(world, tenant.tenantId, `${randomUUID()}@acme.example`)
    const id = await scene.makeEntry(tenant, 'Shared', 15, [tenant.memberId, lee])
    await rest()
    const shared = (await scene.vendorEvents(provider)).find(({ title }) => title === 'Shared')
    await person.remove(shared?.id ?? '')
    await rest()
    const left = await application.history(id)
    expect(left.at(-1)).toMatchObject({ changed: ['assignees'], assignees: [lee] })
    await application.undo(id, left.at(-1)?.version ?? 0)
    await rest()
    expect(await scene.vendorTitles(provider)).toEqual(['Shared', 'Visit'])
  })

  test('a policy that lets in less takes the words out of history, and no undo brings them back', async () => {
    const one = await calendarUnder(world, vendor, { privateEvents: 'full' })
    const application = applicationOf(one.tenant)
    const word = `Clinic${randomUUID().slice(0, 8)}`
    const { id } = await one.create({ title: word, body: word })
    await one.settle()
    const entry = await one.scene.only(one.tenant)
    await one.change(id, { title: `${word} second` })
    await one.settle()
    await application.change(entry.id, { showAs: 'free' })
    await one.settle()
    await one.setPolicies({ enters: 'busy-only' })
    await one.settle()
    expect(await tablesSaying(world, word)).toEqual([])
    const versions = await application.history(entry.id)
    expect(versions.map(({ title, wordsErasedAt }) => [title, wordsErasedAt !== null])).toEqual([
      ['Busy', true],
      ['Busy', true],
      ['Busy', true],
      ['Busy', false],
    ])
    const before = await application.versionOf(entry.id)
    for (const version of [2, 4]) {
      await expect(application.undo(entry.id, version)).rejects.toThrow(/was erased/)
    }
    expect(await application.versionOf(entry.id)).toBe(before)
    await application.undo(entry.id, 3)
    await one.settle()
    expect(await one.scene.vendorTitles(one.provider)).toEqual([`${word} second`])
    expect((await one.scene.only(one.tenant)).content).toMatchObject({ title: 'Busy', showAs: 'busy' })
    expect(await tablesSaying(world, word)).toEqual([])
  })
})

describe('of a series', () => {
  async function standup() {
    const all = await stage()
    const series = seriesScene(world)
    const id = await series.make(all.tenant, weekly('Standup'))
    await all.settle()
    const { content } = await series.series(all.tenant)
    const at = (nth: number): Scope => ({ kind: 'this', slot: series.slot(content, nth) })
    await all.application.change(id, { title: 'Retro' }, at(2))
    await all.application.change(id, { time: timedFromWall(monday(14, 35), monday(15, 35), zone) }, at(5))
    await all.application.remove(id, at(3))
    await all.settle()
    return {
      ...all,
      series,
      id,
      content,
      at,
      /** What all three sides show. */
      agree: async () => {
        await all.settle()
        const shown = await series.shown(all.tenant)
        for (const provider of [all.providers.google, all.providers.microsoft]) {
          expect(await series.shownBy(provider)).toEqual(shown)
        }
        return shown
      },
    }
  }

  type Standup = Awaited<ReturnType<typeof standup>>
  test.each<[string, (of: Standup) => Promise<[id: string, version: number]>]>([
    [
      'one changed occurrence is plain again',
      async ({ application, at, id }) => {
        const { entry } = await application.change(id, { title: 'Review', location: 'Room 1' }, at(6))
        return [entry.id, 1]
      },
    ],
    [
      'a move takes every occurrence back, the changed and the left out too',
      async ({ application, id }) => {
        await application.change(id, { time: timedFromWall(monday(16), monday(17), zone) })
        return [id, await application.versionOf(id)]
      },
    ],
    [
      'an end brings the later occurrences back, the changed ones too',
      async ({ application, series, id, content }) => {
        await application.remove(id, { kind: 'following', slot: series.slot(content, 4) })
        return [id, await application.versionOf(id)]
      },
    ],
    [
      'a split is one series again',
      async ({ application, series, id, content }) => {
        const scope = { kind: 'following' as const, slot: series.slot(content, 4) }
        await application.change(id, { title: 'Daily' }, scope)
        return [id, await application.versionOf(id)]
      },
    ],
    [
      'a deletion brings it back with its changed and left out occurrences',
      async ({ application, id }) => {
        await application.remove(id)
        return [id, await application.versionOf(id)]
      },
    ],
  ])('the undo of %s, in each calendar', async (_case, change) => {
    const one = await standup()
    const before = await one.agree()
    const [id, version] = await change(one)
    expect(await one.agree()).not.toEqual(before)
    await one.application.undo(id, version)
    expect(await one.agree()).toEqual(before)
    const series = (await one.series.all(one.tenant)).filter(
      (entry) => entry.seriesId === null && entry.deletedAt === null,
    )
    expect(series).toHaveLength(1)
    expect(await one.scene.vendorTitles(one.providers.microsoft)).not.toContain('Daily')
  })
})

test('what a notification led to is told with it, what a poll found is not', async () => {
  const { tenant, providers, scene, application, settle: rest } = await stage()
  const { google } = providers
  const person = await scene.person(google)
  const { id } = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  await rest()
  const entry = await scene.only(tenant)
  const look = () => world.activities.look({ tenantId: google.tenantId, providerId: google.id })
  const rename = async (title: string) => {
    await person.rename(id, title)
    await rest()
    return (await application.history(entry.id)).at(-1)?.cause
  }
  expect((await look()).kind).toBe('rest')
  expect(await rename('Polled')).not.toHaveProperty('notifiedAt')

  const at = new Date(Date.now() + 1)
  const subscription: Subscription = {
    id: randomUUID(),
    tenantId: google.tenantId,
    providerId: google.id,
    vendor: 'google',
    externalId: randomUUID(),
    resourceId: null,
    secretHash: '',
    state: 'active',
    grantedAt: at,
    expiresAt: new Date(at.getTime() + 86_400_000),
    lastNotificationAt: null,
  }
  await world.database.tenant(google.tenantId, async (db) => {
    await insertSubscription(db, subscription)
    await recordNotification(db, subscription.id, at)
  })
  expect(await rename('Notified')).toMatchObject({ notifiedAt: at.toISOString() })
  expect((await look()).kind).toBe('rest')
  expect(await rename('Polled again')).not.toHaveProperty('notifiedAt')
})
