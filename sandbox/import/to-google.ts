import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { GoogleError } from '../google/errors.ts'
import { seriesOf } from '../google/series.ts'
import { stampOfTime, timeOfWall } from '../google/times.ts'
import type { GoogleEvent } from '../google/types.ts'
import { saveEvent, type Target } from '../google/write.ts'
import { base32hex } from '../random.ts'
import { hasOccurrenceAt } from '../recurrence.ts'
import { inZone } from './shift.ts'
import { Unusable, type ImportedEvent, type ImportedTime } from './types.ts'

/** Keeps a single event or a series in a Google calendar. */
export function keepInGoogle(target: Target, event: ImportedEvent): string {
  for (const { event: known } of target.calendar.log.entries.values()) {
    if (known.iCalUID === event.uid && known.status !== 'cancelled' && known.recurringEventId === undefined) {
      throw new Unusable('an event with this UID is already there')
    }
  }
  const own = /^([a-z0-9_RTZ]{5,})@google\.com$/.exec(event.uid)?.[1]
  const isFree = own !== undefined && !target.calendar.log.entries.has(own)
  const id = isFree ? own : target.world.random.text(26, base32hex)
  const recurrence = event.lines.length === 0 ? {} : { recurrence: event.lines }
  return save(target, id, { ...resourceOf(target, event), ...recurrence }).id
}

/** Keeps one changed or cancelled occurrence of a series that was kept before. */
export function keepOverrideInGoogle(
  target: Target,
  masterId: string,
  master: ImportedEvent,
  event: ImportedEvent,
): void {
  const kept = target.calendar.log.entries.get(masterId)?.event
  if (kept === undefined || event.replaces === undefined) throw new Unusable('its series was not imported')
  const wall = inZone(event.replaces, master)
  const series = seriesOf(target, kept)
  const rules = series.lines.filter((line) => !/^EXDATE/i.test(line))
  if (!hasOccurrenceAt({ ...series, lines: rules }, wall)) {
    throw new Unusable(`its series has no occurrence at ${wall}`)
  }
  const originalStartTime = timeOfWall(wall, master.start.zone, target.calendar.timeZone)
  const id = `${masterId}_${stampOfTime(originalStartTime)}`
  const status = event.isCancelled ? { status: 'cancelled' } : {}
  save(target, id, { ...resourceOf(target, event), ...status, recurringEventId: masterId, originalStartTime })
}

function save(target: Target, id: string, resource: calendar_v3.Schema$Event): GoogleEvent {
  try {
    return saveEvent(target, undefined, id, resource)
  } catch (error) {
    if (error instanceof GoogleError) throw new Unusable(error.message)
    throw error
  }
}

function resourceOf({ calendar }: Target, event: ImportedEvent): calendar_v3.Schema$Event {
  const time = ({ wall, zone }: ImportedTime): calendar_v3.Schema$EventDateTime =>
    timeOfWall(wall, zone, calendar.timeZone)
  return {
    summary: event.summary,
    ...(event.description === undefined ? {} : { description: event.description }),
    ...(event.location === undefined ? {} : { location: event.location }),
    ...(event.isFree ? { transparency: 'transparent' } : {}),
    ...(event.isPrivate ? { visibility: 'private' } : {}),
    iCalUID: event.uid,
    start: time(event.start),
    end: time(event.end),
  }
}
