import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inTurn } from '../../activities/vendor-turn.ts'
import { connect, type Database } from '../../db/connection.ts'
import { findCursor } from '../../db/cursors.ts'
import { raiseNudges, type Provider } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import { connectedCalendar } from '../../oauth/connected-calendar.ts'
import { Throttled } from '../../providers/errors.ts'
import { readProvider } from '../support/policy-scene.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import {
  connectProvider,
  createWorld,
  makeTenant,
  sync,
  type TestTenant,
  type World,
} from '../support/world.ts'

let world: World
/** The same product in another process: connections of its own to the same database. */
let other: World
let ownDatabase: Database
let offsetMs = 0
beforeAll(async () => {
  world = await createWorld({ now: () => new Date(Date.now() + offsetMs) })
  ownDatabase = connect(world.database.url)
  const deps = { ...world.deps, database: ownDatabase }
  other = { ...world, deps, activities: world.activitiesWith({ database: ownDatabase }) }
})
afterAll(async () => {
  await ownDatabase.close()
  await world.close()
})
beforeEach(async () => {
  offsetMs = 0
  await world.control.clearFaults()
  await world.control.forgetRequests()
})

const look = ({ activities }: World, { tenantId, id }: Provider) =>
  activities.look({ tenantId, providerId: id })

/** A mailbox with this many calendars, all connected. */
async function mailbox(count: number, tenant?: TestTenant) {
  const of = tenant ?? (await makeTenant(world))
  const email = `${randomUUID()}@outlook.example`
  await world.control.makeAccount('microsoft', email)
  const token = await world.control.token('microsoft', email)
  const send = async <T>(path: string, body: unknown) => {
    const answer = await fetch(`${world.sandbox.url}/v1.0${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await answer.json()) as T
  }
  const providers: Provider[] = []
  for (let index = 0; index < count; index++) {
    const { id: calendarId } = await send<{ id: string }>('/me/calendars', { name: `Calendar ${index}` })
    providers.push(await connectProvider(world, of, 'microsoft', { email, calendarId }))
    const at = (hour: number) => ({ dateTime: tomorrow(hour), timeZone: 'UTC' })
    for (let hour = 8; hour < 11; hour++) {
      await send(`/me/calendars/${calendarId}/events`, {
        subject: `Visit ${index}`,
        start: at(hour),
        end: at(hour + 1),
      })
    }
  }
  return { tenant: of, email, providers }
}

const cursorOf = ({ tenantId, id }: Provider) =>
  world.database.tenant(tenantId, async (db) => (await findCursor(db, id)) ?? null)
const slow = (ms = 40) => world.control.fault({ kind: 'latency', ms, path: '/v1.0/me', times: 10_000 })

test('two processes that ask for eight calendars of one mailbox at once stay within its four requests', async () => {
  const { tenant, providers } = await mailbox(8)
  await slow()
  await Promise.all(providers.map((provider, index) => sync(index % 2 ? world : other, provider)))
  const refused = await world.control.requests('?status=429')
  expect(refused).toEqual([])
  expect(await sceneOf(world).entriesOf(tenant)).toHaveLength(24)
})

test('the sandbox does refuse a fifth request of a mailbox: without turns the eight are too many', async () => {
  const { providers } = await mailbox(8)
  // Long enough that the eighth is asked before the first is answered, on a busy machine too.
  await slow(1_000)
  const calendars = await Promise.all(
    providers.map((provider) => connectedCalendar(world.deps, provider, async () => {})),
  )
  await Promise.allSettled(calendars.map((calendar) => calendar.calendar()))
  expect((await world.control.requests('?status=429')).length).toBeGreaterThan(0)
})

test('a mailbox of three calendars waits for nobody and writes no turns', async () => {
  const { providers } = await mailbox(3)
  await Promise.all(providers.map((provider) => sync(world, provider)))
  const before = await sceneOf(world).rowsWritten()
  await Promise.all(providers.map((provider) => look(world, provider)))
  expect(await sceneOf(world).tablesWritten(before)).not.toContain('vendor_turns')
})

test('live work finds a turn where imports have theirs, and one that is over gives its turn on', async () => {
  const { providers } = await mailbox(5)
  const [live, ...imports] = providers
  if (!live) throw new Error('There is no provider.')
  await sync(world, live)
  const deps = { ...world.deps, budgetMs: 300 }
  const ends: (() => void)[] = []
  const turn = async (provider: Provider) => {
    const calling = { provider, calendars: providers.length, cursor: await cursorOf(provider) }
    return inTurn<'busy' | 'done'>(
      deps,
      calling,
      'busy',
      () => new Promise((resolve) => ends.push(() => resolve('done'))),
    )
  }
  const running = imports.slice(0, 2).map(turn)
  await expect.poll(() => ends.length).toBe(2)
  expect(await turn(imports[2] ?? live)).toBe('busy')
  const lively = turn(live)
  await expect.poll(() => ends.length).toBe(3)

  ends[0]?.()
  expect(await Promise.race(running)).toBe('done')
  const next = turn(imports[3] ?? live)
  await expect.poll(() => ends.length).toBe(4)
  for (const end of ends) end()
  expect(await Promise.all([...running, lively, next])).toEqual(['done', 'done', 'done', 'done'])
})

test('whoever takes a provider over from a dead process takes its turn over', async () => {
  const { providers } = await mailbox(4)
  const calling = providers.map((provider) => ({ provider, calendars: 4, cursor: null }))
  const never = () => new Promise<'done'>(() => {})
  const deps = { ...world.deps, budgetMs: 300 }
  for (const one of calling.slice(0, 2)) void inTurn<'busy' | 'done'>(deps, one, 'busy', never)
  const [first, , third] = calling
  if (!first || !third) throw new Error('There are too few.')
  await expect.poll(() => inTurn(deps, third, 'busy', async () => 'done')).toBe('busy')
  expect(await inTurn(other.deps, first, 'busy', async () => 'done')).toBe('done')
  expect(await inTurn(deps, third, 'busy', async () => 'done')).toBe('done')
})

test('a calendar that is busy is looked at again, and its hint stays', async () => {
  const { providers } = await mailbox(4)
  for (const provider of providers) await sync(world, provider)
  const [first, ...others] = providers
  if (!first) throw new Error('There is no provider.')
  const ends: (() => void)[] = []
  const held = others.map(async (provider) =>
    inTurn(
      world.deps,
      { provider, calendars: 4, cursor: await cursorOf(provider) },
      'busy',
      () => new Promise<string>((resolve) => ends.push(() => resolve('done'))),
    ),
  )
  await expect.poll(() => ends.length).toBe(3)
  await world.database.tenant(first.tenantId, (db) => raiseNudges(db, [first.id], world.deps.now()))
  const step = { tenantId: first.tenantId, providerId: first.id }
  expect(await world.activitiesWith({ budgetMs: 200 }).look(step)).toEqual({ kind: 'busy' })
  expect(await readProvider(world, first)).toMatchObject({ nudgePending: true })
  for (const end of ends) end()
  await Promise.all(held)
  expect((await world.activities.look(step)).kind).not.toBe('busy')
  expect(await readProvider(world, first)).toMatchObject({ nudgePending: false })
})

test.each<Vendor>(['google', 'microsoft'])(
  'what %s asks one account to wait is obeyed by every process, and by no other account',
  async (vendor) => {
    const tenant = await makeTenant(world)
    const connected = (of = tenant) =>
      connectProvider(world, of, vendor, { email: `${randomUUID()}@${vendor}.example` })
    const provider = await connected()
    const neighbour = await connected()
    const foreign = await connected(await makeTenant(world))
    for (const one of [provider, neighbour, foreign]) await sync(world, one)
    await world.control.forgetRequests()
    const path = vendor === 'google' ? '/calendar/v3/calendars' : '/v1.0/me'
    const code = vendor === 'google' ? 'userRateLimitExceeded' : 'ApplicationThrottled'
    const status = vendor === 'google' ? 403 : 429
    await world.control.fault({ kind: 'error', vendor, status, code, retryAfter: 30, path, times: 1 })
    await expect(look(world, provider)).rejects.toThrow(Throttled)
    const asked = async () => (await world.control.requests(`?vendor=${vendor}`)).length
    expect(await asked()).toBe(1)

    for (const process of [world, other]) {
      await expect(look(process, provider)).rejects.toThrow(/asked to wait until/)
    }
    expect(await asked()).toBe(1)
    expect((await look(other, neighbour)).kind).toBe('rest')
    expect((await look(other, foreign)).kind).toBe('rest')
    offsetMs = 31_000
    expect((await look(other, provider)).kind).toBe('rest')
  },
)
