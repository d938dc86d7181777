import { randomUUID } from 'node:crypto'
import type { Provider } from '../../db/providers.ts'
import { sceneOf, tomorrow } from './scene.ts'
import { monday, seriesScene } from './series-scene.ts'
import { connectProvider, makeTenant, type World } from './world.ts'

type Graph = Awaited<ReturnType<ReturnType<typeof sceneOf>['person']>>

/** A member with an Outlook calendar whose mailbox may move, and everything that must come through that. */
export async function mailboxScene(world: World, options: Parameters<typeof connectProvider>[3] = {}) {
  const tenant = await makeTenant(world)
  const email = options.email ?? `${randomUUID()}@outlook.example`
  const provider = await connectProvider(world, tenant, 'microsoft', { ...options, email })
  const scene = sceneOf(world)
  const series = seriesScene(world)
  const person = await scene.person(provider)
  return {
    tenant,
    email,
    provider,
    scene,
    series,
    person,
    step: { tenantId: tenant.tenantId, providerId: provider.id, runId: randomUUID() },
    /** At the next request. */
    move: (ids: 'default' | 'all') =>
      world.control.fault({ kind: 'mailboxMoved', ids, vendor: 'microsoft', account: email }),
    /** A single event and a series with a changed and a left-out occurrence, which they made. */
    theirs: async () => {
      const visit = await person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
      const standup = await makeStandup(person)
      const [, second, third] = await occurrences(person, standup)
      await person.rename(second ?? '', 'Retro')
      await person.remove(third ?? '')
      return { visit: visit.id, standup, retro: second ?? '' }
    },
    /** Every entry by its id and version, the overrides and the deleted ones too. */
    everyEntry: async () => {
      const rows = (await series.all(tenant)).map(({ id, version, content, deletedAt }) => ({
        id,
        version,
        title: content.title,
        isDeleted: deletedAt !== null,
      }))
      return rows.toSorted((one, other) => (one.id < other.id ? -1 : 1))
    },
    /** The pairs by what does not depend on the vendor's ids. */
    pairs: async () => {
      const rows = (await scene.mappings(provider)).map(({ id, entryId, state, origin }) => ({
        id,
        entryId,
        state,
        origin,
      }))
      return rows.toSorted((one, other) => (one.id < other.id ? -1 : 1))
    },
    idOf: async (title: string) => (await event(person, title)).id,
  }
}

async function makeStandup(person: Graph): Promise<string> {
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

async function occurrences(person: Graph, id: string): Promise<string[]> {
  const range = `startDateTime=${monday(0)}&endDateTime=${monday(0, 100)}&$top=50`
  const path = `/v1.0/me/events/${id}/instances?${range}`
  return (await person.send<{ value: { id: string }[] }>('GET', path)).value.map((one) => one.id)
}

async function event(person: Graph, title: string): Promise<{ id: string }> {
  const path = `/v1.0/me/events?$filter=${encodeURIComponent(`subject eq '${title}'`)}`
  const { value } = await person.send<{ value: { id: string }[] }>('GET', path)
  const [found] = value
  if (!found) throw new Error(`There is no event "${title}".`)
  return found
}

/** As if the calendar had gone by another id when it was connected, and its delta link were dead. */
export async function connectedAs(world: World, { id }: Provider, calendarId: string): Promise<void> {
  const { owner } = world.database
  await owner`update providers set resolved_calendar_id = ${calendarId} where id = ${id}`
  await owner`update cursors set cursor = null where provider_id = ${id}`
}

export async function calendarOf(world: World, { id }: Provider): Promise<string | undefined> {
  const [row] = await world.database.owner<{ resolved: string }[]>`
    select resolved_calendar_id as resolved from providers where id = ${id}`
  return row?.resolved
}
