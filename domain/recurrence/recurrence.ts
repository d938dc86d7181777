import type { EventTime } from '../event.ts'

/**
 * How an event repeats (RFC 5545 §3.8.5): one rule in the series' own zone, without the slots in `exdates`, with those in
 * `rdates`. A slot is named by its start before anything moved it: wall time `YYYY-MM-DDTHH:MM:SS` in the series' zone, or
 * a date for an all-day series.
 */
export interface Recurrence {
  /** The value of an RRULE in its canonical form; null when the series consists of its first occurrence and `rdates`. */
  rule: string | null
  /** Slots of the rule that were taken out; sorted, unique. */
  exdates: string[]
  /** Slots beside the rule; sorted, unique. */
  rdates: string[]
}

export interface Series {
  /** The first occurrence: its start is DTSTART, its length is every occurrence's. */
  time: EventTime
  recurrence: Recurrence
}

export interface Occurrence {
  /** The slot it stands in, as `exdates` name it. */
  originalStart: string
  time: EventTime
}

/** A recurrence we cannot hold exactly. The message tells a person what is wrong and what is possible. */
export class InvalidRecurrence extends Error {
  override readonly name = 'InvalidRecurrence'
}

/** Two recurrences are the same when their canonical forms are: vendors spell one series in several ways. */
export function sameRecurrence(one: Recurrence | null, other: Recurrence | null): boolean {
  if (one === null || other === null) return one === other
  return one.rule === other.rule && sameList(one.exdates, other.exdates) && sameList(one.rdates, other.rdates)
}

function sameList(one: string[], other: string[]): boolean {
  return one.length === other.length && one.every((slot, index) => slot === other[index])
}

export function sortedUnique(slots: Iterable<string>): string[] {
  return [...new Set(slots)].sort()
}
