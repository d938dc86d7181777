import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { OpenedRun } from '../activities/index.ts'
import type { Phase } from '../domain/phases.ts'

/** Says "look", never "what", so a lost, doubled or late nudge costs one look at most. */
export const nudged = defineSignal('nudged')
/** The provider's row changed (authorised, paused, enabled, edited): read it again. */
export const changed = defineSignal('changed')
/** Asks for a run and answers it; while one is under way, that one. `null`: asked at a bad moment, ask again. */
export const syncNow = defineUpdate<OpenedRun | null>('syncNow')
export const providerStatus = defineQuery<{
  phase: Phase
  run: OpenedRun | null
  failures: number
  conflicts: number
  waiting: Waiting | null
}>('status')

/** Until when a provider waits by itself; null for one that works, or that waits for its row to change. */
export interface Waiting {
  pollAtMs: number
  renewAtMs: number | null
}

/**
 * What people ask of a provider. Each is asked once it is committed to the database, and answered when the workflow has read that: after
 * a pause nothing more is written. The answer is the phase it came to; `null`: asked at a bad moment, ask again.
 */
export const requests = {
  pause: defineUpdate<Phase | null>('pause'),
  resume: defineUpdate<Phase | null>('resume'),
  reauthorize: defineUpdate<Phase | null>('reauthorize'),
  /** A conflict was decided. */
  resolve: defineUpdate<Phase | null>('resolve'),
  /** Held deletions were approved or refused. */
  approve: defineUpdate<Phase | null>('approve'),
  disconnect: defineUpdate<Phase | null>('disconnect'),
}
export type ProviderRequest = keyof typeof requests
