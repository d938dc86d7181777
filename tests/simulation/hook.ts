import fastify from 'fastify'
import type { ApiDeps } from '../../api/dependencies.ts'
import { answerProblems } from '../../api/plugins/problems.ts'
import { webhookRoutes } from '../../api/routes/webhooks.ts'
import { createEnvelope } from '../../db/envelope.ts'
import { documentedLimits } from '../../domain/vendor-limits.ts'

/** Where the played vendors say that something changed. */
export interface Hook {
  url: string
  close(): Promise<void>
}

/** The product's own web hooks on a free port. */
export async function openHook(deps: Omit<ApiDeps, 'envelope' | 'config'>): Promise<Hook> {
  const app = fastify({ forceCloseConnections: true })
  // Routes of web hooks open no secret and name no address.
  const rest = { envelope: createEnvelope([Buffer.alloc(32).toString('base64')]), config: nothingSet }
  answerProblems(app)
  await app.register(async (hooks) => webhookRoutes(hooks, { ...deps, ...rest }))
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url, close: () => app.close() }
}

const nowhere = { api: '', authorize: '', token: '' }
const nothingSet = {
  publicUrl: '',
  operatorKey: null,
  sandboxUrl: null,
  vendorUrls: { google: nowhere, microsoft: nowhere },
  vendorLimits: documentedLimits,
  pollEveryMs: 5 * 60_000,
  maintenanceEveryMs: 0,
  webhookNetworks: [],
}
