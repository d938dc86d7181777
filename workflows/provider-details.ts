import type { OpenedRun } from '../activities/index.ts'
import { adviceWhenHalted, type Phase } from '../domain/phases.ts'
import type { ProviderState } from './provider-state.ts'

/** Why nothing more is written, for people who read the Temporal Web UI. */
export const pausedByConflicts = (conflicts: number): string =>
  `Nothing is written to either side until ${conflicts === 1 ? 'one conflict is' : `${conflicts} conflicts are`} resolved.`

/** A provider as the Temporal Web UI tells it: its phase, what that asks of people, and its times. */
export function renderDetails(
  state: ProviderState,
  run: OpenedRun | null,
  unforeseen: string | null,
): string {
  const at = (ms: number | null) => (ms === null ? 'none' : new Date(ms).toISOString())
  return [
    `**${state.phase}**${run ? ` (run ${run.number})` : ''}`,
    '',
    ...[meaningOf(state), unforeseen].flatMap((line) => (line === null ? [] : [line, ''])),
    '| | |',
    '|---|---|',
    `| next poll | ${at(state.pollAtMs)} |`,
    `| subscription renewal | ${at(state.renewAtMs)} |`,
    `| failures in a row | ${state.failures} |`,
  ].join('\n')
}

/** What a phase means for people, where the word alone does not say it. */
function meaningOf(state: ProviderState): string | null {
  const meanings: Record<Phase, string | null> = {
    ...adviceWhenHalted,
    connected: null,
    syncing: state.conflicts ? pausedByConflicts(state.conflicts) : null,
    'paused-by-conflict': pausedByConflicts(state.conflicts ?? 0),
    'paused-by-brake': 'Deletions are held until a person approves or refuses them; everything else flows.',
    'backing-off': 'It failed and is tried again by itself; Sync Now tries at once.',
    disconnecting: 'It was deleted and is taken apart.',
  }
  return meanings[state.phase]
}

/** What a waiting provider waits for, beside its timer. */
export function timerSummary(state: ProviderState): string {
  if (state.phase === 'backing-off') return `retry after ${state.failures} failures`
  return state.renewAtMs !== null && state.renewAtMs < state.pollAtMs ? 'renew the subscription' : 'next poll'
}
