import type { RunCounts, Trigger } from '../db/runs.ts'

/** A run as it is told to people and to Temporal: ids and numbers only. */
export interface OpenedRun {
  runId: string
  number: number
}

export interface RunFailure {
  code: string
  message: string
  requestId: string | null
  retryAfterMs: number | null
}

export interface RunReport {
  counts: RunCounts
}

/** A provider that must not be worked on, and what its workflow should call that. */
export type Halted = { kind: 'halted'; phase: 'unauthorized' | 'paused' | 'reauthorization-required' }

export interface Activities {
  look(input: {
    providerId: string
    tenantId: string
  }): Promise<
    Halted | { kind: 'gone' } | { kind: 'rest'; nextPollMs: number } | { kind: 'work'; pulled: boolean }
  >
  ensureSubscription(input: { providerId: string; tenantId: string }): Promise<{ renewAtMs: number }>
  openRun(input: {
    providerId: string
    tenantId: string
    runId: string
    trigger: Trigger
  }): Promise<Halted | { kind: 'opened'; run: OpenedRun }>
  planNextPoll(input: { providerId: string; tenantId: string }): Promise<{ nextPollMs: number }>
  pull(input: RunStep): Promise<'more' | 'done' | 'halted'>
  reconcilePending(input: RunStep & { after: number }): Promise<{ after: number | null }>
  push(input: RunStep): Promise<'more' | 'done' | 'moved' | 'halted'>
  finishRun(
    input: RunStep & { outcome: 'completed' | 'failed' | 'skipped'; failure: RunFailure | null },
  ): Promise<RunReport>
}

/** One step of a run. */
export interface RunStep {
  providerId: string
  tenantId: string
  runId: string
}
