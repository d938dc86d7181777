import { randomBytes } from 'node:crypto'
import { webhookSecretContext } from '../db/webhook-endpoints.ts'
import type { ApiDeps } from './dependencies.ts'

const secretBytes = 32

/** A new secret as Standard Webhooks spells it, and what is stored of it. */
export function issueWebhookSecret(
  { envelope }: Pick<ApiDeps, 'envelope'>,
  endpoint: { id: string; tenantId: string },
): { secret: string; ciphertext: string } {
  const secret = `whsec_${randomBytes(secretBytes).toString('base64')}`
  return { secret, ciphertext: envelope.seal(secret, webhookSecretContext(endpoint)) }
}
