import type { Database } from '../db/connection.ts'
import type { Envelope } from '../db/envelope.ts'
import type { Provider } from '../db/providers.ts'
import type { VendorLimits } from '../domain/vendor-limits.ts'

/** An incoming webhook as Slack defines it, with the channel and who is on call. */
export interface AlertChannel {
  url: string
  channel: string
  rotation: string
}

/** What activities need of the world. The worker builds it; a simulation gives its own clock and chance. */
export interface ActivityDeps {
  database: Database
  envelope: Envelope
  now(): Date
  /** Waits for somebody else. */
  pause(ms: number): Promise<void>
  newId(): string
  /** A number in [0, 1). */
  chance(): number
  /** Who holds a lease, for people who read the row. */
  holder: string
  /** Signals providers whose hint flipped; a failed signal takes the hint back. */
  nudge(providers: { id: string; tenantId: string }[]): Promise<void>
  /** Sees to it that a provider has its workflow. */
  revive(provider: Pick<Provider, 'id' | 'tenantId' | 'vendor' | 'name'>): Promise<WorkflowState>
  /** Writes a line of a job to the log: ids, names that operators gave, times and the vendors' words. */
  log(job: string, line: object): void
  /** Says that the activity is alive, and stops it when it was cancelled. */
  heartbeat(): void
  publicUrl: string
  pollEveryMs: number
  vendorLimits: VendorLimits
  /** Where people on call are told; null when nobody is. */
  alertChannel: AlertChannel | null
  /** Networks that are not public and whose webhook endpoints may be called. */
  webhookNetworks: string[]
  /** How long an activity works before it gives its slot back. */
  budgetMs: number
}

/** `revived`: it was missing and has been started. `stuck`: the server cannot get a decision out of it. */
export type WorkflowState = 'runs' | 'revived' | 'stuck'

/** A run as it is told to people and to Temporal: ids and numbers only. */
export interface OpenedRun {
  runId: string
  number: number
}

export interface ProviderStep {
  tenantId: string
  providerId: string
}

export interface RunStep extends ProviderStep {
  runId: string
}

/** A provider that must not be worked on, and what its workflow should call that. */
export interface Halted {
  kind: 'halted'
  phase: 'unauthorized' | 'paused' | 'reauthorization-required'
}
