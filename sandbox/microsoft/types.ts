import type { Event } from '@microsoft/microsoft-graph-types'
import type { EventLog } from '../event-log.ts'

/**
 * An event as it is kept. Times are wall time in the zone of the author; what a caller sees is rendered from it by the
 * caller's Prefer headers.
 */
export interface MicrosoftEvent {
  /** The part both spellings of the id share. */
  core: string
  changeKey: string
  /** Properties in the vendor's words, without those named here. */
  properties: Event
  start: ZonedTime
  end: ZonedTime
  isAllDay: boolean
  extendedProperties: ExtendedProperty[]
  /** RRULE and such of a series, else nothing. */
  lines: string[] | null
  /** Changed occurrences by the date of their original start. */
  exceptions: Record<string, OccurrenceException>
  /** Original dates of deleted occurrences. */
  cancelled: string[]
  isDeleted: boolean
}

export interface OccurrenceException {
  changeKey: string
  properties: Event
  start: ZonedTime
  end: ZonedTime
  isAllDay: boolean
  extendedProperties: ExtendedProperty[]
}

export interface ZonedTime {
  /** YYYY-MM-DDTHH:MM:SS */
  wall: string
  /** IANA name. */
  zone: string
  /** The name as the author spelt it. */
  zoneName: string
}

export interface ExtendedProperty {
  id: string
  value: string
}

export interface MicrosoftCalendar {
  id: string
  name: string
  primary: boolean
  timeZone: string
  log: EventLog<MicrosoftEvent>
}

export interface MicrosoftAccount {
  vendor: 'microsoft'
  email: string
  subject: string
  timeZone: string
  /** How often the mailbox was moved; each time ends the delta tokens given out before. */
  moves?: number
  calendars: Map<string, MicrosoftCalendar>
  /** The core of the event each transaction id made; kept for ever. */
  transactions: Map<string, string>
  /** The calendar each event lives in, by core, since events are also addressed without their calendar. */
  homes: Map<string, string>
}

export interface Subscription {
  readonly id: string
  readonly email: string
  readonly clientId: string
  readonly calendarId: string
  readonly resource: string
  readonly changeTypes: readonly string[]
  readonly notificationUrl: string
  readonly lifecycleNotificationUrl: string | null
  readonly clientState: string | null
  readonly expiresAtMs: number
  readonly immutableIds: boolean
}
