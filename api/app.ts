import cookie from '@fastify/cookie'
import fastify, { type FastifyInstance } from 'fastify'
import type { ApiDeps } from './dependencies.ts'
import { requireOperator, requireTenant } from './plugins/authentication.ts'
import { serveConsole } from './plugins/console.ts'
import { describeApi } from './plugins/documentation.ts'
import { loggerOptions } from './plugins/logging.ts'
import { readJson } from './plugins/json.ts'
import { answerProblems, sendProblem, unknownRoute } from './plugins/problems.ts'
import { guardHeaders } from './plugins/headers.ts'
import { validatorCompiler } from './plugins/validation.ts'
import { alertRoutes } from './routes/alerts.ts'
import { apiKeyRoutes } from './routes/api-keys.ts'
import { backgroundRoutes } from './routes/background.ts'
import { brakeRoutes } from './routes/brake.ts'
import { conflictRoutes } from './routes/conflicts.ts'
import { entryRoutes } from './routes/entries.ts'
import { healthRoutes } from './routes/health.ts'
import { integrationRoutes } from './routes/integrations.ts'
import { mappingRoutes } from './routes/mappings.ts'
import { memberRoutes } from './routes/members.ts'
import { oauthRoutes } from './routes/oauth.ts'
import { previewRoutes } from './routes/preview.ts'
import { providerActionRoutes } from './routes/provider-actions.ts'
import { providerHealthRoutes } from './routes/provider-health.ts'
import { providerDeletionRoutes } from './routes/provider-deletion.ts'
import { providerRoutes } from './routes/providers.ts'
import { quarantineRoutes } from './routes/quarantine.ts'
import { runRoutes } from './routes/runs.ts'
import { sessionRoutes } from './routes/session.ts'
import { signInRoutes } from './routes/sign-in.ts'
import { tenantRoutes } from './routes/tenants.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { webhookEndpointRoutes } from './routes/webhook-endpoints.ts'
import { webhookRoutes } from './routes/webhooks.ts'

/** The whole HTTP side of the product, ready to listen or to be asked in a test. */
export async function createApp(deps: ApiDeps): Promise<FastifyInstance> {
  const app = fastify({
    logger: loggerOptions(deps.logger),
    genReqId: () => deps.newId(),
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
    // An address that cannot be decoded never reaches a route.
    frameworkErrors: (_error, _request, reply) => void sendProblem(reply, unknownRoute()),
    // A stop waits for answers under way, not for idle keep-alive connections.
    forceCloseConnections: 'idle',
  })
  app.setValidatorCompiler(validatorCompiler)
  answerProblems(app)
  guardHeaders(app)
  readJson(app)
  await app.register(cookie)
  await describeApi(app)

  healthRoutes(app, deps)
  signInRoutes(app, deps)
  oauthRoutes(app, deps)
  await app.register(async (hooks) => webhookRoutes(hooks, deps))

  await app.register(
    async (operator) => {
      requireOperator(operator, deps)
      tenantRoutes(operator, deps)
    },
    { prefix: '/api/v1' },
  )
  await app.register(
    async (tenant) => {
      requireTenant(tenant, deps)
      sessionRoutes(tenant, deps)
      alertRoutes(tenant, deps)
      backgroundRoutes(tenant, deps)
      memberRoutes(tenant, deps)
      apiKeyRoutes(tenant, deps)
      integrationRoutes(tenant, deps)
      providerRoutes(tenant, deps)
      providerActionRoutes(tenant, deps)
      providerDeletionRoutes(tenant, deps)
      providerHealthRoutes(tenant, deps)
      brakeRoutes(tenant, deps)
      quarantineRoutes(tenant, deps)
      previewRoutes(tenant, deps)
      runRoutes(tenant, deps)
      mappingRoutes(tenant, deps)
      conflictRoutes(tenant, deps)
      entryRoutes(tenant, deps)
      webhookEndpointRoutes(tenant, deps)
      deliveryRoutes(tenant, deps)
    },
    { prefix: '/api/v1' },
  )
  await serveConsole(app)
  return app
}
