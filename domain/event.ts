/** What both sides can hold of one event, in our words. All comparison happens on this form, never on raw payloads. */
export interface EventContent {
  title: string
  /** Plain text, LF line ends, trimmed. */
  body: string
  location: string
  time: EventTime
  showAs: ShowAs
  visibility: Visibility
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

export type ContentField = keyof EventContent
export const contentFields: readonly ContentField[] = [
  'title',
  'body',
  'location',
  'time',
  'showAs',
  'visibility',
]

/** Two moments are the same time when they are the same instants: a zone's spelling is no edit of a single event. */
export function sameTime(one: EventTime, other: EventTime): boolean {
  if (one.kind === 'date' || other.kind === 'date') {
    return one.kind === other.kind && one.start === other.start && one.end === other.end
  }
  return one.startsAt === other.startsAt && one.endsAt === other.endsAt
}

export function sameField(field: ContentField, one: EventContent, other: EventContent): boolean {
  return field === 'time' ? sameTime(one.time, other.time) : one[field] === other[field]
}

export function sameContent(one: EventContent, other: EventContent): boolean {
  return contentFields.every((field) => sameField(field, one, other))
}

/** The fields of `current` that differ from `base`, with their current values. */
export function changedFields(base: EventContent, current: EventContent): Partial<EventContent> {
  const changed = contentFields.filter((field) => !sameField(field, base, current))
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
