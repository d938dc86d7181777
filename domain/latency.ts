/**
 * How long changes took from when they were made to when the other side had them. A run's sums: whole milliseconds, and how
 * many changes fell into each bucket of `latencyBoundsMs`, those above the last bound in one more.
 */
export interface Latency {
  measured: number
  totalMs: number
  slowestMs: number
  buckets: number[]
}
export type LatencyDirection = 'inbound' | 'outbound'
export type RunLatency = Partial<Record<LatencyDirection, Latency>>

const minuteMs = 60_000
/** Upper bounds: a nudge is answered within a second, a poll within minutes, a vendor that was away within hours. */
export const latencyBoundsMs = [
  100,
  250,
  500,
  1_000,
  2_500,
  5_000,
  15_000,
  minuteMs,
  5 * minuteMs,
  15 * minuteMs,
  60 * minuteMs,
  24 * 60 * minuteMs,
]

/** A pass sees what was there when it began, not when it ended. */
const passMs = 10 * minuteMs

/**
 * How long a change waited that was made and applied at these moments; null when that says nothing of us. What was there to be
 * seen by the last completed pass waited for something else: a first import, a wider policy, a window that moved on, a person.
 * Vendors' clocks are not ours: what seems to be applied before it was made took no time.
 */
export function waitedMs(madeAt: Date | null, appliedAt: Date, lastSyncAt: Date | null): number | null {
  if (madeAt === null || lastSyncAt === null) return null
  if (madeAt.getTime() < lastSyncAt.getTime() - passMs) return null
  return Math.max(0, appliedAt.getTime() - madeAt.getTime())
}

/** The sums with these changes in them; what was not measured (null) is left out. */
export function withWaits(
  before: Latency | undefined,
  waits: readonly (number | null)[],
): Latency | undefined {
  const measured = waits.filter((wait) => wait !== null)
  if (measured.length === 0) return before
  const buckets = before ? [...before.buckets] : Array.from({ length: latencyBoundsMs.length + 1 }, () => 0)
  for (const wait of measured) {
    const bucket = bucketOf(wait)
    buckets[bucket] = (buckets[bucket] ?? 0) + 1
  }
  return {
    measured: (before?.measured ?? 0) + measured.length,
    totalMs: (before?.totalMs ?? 0) + measured.reduce((sum, wait) => sum + wait, 0),
    slowestMs: Math.max(before?.slowestMs ?? 0, ...measured),
    buckets,
  }
}

function bucketOf(waitMs: number): number {
  const found = latencyBoundsMs.findIndex((bound) => waitMs <= bound)
  return found < 0 ? latencyBoundsMs.length : found
}
