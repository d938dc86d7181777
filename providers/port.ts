import type { ContentField, EventContent } from '../domain/event.ts'
import type { Throttled } from './errors.ts'
import type { Slot } from '../domain/series.ts'
import type { SyncWindow } from '../domain/policy.ts'

/** Where an adapter speaks to its vendor. Base URLs without a trailing slash. */
export interface Endpoints {
  api: string
  authorize: string
  token: string
}

export interface Account {
  /** The vendor's stable id of the account. */
  id: string
  email: string
}

export interface CalendarInfo {
  /** The calendar's canonical id, whatever name it was asked by. */
  id: string
  name: string
  isPrimary: boolean
  canWrite: boolean
  /** IANA. */
  timeZone: string
}

/** Which occurrence of which series. */
export interface OccurrenceRef {
  /** The vendor's id of the series. */
  seriesId: string
  slot: Slot
  /** The vendor's own id of the occurrence, where it was told. */
  vendorId: string | null
}

/** One id for one slot, whatever id the vendor gives its occurrence: vendors' ids have no `#`. */
export const slotId = (seriesId: string, slot: Slot): string => `${seriesId}#${slot}`

/** The series and the slot that an id names; undefined for the id of a whole event. */
export function readSlotId(id: string): { seriesId: string; slot: Slot } | undefined {
  const at = id.lastIndexOf('#')
  return at < 0 ? undefined : { seriesId: id.slice(0, at), slot: id.slice(at + 1) }
}

/** An event as the vendor shows it now, in our words. An occurrence goes by the id of its slot (`slotId`). */
export interface ObservedEvent {
  kind: 'single' | 'series' | 'occurrence'
  externalId: string
  /** For an occurrence. */
  occurrence: OccurrenceRef | null
  /**
   * For a series: `all` when the answer told every changed occurrence (and the content every slot left out), so that what it
   * does not name is plain; `some` when changed occurrences are told one by one; `none` when the answer was silent on them.
   */
  tells: 'all' | 'some' | 'none'
  /** The changed occurrences that came with a series that tells all. */
  overrides: ObservedEvent[]
  etag: string | null
  icalUid: string | null
  /** The vendor's word for its kind (Google's `eventType`); null where the vendor has no kinds. */
  eventType: string | null
  /** Null when the schedule cannot hold it; then `problem` says why. */
  content: EventContent | null
  problem: string | null
  /** Why we must not write to it; null when we may. */
  readOnly: string | null
  /** The idempotency key it was created with, when a create of ours made it. */
  createKey: string | null
  /** When it was last changed, as the vendor says (RFC 3339); null where the answer does not tell. */
  changedAt: string | null
}

export type Observation =
  | { kind: 'event'; event: ObservedEvent }
  /** `certain: false`: the vendor says the same when an event merely left the window; ask for it before believing. */
  /** The series leaves this slot out. */
  | { kind: 'cancelled'; externalId: string; occurrence: OccurrenceRef; etag: string | null }
  | { kind: 'removed'; externalId: string; certain: boolean }
  | { kind: 'malformed'; externalId: string; reason: string; rawSize: number }

/** `before`: an earlier call made it, so somebody may have edited it since. `gone`: and somebody deleted it since. */
export type Created = { made: 'now' | 'before'; event: ObservedEvent } | { made: 'before'; event: 'gone' }

export interface ChangePage {
  observations: Observation[]
  /** `more`: where the next page is. `end`: the cursor for the next round. Both opaque outside the adapter. */
  next: { kind: 'more'; position: string } | { kind: 'end'; cursor: string }
}

export interface GrantedSubscription {
  externalId: string
  resourceId: string | null
  /** RFC 3339, as granted: vendors shorten what was asked. */
  expiresAt: string
}

