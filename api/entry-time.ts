import { Temporal } from 'temporal-polyfill'
import type { EventTime } from '../domain/event.ts'
import { allDay, InvalidTime, isKnownZone, timedFromInstants, timedFromWall } from '../domain/time.ts'
import { invalid } from './problem.ts'

export interface TimeInput {
  allDay: boolean
  start: string
  end: string
  timeZone: string | null
}

const date = /^\d{4}-\d{2}-\d{2}$/
const wall = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$/
const withOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i
const earliest = '1900'
const latest = '2200'

/** A time as it was sent, as the schedule keeps it; every refusal names the field and the rule. */
export function readTime(input: TimeInput): EventTime {
  for (const field of ['start', 'end'] as const) {
    if (input[field] < earliest || input[field] >= latest) {
      throw invalid(field, 'must lie between the years 1900 and 2199.')
    }
  }
  return input.allDay ? readDates(input) : readTimed(input)
}

function readDates(input: TimeInput): EventTime {
  requireForm(input, date, 'must be a date like 2026-03-05 for an all-day entry.')
  if (input.timeZone !== null) throw invalid('timeZone', 'must be null for an all-day entry.')
  return naming(input, () => allDay(input.start, input.end))
}

function readTimed(input: TimeInput): EventTime {
  const zone = knownZone(input.timeZone)
  if (wall.test(input.start)) {
    requireForm(input, wall, 'must be a wall time like 2026-03-05T09:00:00, as start is.')
    return naming(input, () => timedFromWall(input.start, input.end, zone))
  }
  requireForm(
    input,
    withOffset,
    'must be a wall time like 2026-03-05T09:00:00 or RFC 3339 like 2026-03-05T09:00:00+01:00, start and end alike.',
  )
  return naming(input, () => timedFromInstants(input.start, input.end, zone))
}

function requireForm(input: TimeInput, form: RegExp, rule: string): void {
  for (const field of ['start', 'end'] as const) if (!form.test(input[field])) throw invalid(field, rule)
}

/** The zone as the zone database spells it; vendors are stricter about case than we are. */
function knownZone(zone: string | null): string {
  if (zone === null)
    throw invalid('timeZone', 'must be given (IANA, like Europe/Berlin) unless allDay is true.')
  const isName = /^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone)
  if (!isName || !isKnownZone(zone))
    throw invalid('timeZone', 'must be an IANA time zone like Europe/Berlin.')
  return zoneNames.get(zone.toLowerCase()) ?? zone
}

const zoneNames = new Map(Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]))

/** Domain refusals speak of the time as a whole: here they get the field people sent. */
function naming(input: TimeInput, read: () => EventTime): EventTime {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InvalidTime)) throw error
    const field = [input.start, input.end].findIndex((text) => error.message.startsWith(`"${text}"`))
    throw invalid(field === 0 ? 'start' : 'end', `does not fit: ${error.message}`)
  }
}

/** The time as the API tells it: dates for all-day, else RFC 3339 with the zone's offset at that moment. */
export function showTime(time: EventTime): {
  allDay: boolean
  start: string
  end: string
  timeZone: string | null
} {
  if (time.kind === 'date') return { allDay: true, start: time.start, end: time.end, timeZone: null }
  const { zone } = time
  return { allDay: false, start: inZone(time.startsAt, zone), end: inZone(time.endsAt, zone), timeZone: zone }
}

const inZone = (instant: string, zone: string): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(zone)
    .toString({ timeZoneName: 'never', smallestUnit: 'second' })
