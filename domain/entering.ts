import { redacted, type EventContent } from './event.ts'

/** How much of an event its calendar lets in: all of it, that its time is taken, or nothing. */
export type Admission = 'full' | 'busy' | 'none'

/** `marked`: only events that carry the marker. `busy-only`: times alone. `none`: the calendar takes copies and gives nothing. */
export type Enters = 'all' | 'marked' | 'busy-only' | 'none'

/** Google's own kinds of events (Events: `eventType`). */
export const eventTypes = [
  'default',
  'outOfOffice',
  'focusTime',
  'workingLocation',
  'birthday',
  'fromGmail',
] as const
export type EventType = (typeof eventTypes)[number]

/** What of a calendar's own events enters. Our copies of entries are the schedule's, and no matter of this. */
export interface EnteringPolicy {
  enters: Enters
  /** The word that lets an event in when `enters` is `marked`. */
  marker: string | null
  /** The kinds of Google's events that enter; Outlook has one kind alone. */
  eventTypes: EventType[]
  /** `busy`: the words of private events are never stored. */
  privateEvents: 'busy' | 'full'
}

export function enteringPolicy(policies: EnteringPolicy): EnteringPolicy {
  const { enters, marker, privateEvents } = policies
  return { enters, marker, eventTypes: policies.eventTypes.toSorted(), privateEvents }
}

export const sameEntering = (one: EnteringPolicy, other: EnteringPolicy): boolean =>
  JSON.stringify(enteringPolicy(one)) === JSON.stringify(enteringPolicy(other))

/** What the policy looks at. `eventType`: the vendor's word, null where it has no kinds. */
export interface Arriving {
  eventType: string | null
  /** Null when the schedule cannot hold the event. */
  content: EventContent | null
}

/** How much of an event of the calendar's own is let in. `series`: how much of the series, for an occurrence of one. */
export function admits(policy: EnteringPolicy, event: Arriving, series: Admission | null = null): Admission {
  const { eventType, content } = event
  if (policy.enters === 'none' || series === 'none') return 'none'
  if (eventType !== null && !policy.eventTypes.some((type) => type === eventType)) return 'none'
  // An event that cannot be held is told with its reason and without its words, whatever they are.
  if (content === null) return 'full'
  // An occurrence comes with its series: what somebody writes into one of them is no word on whether it enters.
  const isMarked = series !== null || carriesMarker(content, policy.marker)
  if (policy.enters === 'marked' && !isMarked) return 'none'
  return policy.enters === 'busy-only' || series === 'busy' || isHidden(policy, content) ? 'busy' : 'full'
}

const isHidden = (policy: EnteringPolicy, { visibility }: EventContent): boolean =>
  policy.privateEvents === 'busy' && (visibility === 'private' || visibility === 'confidential')

/** A marker is a whole word: `@acme` is no part of `bob@acme.com`, and `#work` none of `#workshop`. */
function carriesMarker({ title, body }: EventContent, marker: string | null): boolean {
  if (!marker) return false
  const word = marker
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const alone = new RegExp(`(?<![${wordly}])${word}(?![${wordly}]|[.@:/][${wordly}])`, 'u')
  return alone.test(title.normalize('NFC').toLowerCase()) || alone.test(body.normalize('NFC').toLowerCase())
}

/** What a word is made of, and what joins words in addresses, tags and names. */
const wordly = String.raw`\p{L}\p{M}\p{N}_@#&+\-`

/** What is stored of an event that enters like this. */
export function admitted(content: EventContent | null, admission: Admission): EventContent | null {
  if (content === null || admission === 'none') return null
  return admission === 'busy' ? redacted(content) : content
}

const order: readonly Admission[] = ['none', 'busy', 'full']
export const isNarrower = (one: Admission, than: Admission): boolean =>
  order.indexOf(one) < order.indexOf(than)
export const narrower = (one: Admission, other: Admission): Admission =>
  isNarrower(one, other) ? one : other
