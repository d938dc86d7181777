import type { Event } from '@microsoft/microsoft-graph-types'
import type { EventLog } from '../event-log.ts'
import type { JsonObject } from '../json.ts'

/** What an event has, and an occurrence that was changed on its own. Times are wall time in the zone of the author. */
export interface EventParts {
  changeKey: string
  /**
   * Properties in the vendor's words, without those named here, as far as they are not what they are by default; of a
   * changed occurrence those that are not its series'.
   */
  properties: Event
  start: ZonedTime
  end: ZonedTime
  isAllDay: boolean
  extendedProperties: ExtendedProperty[]
  multiValueProperties?: MultiValueProperty[]
  /** Open extensions by name. */
  extensions?: Record<string, JsonObject>
  /** What a patch put these in the place of, where reads may still show it. */
  replaced?: { changeKey: string; exception?: EventParts }
}

/** An event as it is kept; what a caller sees is rendered from it by the caller's Prefer headers. */
export interface MicrosoftEvent extends EventParts {
  /** The part both spellings of the id share. */
  core: string
  /** The rule of a series in the words of RFC 5545, else nothing. */
  lines: string[] | null
  /** There is no occurrence in a month too short for the day of the rule. */
  skipsShortMonths?: boolean
  /** Changed occurrences by the date of their original start. */
  exceptions: Record<string, OccurrenceException>
  /** Original dates of deleted occurrences. */
  cancelled: string[]
  isDeleted: boolean
}

export type OccurrenceException = EventParts

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

export interface MultiValueProperty {
  id: string
  value: string[]
}

export interface MicrosoftCalendar {
  id: string
  name: string
  primary: boolean
  timeZone: string
  changeKey?: string
  color?: string
  hexColor?: string
  /** The group it stands in, when it is not the first one. */
  groupId?: string
  /** Somebody else's calendar that is shared with the mailbox. */
  owner?: { name: string; address: string }
  /** Whether its events may be written; they may unless this says no. */
  canEdit?: boolean
  log: EventLog<MicrosoftEvent>
}

/** What a mailbox has beside its calendars. */
export interface MailboxFacts {
  readonly groups: readonly CalendarGroup[]
  readonly categories: readonly Category[]
  readonly settings: MailboxSettings
}

export interface CalendarGroup {
  readonly id: string
  readonly name: string
  readonly classId: string
  readonly changeKey: string
}

export interface Category {
  readonly id: string
  readonly displayName: string
  readonly color: string
}

export interface MailboxSettings {
  /** A Windows or IANA name, or a text like `Customized Time Zone`. */
  readonly timeZone: string
  readonly language: { readonly locale: string; readonly displayName: string }
  readonly dateFormat: string
  readonly timeFormat: string
  readonly delegateMeetingMessageDeliveryOptions: string
  readonly workingHours: JsonObject
}

/** Of an organization's directory, or a person's own (Outlook.com). */
export type AccountKind = 'work' | 'personal'

export interface MicrosoftAccount {
  vendor: 'microsoft'
  kind: AccountKind
  email: string
  subject: string
  timeZone: string
  /** How often the mailbox was moved, if it ever was. */
  moves?: number
  /** How often its delta tokens were forgotten without a move, if they ever were. */
  forgotten?: number
  calendars: Map<string, MicrosoftCalendar>
  /** Calendars that were removed and can be brought back. */
  removed: Map<string, MicrosoftCalendar>
  /** The core of the event each transaction id made; kept for ever. */
  transactions: Map<string, string>
  /** The calendar each event lives in, by core, since events are also addressed without their calendar. */
  homes: Map<string, string>
}

export type ChangeType = 'created' | 'updated' | 'deleted'

/** Changes of events, or of the calendars themselves. */
export type SubscriptionTopic = 'events' | 'calendars'

export interface Subscription {
  readonly id: string
  readonly email: string
  readonly clientId: string
  /** The subject of who made it. */
  readonly creatorId?: string
  /** Events, where nothing is said. */
  readonly topic?: SubscriptionTopic
  /** The calendar whose events it is about; nothing means every calendar. */
  readonly calendarId: string | null
  readonly resource: string
  readonly changeTypes: readonly ChangeType[]
  readonly notificationUrl: string
  readonly lifecycleNotificationUrl: string | null
  readonly clientState: string | null
  readonly expiresAtMs: number
  readonly immutableIds: boolean
  readonly latestSupportedTlsVersion?: string
  /** The end of the token it was last made, renewed or reauthorized with; without one it needs none. */
  readonly authorizedUntilMs?: number
  readonly renewedAtMs?: number
  readonly reauthorizedAtMs?: number
  /** Changes were not told that should have been. */
  readonly hasMissed?: boolean
}
