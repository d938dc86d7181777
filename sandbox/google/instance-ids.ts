import type { EventLog } from '../event-log.ts'
import { stampOfTime, type Time } from './times.ts'
import type { GoogleCalendar, GoogleEvent } from './types.ts'

/** The end of the id of a series that began as the later part of another one. */
const splitMark = /_R\d{8}(T\d{6})?$/

/** The name a series and all its later parts have in common, which is what their instances are named by. */
export function baseIdOf(masterId: string): string {
  return masterId.replace(splitMark, '')
}

export function instanceIdOf(masterId: string, originalStart: Time): string {
  return `${baseIdOf(masterId)}_${stampOfTime(originalStart)}`
}

/** Says whether an id has the form of an instance's; a client cannot choose such a one. */
export function isInstanceId(id: string): boolean {
  return /_\d{8}(T\d{6}Z)?$/.test(id)
}

/** The id of the part of a series that begins anew at a start: its time in UTC, without the Z. */
export function splitIdOf(masterId: string, start: Time): string {
  return `${baseIdOf(masterId)}_R${stampOfTime(start).replace('Z', '')}`
}

/** The series an instance's name may belong to: the first part and those that were split off. */
export function* mastersNamedBy(calendar: GoogleCalendar, name: string): Generator<GoogleEvent> {
  const ids = [name, ...(splitsOf(calendar.log).get(name) ?? [])]
  for (const id of ids) {
    const master = calendar.log.entries.get(id)?.event
    if (master !== undefined) yield master
  }
}

interface Splits {
  seen: number
  byBase: Map<string, string[]>
}

const known = new WeakMap<EventLog<GoogleEvent>, Splits>()

/** Which ids of a calendar are of later parts; an id that has come never leaves, so only new ones are looked at. */
function splitsOf(log: EventLog<GoogleEvent>): Map<string, string[]> {
  const splits = known.get(log) ?? { seen: 0, byBase: new Map<string, string[]>() }
  known.set(log, splits)
  for (; splits.seen < log.births.length; splits.seen += 1) {
    const id = log.births[splits.seen]?.event.id ?? ''
    const base = baseIdOf(id)
    if (base !== id) splits.byBase.set(base, [...(splits.byBase.get(base) ?? []), id])
  }
  return splits.byBase
}
