import type { Priority } from '@temporalio/common'
import type { SyncRunInput } from './sync-run.ts'

/** Whoever waits at a screen, then what a vendor or the schedule told, then what was due anyway, then what fills a new calendar. */
const ranks = { manual: 1, webhook: 2, poll: 3, connect: 5 } as const satisfies Record<
  SyncRunInput['trigger'],
  1 | 2 | 3 | 4 | 5
>

/**
 * Which of the tasks that wait are worked first: by rank, and among those of one rank each tenant has its turn. It orders what waits and
 * holds up nothing that runs, so a backfill gives its slot back every few seconds.
 */
export const priorityOf = (trigger: SyncRunInput['trigger'], tenantId: string): Priority => ({
  priorityKey: ranks[trigger],
  fairnessKey: tenantId,
})
