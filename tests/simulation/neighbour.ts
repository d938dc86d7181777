import { connectProvider, makeMember, makeTenant } from '../support/world.ts'
import type { Performance } from './attempts.ts'
import { subscribeAll } from './notifications.ts'
import type { Play } from './play.ts'
import { brokenAtEveryRest, comeToRest } from './rest.ts'

/**
 * Another tenant that reads two of the play's own calendars and writes nothing: every id of the vendors is in both tenants'
 * rows, their subscriptions lie on the same calendars, and whatever crosses over shows.
 */
export async function openNeighbour(play: Play): Promise<Performance> {
  const { world } = play
  const { tenantId, memberId } = await makeTenant(world, 'Neighbour')
  const second = await makeMember(world, tenantId, 'eve@neighbour.example')
  const neighbour: Performance = {
    world,
    tenantId,
    providers: [],
    story: play.story,
    counts: play.counts,
    revoked: play.revoked,
    get chance() {
      return play.chance
    },
    nameOf: (id) => `the neighbour's ${neighbour.providers.find((one) => one.id === id)?.vendor ?? id}`,
    somebodyActs: (provider) => play.somebodyActs(originalOf(play, provider.vendor)),
  }
  for (const [index, vendor] of (['google', 'microsoft'] as const).entries()) {
    const { accountEmail } = originalOf(play, vendor)
    const member = { tenantId, memberId: index === 0 ? memberId : second }
    const settings = { email: accountEmail ?? '', direction: 'inbound' as const }
    neighbour.providers.push(await connectProvider(world, member, vendor, settings))
  }
  await subscribeAll(neighbour)
  return neighbour
}

function originalOf({ providers }: Play, vendor: string): Play['providers'][number] {
  const original = providers.find((provider) => provider.vendor === vendor)
  if (!original) throw new Error(`Nobody has a calendar at ${vendor}.`)
  return original
}

/** The neighbour has exactly what is in the calendars it reads, and no row of one tenant names one of the other's. */
export async function brokenAtTheNeighbour(neighbour: Performance): Promise<string[]> {
  await comeToRest(neighbour)
  const broken = await brokenAtEveryRest(neighbour)
  for (const { id, vendor, accountEmail, memberId } of neighbour.providers) {
    const events = await neighbour.world.control.events(vendor, accountEmail ?? '')
    const there = events.map(({ title, start }) => `${title} at ${start}`).toSorted()
    const here = await entriesOf(neighbour, memberId)
    if (JSON.stringify(here) !== JSON.stringify(there)) {
      broken.push(`${neighbour.nameOf(id)} has ${here.join(', ')}; the calendar ${there.join(', ')}`)
    }
  }
  return [...broken, ...(await crossings(neighbour))]
}

async function entriesOf({ world, tenantId }: Performance, memberId: string): Promise<string[]> {
  const rows = await world.database.owner<{ said: string }[]>`
    select (content ->> 'title') || ' at ' || (content -> 'time' ->> 'startsAt') as said
    from schedule_entries e join entry_assignees a on a.entry_id = e.id
    where e.tenant_id = ${tenantId} and a.member_id = ${memberId} and e.deleted_at is null`
  return rows.map(({ said }) => said).toSorted()
}

const named = {
  provider_id: 'providers',
  entry_id: 'schedule_entries',
  mapping_id: 'mappings',
  member_id: 'members',
}

/** Rows of one tenant that name something of another's. */
async function crossings({ world }: Performance): Promise<string[]> {
  const { owner } = world.database
  const columns = await owner<{ table: string; column: string }[]>`
    select table_name as table, column_name as column from information_schema.columns c
    where table_schema = 'public' and column_name = any(${Object.keys(named)}) and exists (
      select 1 from information_schema.columns t
      where t.table_schema = 'public' and t.table_name = c.table_name and t.column_name = 'tenant_id')
    order by 1, 2`
  const counted = Object.entries(named).flatMap(([name, whose]) =>
    columns
      .filter(({ column }) => column === name)
      .map(
        ({ table }) =>
          `select '${table}' as table, count(*)::int as total from ${table} one join ${whose} other on other.id = one.${name}
           where one.tenant_id <> other.tenant_id`,
      ),
  )
  const totals = await owner.unsafe<{ table: string; total: number }[]>(counted.join(' union all '))
  return totals
    .filter(({ total }) => total > 0)
    .map(({ table, total }) => `${total} rows of ${table} name another tenant's`)
}
