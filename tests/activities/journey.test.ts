import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeEntries, insertEntries } from '../../db/entry-writes.ts'
import { listMappings } from '../../db/mappings.ts'
import { markEntriesPending } from '../../db/pending.ts'
import type { Provider } from '../../db/providers.ts'
import { listEntries, type ScheduleEntry } from '../../db/schedule-entries.ts'
import type { EventContent, Vendor } from '../../domain/event.ts'
import { timedFromInstants } from '../../domain/time.ts'
import { asPerson } from '../support/sandbox-control.ts'
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

const tomorrow = (hour: number): string =>
  `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T${String(hour).padStart(2, '0')}:00:00`

export function content(title: string, hour = 9): EventContent {
  const time = timedFromInstants(`${tomorrow(hour)}Z`, `${tomorrow(hour + 1)}Z`, 'Europe/Berlin')
  return { title, body: '', location: '', time, showAs: 'busy', visibility: 'default' }
}

const key = { kind: 'api-key' as const, id: randomUUID() }

async function makeEntry(tenant: TestTenant, title: string, hour = 9): Promise<string> {
  const id = randomUUID()
  await world.database.tenant(tenant.tenantId, async (db) => {
    const entry = {
      id,
      tenantId: tenant.tenantId,
      externalRef: null,
      content: content(title, hour),
      status: 'scheduled',
    }
    await insertEntries(
      db,
      [{ ...entry, ownerId: null, icalUid: null, assignees: [tenant.memberId] }],
      key,
      new Date(),
    )
    await markEntriesPending(db, tenant.tenantId, [id], null)
  })
  return id
}

async function editEntry(
  tenant: TestTenant,
  entry: ScheduleEntry,
  changes: Partial<EventContent>,
  deleted = false,
) {
  await world.database.tenant(tenant.tenantId, async (db) => {
    const change = {
      id: entry.id,
      expectedVersion: entry.version,
      content: { ...entry.content, ...changes },
      deleted,
    }
    await changeEntries(db, [change], key, new Date())
    await markEntriesPending(db, tenant.tenantId, [entry.id], null)
  })
}

const entriesOf = (tenant: TestTenant) =>
  world.database.tenant(tenant.tenantId, (db) => listEntries(db, { limit: 500 }))
const titlesOf = async (tenant: TestTenant) => (await entriesOf(tenant)).map((entry) => entry.content.title)
const vendorTitles = async (provider: Provider) =>
  (await world.control.events(provider.vendor, provider.accountEmail ?? '')).map((event) => event.title)

const person = async (provider: Provider) =>
  asPerson(
    world.sandbox.url,
    provider.vendor,
    await world.control.token(provider.vendor, provider.accountEmail ?? ''),
  )

