import { Type } from 'typebox'
import { alertKinds } from '../domain/alerts.ts'
import { Id, Nullable, Timestamp } from './schemas.ts'

export const BackgroundHealth = Type.Object({
  status: Type.Enum(['healthy', 'unhealthy']),
  queues: Type.Array(
    Type.Object({
      name: Type.String(),
      workers: Type.Integer(),
      lastPolledAt: Nullable(Timestamp),
    }),
  ),
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
