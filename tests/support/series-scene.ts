import { changeEntries, insertEntries } from '../../db/entry-writes.ts'
import { moveOverrides, overridesOf } from '../../db/overrides.ts'
import { markEntriesPending } from '../../db/pending.ts'
import type { Provider } from '../../db/providers.ts'
import { listEntries, type ScheduleEntry } from '../../db/schedule-entries.ts'
import type { EventContent } from '../../domain/event.ts'
import { occurrencesIn } from '../../domain/recurrence/occurrences.ts'
import { occurrenceAt, overrideMoves, seriesOf, slotOf, type Slot } from '../../domain/series.ts'
import { timedFromWall } from '../../domain/time.ts'
import { asPerson } from './sandbox-control.ts'
import type { TestTenant, World } from './world.ts'

/** The Monday of next week, at an hour, as a wall time. */
export function monday(hour: number, plusDays = 0, now = new Date()): string {
  const day = new Date(now.getTime() + 7 * 86_400_000)
  day.setUTCDate(day.getUTCDate() + ((8 - day.getUTCDay()) % 7) + plusDays)
  return `${day.toISOString().slice(0, 10)}T${String(hour).padStart(2, '0')}:00:00`
}

export const zone = 'Europe/Berlin'

/** A weekly series of an hour on Mondays. */
export function weekly(title: string, rule = 'FREQ=WEEKLY;COUNT=8;BYDAY=MO', now = new Date()): EventContent {
  const time = timedFromWall(monday(9, 0, now), monday(10, 0, now), zone)
  const recurrence = { rule, exdates: [], rdates: [] }
  return { title, body: '', location: '', time, showAs: 'busy', visibility: 'default', recurrence }
}

/** One shown occurrence: its words and when it really is. */
export interface Shown {
  title: string
  start: string
}

