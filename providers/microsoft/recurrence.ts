import type { PatternedRecurrence, RecurrenceRange } from '@microsoft/microsoft-graph-types'
import type { EventTime } from '../../domain/event.ts'
import { ruleSlots, slotOn } from '../../domain/recurrence/occurrences.ts'
import { canonicalRule, readRule } from '../../domain/recurrence/read-rule.ts'
import {
  InvalidRecurrence,
  sortedUnique,
  type Recurrence,
  type Series,
} from '../../domain/recurrence/recurrence.ts'
import type { Rule } from '../../domain/recurrence/rule.ts'
import { hasDate } from '../../domain/recurrence/slots.ts'
import { dateOf } from '../../domain/recurrence/walls.ts'
import { rulePartsFrom } from './pattern-in.ts'
import { patternOf } from './pattern-out.ts'
import { seriesZone } from './zones.ts'

export type GraphRecurrence =
  /** Write it with start and end in the range's zone; the slots in `exdates` are deleted afterwards, one by one. */
  | { kind: 'exact'; recurrence: PatternedRecurrence }
  /** Graph cannot say this. The reason is for people; nothing is approximated. */
  | { kind: 'unsupported'; reason: string }

/** A series in Graph's words. Exdates have none: the occurrences are deleted, and come back as `cancelledOccurrences`. */
export function graphRecurrence(series: Series): GraphRecurrence {
  const { time, recurrence } = series
  if (recurrence.rule === null || recurrence.rdates.length > 0)
    return { kind: 'unsupported', reason: 'Outlook cannot add single extra dates to a series.' }
  const slots = ruleSlots(series)
  if (!hasDate(slots, slots.first))
    return {
      kind: 'unsupported',
      reason: 'Outlook begins a series on a date of its rule; this one begins on another.',
    }
  const rule = readRule(recurrence.rule, time)
  const answer = patternOf(rule, slots.first)
  if (answer.kind === 'unsupported') return answer
  const range = {
    startDate: slots.first,
    recurrenceTimeZone: zoneNameOf(time),
    ...rangeEnd(rule, slots.last),
  }
  return { kind: 'exact', recurrence: { pattern: answer.pattern, range } }
}

function zoneNameOf(time: EventTime): string {
  return time.kind === 'date' ? 'UTC' : (seriesZone(time.zone, time.startsAt) ?? time.zone)
}

/** Graph counts to 999; a longer series says its last date. */
const occurrencesMax = 999

function rangeEnd({ end }: Rule, last: string | null): RecurrenceRange {
  if (last === null) return { type: 'noEnd' }
  return end.kind === 'count' && end.count <= occurrencesMax
    ? { type: 'numbered', numberOfOccurrences: end.count }
    : { type: 'endDate', endDate: last }
}

/**
 * How a master repeats. `time` is its start and end in the range's zone (`recurrenceTimeZone`), `cancelled` its
 * `cancelledOccurrences`. Throws InvalidRecurrence for a pattern we do not know.
 */
export function recurrenceFromGraph(
  { pattern, range }: PatternedRecurrence,
  time: EventTime,
  cancelled: readonly string[] = [],
): Recurrence {
  if (!pattern || !range) throw new InvalidRecurrence('Outlook does not say how the event repeats.')
  const rule = canonicalRule([...rulePartsFrom(pattern), ...endParts(range)].join(';'), time)
  const series = { time, recurrence: { rule, exdates: [], rdates: [] } }
  return { rule, exdates: cancelledSlots(series, cancelled), rdates: [] }
}

function endParts(range: RecurrenceRange): string[] {
  switch (range.type) {
    case 'noEnd':
      return []
    case 'numbered':
      return [`COUNT=${range.numberOfOccurrences ?? 0}`]
    case 'endDate':
      return [`UNTIL=${(range.endDate ?? '').replaceAll('-', '')}`]
    case null:
    case undefined:
      break
  }
  throw new InvalidRecurrence(`Outlook ends the series in a way we do not know (${String(range.type)}).`)
}

/** `OID.{master}.YYYY-MM-DD` names an occurrence by its local date; ids that name no slot of the series are passed over. */
export function cancelledSlots(series: Series, ids: readonly string[]): string[] {
  return sortedUnique(
    ids.flatMap((id) => {
      const date = /\.(\d{4}-\d{2}-\d{2})$/.exec(id)?.[1]
      return (date && slotOn(series, dateOf(date))?.originalStart) || []
    }),
  )
}
