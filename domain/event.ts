import type { Recurrence } from './recurrence/recurrence.ts'
import { sameRule } from './recurrence/same-rule.ts'
import { sameZone } from './time.ts'

/** What both sides can hold of one event, in our words. All comparison happens on this form, never on raw payloads. */
export interface EventContent {
  title: string
  /** Plain text, LF line ends, trimmed. */
  body: string
  location: string
  time: EventTime
  showAs: ShowAs
  visibility: Visibility
  /** How it repeats: `time` is then its first occurrence. Null for a single event and for one occurrence of a series. */
  recurrence: Recurrence | null
}

/**
 * When an event happens. `end` is exclusive. Dates are calendar dates and never pass through a zone (RFC 5545 §3.3.4);
 * `start` and `end` of a timed event are wall times in `zone` (IANA), `startsAt` and `endsAt` the same moments in UTC.
 */
export type EventTime =
  | { kind: 'date'; start: string; end: string }
  | { kind: 'dateTime'; start: string; end: string; zone: string; startsAt: string; endsAt: string }

export type ShowAs = 'free' | 'tentative' | 'busy' | 'oof' | 'elsewhere'
export type Visibility = 'default' | 'public' | 'private' | 'confidential'
export type Vendor = 'google' | 'microsoft'

/** The vendors as messages call them. */
export const vendorNames: Record<Vendor, string> = { google: 'Google', microsoft: 'Microsoft' }

/** By which name each vendor knows an account's own calendar, whatever its id. */
export const mainCalendar: Record<Vendor, string> = { google: 'primary', microsoft: 'calendar' }

export type ContentField = keyof EventContent
export const contentFields: readonly ContentField[] = [
  'title',
  'body',
  'location',
  'time',
  'showAs',
  'visibility',
  'recurrence',
]

/** Two moments are the same time when they are the same instants: a zone's spelling is no edit of a single event. */
export function sameTime(one: EventTime, other: EventTime): boolean {
  if (one.kind === 'date' || other.kind === 'date') {
    return one.kind === other.kind && one.start === other.start && one.end === other.end
  }
  return one.startsAt === other.startsAt && one.endsAt === other.endsAt
}

export function sameField(field: ContentField, one: EventContent, other: EventContent): boolean {
  switch (field) {
    case 'time':
      return repeats(one) || repeats(other) ? sameWall(one.time, other.time) : sameTime(one.time, other.time)
    case 'recurrence':
      return sameRule(one.recurrence, other.recurrence)
    case 'title':
    case 'body':
    case 'location':
    case 'showAs':
    case 'visibility':
      return one[field] === other[field]
  }
}

export const repeats = (content: EventContent): boolean => content.recurrence !== null

/** A series is at home in its zone: the same instants of its first day drift apart when clocks change. */
function sameWall(one: EventTime, other: EventTime): boolean {
  if (one.kind === 'date' || other.kind === 'date') return sameTime(one, other)
  return one.start === other.start && one.end === other.end && sameZone(one.zone, other.zone)
}

export function sameContent(one: EventContent, other: EventContent): boolean {
  return contentFields.every((field) => sameField(field, one, other))
}

/**
 * The fields of `current` that differ from `base`, with their current values. Of a series, time and rule are one thing: a
 * rule means nothing without its first day.
 */
export function changedFields(base: EventContent, current: EventContent): Partial<EventContent> {
  const differs = (field: ContentField) => !sameField(field, base, current)
  const isSeries = repeats(base) || repeats(current)
  const movesSlots = isSeries && (differs('time') || differs('recurrence'))
  const changed = contentFields.filter(
    (field) => differs(field) || (movesSlots && (field === 'time' || field === 'recurrence')),
  )
  return Object.fromEntries(changed.map((field) => [field, current[field]]))
}

/** One spelling for text that vendors rewrite: NFC, LF line ends, plain spaces, no trailing blanks. */
export function normaliseText(text: string | null | undefined): string {
  return (text ?? '')
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\u00A0', ' ')
    .replaceAll(/[ \t]+$/gm, '')
    .trim()
}

/** The words of a private event stay with its owner: what is stored is that the time is taken. */
export function redacted(content: EventContent): EventContent {
  return { ...content, title: 'Busy', body: '', location: '' }
}