async function only(tenant: TestTenant): Promise<ScheduleEntry> {
  const [entry, ...others] = await entriesOf(tenant)
  expect(others).toEqual([])
  if (!entry) throw new Error('There is no entry.')
  return entry
}

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  const connect = async (options: Parameters<typeof connectProvider>[3] = {}) => {
    const tenant = await makeTenant(world)
    const provider = await connectProvider(world, tenant, vendor, {
      email: `${randomUUID()}@${vendor}.example`,
      ...options,
    })
    return { tenant, provider }
  }

  test('an event made there becomes an entry, once', async () => {
    const { tenant, provider } = await connect()
    await (await person(provider)).create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await settle(world, provider)
    expect(await titlesOf(tenant)).toEqual(['Visit'])
    expect((await only(tenant)).content.time).toMatchObject({
      startsAt: `${tomorrow(9)}Z`,
      endsAt: `${tomorrow(10)}Z`,
    })
  })

  test('an edit and a deletion there reach the entry', async () => {
    const { tenant, provider } = await connect()
    const owner = await person(provider)
    const { id } = await owner.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await sync(world, provider)
    await owner.rename(id, 'Longer visit')
    await sync(world, provider)
    expect(await titlesOf(tenant)).toEqual(['Longer visit'])
    await owner.remove(id)
    await sync(world, provider)
    expect(await titlesOf(tenant)).toEqual([])
  })

  test('an entry made here reaches the vendor once, then its edit, then its deletion', async () => {
    const { tenant, provider } = await connect()
    await sync(world, provider)
    await makeEntry(tenant, 'Repair')
    await settle(world, provider)
    expect(await vendorTitles(provider)).toEqual(['Repair'])
    await editEntry(tenant, await only(tenant), { title: 'Repair the pump' })
    await settle(world, provider)
    expect(await vendorTitles(provider)).toEqual(['Repair the pump'])
    await editEntry(tenant, await only(tenant), {}, true)
    await settle(world, provider)
    expect(await vendorTitles(provider)).toEqual([])
    expect(await titlesOf(tenant)).toEqual([])
  })

  test('edits on both sides are a conflict: both stay, everything else flows', async () => {
    const { tenant, provider } = await connect()
    const owner = await person(provider)
    const { id } = await owner.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await sync(world, provider)
    await owner.rename(id, 'Visit (theirs)')
    await editEntry(tenant, await only(tenant), { title: 'Visit (ours)' })
    await owner.create({ title: 'Other', start: tomorrow(11), end: tomorrow(12) })
    await settle(world, provider)
    expect((await vendorTitles(provider)).toSorted()).toEqual(['Other', 'Visit (theirs)'])
    expect((await titlesOf(tenant)).toSorted()).toEqual(['Other', 'Visit (ours)'])
    const mappings = await world.database.tenant(tenant.tenantId, (db) =>
      listMappings(db, { state: 'conflict', limit: 9 }),
    )
    expect(mappings).toHaveLength(1)
  })

  test('the same edit on both sides is agreement', async () => {
    const { tenant, provider } = await connect()
    const owner = await person(provider)
    const { id } = await owner.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await sync(world, provider)
    await owner.rename(id, 'Same words')
    await editEntry(tenant, await only(tenant), { title: 'Same words' })
    await settle(world, provider)
    const mappings = await world.database.tenant(tenant.tenantId, (db) =>
      listMappings(db, { state: 'conflict', limit: 9 }),
    )
    expect(mappings).toEqual([])
  })

  test('at rest a look makes one vendor call and writes no row but the cursor and Last Sync', async () => {
    const { tenant, provider } = await connect()
    await (await person(provider)).create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await makeEntry(tenant, 'Repair', 12)
    await settle(world, provider)
    await world.control.forgetRequests()
    const before = await rowsWritten()
    const seen = await world.activities.look({ tenantId: tenant.tenantId, providerId: provider.id })
    expect(seen.kind).toBe('rest')
    expect(await world.control.requests()).toHaveLength(1)
    expect(await tablesWritten(before)).toEqual(['cursors', 'providers'])
  })

  test('a create whose answer is lost is not doubled', async () => {
    const { tenant, provider } = await connect()
    await sync(world, provider)
    await makeEntry(tenant, 'Repair')
    await world.control.fault({ kind: 'responseLost', vendor, method: 'POST', path: '/events', times: 1 })
    await expect(sync(world, provider)).rejects.toThrow('did not answer')
    await settle(world, provider)
    expect(await vendorTitles(provider)).toEqual(['Repair'])
    expect(await titlesOf(tenant)).toEqual(['Repair'])
  })
})

/** The version PostgreSQL keeps of each row: every write gives it a new one. */
async function rowsWritten(): Promise<Map<string, string>> {
  const { owner } = world.database
  const tables = await owner<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`
  const rows = new Map<string, string>()
  for (const { name } of tables) {
    const [state] = await owner<{ rows: string }[]>`
      select coalesce(string_agg(ctid::text || xmin::text, ',' order by ctid), '') as rows from ${owner(name)}`
    rows.set(name, state?.rows ?? '')
  }
  return rows
}

async function tablesWritten(before: Map<string, string>): Promise<string[]> {
  const after = await rowsWritten()
  return [...after]
    .filter(([table, rows]) => rows !== before.get(table))
    .map(([table]) => table)
    .toSorted()
}
