import ICAL from 'ical.js'
import { wallTimeOf } from './zones.ts'

export interface Series {
  /** Wall time of the first start, or a date for an all-day series. */
  start: string
  zone: string
  /** RRULE, RDATE and EXDATE lines as Google writes them. */
  lines: string[]
}

/** A rule that never ends is followed this far, so that a wrong query cannot hang the sandbox. */
const occurrencesMax = 20_000

/** The starts of a series in order, as wall times (or dates) of its own zone. */
export function* occurrencesOf(series: Series): Generator<string> {
  const dates = [`DTSTART${allDay(series) ? ';VALUE=DATE' : ''}:${compact(series.start)}`]
  const lines = series.lines.map((line) => floating(line, series))
  const text = ['BEGIN:VEVENT', ...dates, ...lines, 'END:VEVENT'].join('\r\n')
  const component = new ICAL.Component(ICAL.parse(text))
  const dtstart = component.getFirstPropertyValue('dtstart')
  if (!(dtstart instanceof ICAL.Time)) return

  const expansion = new ICAL.RecurExpansion({ component, dtstart })
  for (let count = 0; count < occurrencesMax; count += 1) {
    const next = expansion.next()
    if (!next) return
    yield next.toString().slice(0, allDay(series) ? 10 : 19)
  }
}

/** Says whether a set of recurrence lines can be expanded at all. */
export function canExpand(series: Series): boolean {
  try {
    return !occurrencesOf(series).next().done
  } catch {
    return false
  }
}

/** Says whether a series starts at a wall time (or on a date); a series without end is read no further than that. */
export function hasOccurrenceAt(series: Series, wall: string): boolean {
  for (const start of occurrencesOf(series)) {
    if (start === wall) return true
    if (start > wall) return false
  }
  return false
}

function allDay(series: Series): boolean {
  return series.start.length === 10
}

function compact(time: string): string {
  return time.replaceAll(/[-:]/g, '')
}

/**
 * ical.js knows no zones unless it is given them, so a series is expanded in wall time: UTC stamps in the lines become
 * wall times of the series' zone, and TZID and VALUE parameters fall away.
 */
function floating(line: string, series: Series): string {
  const [name = '', ...rest] = line.split(':')
  const value = rest.join(':')
  const property = (name.split(';')[0] ?? '').toUpperCase()
  if (property === 'RRULE' || property === 'EXRULE') {
    const rule = value.replace(
      /UNTIL=([0-9TZ]+)/i,
      (_all, until: string) => `UNTIL=${floatingStamp(until, series)}`,
    )
    return `${property}:${rule}`
  }
  const stamps = value.split(',').map((stamp) => floatingStamp(stamp, series))
  return `${property}${allDay(series) ? ';VALUE=DATE' : ''}:${stamps.join(',')}`
}

function floatingStamp(stamp: string, series: Series): string {
  const date = stamp.slice(0, 8)
  if (allDay(series)) return date
  if (stamp.length === 8) return `${date}T235959`
  if (!stamp.endsWith('Z')) return stamp
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T${stamp.slice(9, 11)}:${stamp.slice(11, 13)}:${stamp.slice(13, 15)}Z`
  return compact(wallTimeOf(Date.parse(iso), series.zone))
}
