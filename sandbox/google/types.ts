import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import type { EventLog } from '../event-log.ts'

/** An event as it is kept: the vendor's resource, with the fields the sandbox itself relies on always there. */
export interface GoogleEvent extends calendar_v3.Schema$Event {
  id: string
  etag: string
  status: string
  iCalUID: string
  sequence: number
  updated: string
}

export interface GoogleCalendar {
  id: string
  name: string
  primary: boolean
  timeZone: string
  log: EventLog<GoogleEvent>
  /** Exceptions (moved, changed or cancelled occurrences) by the id of their series. */
  exceptions: Map<string, Set<string>>
}

export interface GoogleAccount {
  vendor: 'google'
  email: string
  subject: string
  timeZone: string
  calendars: Map<string, GoogleCalendar>
}

/** A web hook on one calendar. */
export interface Channel {
  readonly id: string
  readonly resourceId: string
  readonly resourceUri: string
  readonly email: string
  readonly clientId: string
  readonly calendarId: string
  readonly address: string
  readonly token: string | null
  readonly expiresAtMs: number
  readonly messageNumber: number
}
