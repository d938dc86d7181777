import type { RunLatency } from '../domain/latency.ts'

/** How long the changes took that a run carried, as rows of a table. */
export function renderLatency(latency: RunLatency): string[] {
  return Object.entries(latency).map(([direction, { measured, totalMs, slowestMs }]) => {
    const meanMs = Math.round(totalMs / measured)
    return `| ${direction}: change → applied | ${measured} measured, mean ${meanMs} ms, slowest ${slowestMs} ms |`
  })
}
