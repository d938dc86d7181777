import { occurrencesOf, type Series } from '../recurrence.ts'
import { addDays, wallTimeOf } from '../zones.ts'
import { nowOf, type World } from '../world.ts'
import { instanceIdOf, mastersNamedBy } from './instance-ids.ts'
import { googleSwitch } from './switches.ts'
import { instantOfTime, stampOfTime, timeOfWall, wallOfTime } from './times.ts'
import type { GoogleCalendar, GoogleEvent } from './types.ts'

/** A calendar and the world it is in. */
export interface Place {
  world: World
  calendar: GoogleCalendar
}

/** What makes a series' instances: its times and its rule. A series keeps these of its past as well. */
export type Repeating = Pick<GoogleEvent, 'id' | 'start' | 'end' | 'recurrence'>

/** Instants in milliseconds; the end is not part of it. */
export interface Span {
  from: number
  to: number
}

/** Instances of a series are made up to this far ahead, as Google does not go on for ever either. */
const horizonMs = 3 * 366 * 86_400_000
const dayMs = 86_400_000

export function isMaster(event: Pick<GoogleEvent, 'recurrence'>): boolean {
  return (event.recurrence?.length ?? 0) > 0
}

export function seriesOf({ world, calendar }: Place, master: Repeating): Series {
  return {
    start: wallOfTime(master.start, calendar.timeZone),
    zone: master.start?.timeZone ?? calendar.timeZone,
    lines: master.recurrence ?? [],
    countsStart: googleSwitch(world.state, 'startOutsideRule') === 'counted',
  }
}

/** Where the instances of a series that overlap a span start, in order, as wall times of its zone. */
export function* slotsOf(place: Place, master: Repeating, span: Span): Generator<string> {
  const series = seriesOf(place, master)
  const zone = place.calendar.timeZone
  const startMs = instantOfTime(master.start, zone)
  const lengthMs = instantOfTime(master.end, zone) - startMs
  const until = span.to === Infinity ? Math.max(nowOf(place.world), startMs) + horizonMs : span.to
  for (const wall of occurrencesOf(series, wallBefore(span.from - lengthMs, series))) {
    const slotMs = instantOfTime(timeOfWall(wall, series.zone, zone), zone)
    if (slotMs >= until) return
    if (slotMs + Math.max(lengthMs, 1) > span.from) yield wall
  }
}

/** A wall time of a series that is certainly not after an instant. */
function wallBefore(instantMs: number, { start, zone }: Series): string | undefined {
  if (instantMs - dayMs <= Date.parse(`${start.slice(0, 10)}T00:00:00Z`)) return undefined
  return wallTimeOf(instantMs - dayMs, zone).slice(0, start.length)
}

/** The untouched instances of a series that overlap a span, in order. */
export function* instancesOf(place: Place, master: GoogleEvent, span: Span): Generator<GoogleEvent> {
  for (const wall of slotsOf(place, master, span)) yield instanceAt(place.calendar, master, wall)
}

/** The instance an id names, untouched, if its series has an occurrence then. */
export function findInstance(place: Place, id: string): GoogleEvent | undefined {
  const parts = /^(.+)_(\d{8}(?:T\d{6}Z)?)$/.exec(id)
  const [, name, stamp] = parts ?? []
  if (name === undefined || stamp === undefined) return undefined
  for (const master of mastersNamedBy(place.calendar, name)) {
    const wall = isMaster(master) ? slotNamed(place, master, stamp) : undefined
    if (wall !== undefined) return instanceAt(place.calendar, master, wall)
  }
  return undefined
}

/** The wall time of the slot whose stamp is given; a wall time the clocks skip has the stamp of a later one. */
function slotNamed(place: Place, master: Repeating, stamp: string): string | undefined {
  const series = seriesOf(place, master)
  const date = `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}`
  if (Number.isNaN(Date.parse(date))) return undefined
  const around = series.start.length === 10 ? '' : 'T00:00:00'
  for (const wall of occurrencesOf(series, `${addDays(date, -1)}${around}`)) {
    const slot = timeOfWall(wall, series.zone, place.calendar.timeZone)
    if (stampOfTime(slot) === stamp) return wall
    if (wall.slice(0, 10) > addDays(date, 1)) return undefined
  }
  return undefined
}

/** The instance of a series at one of its slots, as if nobody had touched it. */
export function instanceAt(calendar: GoogleCalendar, master: GoogleEvent, wall: string): GoogleEvent {
  const { recurrence: _recurrence, ...rest } = master
  const zone = master.start?.timeZone ?? calendar.timeZone
  const start = timeOfWall(wall, zone, calendar.timeZone)
  return {
    ...rest,
    id: instanceIdOf(master.id, start),
    recurringEventId: master.id,
    originalStartTime: start,
    start,
    end: endAfter(calendar, master, wall),
  }
}

/** An instance lasts as long as the series' first one: in days when all-day, in elapsed time otherwise. */
function endAfter(
  calendar: GoogleCalendar,
  master: GoogleEvent,
  wall: string,
): NonNullable<GoogleEvent['end']> {
  const zone = master.end?.timeZone ?? calendar.timeZone
  if (master.start?.date && master.end?.date) {
    const days = Math.round((Date.parse(master.end.date) - Date.parse(master.start.date)) / dayMs)
    return { date: addDays(wall, days) }
  }
  const lengthMs =
    instantOfTime(master.end, calendar.timeZone) - instantOfTime(master.start, calendar.timeZone)
  const start = timeOfWall(wall, master.start?.timeZone ?? calendar.timeZone, calendar.timeZone)
  return timeOfWall(
    wallTimeOf(instantOfTime(start, calendar.timeZone) + lengthMs, zone),
    zone,
    calendar.timeZone,
  )
}
