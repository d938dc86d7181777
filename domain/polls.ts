/** When a provider looks next and when it renews. Chance comes in as a number in [0, 1), so a seed replays a whole history. */

const jitterFraction = 0.1

/** Milliseconds until the next poll: slower while push is proven healthy, spread by ±10 % so a fleet never wakes as one. */
export function nextPollMs(pollEveryMs: number, pushHealthy: boolean, chance: number): number {
  const interval = pushHealthy ? pollEveryMs * 3 : pollEveryMs
  return Math.round(interval * (1 - jitterFraction + 2 * jitterFraction * chance))
}

/** Milliseconds to wait after the nth failure in a row (from 1), or what the vendor asked for when that is longer. */
export function retryDelayMs(failures: number, retryAfterMs: number | undefined, chance: number): number {
  const exponential = Math.min(2_000 * 2 ** Math.min(failures - 1, 10), 15 * 60_000)
  return Math.max(retryAfterMs ?? 0, Math.round(exponential * (0.5 + 0.5 * chance)))
}

/** The moment to renew a subscription: after 70 % of the lifetime as granted, so the lead is never under 20 %. */
export function renewAt(grantedAt: Date, expiresAt: Date): Date {
  return new Date(grantedAt.getTime() + (expiresAt.getTime() - grantedAt.getTime()) * 0.7)
}

/** Longer than a provider that works as it should ever stays away: two of its slowest polls, and what a pass takes. */
export function lateAfterMs(pollEveryMs: number, pushHealthy: boolean): number {
  return 2 * nextPollMs(pollEveryMs, pushHealthy, 1) + passMs
}
const passMs = 2 * 60_000
