import type { ScheduleEntry } from '../../db/schedule-entries.ts'
import type { EventContent, Vendor } from '../../domain/event.ts'
import { occurrencesIn } from '../../domain/recurrence/occurrences.ts'
import { seriesOf, slotOf, type Slot } from '../../domain/series.ts'
import { timedFromWall } from '../../domain/time.ts'
import { asPerson } from '../support/sandbox-control.ts'
import { monday, seriesScene, weekly, zone } from '../support/series-scene.ts'
import { connectProvider, makeTenant, type TestTenant } from '../support/world.ts'
import type { Performance } from './attempts.ts'
import { chanceOf } from './chance.ts'
import type { StagedWorld } from './stage.ts'

/** One member with a Google and an Outlook calendar, and series that are changed on every side. */
export interface SeriesPlay extends Performance {
  tenant: TestTenant
  scene: ReturnType<typeof seriesScene>
  made: number
}

export async function openSeriesPlay(world: StagedWorld, seed: number): Promise<SeriesPlay> {
  const tenant = await makeTenant(world)
  const play: SeriesPlay = {
    world,
    chance: chanceOf(seed),
    tenantId: tenant.tenantId,
    tenant,
    scene: seriesScene(world),
    providers: [],
    made: 0,
    story: [],
    counts: { edits: 0, steps: 0, faults: 0, crashes: 0 },
    revoked: new Set(),
    nameOf: (id) => play.providers.find((provider) => provider.id === id)?.vendor ?? id,
    somebodyActs: () => (play.chance.below(2) === 0 ? actInCalendar(play) : actInSchedule(play)),
  }
  for (const vendor of ['google', 'microsoft'] as const) {
    const email = `dana@${vendor}.example`
    play.providers.push(await connectProvider(world, tenant, vendor, { email }))
  }
  return play
}

const counts = [4, 6, 8]
const newTitle = (play: SeriesPlay): string => `S${++play.made}`

/** Somebody changes a series or one of its occurrences in the schedule. */
export async function actInSchedule(play: SeriesPlay): Promise<void> {
  const { chance, scene, tenant, story, world } = play
  play.counts.edits++
  const all = (await scene.all(tenant)).filter((entry) => entry.seriesId === null && !entry.deletedAt)
  if (all.length === 0 || (all.length < 3 && chance.below(5) === 0)) {
    const title = newTitle(play)
    const count = chance.pick(counts)
    story.push(`${title} is made in the schedule, ${count} Mondays`)
    return void (await scene.make(
      tenant,
      weekly(title, `FREQ=WEEKLY;COUNT=${count};BYDAY=MO`, world.deps.now()),
    ))
  }
  const entry = chance.pick(all.toSorted((one, other) => (one.content.title < other.content.title ? -1 : 1)))
  const { content } = entry
  const said = `${content.title} in the schedule`
  const slots = slotsOf(entry, world.deps.now())
  const act = chance.weigh<'rename' | 'hour' | 'count' | 'change' | 'move' | 'leave out' | 'delete'>([
    [2, 'rename'],
    [1, 'hour'],
    [1, 'count'],
    [4, 'change'],
    [2, 'move'],
    [3, 'leave out'],
    [1, 'delete'],
  ])
  story.push(`${act}: ${said}`)
  switch (act) {
    case 'rename':
      return scene.write(tenant, entry, { ...content, title: newTitle(play) }, false)
    case 'hour': {
      const hour = 8 + chance.below(9)
      const time = timedFromWall(dayOf(content, hour), dayOf(content, hour + 1), zone)
      return scene.write(tenant, entry, { ...content, time }, false)
    }
    case 'count': {
      const rule = `FREQ=WEEKLY;COUNT=${chance.pick(counts)};BYDAY=MO`
      return scene.write(tenant, entry, { ...content, recurrence: weekly('', rule).recurrence }, false)
    }
    case 'delete':
      return scene.write(tenant, entry, content, true)
    case 'change':
    case 'move':
    case 'leave out': {
      if (slots.length === 0) return
      const slot = chance.pick(slots)
      story.push(`  at ${slot}`)
      if (act === 'leave out') return scene.change(tenant, entry, slot, 'deleted')
      if (act === 'change') return scene.change(tenant, entry, slot, { title: newTitle(play) })
      const [day = ''] = slot.split('T')
      const hour = String(8 + chance.below(9)).padStart(2, '0')
      return scene.change(tenant, entry, slot, {
        time: timedFromWall(`${day}T${hour}:30:00`, `${day}T${hour}:45:00`, zone),
      })
    }
  }
}

/** An hour of the day a series begins on. */
const dayOf = ({ time }: EventContent, hour: number): string =>
  `${(time.kind === 'date' ? time.start : time.startsAt).slice(0, 10)}T${String(hour).padStart(2, '0')}:00:00`

