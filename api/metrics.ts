import type { Vendor } from '../domain/event.ts'

type WebhookOutcome = 'accepted' | 'unknown' | 'forged'

const webhooks = new Map<string, number>()

/** Counts a notification by what became of it. */
export function countWebhook(vendor: Vendor, outcome: WebhookOutcome): void {
  const labels = `vendor="${vendor}",outcome="${outcome}"`
  webhooks.set(labels, (webhooks.get(labels) ?? 0) + 1)
}

/** The counters in Prometheus' text form. */
export function renderMetrics(): string {
  const lines = [...webhooks].map(([labels, count]) => `calendar_webhooks_total{${labels}} ${count}`)
  return `${[
    '# HELP calendar_webhooks_total Notifications of vendors, by what became of them.',
    '# TYPE calendar_webhooks_total counter',
    ...lines,
  ].join('\n')}\n`
}
