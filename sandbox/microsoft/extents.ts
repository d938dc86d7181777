import type { Entry, Extent } from '../event-log.ts'
import { instant, type Span } from './occurrences.ts'
import type { MicrosoftEvent } from './types.ts'

/** An end no window reaches, for a series: whether it ends is not looked up. */
const farMs = 8_640_000_000_000_000
const extentsMax = 20

/** Where an event lay before a change that moved it, with where it lay before that; nothing when it never moved. */
export function extentsAfter(
  known: Entry<MicrosoftEvent> | undefined,
  event: MicrosoftEvent,
  sequence: number,
): readonly Extent[] | undefined {
  if (known === undefined) return undefined
  const [before, now] = [extentOf(known.event), extentOf(event)]
  if (before.fromMs === now.fromMs && before.toMs === now.toMs) return known.extents
  return [...(known.extents ?? []), { until: sequence, ...before }].slice(-extentsMax)
}

/** Says whether an event lay in a window when a change was the latest; of a series it says whether it might have. */
export function wasIn(entry: Entry<MicrosoftEvent>, after: number, window: Span): boolean {
  const extent = entry.extents?.find(({ until }) => until > after) ?? extentOf(entry.event)
  return extent.fromMs < window.toMs && extent.toMs > window.fromMs
}

function extentOf(event: MicrosoftEvent): Span {
  return { fromMs: instant(event.start), toMs: event.lines === null ? instant(event.end) : farMs }
}
