import type { Mapping } from '../db/mappings.ts'
import type { ScheduleEntry } from '../db/schedule-entries.ts'
import type { LosingSide } from '../domain/brake.ts'
import { flowsOut } from '../domain/policy.ts'
import { projectFor } from '../domain/projection.ts'
import type { Pair } from './load-pairs.ts'
import { changing, creating, nothing, retired, type PairWork, type Setting } from './pair-work.ts'

/** Whether a person refused that this side loses its event. */
export const isRefused = ({ loss }: Pick<Pair, 'loss'>, side: LosingSide): boolean =>
  loss?.state === 'refused' && loss.side === side

/** The calendar lost the event and the entry is to stay: it gets a new event, where the direction lets one out. */
export function bringBackThere(
  setting: Setting,
  pair: Pair,
  mapping: Mapping,
  entry: ScheduleEntry,
): PairWork {
  if (flowsOut(setting.provider.direction)) {
    return creating(setting, pair, entry, projectFor(setting.provider.vendor, entry.content))
  }
  const reason = 'Deleted in the calendar: a person decided that the entry stays.'
  return { ...nothing, mappings: [retired(mapping, setting.now, reason)] }
}

/** The schedule lost the entry and the event is to stay: the entry comes back, and the member back on it. */
export function bringBackHere(setting: Setting, pair: Pair, mapping: Mapping): PairWork {
  const { entry, assignees, loss } = pair
  if (!entry) return nothing
  return {
    ...nothing,
    ...changing(entry, entry.content, false),
    by: loss?.decidedBy ?? null,
    assign: !assignees.includes(setting.provider.memberId),
    mappings: [{ ...mapping, state: 'active', updatedAt: setting.now }],
    // What was edited before it was deleted is sent next.
    markAgain: { kind: 'entry', subjectId: entry.id },
  }
}
