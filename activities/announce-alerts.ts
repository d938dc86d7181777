import { noteAnnounced, unannounced, type ToldAlert } from '../db/alerts.ts'
import type { ActivityDeps, AlertChannel } from './deps.ts'

const atOnce = 20
const patienceMs = 10_000

/**
 * Tells the channel (https://api.slack.com/messaging/webhooks) of what opened and what is over, some of it: until nothing is
 * announced there is more. Each message is noted once the channel took it: one whose answer was lost comes twice, none is lost.
 * Throws when the channel does not take one.
 */
export async function announceAlerts(deps: ActivityDeps): Promise<{ announced: number }> {
  const { alertChannel } = deps
  if (!alertChannel) return { announced: 0 }
  const waiting = await deps.database.system((db) => unannounced(db, atOnce))
  for (const one of waiting) {
    deps.heartbeat()
    const response = await fetch(alertChannel.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(slackMessage(one, alertChannel)),
      signal: AbortSignal.timeout(patienceMs),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`The alert webhook answered ${response.status}.`)
    await deps.database.tenant(one.alert.tenantId, (db) => noteAnnounced(db, one.alert, deps.now()))
  }
  return { announced: waiting.length }
}

/** The fields of `Copy escalation details`: provider, tenant, last sync, message, ids. No word of a calendar. */
export function slackMessage(
  { alert, providerName, tenantName, lastSyncAt }: ToldAlert,
  { channel, rotation }: AlertChannel,
) {
  const isOver = alert.resolvedAt !== null
  const text = `[${rotation}] ${isOver ? 'Resolved' : 'Alert'}: ${alert.kind} of ${providerName} (${tenantName})`
  const details = [
    alert.message,
    `Last sync: ${lastSyncAt?.toISOString() ?? 'never'}`,
    `Open since ${alert.openedAt.toISOString()}${isOver ? `, over at ${alert.resolvedAt?.toISOString()}` : ''}`,
    `Provider ${alert.providerId}, tenant ${alert.tenantId}, alert ${alert.id}`,
  ]
  return {
    channel,
    text,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*${escaped(text)}*` } },
      { type: 'section', text: { type: 'mrkdwn', text: escaped(details.join('\n')) } },
    ],
  }
}

/** Slack reads these three as its own: https://api.slack.com/reference/surfaces/formatting#escaping */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
