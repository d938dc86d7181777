import type { EventContent } from '../../domain/event.ts'
import { timedFromWall } from '../../domain/time.ts'
import * as google from '../../providers/google/mapping.ts'
import * as microsoft from '../../providers/microsoft/mapping.ts'
import { ianaZone } from '../../providers/microsoft/zones.ts'

/** What Google answers to a write: members that were cleared are not there, times are in the event's own zone. */
export function answeredByGoogle(content: EventContent): EventContent | null {
  const { start, end, ...body } = google.requestBody(content)
  const present = (time: typeof start) =>
    Object.fromEntries(Object.entries(time ?? {}).filter(([, value]) => value))
  const item = { id: 'abc', organizer: { self: true }, ...body, start: present(start), end: present(end) }
  const cleared = item.recurrence?.length === 0 ? { recurrence: null } : {}
  return google.observedEvent({ ...item, ...cleared }, 'Africa/Nairobi').content
}

/** What Graph answers when it is asked for UTC: wall times as instants, and the zone they were written in beside them. */
export function answeredByGraph(content: EventContent): EventContent | null {
  const body = microsoft.requestBody(content)
  const zone = body.start?.timeZone ?? ''
  const inUtc = (time: typeof body.start) => {
    const wall = time?.dateTime ?? ''
    const at = timedFromWall(wall, wall, ianaZone(time?.timeZone) ?? '')
    return {
      dateTime: `${(at.kind === 'dateTime' ? at.startsAt : '').slice(0, 19)}.0000000`,
      timeZone: 'UTC',
    }
  }
  return microsoft.observedEvent({
    id: 'AAMk',
    type: body.recurrence ? 'seriesMaster' : 'singleInstance',
    ...body,
    start: inUtc(body.start),
    end: inUtc(body.end),
    originalStartTimeZone: zone,
    cancelledOccurrences: (content.recurrence?.exdates ?? []).map((wall) => `OID.AAMk.${wall.slice(0, 10)}`),
  }).content
}
