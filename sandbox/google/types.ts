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

/** What a calendar says of itself; replaced as a whole when something of it changes. */
export interface CalendarFacts {
  readonly id: string
  readonly name: string
  readonly primary: boolean
  readonly timeZone: string
  readonly etag: string
  /** The account its data belongs to; others may see it by a rule of its access list. */
  readonly owner: string
  readonly description: string | null
  readonly location: string | null
  readonly conferenceTypes: readonly string[]
  readonly eventLabels: readonly calendar_v3.Schema$EventLabel[]
  /** Calendars that Google itself fills, such as holidays, open no channels. */
  readonly opensChannels: boolean
  /** Its time zone was another once, and events from then are kept with the offsets of that one. */
  readonly hasMoved: boolean
  /** Rises with each change of who may see the calendar; sync tokens from before it are void. */
  readonly accessVersion: number
}

export interface GoogleCalendar extends CalendarFacts {
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

/** A calendar as one account has it in its list, in the form it is answered in. */
export interface ListEntry {
  readonly id: string
  /** Rises with each change that an incremental list tells of. */
  readonly version: number
  readonly resource: calendar_v3.Schema$CalendarListEntry & { id: string; etag: string }
}

/** Who may do what with a calendar. A rule that was taken back stays, with the role `none`. */
export interface AclEntry {
  readonly id: string
  readonly version: number
  readonly resource: calendar_v3.Schema$AclRule & { id: string; etag: string; role: string }
}

/** A setting that a person has changed. */
export interface SettingEntry {
  readonly id: string
  readonly version: number
  readonly resource: calendar_v3.Schema$Setting & { id: string; etag: string }
}

/** What a channel tells of: the events or access rules of a calendar, or the list or settings of an account. */
export type ChannelTopic = 'events' | 'acl' | 'calendarList' | 'settings'

/** A web hook on one resource. */
export interface Channel {
  readonly id: string
  readonly resourceId: string
  readonly resourceUri: string
  readonly email: string
  readonly clientId: string
  readonly topic: ChannelTopic
  /** The id of the calendar, or the email of the account. */
  readonly of: string
  readonly address: string
  readonly token: string | null
  readonly expiresAtMs: number
  readonly messageNumber: number
}
