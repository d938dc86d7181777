import type { Db } from '../../db/connection.ts'
import { changeEntries, insertEntries, lockEntry, setAssignees } from '../../db/entry-writes.ts'
import { markEntriesPending } from '../../db/pending.ts'
import { raiseNudges } from '../../db/providers.ts'
import { assigneesOf, listEntries, type ScheduleEntry } from '../../db/schedule-entries.ts'
import type { EventContent, EventTime } from '../../domain/event.ts'
import { timedFromInstants } from '../../domain/time.ts'
import type { Performance } from './attempts.ts'
import { atHour, makeThing, newTitle, pickOne, schedule, touch, type Play } from './play.ts'

const cause = { kind: 'session' as const }

/** A person does something in the schedule, by the same writes that a request makes. */
export async function actInSchedule(play: Play): Promise<void> {
  const { chance } = play
  play.counts.edits++
  const entries = await entriesOf(play)
  const act = chance.weigh<'make' | 'rename' | 'move' | 'delete' | 'restore' | 'assign'>([
    [2, 'make'],
    [5, 'rename'],
    [2, 'move'],
    [2, 'delete'],
    [1, 'restore'],
    [2, 'assign'],
  ])
  const wanted = entries.filter((entry) => (entry.deletedAt !== null) === (act === 'restore'))
  if (act === 'make' || wanted.length === 0) return make(play)
  const entry = pickOne(play, wanted, ({ content }) => content.title)
  const { title } = entry.content
  switch (act) {
    case 'rename': {
      const renamed = newTitle(play, title)
      touch(play, title, { site: schedule, kind: 'renamed', title: renamed })
      play.story.push(`${title} is renamed ${renamed} in the schedule`)
      return changeEntry(play, entry, { title: renamed }, false)
    }
    case 'move': {
      const hour = chance.below(20)
      touch(play, title, { site: schedule, kind: 'moved' })
      play.story.push(`${title} is moved to ${hour} in the schedule`)
      return changeEntry(play, entry, { time: timeAt(hour) }, false)
    }
    case 'delete':
      touch(play, title, { site: schedule, kind: 'deleted' })
      play.story.push(`${title} is deleted in the schedule`)
      return changeEntry(play, entry, {}, true)
    case 'restore':
      touch(play, title, { site: schedule, kind: 'restored' })
      play.story.push(`${title} is restored in the schedule`)
      return changeEntry(play, entry, {}, false)
    case 'assign': {
      const members = someMembers(play)
      touch(play, title, { site: schedule, kind: 'assigned' })
      play.story.push(`${title} is assigned to ${namesOf(play, members)}`)
      return changeEntry(play, entry, {}, false, members)
    }
  }
}

/** Every entry of the play, the deleted ones too, in an order that a seed repeats. */
export async function entriesOf({
  world,
  tenantId,
}: Pick<Performance, 'world' | 'tenantId'>): Promise<ScheduleEntry[]> {
  const entries = await world.database.tenant(tenantId, (db) =>
    listEntries(db, { includeDeleted: true, limit: 500 }),
  )
  return entries.toSorted((one, other) => (one.content.title < other.content.title ? -1 : 1))
}

const timeAt = (hour: number) =>
  timedFromInstants(`${atHour(hour)}Z`, `${atHour(hour + 1)}Z`, 'Europe/Berlin')

const content = (title: string, hour: number): EventContent => plainContent(title, timeAt(hour))

export const plainContent = (title: string, time: EventTime): EventContent => ({
  title,
  body: '',
  location: '',
  time,
  showAs: 'busy',
  visibility: 'default',
  recurrence: null,
})

async function make(play: Play): Promise<void> {
  const assignees = someMembers(play)
  const { token } = makeThing(play, [schedule], assignees)
  await insertEntry(play, content(token, play.chance.below(20)), assignees)
  play.story.push(`${token} is made in the schedule for ${namesOf(play, assignees)}`)
}

/** A new entry, by the writes that a request makes, for these members. */
export async function insertEntry(
  { world, tenantId }: Performance,
  wished: EventContent,
  assignees: string[],
): Promise<void> {
  const now = world.deps.now()
  const id = world.deps.newId()
  const plain = { externalRef: null, status: 'scheduled', ownerId: null, icalUid: null }
  const flipped = await world.database.tenant(tenantId, async (db) => {
    await insertEntries(db, [{ id, tenantId, content: wished, assignees, ...plain }], cause, now)
    return announce(db, { tenantId, id, now, marked: [] })
  })
  await tell({ world, tenantId }, flipped)
}

/** Changes an entry as it stands now, and for whom it is when members are given. */
export async function changeEntry(
  { world, tenantId }: Pick<Performance, 'world' | 'tenantId'>,
  { id }: Pick<ScheduleEntry, 'id'>,
  changes: Partial<EventContent>,
  deleted: boolean,
  members?: string[],
): Promise<void> {
  const now = world.deps.now()
  const flipped = await world.database.tenant(tenantId, async (db) => {
    const current = await lockEntry(db, id)
    if (!current) throw new Error('The entry is not there.')
    const changed = { ...current.content, ...changes }
    const write = { id, expectedVersion: current.version, content: changed, deleted }
    await changeEntries(db, [write], cause, now)
    const marked = members ? await markEntriesPending(db, tenantId, [id], null) : []
    if (members) await setAssignees(db, current, members)
    return announce(db, { tenantId, id, now, marked })
  })
  await tell({ world, tenantId }, flipped)
}

async function announce(
  db: Db,
  { tenantId, id, now, marked }: { tenantId: string; id: string; now: Date; marked: string[] },
): Promise<string[]> {
  const providers = new Set([...marked, ...(await markEntriesPending(db, tenantId, [id], null))])
  return raiseNudges(db, [...providers].toSorted(), now)
}

/** After the commit, as the product does: providers whose hint flipped are signalled. */
export const tell = (
  { world, tenantId }: Pick<Performance, 'world' | 'tenantId'>,
  flipped: string[],
): Promise<void> => world.deps.nudge(flipped.map((id) => ({ id, tenantId })))

export const assigneesIn = ({ world, tenantId }: Play, entries: ScheduleEntry[]) =>
  world.database.tenant(tenantId, (db) =>
    assigneesOf(
      db,
      entries.map((entry) => entry.id),
    ),
  )

const someMembers = ({ chance, members: [one = '', other = ''] }: Play): string[] =>
  chance.weigh([
    [3, [one]],
    [3, [other]],
    [2, [one, other]],
  ])

const namesOf = (play: Play, members: string[]): string =>
  members.map((member) => play.members.indexOf(member)).join(' and ')
