import type { Db } from '../../db/connection.ts'
import { changeEntries, insertEntries, lockEntry, setAssignees } from '../../db/entry-writes.ts'
import { markEntriesPending } from '../../db/pending.ts'
import { raiseNudges } from '../../db/providers.ts'
import { assigneesOf, listEntries, type ScheduleEntry } from '../../db/schedule-entries.ts'
import type { EventContent } from '../../domain/event.ts'
import { timedFromInstants } from '../../domain/time.ts'
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
      return change(play, entry, { title: renamed }, false)
    }
    case 'move': {
      const hour = chance.below(20)
      touch(play, title, { site: schedule, kind: 'moved' })
      play.story.push(`${title} is moved to ${hour} in the schedule`)
      return change(play, entry, { time: timeAt(hour) }, false)
    }
    case 'delete':
      touch(play, title, { site: schedule, kind: 'deleted' })
      play.story.push(`${title} is deleted in the schedule`)
      return change(play, entry, {}, true)
    case 'restore':
      touch(play, title, { site: schedule, kind: 'restored' })
      play.story.push(`${title} is restored in the schedule`)
      return change(play, entry, {}, false)
    case 'assign': {
      const members = someMembers(play)
      touch(play, title, { site: schedule, kind: 'assigned' })
      play.story.push(`${title} is assigned to ${namesOf(play, members)}`)
      return change(play, entry, {}, false, members)
    }
  }
}

/** Every entry of the play, the deleted ones too, in an order that a seed repeats. */
export async function entriesOf({ world, tenantId }: Play): Promise<ScheduleEntry[]> {
  const entries = await world.database.tenant(tenantId, (db) =>
    listEntries(db, { includeDeleted: true, limit: 500 }),
  )
  return entries.toSorted((one, other) => (one.content.title < other.content.title ? -1 : 1))
}

const timeAt = (hour: number) =>
  timedFromInstants(`${atHour(hour)}Z`, `${atHour(hour + 1)}Z`, 'Europe/Berlin')

const content = (title: string, hour: number): EventContent => ({
  title,
  body: '',
  location: '',
  time: timeAt(hour),
  showAs: 'busy',
  visibility: 'default',
  recurrence: null,
})

async function make(play: Play): Promise<void> {
  const { tenantId, world } = play
  const assignees = someMembers(play)
  const { token } = makeThing(play, [schedule], assignees)
  const id = world.deps.newId()
  const plain = { externalRef: null, status: 'scheduled', ownerId: null, icalUid: null }
  const flipped = await world.database.tenant(tenantId, async (db) => {
    const entry = { id, tenantId, content: content(token, play.chance.below(20)), assignees, ...plain }
    await insertEntries(db, [entry], cause, play.world.deps.now())
    return announce(db, play, id, [])
  })
  await tell(play, flipped)
  play.story.push(`${token} is made in the schedule for ${namesOf(play, assignees)}`)
}

async function change(
  play: Play,
  { id }: ScheduleEntry,
  changes: Partial<EventContent>,
  deleted: boolean,
  members?: string[],
): Promise<void> {
  const flipped = await play.world.database.tenant(play.tenantId, async (db) => {
    const current = await lockEntry(db, id)
    if (!current) throw new Error('The entry is not there.')
    const changed = { ...current.content, ...changes }
    const write = { id, expectedVersion: current.version, content: changed, deleted }
    await changeEntries(db, [write], cause, play.world.deps.now())
    const marked = members ? await markEntriesPending(db, play.tenantId, [id], null) : []
    if (members) await setAssignees(db, current, members)
    return announce(db, play, id, marked)
  })
  await tell(play, flipped)
}

async function announce(db: Db, play: Play, id: string, marked: string[]): Promise<string[]> {
  const providers = new Set([...marked, ...(await markEntriesPending(db, play.tenantId, [id], null))])
  return raiseNudges(db, [...providers].toSorted(), play.world.deps.now())
}

/** After the commit, as the product does: providers whose hint flipped are signalled. */
export const tell = ({ world, tenantId }: Play, flipped: string[]): Promise<void> =>
  world.deps.nudge(flipped.map((id) => ({ id, tenantId })))

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