const key = { kind: 'api-key' as const, id: '5c0e5c0e-0000-4000-8000-000000000000' }
/** What people do with series on either side, and what each side shows for it, occurrence by occurrence. */
export function seriesScene(world: World) {
  const { database } = world
  const now = () => world.deps.now()
  const window = () => ({
    from: new Date(now().getTime() - 30 * 86_400_000).toISOString(),
    to: new Date(now().getTime() + 300 * 86_400_000).toISOString(),
  })
  const all = (tenant: TestTenant) =>
    database.tenant(tenant.tenantId, (db) => listEntries(db, { limit: 500, includeDeleted: true }))

  async function write(tenant: TestTenant, entry: ScheduleEntry, content: EventContent, deleted: boolean) {
    await database.tenant(tenant.tenantId, async (db) => {
      const change = { id: entry.id, expectedVersion: entry.version, content, deleted }
      await changeEntries(db, [change], key, now())
      const moves = overrideMoves(entry.content, content, await overridesOf(db, [entry.id]))
      await moveOverrides(db, moves, key, now())
      await markEntriesPending(db, tenant.tenantId, [entry.id, ...moves.map(({ id }) => id)], null)
    })
  }

  return {
    async make(tenant: TestTenant, content: EventContent): Promise<string> {
      const id = world.deps.newId()
      await database.tenant(tenant.tenantId, async (db) => {
        const plain = { externalRef: null, status: 'scheduled', ownerId: null, icalUid: null }
        const entry = { id, tenantId: tenant.tenantId, content, assignees: [tenant.memberId], ...plain }
        await insertEntries(db, [entry], key, now())
        await markEntriesPending(db, tenant.tenantId, [id], null)
      })
      return id
    },
    all,
    write,
    async series(tenant: TestTenant): Promise<ScheduleEntry> {
      const [found, ...others] = (await all(tenant)).filter(
        (entry) => entry.seriesId === null && !entry.deletedAt,
      )
      if (!found || others.length > 0)
        throw new Error(`There are ${others.length + (found ? 1 : 0)} entries.`)
      return found
    },
    overrides: async (tenant: TestTenant) =>
      (await all(tenant)).filter((entry) => entry.seriesId !== null && entry.originalStart !== null),
    /** The nth slot of a series, from 0. */
    slot(content: EventContent, nth: number): Slot {
      const series = seriesOf(content)
      if (!series) throw new Error('It is no series.')
      const [found] = [...occurrencesIn(series, window())].slice(nth, nth + 1)
      if (!found) throw new Error('The series has no such slot.')
      return slotOf(found.originalStart, content.time)
    },
    /** Changes one occurrence of a series in the schedule, or leaves it out. */
    async change(
      tenant: TestTenant,
      series: ScheduleEntry,
      slot: Slot,
      changes: Partial<EventContent> | 'deleted',
    ) {
      const existing = (await all(tenant)).find(
        (entry) => entry.seriesId === series.id && entry.originalStart === slot,
      )
      const plain = occurrenceAt(series.content, slot)
      if (!plain) throw new Error('The series has no such slot.')
      const deleted = changes === 'deleted'
      const content = { ...(existing?.content ?? plain), ...(deleted ? {} : changes) }
      if (existing) return write(tenant, existing, content, deleted)
      const id = world.deps.newId()
      return database.tenant(tenant.tenantId, async (db) => {
        const plainEntry = {
          externalRef: null,
          status: 'scheduled',
          ownerId: null,
          icalUid: null,
          assignees: [],
        }
        const override = { seriesId: series.id, originalStart: slot, deleted }
        await insertEntries(
          db,
          [{ id, tenantId: tenant.tenantId, content, override, ...plainEntry }],
          key,
          now(),
        )
        await markEntriesPending(db, tenant.tenantId, [id], null)
      })
    },
    /** Every occurrence the schedule shows. */
    async shown(tenant: TestTenant): Promise<Shown[]> {
      const entries = await all(tenant)
      const shown: Shown[] = []
      for (const entry of entries.filter((one) => one.seriesId === null && !one.deletedAt)) {
        const series = seriesOf(entry.content)
        if (!series) shown.push(shownOf(entry.content))
        const overrides = entries.filter((one) => one.seriesId === entry.id)
        for (const { originalStart } of series ? occurrencesIn(series, window()) : []) {
          const slot = slotOf(originalStart, entry.content.time)
          const override = overrides.find((one) => one.originalStart === slot)
          const plain = occurrenceAt(entry.content, slot)
          if (override ? override.deletedAt === null : plain) {
            const content = override?.content ?? plain
            if (content) shown.push(shownOf(content))
          }
        }
      }
      return sorted(shown)
    },
    /** Every occurrence the vendor shows, by its own expansion. */
    async shownBy(provider: Provider): Promise<Shown[]> {
      const person = asPerson(
        world.sandbox.url,
        provider.vendor,
        await world.control.token(provider.vendor, provider.accountEmail ?? ''),
      )
      const { from, to } = window()
      if (provider.vendor === 'google') {
        const query = `singleEvents=true&timeMin=${from}&timeMax=${to}&maxResults=2500&timeZone=UTC`
        const page = await person.send<{ items: GoogleItem[] }>(
          'GET',
          `/calendar/v3/calendars/primary/events?${query}`,
        )
        return sorted(
          page.items.map(({ summary, start }) => ({
            title: summary ?? '',
            start: start.date ?? `${new Date(start.dateTime ?? '').toISOString().slice(0, 19)}Z`,
          })),
        )
      }
      const page = await person.send<{ value: GraphItem[] }>(
        'GET',
        `/v1.0/me/calendarView?startDateTime=${from}&endDateTime=${to}&$top=999`,
      )
      return sorted(
        page.value.map(({ subject, start, isAllDay }) => ({
          title: subject,
          start: isAllDay ? start.dateTime.slice(0, 10) : `${start.dateTime.slice(0, 19)}Z`,
        })),
      )
    },
  }
}

interface GoogleItem {
  summary?: string
  start: { date?: string; dateTime?: string }
}
interface GraphItem {
  subject: string
  start: { dateTime: string }
  isAllDay: boolean
}

const shownOf = ({ title, time }: EventContent): Shown => ({
  title,
  start: time.kind === 'date' ? time.start : time.startsAt,
})

const sorted = (shown: Shown[]): Shown[] =>
  shown.toSorted((one, other) => (`${one.start} ${one.title}` < `${other.start} ${other.title}` ? -1 : 1))
