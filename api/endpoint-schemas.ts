import { Type } from 'typebox'
import { outboxTypes } from '../db/outbox.ts'
import { Id, Nullable, optionalLine, Timestamp } from './schemas.ts'

const EventType = Type.Enum([...outboxTypes])
const EventTypes = Nullable(
  Type.Array(EventType, {
    minItems: 1,
    uniqueItems: true,
    description: 'What the endpoint is told of; null is everything, kinds that are yet to come among it.',
  }),
)
const Url = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description:
    'Where events are posted to: https, at a public address. Redirects are not followed. Networks of your own are called when WEBHOOK_NETWORKS names them.',
  examples: ['https://example.com/hooks/calendar'],
})

export const WebhookEndpoint = Type.Object({
  id: Id,
  url: Type.String(),
  description: Type.String(),
  types: EventTypes,
  enabled: Type.Boolean(),
  /** Why it was disabled without a person asking for it. */
  disabledReason: Nullable(Type.String()),
  failures: Type.Integer({ description: 'Calls in a row that were not taken.' }),
  failingSince: Nullable(Timestamp),
  formerSecretUntil: Nullable(Timestamp),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export const NewWebhookEndpoint = Type.Object(
  {
    url: Url,
    description: Type.Optional(optionalLine(200)),
    types: Type.Optional(EventTypes),
    enabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export const WebhookEndpointChanges = Type.Partial(NewWebhookEndpoint, {
  additionalProperties: false,
  minProperties: 1,
})
/** The one answer that shows a secret. */
export const IssuedWebhookEndpoint = Type.Object({
  endpoint: WebhookEndpoint,
  secret: Type.String({
    description:
      'Keep it: it is shown once. Verify each call with it by the Standard Webhooks convention, over its raw body and the headers webhook-id, webhook-timestamp and webhook-signature.',
    examples: ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'],
  }),
})

export const DeliveryState = Type.Enum(['waiting', 'delivered', 'given-up'])
export const Delivery = Type.Object({
  id: Type.String({ format: 'uuid', description: 'The event’s id, which its calls carry as webhook-id.' }),
  type: EventType,
  subjectId: Id,
  position: Type.Integer(),
  occurredAt: Timestamp,
  state: DeliveryState,
  attempts: Type.Integer(),
  nextAttemptAt: Nullable(Timestamp),
  endedAt: Nullable(Timestamp),
  calls: Type.Array(
    Type.Object({
      attempt: Type.Integer(),
      at: Timestamp,
      durationMs: Type.Integer(),
      status: Nullable(Type.Integer({ description: 'What the endpoint answered; null when it did not.' })),
      error: Nullable(
        Type.String({
          description:
            'Why there was no answer: timeout, unreachable, name-unknown, address-refused, tls, connection-lost, key-mismatch.',
        }),
      ),
    }),
  ),
})
