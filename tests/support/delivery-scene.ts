import { randomUUID } from 'node:crypto'
import type { Delivered } from '../../activities/deliver-due.ts'
import type { ActivityDeps } from '../../activities/index.ts'
import type { Db } from '../../db/connection.ts'
import { emit, type OutboxType } from '../../db/outbox.ts'
import { sequence } from '../../db/sequence.ts'
import { listDeliveries, repeatDelivery, type DeliveryLog } from '../../db/webhook-deliveries.ts'
import {
  findEndpoint,
  insertEndpoint,
  updateEndpoint,
  webhookSecretContext,
  wellHealth,
  type WebhookEndpoint,
} from '../../db/webhook-endpoints.ts'
import { makeTenant, type World } from './world.ts'

/** A tenant's webhook endpoint, and a clock that the test moves. */
export interface DeliveryScene {
  tenantId: string
  endpointId: string
  secret: string
  /** Something happens to an entry, and gets its position. Answers the event's id. */
  happen(entryId?: string, type?: OutboxType): Promise<string>
  /** Sends what is due, as far as it goes. */
  deliver(parts?: Partial<ActivityDeps>): Promise<Delivered>
  pass(ms: number): void
  log(): Promise<DeliveryLog[]>
  state(): Promise<Record<string, string>>
  redeliver(eventId: string): Promise<void>
  endpoint(): Promise<WebhookEndpoint | undefined>
  change(changes: Partial<WebhookEndpoint>): Promise<void>
  /** A new secret, sealed as the product does. */
  sealed(secret: string): string
}

export async function deliveryScene(
  world: World,
  url: string,
  wishes: Partial<WebhookEndpoint> = {},
): Promise<DeliveryScene> {
  const { tenantId } = await makeTenant(world)
  const endpointId = randomUUID()
  const secret = newSecret()
  let offsetMs = 0
  const now = () => new Date(Date.now() + offsetMs)
  const sealed = (one: string) => world.envelope.seal(one, webhookSecretContext({ id: endpointId, tenantId }))
  const inTenant = <T>(work: (db: Db) => Promise<T>) => world.database.tenant(tenantId, work)
  await inTenant((db) =>
    insertEndpoint(db, {
      id: endpointId,
      tenantId,
      url,
      description: '',
      types: null,
      enabled: true,
      disabledReason: null,
      secretCiphertext: sealed(secret),
      formerSecretCiphertext: null,
      formerSecretUntil: null,
      ...wellHealth,
      createdAt: now(),
      updatedAt: now(),
      ...wishes,
    }),
  )
  const log = () => inTenant((db) => listDeliveries(db, { endpointId, limit: 1_000 }))
  return {
    tenantId,
    endpointId,
    secret,
    async happen(entryId = randomUUID(), type = 'SCHEDULE_ENTRY_UPDATED') {
      const id = randomUUID()
      const event = { id, tenantId, type, subjectId: entryId, data: { version: 1 }, at: now() }
      await inTenant((db) => emit(db, [event]))
      await inTenant((db) => sequence(db, tenantId, now(), 1_000))
      return id
    },
    deliver: (parts = {}) => world.activitiesWith({ now, ...parts }).deliverDue({ tenantId, endpointId }),
    pass: (ms) => void (offsetMs += ms),
    log,
    state: async () =>
      Object.fromEntries((await log()).map(({ event, delivery }) => [event.id, delivery.state])),
    redeliver: async (eventId) =>
      void (await inTenant((db) => repeatDelivery(db, { endpointId, eventId }, now()))),
    endpoint: () => inTenant((db) => findEndpoint(db, endpointId)),
    change: (changes) => inTenant((db) => updateEndpoint(db, endpointId, changes)),
    sealed,
  }
}

export const newSecret = (): string => `whsec_${Buffer.from(randomUUID().slice(0, 32)).toString('base64')}`
