import type { Event } from '@microsoft/microsoft-graph-types'
import { eventId } from './ids.ts'
import { instant, type Occurrence } from './occurrences.ts'
import { occurrenceUid, unsetProperties } from './properties.ts'
import { originalZone } from './render.ts'
import type { MicrosoftEvent, ZonedTime } from './types.ts'

/** An event or one of its occurrences, before it is rendered. */
export interface Row {
  event: MicrosoftEvent
  occurrence: Occurrence | undefined
}

/** A property of a row as filters and orders see it, times in UTC, without rendering everything else. */
export function readRow({ event, occurrence }: Row, name: string | undefined): unknown {
  const own = occurrence?.exception ?? event
  const { start, end } = occurrence ?? event
  switch (name) {
    case 'start':
      return utc(start)
    case 'end':
      return utc(end)
    case 'isAllDay':
      return own.isAllDay
    case 'type':
      if (occurrence !== undefined) return occurrence.exception === undefined ? 'occurrence' : 'exception'
      return event.lines === null ? 'singleInstance' : 'seriesMaster'
    case 'seriesMasterId':
      return occurrence === undefined ? null : eventId(event.core, false)
    case 'iCalUId': {
      const uid = event.properties.iCalUId ?? ''
      return occurrence === undefined ? uid : occurrenceUid(uid, occurrence.date)
    }
    case 'originalStart':
      return occurrence === undefined ? null : new Date(occurrence.originalStartMs).toISOString()
    case 'originalStartTimeZone':
      return originalZone(start)
    case 'originalEndTimeZone':
      return originalZone(end)
    case 'singleValueExtendedProperties':
      return own.extendedProperties
    case 'multiValueExtendedProperties':
      return own.multiValueProperties ?? []
    case 'extensions':
      return Object.keys(own.extensions ?? {}).map((id) => ({ id }))
    case undefined:
      return undefined
    default:
      return (
        member(occurrence?.exception?.properties, name) ??
        member(event.properties, name) ??
        member(unsetProperties, name)
      )
  }
}

function member(properties: Event | undefined, name: string): unknown {
  return properties === undefined ? undefined : Reflect.get(properties, name)
}

function utc(time: ZonedTime): { dateTime: string; timeZone: string } {
  return { dateTime: new Date(instant(time)).toISOString().slice(0, 19), timeZone: 'UTC' }
}
