import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { withOffset } from '../zones.ts'
import type { GoogleEvent } from './types.ts'

/** What is left of a deleted event: enough to know it by, and for an instance which one of its series it was. */
export function tombstone(event: GoogleEvent): calendar_v3.Schema$Event {
  const { kind, etag, id, status, recurringEventId, originalStartTime } = event
  const isInstance = recurringEventId !== undefined && originalStartTime !== undefined
  return {
    kind: kind ?? 'calendar#event',
    etag,
    id,
    status,
    ...(isInstance ? { recurringEventId, originalStartTime } : {}),
  }
}

/** Writes the times of an event with the offsets of a zone the caller asked for. */
export function withZone(
  event: calendar_v3.Schema$Event,
  zone: string | undefined,
): calendar_v3.Schema$Event {
  if (zone === undefined) return event
  const moved: calendar_v3.Schema$Event = { ...event }
  for (const name of ['start', 'end', 'originalStartTime'] as const) {
    const time = event[name]
    if (time?.dateTime) moved[name] = { ...time, dateTime: withOffset(Date.parse(time.dateTime), zone) }
  }
  return moved
}

/** Where there are more guests than the caller wants named, only the one whose calendar it is stays. */
export function withAttendeesMax(event: calendar_v3.Schema$Event, most: number): calendar_v3.Schema$Event {
  if ((event.attendees?.length ?? 0) <= most) return event
  const { attendees = [], ...rest } = event
  const own = attendees.filter(({ self }) => self === true)
  return { ...rest, ...(own.length === 0 ? {} : { attendees: own }), attendeesOmitted: true }
}
