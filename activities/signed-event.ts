import { Webhook } from 'standardwebhooks'
import type { Envelope } from '../db/envelope.ts'
import type { OutboxRow } from '../db/outbox.ts'
import { webhookSecretContext, type WebhookEndpoint } from '../db/webhook-endpoints.ts'

/** An event as receivers read it: ids, versions and times, and no word of a calendar. */
export const eventPayload = ({ id, type, at, position, subjectId, data }: OutboxRow) => ({
  id,
  type,
  timestamp: at.toISOString(),
  position,
  data: { subjectId, ...data },
})

/**
 * The body and headers of an event for an endpoint, by the Standard Webhooks convention
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). The id is the event's, however often it
 * is sent. Throws KeyMismatch when the secret cannot be opened.
 */
export function signedEvent(
  envelope: Envelope,
  endpoint: WebhookEndpoint,
  event: OutboxRow,
  now: Date,
): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify(eventPayload(event))
  const { secretCiphertext, formerSecretCiphertext, formerSecretUntil } = endpoint
  const former = formerSecretUntil && formerSecretUntil > now ? formerSecretCiphertext : null
  const signatures = [secretCiphertext, former].flatMap((ciphertext) => {
    if (ciphertext === null) return []
    const secret = envelope.open(ciphertext, webhookSecretContext(endpoint))
    return [new Webhook(secret).sign(event.id, now, body)]
  })
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'calendar-sync',
      'webhook-id': event.id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': signatures.join(' '),
    },
  }
}
