import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { listAlerts, type ToldAlert } from '../../db/alerts.ts'
import type { ApiDeps } from '../dependencies.ts'
import { tenantOf } from '../principal.ts'
import { Alert } from '../health-schemas.ts'
import { listOf } from '../schemas.ts'

const newestMax = 200
const Query = Type.Object(
  { state: Type.Optional(Type.Enum(['open', 'resolved'])) },
  { additionalProperties: false },
)

/** What people on call are told, with the details that somebody who is called asks for first (R44). */
export function alertRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/alerts',
    {
      schema: {
        tags: ['health'],
        description: `The newest ${newestMax}, newest first.`,
        querystring: Query,
        response: { 200: listOf(Alert) },
      },
    },
    async (request) => {
      const { state } = request.query
      const isOpen = state === undefined ? undefined : state === 'open'
      const alerts = await deps.database.tenant(tenantOf(request), (db) => listAlerts(db, isOpen, newestMax))
      return { items: alerts.map(showAlert), nextCursor: null }
    },
  )
}

const showAlert = ({ alert, providerName, tenantName, lastSyncAt }: ToldAlert) => ({
  id: alert.id,
  kind: alert.kind,
  message: alert.message,
  providerId: alert.providerId,
  providerName,
  tenantName,
  lastSyncAt: lastSyncAt?.toISOString() ?? null,
  openedAt: alert.openedAt.toISOString(),
  resolvedAt: alert.resolvedAt?.toISOString() ?? null,
})