function slotsOf({ content }: ScheduleEntry, now: Date): Slot[] {
  const series = seriesOf(content)
  const window = { from: now.toISOString(), to: new Date(now.getTime() + 200 * 86_400_000).toISOString() }
  return series
    ? [...occurrencesIn(series, window)].map(({ originalStart }) => slotOf(originalStart, content.time))
    : []
}

interface Seen {
  id: string
  title: string
}

/** Somebody changes a series or one of its occurrences in a calendar, as its owner. */
export async function actInCalendar(play: SeriesPlay): Promise<void> {
  const { chance, story, world } = play
  play.counts.edits++
  const provider = chance.pick(play.providers)
  const { vendor, accountEmail } = provider
  const now = world.deps.now()
  const token = await world.control.token(vendor, accountEmail ?? '')
  const person = asPerson(world.sandbox.url, vendor, token)
  const masters = (await mastersIn(vendor, person)).toSorted((one, other) =>
    one.title < other.title ? -1 : 1,
  )
  if (masters.length === 0 || (masters.length < 3 && chance.below(5) === 0)) {
    const title = newTitle(play)
    story.push(`${title} is made in ${vendor}`)
    return makeIn(vendor, person, title, chance.pick(counts), now)
  }
  const master = chance.pick(masters)
  const act = chance.weigh<'rename' | 'change' | 'leave out' | 'delete'>([
    [2, 'rename'],
    [4, 'change'],
    [3, 'leave out'],
    [1, 'delete'],
  ])
  story.push(`${act}: ${master.title} in ${vendor}`)
  const path = pathOf(vendor)
  if (act === 'rename')
    return void (await person.send('PATCH', `${path}/${master.id}`, named(vendor, newTitle(play))))
  if (act === 'delete') return void (await person.send('DELETE', `${path}/${master.id}`))
  const occurrences = await occurrencesOf(vendor, person, master.id, now)
  if (occurrences.length === 0) return
  const one = chance.pick(occurrences)
  story.push(`  ${one}`)
  if (act === 'change') await person.send('PATCH', `${path}/${one}`, named(vendor, newTitle(play)))
  else await person.send('DELETE', `${path}/${one}`)
}

type Person = ReturnType<typeof asPerson>
const pathOf = (vendor: Vendor) =>
  vendor === 'google' ? '/calendar/v3/calendars/primary/events' : '/v1.0/me/events'
const named = (vendor: Vendor, title: string) =>
  vendor === 'google' ? { summary: title } : { subject: title }

async function mastersIn(vendor: Vendor, person: Person): Promise<Seen[]> {
  if (vendor === 'google') {
    const { items } = await person.send<{ items: { id: string; summary?: string; recurrence?: string[] }[] }>(
      'GET',
      `${pathOf(vendor)}?maxResults=2500`,
    )
    return items
      .filter(({ recurrence }) => recurrence)
      .map(({ id, summary = '' }) => ({ id, title: summary }))
  }
  const { value } = await person.send<{ value: { id: string; subject: string; type: string }[] }>(
    'GET',
    `${pathOf(vendor)}?$top=500`,
  )
  return value
    .filter(({ type }) => type === 'seriesMaster')
    .map(({ id, subject }) => ({ id, title: subject }))
}

async function makeIn(
  vendor: Vendor,
  person: Person,
  title: string,
  count: number,
  now: Date,
): Promise<void> {
  const [start, end] = [monday(9, 0, now), monday(10, 0, now)]
  if (vendor === 'google') {
    await person.send('POST', pathOf(vendor), {
      summary: title,
      start: { dateTime: start, timeZone: zone },
      end: { dateTime: end, timeZone: zone },
      recurrence: [`RRULE:FREQ=WEEKLY;COUNT=${count};BYDAY=MO`],
    })
    return
  }
  const at = (dateTime: string) => ({ dateTime, timeZone: 'W. Europe Standard Time' })
  await person.send('POST', pathOf(vendor), {
    subject: title,
    start: at(start),
    end: at(end),
    recurrence: {
      pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' },
      range: { type: 'numbered', startDate: start.slice(0, 10), numberOfOccurrences: count },
    },
  })
}

async function occurrencesOf(vendor: Vendor, person: Person, id: string, now: Date): Promise<string[]> {
  if (vendor === 'google') {
    const { items } = await person.send<{ items: { id: string }[] }>(
      'GET',
      `${pathOf(vendor)}/${id}/instances`,
    )
    return items.map((item) => item.id)
  }
  const window = `startDateTime=${monday(0, -35, now)}&endDateTime=${monday(0, 100, now)}`
  const { value } = await person.send<{ value: { id: string }[] }>(
    'GET',
    `${pathOf(vendor)}/${id}/instances?${window}&$top=50`,
  )
  return value.map((item) => item.id)
}
