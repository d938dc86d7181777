import type { ScheduleEntry } from '../db/schedule-entries.ts'
import type { EventContent } from '../domain/event.ts'
import type { Slot } from '../domain/series.ts'
import { keptRecurrence, readRecurrence } from './entry-recurrence.ts'
import { readTime, showTime } from './entry-time.ts'
import { invalid, unprocessable } from './problem.ts'
import type { EntryChangesBody, EntryInputBody } from './entry-schemas.ts'

/** An entry as somebody wishes it to be. */
export interface EntryWish {
  content: EventContent
  status: string
  assignees: string[]
  /** The slots a series leaves out; null when the wish is silent on them. */
  leftOut: Slot[] | null
}

/** A whole entry: what is left out takes its default. */
export function readEntry(input: EntryInputBody): EntryWish {
  const { allDay = false, start, end, timeZone = null } = input
  const time = readTime({ allDay, start, end, timeZone })
  const { recurrence, leftOut } = readRecurrence(input.recurrence ?? null, time)
  return {
    leftOut,
    content: {
      title: input.title,
      body: input.body ?? '',
      location: input.location ?? '',
      time,
      showAs: input.showAs ?? 'busy',
      visibility: input.visibility ?? 'default',
      recurrence,
    },
    status: input.status ?? 'scheduled',
    assignees: idsOf(input.assignees),
  }
}

/** Changes to an entry: what is left out stays. A new time comes whole, so that no half of an old one is mixed in. */
export function readChanges(input: EntryChangesBody, current: ScheduleEntry, assignees: string[]): EntryWish {
  const { content } = current
  const time = changedTime(input, content)
  const given = input.recurrence === undefined ? undefined : readRecurrence(input.recurrence, time)
  const recurrence = given ? given.recurrence : keptRecurrence(content, time)
  return {
    leftOut: given?.leftOut ?? null,
    content: {
      title: input.title ?? content.title,
      body: input.body ?? content.body,
      location: input.location ?? content.location,
      time,
      showAs: input.showAs ?? content.showAs,
      visibility: input.visibility ?? content.visibility,
      recurrence,
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

/** The name an entry has in the application is for good. */
export function refuseOtherReference(given: string | null | undefined, current: ScheduleEntry): void {
  if (given === undefined || given === current.externalRef) return
  throw unprocessable('externalRef', 'cannot be changed: make a new entry for another reference.')
}
