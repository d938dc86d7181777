import type { LatencySum } from '../db/change-latencies.ts'
import type { Vendor } from '../domain/event.ts'
import { latencyBoundsMs } from '../domain/latency.ts'

type WebhookOutcome = 'accepted' | 'unknown' | 'forged'

const webhooks = new Map<string, number>()

/** Counts a notification by what became of it. */
export function countWebhook(vendor: Vendor, outcome: WebhookOutcome): void {
  const labels = `vendor="${vendor}",outcome="${outcome}"`
  webhooks.set(labels, (webhooks.get(labels) ?? 0) + 1)
}

/** The counters in Prometheus' text form; without the latencies where they cannot be told. */
export function renderMetrics(latencies: LatencySum[] | null): string {
  const lines = [...webhooks].map(([labels, count]) => `calendar_webhooks_total{${labels}} ${count}`)
  return `${[
    '# HELP calendar_webhooks_total Notifications of vendors, by what became of them.',
    '# TYPE calendar_webhooks_total counter',
    ...lines,
    ...(latencies ? renderLatencies(latencies) : []),
  ].join('\n')}\n`
}

/** A histogram of the whole fleet: by vendor and direction, and nothing that names a tenant. */
function renderLatencies(sums: LatencySum[]): string[] {
  const name = 'calendar_change_latency_seconds'
  const kinds = Map.groupBy(sums, ({ vendor, direction }) => `vendor="${vendor}",direction="${direction}"`)
  return [
    `# HELP ${name} From when a change was made to when the other side had it; of runs that ended, of all processes.`,
    `# TYPE ${name} histogram`,
    ...[...kinds].flatMap(([labels, rows]) => {
      const upTo = (last: number) =>
        sumOf(rows.filter(({ bucket }) => bucket <= last).map((row) => row.changes))
      const all = upTo(latencyBoundsMs.length)
      return [
        ...latencyBoundsMs.map(
          (bound, bucket) => `${name}_bucket{${labels},le="${bound / 1_000}"} ${upTo(bucket)}`,
        ),
        `${name}_bucket{${labels},le="+Inf"} ${all}`,
        `${name}_sum{${labels}} ${sumOf(rows.map(({ totalMs }) => totalMs)) / 1_000}`,
        `${name}_count{${labels}} ${all}`,
      ]
    }),
  ]
}

const sumOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0)
