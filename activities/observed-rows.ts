import type { ExternalEvent } from '../db/external-events.ts'
import type { Provider } from '../db/providers.ts'
import { admitted, type Admission } from '../domain/entering.ts'
import { sameContent, sameField, type EventContent } from '../domain/event.ts'
import { excludedSlots, excluding, spanOf } from '../domain/series.ts'
import type { ObservedEvent, OccurrenceRef } from '../providers/port.ts'

/** What an observation does to our copy: nothing new, only a new etag, or a new revision that is work. */
export type Seen =
  | { kind: 'same' }
  | { kind: 'touched'; row: ExternalEvent }
  | { kind: 'changed'; row: ExternalEvent }

export interface SeenIn {
  provider: Pick<Provider, 'id' | 'tenantId'>
  generation: number
  at: Date
  /** Whether a new event is our own write, which the vendor's next round has yet to show. */
  awaits: boolean
  /** How much of an event is let in; our own copies are, whole. */
  admission(this: void, event: ObservedEvent): Admission
}

/** Our copy after this event was seen. A replay or a bare etag change is no change. */
export function seeEvent(known: ExternalEvent | undefined, event: ObservedEvent, seen: SeenIn): Seen {
  const entersAs = seen.admission(event)
  const whole = event.content && withKnownExclusions(event.content, event, known)
  const entering: Entering = {
    entersAs,
    content: admitted(whole, entersAs),
    problem: entersAs === 'none' ? null : event.problem,
  }
  // A delta tells of an occurrence with its series, which is asked for when it changes.
  const isAwaited = seen.awaits && event.kind !== 'occurrence' && (known?.isAwaited ?? true)
  if (known && !known.deleted && (event.etag === null || sameState(known, event, entering))) {
    const etag = event.etag ?? known.etag
    const vendorId = event.occurrence?.vendorId ?? known.vendorId
    const isAsKnown = etag === known.etag && vendorId === known.vendorId && isAwaited === known.isAwaited
    if (isAsKnown) return { kind: 'same' }
    return {
      kind: 'touched',
      row: { ...known, etag, vendorId, isAwaited, generation: seen.generation, observedAt: seen.at },
    }
  }
  return { kind: 'changed', row: { ...rowOf(known, event, entering, seen), isAwaited } }
}

/** What of an event is stored. */
type Entering = Pick<ExternalEvent, 'entersAs' | 'content' | 'problem'>

/** Our copy after a series was seen to leave this slot out. */
export function seeCancelled(
  known: ExternalEvent | undefined,
  occurrence: OccurrenceRef,
  externalId: string,
  etag: string | null,
  seen: SeenIn,
): Seen {
  if (known) return seeRemoval({ ...known, etag }, seen)
  const row = rowOf(undefined, { ...bareOccurrence, externalId, occurrence, etag }, wordless, seen)
  return { kind: 'changed', row: { ...row, isAwaited: false, deleted: true } }
}

const wordless: Entering = { entersAs: 'full', content: null, problem: null }

const bareOccurrence: Omit<ObservedEvent, 'externalId' | 'occurrence' | 'etag'> = {
  kind: 'occurrence',
  tells: 'none',
  overrides: [],
  icalUid: null,
  eventType: null,
  content: null,
  problem: null,
  readOnly: null,
  createKey: null,
  changedAt: null,
}

/** An answer that is silent on what a series leaves out changes nothing about it, unless it tells of other slots. */
function withKnownExclusions(
  content: EventContent,
  event: ObservedEvent,
  known: ExternalEvent | undefined,
): EventContent {
  if (event.tells !== 'none' || !content.recurrence || !known?.content) return content
  const sameSlots =
    sameField('time', known.content, content) && sameField('recurrence', known.content, content)
  return sameSlots ? excluding(content, excludedSlots(known.content)) : content
}

/** Our copy after this event was seen to be gone; one we never had leaves no trace. */
export function seeRemoval(known: ExternalEvent | undefined, seen: SeenIn): Seen {
  if (!known || known.deleted) return { kind: 'same' }
  const row = {
    ...known,
    isAwaited: false,
    deleted: true,
    revision: known.revision + 1,
    generation: seen.generation,
    observedAt: seen.at,
    changedAt: seen.at,
  }
  return { kind: 'changed', row }
}

function sameState(known: ExternalEvent, event: ObservedEvent, entering: Entering): boolean {
  const { content, problem, entersAs } = entering
  const sameWords =
    known.content === null || content === null
      ? known.content === content
      : sameContent(known.content, content) && sameExclusions(known.content, content)
  return (
    sameWords &&
    known.kind === event.kind &&
    known.problem === problem &&
    known.entersAs === entersAs &&
    known.eventType === event.eventType &&
    known.readOnly === event.readOnly
  )
}

const sameExclusions = (one: EventContent, other: EventContent): boolean =>
  excludedSlots(one).toSorted().join() === excludedSlots(other).toSorted().join()

function rowOf(
  known: ExternalEvent | undefined,
  event: ObservedEvent,
  { content, problem, entersAs }: Entering,
  seen: SeenIn,
): Omit<ExternalEvent, 'isAwaited'> {
  const times = content && spanOf(content)
  return {
    providerId: seen.provider.id,
    tenantId: seen.provider.tenantId,
    externalId: event.externalId,
    kind: event.kind,
    etag: event.etag,
    icalUid: event.icalUid,
    seriesExternalId: event.occurrence?.seriesId ?? null,
    originalStart: event.occurrence?.slot ?? null,
    vendorId: event.occurrence?.vendorId ?? null,
    eventType: event.eventType,
    entersAs,
    content,
    problem,
    readOnly: event.readOnly,
    createKey: event.createKey,
    revision: (known?.revision ?? 0) + 1,
    deleted: false,
    startsAt: times ? new Date(times.startsAt) : null,
    endsAt: times ? new Date(times.endsAt) : null,
    generation: seen.generation,
    observedAt: seen.at,
    changedAt: instantOf(event.changedAt) ?? seen.at,
  }
}

function instantOf(text: string | null): Date | null {
  const at = new Date(text ?? '')
  return Number.isNaN(at.getTime()) ? null : at
}
