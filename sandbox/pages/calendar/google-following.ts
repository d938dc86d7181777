import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { addDays, instantOf, wallTimeOf } from '../../zones.ts'

type Event = calendar_v3.Schema$Event

/** What Google decides about an event by itself; the rest of a series begins without it. */
const own =
  'kind etag id htmlLink created updated creator organizer iCalUID sequence recurringEventId originalStartTime'.split(
    ' ',
  )

/** The lines of a series that ends before one of its occurrences, and of one that begins there. */
export function splitLines(
  lines: string[],
  {
    originalStart,
    passed,
    zone,
  }: { originalStart: calendar_v3.Schema$EventDateTime; passed: number; zone: string },
): { earlier: string[]; later: string[] } {
  const until = untilBefore(originalStart, zone)
  const isRule = (line: string): boolean => line.startsWith('RRULE')
  const earlier = lines.map((line) => (isRule(line) ? `${withoutEnd(line)};UNTIL=${until}` : line))
  const later = lines.map((line) => {
    const count = /COUNT=(\d+)/.exec(line)?.[1]
    if (!isRule(line) || count === undefined) return line
    return `${withoutEnd(line)};COUNT=${Math.max(1, Number(count) - passed)}`
  })
  return { earlier, later }
}

/** A new series with everything of the old one but what Google decides. */
export function restOf(master: Event): Event {
  return Object.fromEntries(Object.entries(master).filter(([name]) => !own.includes(name)))
}

/** The last moment of the day before: a date for days, an instant in UTC for times. */
function untilBefore({ date, dateTime }: calendar_v3.Schema$EventDateTime, zone: string): string {
  if (date) return addDays(date, -1).replaceAll('-', '')
  const day = wallTimeOf(Date.parse(dateTime ?? ''), zone).slice(0, 10)
  const last = new Date(instantOf(`${day}T00:00:00`, zone) - 1000).toISOString().slice(0, 19)
  return `${last.replaceAll(/[-:]/g, '')}Z`
}

function withoutEnd(line: string): string {
  return line.replaceAll(/;(UNTIL|COUNT)=[^;]*/g, '').replace(/:(UNTIL|COUNT)=[^;]*;/, ':')
}
