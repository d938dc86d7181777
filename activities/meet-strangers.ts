import type { ExternalEvent } from '../db/external-events.ts'
import type { Intent } from '../db/intents.ts'
import { isLiving, type Mapping } from '../db/mappings.ts'
import type { ScheduleEntry } from '../db/schedule-entries.ts'
import type { Pair } from './load-pairs.ts'

/** The entry that a member holds for the same meeting. */
export function meetingOf(
  external: ExternalEvent | null,
  meetings: ScheduleEntry[],
): ScheduleEntry | undefined {
  return external?.icalUid ? meetings.find((entry) => entry.icalUid === external.icalUid) : undefined
}

/** The create of ours that made an event, by its key, with that create's pair. */
export function madeBy(
  external: ExternalEvent | null,
  creates: Intent[],
  mappings: Mapping[],
  replacements: Mapping[],
): Pair['madeBy'] {
  const intent = creates.find((create) => create.idempotencyKey === external?.createKey)
  const mapping = intent && mappings.find((candidate) => candidate.id === intent.mappingId)
  if (!intent || !mapping) return null
  const isReplaced = replacements.some(
    (other) => other.entryId === mapping.entryId && other.id !== mapping.id && isLiving(other),
  )
  return { intent, mapping, isReplaced }
}

/** Whether a create of ours whose outcome is unknown may have made it. Only events that do not say what made them are held back: the others are told apart by their key. */
export function couldBeOurs(external: ExternalEvent | null, unsettled: Intent[]): boolean {
  const content = external?.content
  if (!external || !content || (external.createKey !== null && external.createKey !== '')) return false
  // One that entered without its words may have any.
  const isSilent = external.entersAs === 'busy'
  return unsettled.some(
    ({ kind, projection }) =>
      kind === 'create' &&
      projection !== null &&
      (isSilent || projection.title === content.title) &&
      projection.time.start === content.time.start,
  )
}

/** The iCalendar UIDs of events that have one. */
export const uids = (events: ExternalEvent[]): string[] => events.flatMap((event) => event.icalUid ?? [])
