import type { Phase } from '../domain/phases.ts'
import type { SyncRunInput } from './sync-run.ts'

/** What a provider's workflow remembers. Plain JSON, versioned: it crosses continue-as-new. */
export interface ProviderState {
  v: 1
  phase: Phase
  /** Why the next look happens; null while nothing but the poll is due. */
  due: SyncRunInput['trigger'] | null
  wasConnected: boolean
  pollAtMs: number
  renewAtMs: number | null
  failures: number
  looks: number
  /** How many open conflicts pause all of it: it looks on, and writes to neither side. */
  conflicts?: number
}

export function initialState(nowMs: number): ProviderState {
  return {
    v: 1,
    phase: 'unauthorized',
    due: 'poll',
    wasConnected: false,
    pollAtMs: nowMs,
    renewAtMs: null,
    failures: 0,
    looks: 0,
  }
}
