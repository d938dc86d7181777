import type { ScheduleEntry } from '../db/schedule-entries.ts'
import type { EventContent } from '../domain/event.ts'
import { readTime, showTime } from './entry-time.ts'
import { invalid, unprocessable } from './problem.ts'
import type { EntryChangesBody, EntryInputBody } from './schemas.ts'

/** An entry as somebody wishes it to be. */
export interface EntryWish {
  content: EventContent
  status: string
  assignees: string[]
}

/** A whole entry: what is left out takes its default. */
export function readEntry(input: EntryInputBody): EntryWish {
  refuseRecurrence(input.recurrence)
  const { allDay = false, start, end, timeZone = null } = input
  return {
    content: {
      title: input.title,
      body: input.body ?? '',
      location: input.location ?? '',
      time: readTime({ allDay, start, end, timeZone }),
      showAs: input.showAs ?? 'busy',
      visibility: input.visibility ?? 'default',
    },
    status: input.status ?? 'scheduled',
    assignees: idsOf(input.assignees),
  }
}

/** Changes to an entry: what is left out stays. A new time comes whole, so that no half of an old one is mixed in. */
export function readChanges(input: EntryChangesBody, current: ScheduleEntry, assignees: string[]): EntryWish {
  refuseRecurrence(input.recurrence)
  const { content } = current
  return {
    content: {
      title: input.title ?? content.title,
      body: input.body ?? content.body,
      location: input.location ?? content.location,
      time: changedTime(input, content),
      showAs: input.showAs ?? content.showAs,
      visibility: input.visibility ?? content.visibility,
    },
    status: input.status ?? current.status,
    assignees: input.assignees ? idsOf(input.assignees) : assignees,
  }
}

/** The same id is the same member, in whatever case it is written. */
const idsOf = (ids: string[]): string[] => [...new Set(ids.map((id) => id.toLowerCase()))]

function changedTime(input: EntryChangesBody, content: EventContent): EventContent['time'] {
  const { start, end } = input
  const isGiven = [start, end, input.allDay, input.timeZone].some((value) => value !== undefined)
  if (!isGiven) return content.time
  if (start === undefined) throw invalid('start', 'must be given when the time changes.')
  if (end === undefined) throw invalid('end', 'must be given when the time changes.')
  const before = showTime(content.time)
  const allDay = input.allDay ?? before.allDay
  const timeZone = input.timeZone === undefined ? (allDay ? null : before.timeZone) : input.timeZone
  return readTime({ allDay, start, end, timeZone })
}

function refuseRecurrence(recurrence: unknown): void {
  if (recurrence === undefined || recurrence === null) return
  throw unprocessable('recurrence', 'must be null: repeating entries are not supported yet.')
}

/** The name an entry has in the application is for good. */
export function refuseOtherReference(given: string | null | undefined, current: ScheduleEntry): void {
  if (given === undefined || given === current.externalRef) return
  throw unprocessable('externalRef', 'cannot be changed: make a new entry for another reference.')
}
