import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { changeEntries, insertEntries, setAssignees } from '../../db/entry-writes.ts'
import { listMappings, type Mapping } from '../../db/mappings.ts'
import { markEntriesPending } from '../../db/pending.ts'
import type { Provider } from '../../db/providers.ts'
import { listEntries, type ScheduleEntry } from '../../db/schedule-entries.ts'
import type { EventContent } from '../../domain/event.ts'
import { timedFromInstants } from '../../domain/time.ts'
import { asPerson } from './sandbox-control.ts'
import type { TestTenant, World } from './world.ts'

/** Wall time of tomorrow at an hour, UTC, without its Z. */
export const tomorrow = (hour: number): string =>
  `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T${String(hour).padStart(2, '0')}:00:00`

export function content(title: string, hour = 9): EventContent {
  const time = timedFromInstants(`${tomorrow(hour)}Z`, `${tomorrow(hour + 1)}Z`, 'Europe/Berlin')
  return { title, body: '', location: '', time, showAs: 'busy', visibility: 'default', recurrence: null }
}

const key = { kind: 'api-key' as const, id: randomUUID() }

/** What people do on either side of a world, and what they see. */
export function sceneOf(world: World) {
  const { database } = world
  const entriesOf = (tenant: TestTenant) =>
    database.tenant(tenant.tenantId, (db) => listEntries(db, { limit: 500 }))
  const vendorEvents = (provider: Provider) =>
    world.control.events(provider.vendor, provider.accountEmail ?? '')
  return {
    async makeEntry(
      tenant: TestTenant,
      title: string,
      hour = 9,
      assignees = [tenant.memberId],
    ): Promise<string> {
      const id = randomUUID()
      await database.tenant(tenant.tenantId, async (db) => {
        const entry = {
          id,
          tenantId: tenant.tenantId,
          externalRef: null,
          content: content(title, hour),
          status: 'scheduled',
        }
        await insertEntries(db, [{ ...entry, ownerId: null, icalUid: null, assignees }], key, new Date())
        await markEntriesPending(db, tenant.tenantId, [id], null)
      })
      return id
    },
    async editEntry(
      tenant: TestTenant,
      entry: ScheduleEntry,
      changes: Partial<EventContent>,
      deleted = false,
    ) {
      await database.tenant(tenant.tenantId, async (db) => {
        const change = {
          id: entry.id,
          expectedVersion: entry.version,
          content: { ...entry.content, ...changes },
          deleted,
        }
        await changeEntries(db, [change], key, new Date())
        await markEntriesPending(db, tenant.tenantId, [entry.id], null)
      })
    },
    async assign(tenant: TestTenant, entryId: string, memberIds: string[]) {
      await database.tenant(tenant.tenantId, async (db) => {
        await markEntriesPending(db, tenant.tenantId, [entryId], null)
        await setAssignees(db, { id: entryId, tenantId: tenant.tenantId }, memberIds)
        await markEntriesPending(db, tenant.tenantId, [entryId], null)
      })
    },
    entriesOf,
    async only(tenant: TestTenant): Promise<ScheduleEntry> {
      const entries = await entriesOf(tenant)
      expect(entries.map(({ content: { title } }) => title)).toHaveLength(1)
      const [entry] = entries
      if (!entry) throw new Error('There is no entry.')
      return entry
    },
    titlesOf: async (tenant: TestTenant) =>
      (await entriesOf(tenant)).map((entry) => entry.content.title).toSorted(),
    vendorEvents,
    vendorTitles: async (provider: Provider) =>
      (await vendorEvents(provider)).map((event) => event.title).toSorted(),
    person: async (provider: Provider) =>
      asPerson(
        world.sandbox.url,
        provider.vendor,
        await world.control.token(provider.vendor, provider.accountEmail ?? ''),
      ),
    mappings: (provider: Provider): Promise<Mapping[]> =>
      database.tenant(provider.tenantId, (db) => listMappings(db, { providerId: provider.id, limit: 500 })),
    rowsWritten: () => rowVersions(world),
    tablesWritten: async (before: Map<string, string>) => {
      const after = await rowVersions(world)
      return [...after]
        .filter(([table, rows]) => rows !== before.get(table))
        .map(([table]) => table)
        .toSorted()
    },
  }
}

/** The version PostgreSQL keeps of each row: every write gives it a new one. */
async function rowVersions({ database: { owner } }: World): Promise<Map<string, string>> {
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
