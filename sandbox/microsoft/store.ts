import { record } from '../event-log.ts'
import { nextVersion, type World } from '../world.ts'
import { changeKeyConflict, itemNotFound } from './errors.ts'
import { extentsAfter } from './extents.ts'
import { readEventId } from './ids.ts'
import { findOccurrence, type Occurrence } from './occurrences.ts'
import { etagOf } from './render.ts'
import type { MicrosoftAccount, MicrosoftCalendar, MicrosoftEvent } from './types.ts'

export interface Mailbox {
  world: World
  account: MicrosoftAccount
}

/** An event or one of its occurrences, and where it lives. */
export interface Found {
  calendar: MicrosoftCalendar
  event: MicrosoftEvent
  occurrence: Occurrence | undefined
}

export function store(account: MicrosoftAccount, calendar: MicrosoftCalendar, event: MicrosoftEvent): void {
  const { log } = calendar
  const extents = extentsAfter(log.entries.get(event.core), event, log.sequence + 1)
  record(log, event.core, event, extents)
  account.homes.set(event.core, calendar.id)
}

/** An event by either spelling of its id, an occurrence by its own. */
export function findEvent(account: MicrosoftAccount, id: string, within?: MicrosoftCalendar): Found {
  const { core, date } = readEventId(id, movesOf(account))
  const calendar = account.calendars.get(account.homes.get(core) ?? '')
  const event = calendar?.log.entries.get(core)?.event
  if (calendar === undefined || event === undefined || event.isDeleted) throw itemNotFound()
  if (within !== undefined && within.id !== calendar.id) throw itemNotFound()
  if (date === undefined) return { calendar, event, occurrence: undefined }
  const occurrence = findOccurrence(event, date)
  if (occurrence === undefined) throw itemNotFound()
  return { calendar, event, occurrence }
}

/** How often a mailbox was moved; each time all its default ids changed. */
export function movesOf({ moves = 0 }: MicrosoftAccount): number {
  return moves
}

/** How often the delta tokens of a mailbox died: with each move, and when they were forgotten. */
export function deathsOf({ moves = 0, forgotten = 0 }: MicrosoftAccount): number {
  return moves + forgotten
}

/** Holds a write to the etag its caller last saw, if it names one. */
export function checkCondition({ event, occurrence }: Found, ifMatch: string | undefined): void {
  if (ifMatch === undefined) return
  const etag = etagOf((occurrence?.exception ?? event).changeKey)
  const accepted = ifMatch.split(',').map((one) => one.trim())
  if (!accepted.includes('*') && !accepted.includes(etag) && !accepted.includes(etag.slice(2)))
    throw changeKeyConflict()
}

export function newChangeKey(world: World): string {
  return Buffer.from(`sandbox${String(nextVersion(world)).padStart(11, '0')}`).toString('base64')
}