/** Everything we ask of one external calendar. Failures arrive as VendorError, nothing else. */
export interface CalendarProvider {
  account(): Promise<Account>
  listCalendars(): Promise<CalendarInfo[]>
  /** The calendar this provider is about; throws NotFound when there is none of that id. */
  calendar(): Promise<CalendarInfo>

  /** The parameters a cursor belongs to: another fingerprint needs a full round. */
  fingerprint(window: SyncWindow): string
  /** Whether the vendor keeps the window inside its cursor, so that it must be anchored anew as time moves on. */
  readonly windowIsInCursor: boolean
  /** Whether a delta tells even of what was created and deleted since the round before (Google's tombstones do, Graph's do not). */
  readonly tellsAll: boolean
  fullRound(window: SyncWindow): string
  deltaRound(cursor: string): string
  listChanges(position: string): Promise<ChangePage>

  getEvent(externalId: string): Promise<ObservedEvent | 'gone'>
  /** The ids of the whole events that are this meeting (iCalendar UID), in the window or out of it. */
  idsOfMeeting(icalUid: string): Promise<string[]>
  /** Creates once per key: asked again with the same key, it answers what the first call made. */
  createEvent(key: string, content: EventContent): Promise<Created>
  /** What a create with this key made, if it happened. */
  findCreated(key: string, content: EventContent): Promise<ObservedEvent | 'gone' | undefined>
  /** Changes these fields and no other; PreconditionFailed when the event is no longer at `etag`. */
  updateEvent(
    externalId: string,
    fields: Partial<Pick<EventContent, ContentField>>,
    etag: string | null,
  ): Promise<ObservedEvent>
  /** Deletes unless it moved on since `etag`; an event that is gone already is a success. */
  deleteEvent(externalId: string, etag: string | null): Promise<void>

  /** The occurrence as it stands, changed or not; `gone` when the series leaves its slot out or is itself gone. */
  getOccurrence(ref: OccurrenceRef): Promise<ObservedEvent | 'gone'>
  /** Changes these fields of one occurrence and no other. */
  updateOccurrence(
    ref: OccurrenceRef,
    fields: Partial<EventContent>,
    etag: string | null,
  ): Promise<ObservedEvent>
  /** Leaves the slot out; one that is left out already is a success. */
  cancelOccurrence(ref: OccurrenceRef, etag: string | null): Promise<void>
  /** Why this vendor cannot hold an event like this; null when it can. */
  unsupported(content: EventContent): string | null
  /** What this vendor does to changed occurrences when the rule or time of their series is written. */
  readonly ruleChange: 'drops-all' | 'keeps-slots'
  /** Whether an occurrence that was left out can be brought back. */
  readonly restoresOccurrences: boolean

  /** Where the vendor keeps one subscription per calendar, one that tells `notifyUrl` or `formerUrls` makes room. */
  subscribe(request: {
    id: string
    secret: string
    notifyUrl: string
    lifecycleUrl: string
    formerUrls: string[]
  }): Promise<GrantedSubscription>
  /** Renews it in place, and with it the vendor's leave to tell us; null when it cannot be: ask for a new one. */
  renewSubscription(subscription: {
    externalId: string
  }): Promise<Omit<GrantedSubscription, 'resourceId'> | null>
  /** Whether the vendor knows it; true where it does not say. */
  subscriptionStands(subscription: { externalId: string }): Promise<boolean>
  unsubscribe(subscription: { externalId: string; resourceId: string | null }): Promise<void>
}

export interface AdapterOptions {
  endpoints: Endpoints
  calendarId: string
  /** Zone for times that carry none (IANA). */
  timeZone: string
  /** A token that works now; `refused` is one that did not. Called before each request. */
  accessToken(refused?: string): Promise<string>
  /** Called before each request, with what the vendor counts it for: throws to stop a process that lost its lease. */
  beforeCall(calls: number): Promise<void>
  /** Told when the vendor asked to wait. */
  throttled?(error: Throttled): Promise<void>
  timeoutMs: number
  now(): Date
}
