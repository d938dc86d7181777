import { occurrencesOf } from '../recurrence.ts'
import { addDays, instantOf, wallTimeOf } from '../zones.ts'
import type { ImportedEvent, ImportedTime } from './types.ts'

/** Moves an event by whole weeks in wall time, so that it keeps its weekday and its hour. */
export function shiftEvent(event: ImportedEvent, weeks: number): ImportedEvent {
  if (weeks === 0) return event
  const moved = {
    ...event,
    start: shiftTime(event.start, weeks * 7),
    end: shiftTime(event.end, weeks * 7),
    lines: event.lines.map((line) => shiftLine(line, event.start.zone, weeks * 7)),
    replaces: event.replaces === undefined ? undefined : shiftTime(event.replaces, weeks * 7),
  }
  return { ...moved, lines: keepCount(event, moved) }
}

const until = /;?UNTIL=([0-9TZ]+)/i

/** The third Saturday of a month may fall after a moved UNTIL: the moved series ends with as many occurrences as before. */
function keepCount(event: ImportedEvent, moved: ImportedEvent): string[] {
  if (!moved.lines.some((line) => until.test(line))) return moved.lines
  const count = wallsOf(event, occurrencesMax).length
  if (wallsOf(moved, occurrencesMax).length === count) return moved.lines
  const endless = { ...moved, lines: moved.lines.map((line) => line.replace(until, '')) }
  const last = wallsOf(endless, count)[count - 1]
  if (last === undefined || count === occurrencesMax) return moved.lines
  return moved.lines.map((line) =>
    line.replace(until, (all, stamp: string) => all.replace(stamp, stampLike(stamp, last, moved.start.zone))),
  )
}

/** The same moment in the form the file used: a date, a wall time, or UTC. */
function stampLike(stamp: string, wall: string, zone: string): string {
  if (stamp.length === 8) return compact(wall.slice(0, 10))
  if (!stamp.endsWith('Z')) return compact(wall)
  const instant = wall.length === 10 ? Date.parse(`${wall}T00:00:00Z`) : instantOf(wall, zone)
  return `${compact(new Date(instant).toISOString().slice(0, 19))}Z`
}

const compact = (text: string): string => text.replaceAll(/[-:]/g, '')

/**
 * Moves an override with its series. The third Saturday of a month is seldom a third Saturday some weeks on, so where
 * the moved series has no occurrence at the moved time, the override follows the occurrence of the same number.
 */
export function shiftOverride(override: ImportedEvent, master: ImportedEvent, weeks: number): ImportedEvent {
  const shifted = shiftEvent(override, weeks)
  const slot = override.replaces
  if (slot === undefined || shifted.replaces === undefined) return shifted
  const movedWalls = wallsOf(shiftEvent(master, weeks), occurrencesMax)
  const at = inZone(shifted.replaces, master)
  if (movedWalls.includes(at)) return shifted
  const counterpart = movedWalls[wallsOf(master, occurrencesMax).indexOf(inZone(slot, master))]
  if (counterpart === undefined) return shifted
  const days = Math.round(
    (Date.parse(counterpart.slice(0, 10)) - Date.parse(inZone(slot, master).slice(0, 10))) / 86_400_000,
  )
  return {
    ...override,
    start: shiftTime(override.start, days),
    end: shiftTime(override.end, days),
    replaces: { wall: counterpart, zone: master.start.zone },
  }
}

/** Overrides further on than this keep their shifted time. */
const occurrencesMax = 600

/** The time as the clock of the series' own zone shows it. */
export function inZone(time: ImportedTime, master: ImportedEvent): string {
  if (time.wall.length === 10 || time.zone === master.start.zone) return time.wall
  return wallTimeOf(instantOf(time.wall, time.zone), master.start.zone)
}

function wallsOf(master: ImportedEvent, most: number): string[] {
  const series = { start: master.start.wall, zone: master.start.zone, lines: rulesOf(master) }
  const walls: string[] = []
  for (const wall of occurrencesOf(series)) if (walls.push(wall) >= most) break
  return walls
}

function rulesOf(master: ImportedEvent): string[] {
  return master.lines.filter((line) => !/^EXDATE/i.test(line))
}

function shiftTime(time: ImportedTime, days: number): ImportedTime {
  return { ...time, wall: `${addDays(time.wall, days)}${time.wall.slice(10)}` }
}

function shiftLine(line: string, zone: string, days: number): string {
  const at = line.indexOf(':')
  const [name, value] = [line.slice(0, at), line.slice(at + 1)]
  const stamp = (text: string): string => shiftStamp(text, zone, days)
  if (/^(RRULE|EXRULE)/i.test(name)) {
    return `${name}:${value.replace(/UNTIL=([0-9TZ]+)/i, (_all, until: string) => `UNTIL=${stamp(until)}`)}`
  }
  return `${name}:${value.split(',').map(stamp).join(',')}`
}

/** Moves 20190304T140000, 20190304T130000Z or 20190304; a UTC stamp moves by the wall clock of the series. */
function shiftStamp(stamp: string, zone: string, days: number): string {
  const date = `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}`
  if (!stamp.endsWith('Z')) return `${compact(addDays(date, days))}${stamp.slice(8)}`
  const time = `${stamp.slice(9, 11)}:${stamp.slice(11, 13)}:${stamp.slice(13, 15)}`
  const wall = wallTimeOf(Date.parse(`${date}T${time}Z`), zone)
  const moved = instantOf(`${addDays(wall, days)}${wall.slice(10)}`, zone)
  return `${compact(new Date(moved).toISOString().slice(0, 19))}Z`
}
