import { contentFields, sameField, type ContentField, type EventContent } from './event.ts'
import type { Base } from './reconcile.ts'

/** Which side's word holds, for one field of a merge. */
export type Side = 'schedule' | 'external'
export type FieldChoices = Partial<Record<ContentField, Side>>

/** The entry as a merge makes it: the schedule's words, but for the fields that were chosen from the other side. */
export function mergedContent(
  schedule: EventContent,
  external: EventContent,
  choices: FieldChoices,
): EventContent {
  const chosen = contentFields.filter((field) => choices[field] === 'external')
  const fields = Object.fromEntries(chosen.map((field) => [field, external[field]]))
  return { ...schedule, ...fields }
}

/** The fields on which a merge needs a word: those the sides differ in. */
export const differingFields = (schedule: EventContent, external: EventContent): ContentField[] =>
  contentFields.filter((field) => !sameField(field, schedule, external))

/**
 * The base that makes the schedule's words win: the other side stands as agreed, and of the entry exactly what differs from
 * it is an edit that is yet to be sent.
 */
export function baseForSending(projection: EventContent, external: EventContent): Base {
  const differing = differingFields(projection, external)
  const fields = Object.fromEntries(differing.map((field) => [field, external[field]]))
  return { entry: { ...projection, ...fields }, external }
}
