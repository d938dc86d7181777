import { addDays, instantOf, wallTimeOf } from '../../zones.ts'

/** When an event is: days with an exclusive end, or wall times (YYYY-MM-DDTHH:MM) of one zone. */
export interface Times {
  isAllDay: boolean
  start: string
  end: string
}

export function dayOf(wall: string): string {
  return wall.slice(0, 10)
}

export function clockOf(wall: string): string {
  return wall.slice(11, 16)
}

/** The last day an event touches. */
export function lastDayOf({ isAllDay, start, end }: Times): string {
  const day = isAllDay || clockOf(end) === '00:00' ? addDays(dayOf(end), -1) : dayOf(end)
  // Something without length touches the day it begins on.
  return day < dayOf(start) ? dayOf(start) : day
}

/** Says whether it lasts a day or more: it is drawn as a bar, and not on the hours it has. */
export function isLong(times: Times): boolean {
  return times.isAllDay || minutesBetween(times.start, times.end) >= 1440
}

/** The last day it is drawn on in a month: a night shift stands on the day it begins. */
export function lastDrawnDay(times: Times): string {
  return isLong(times) ? lastDayOf(times) : dayOf(times.start)
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${dayOf(to)}Z`) - Date.parse(`${dayOf(from)}Z`)) / 86_400_000)
}

/** Minutes from one wall time to another, as a clock on the wall counts them. */
export function minutesBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${whole(to)}Z`) - Date.parse(`${whole(from)}Z`)) / 60_000)
}

/** A wall time some minutes later; a day some days later when it is a day. */
export function later(wall: string, minutes: number): string {
  const moved = new Date(Date.parse(`${whole(wall)}Z`) + minutes * 60_000).toISOString()
  return moved.slice(0, wall.length === 10 ? 10 : 16)
}

/** The same instants on the wall of another zone; days are the same everywhere. */
export function inZone(times: Times, from: string, to: string): Times {
  if (times.isAllDay || from === to) return times
  const moved = (wall: string): string => wallTimeOf(instantOf(whole(wall), from), to).slice(0, 16)
  return { isAllDay: false, start: moved(times.start), end: moved(times.end) }
}

/** What a change to one occurrence makes of the times of the whole series; all are of the series' zone. */
export function shiftedSeries(series: Times, before: Times, after: Times): Times {
  const day = addDays(dayOf(series.start), daysBetween(before.start, after.start))
  const start = after.isAllDay ? day : `${day}T${clockOf(after.start)}`
  return { isAllDay: after.isAllDay, start, end: later(start, minutesBetween(after.start, after.end)) }
}

function whole(wall: string): string {
  return wall.length === 10 ? `${wall}T00:00:00` : `${wall.slice(0, 16)}:00`
}
