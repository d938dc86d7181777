import { Type, type Static } from 'typebox'
import { alertKinds } from '../domain/alerts.ts'
import { healthWords } from '../domain/health.ts'
import { Id, Nullable, Provider, Timestamp, VendorFailure } from './schemas.ts'

const Queue = Type.Object({
  name: Type.String(),
  workers: Type.Integer(),
  lastPolledAt: Nullable(Timestamp),
})

export const BackgroundHealth = Type.Object({
  status: Type.Enum(['healthy', 'unhealthy']),
  queues: Type.Array(Queue),
  maintenance: Type.Object({
    lastPassAt: Nullable(Timestamp),
    isLate: Type.Boolean(),
  }),
  problems: Type.Array(Type.String(), { description: 'What is wrong and what to do, for people.' }),
})

export const Alert = Type.Object({
  id: Id,
  kind: Type.Enum([...alertKinds]),
  message: Type.String({ description: 'What is wrong and what to do.' }),
  providerId: Id,
  providerName: Type.String(),
  tenantName: Type.String(),
  lastSyncAt: Nullable(Timestamp),
  openedAt: Timestamp,
  resolvedAt: Nullable(Timestamp),
})

const judged = {
  health: Type.Enum([...healthWords], {
    description:
      '`waiting`: it stands still because somebody wants it to. `attention`: somebody should look at it. `broken`: changes do not pass.',
  }),
  message: Type.String({ description: 'What it means and what to do, for people.' }),
}

export const ProviderHealth = Type.Object({
  status: Provider.properties.status,
  /** The gravest word of the parts. */
  health: judged.health,
  authorization: Type.Object({
    ...judged,
    state: Provider.properties.authorization,
    since: Nullable(Timestamp),
    /** When the vendor last renewed the tokens. */
    refreshedAt: Nullable(Timestamp),
  }),
  inbound: Type.Object({
    ...judged,
    lastSyncAt: Nullable(Timestamp),
    /** From when on the last completed look is too long ago. */
    lateAt: Nullable(Timestamp),
    failuresInARow: Type.Integer(),
    error: Nullable(VendorFailure),
  }),
  outbound: Type.Object({
    ...judged,
    /** Decided and not yet confirmed by the vendor. */
    writes: Type.Integer(),
    oldestWriteAt: Nullable(Timestamp),
    /** Changed on either side and not yet decided. */
    marks: Type.Integer(),
    oldestChangeAt: Nullable(Timestamp),
    /** Deletions that the safety brake holds. */
    held: Type.Integer(),
  }),
  subscription: Type.Object({
    ...judged,
    state: Type.Enum(['active', 'renewal-due', 'polling-only', 'missing', 'none']),
    renewAt: Nullable(Timestamp),
    expiresAt: Nullable(Timestamp),
    lastNotificationAt: Nullable(Timestamp),
  }),
  worker: Type.Object({ ...judged, queues: Type.Array(Queue) }),
})
export type ProviderHealthAnswer = Static<typeof ProviderHealth>
