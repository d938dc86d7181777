import formbody from '@fastify/formbody'
import fastify, { type FastifyInstance, type FastifyServerFactory } from 'fastify'
import { createServer } from 'node:https'
import { sendInParts } from './answer-bytes.ts'
import { listRoutes, showAnswers, type Answered } from './answered.ts'
import { answerError, answerFailures } from './answers.ts'
import { accountRoutes, importRoute } from './control/account-routes.ts'
import { clientRoutes } from './control/client-routes.ts'
import { clockRoutes } from './control/clock-routes.ts'
import { followingRoutes } from './control/following-routes.ts'
import { faultRoutes } from './control/fault-routes.ts'
import { logRoutes } from './control/log-routes.ts'
import { googleControlRoutes } from './control/google-routes.ts'
import { mailboxChangeRoutes } from './control/mailbox-changes.ts'
import { microsoftControlRoutes } from './control/microsoft-routes.ts'
import { signInRoutes } from './control/sign-in-routes.ts'
import { switchRoutes } from './control/switch-routes.ts'
import { worldRoutes } from './control/world-routes.ts'
import { googleAclRoutes } from './google/acl-routes.ts'
import { googleBatchRoutes } from './google/batch-routes.ts'
import { googleCalendarRoutes } from './google/calendar-routes.ts'
import { googleEventRoutes } from './google/event-routes.ts'
import { googleFrontEnd } from './google/front-end.ts'
import { compressGoogleAnswers } from './google/gzip.ts'
import { googleListRoutes } from './google/list-routes.ts'
import { overrideMethod } from './google/method-override.ts'
import { countQuota } from './google/quota.ts'
import { googleSettingRoutes } from './google/setting-routes.ts'
import { microsoftActionRoutes } from './microsoft/action-routes.ts'
import { graphAddress } from './microsoft/addresses.ts'
import { microsoftBatchRoutes } from './microsoft/batch-routes.ts'
import { microsoftCalendarRoutes } from './microsoft/calendar-routes.ts'
import { microsoftDeltaRoutes } from './microsoft/delta-routes.ts'
import { microsoftEventRoutes } from './microsoft/event-routes.ts'
import { microsoftExtensionRoutes } from './microsoft/extension-routes.ts'
import { microsoftGroupRoutes } from './microsoft/group-routes.ts'
import { armWarnings, removeSubscriptionsOf } from './microsoft/lifecycle.ts'
import { microsoftOutlookRoutes } from './microsoft/outlook-routes.ts'
import { microsoftSettingsRoutes } from './microsoft/settings-routes.ts'
import { microsoftSubscriptionRoutes } from './microsoft/subscription-routes.ts'
import { microsoftUserRoutes } from './microsoft/user-routes.ts'
import { googleOAuthRoutes } from './oauth/google-routes.ts'
import { microsoftOAuthRoutes } from './oauth/microsoft-routes.ts'
import { sessionRoutes } from './oauth/session-routes.ts'
import { pageRoutes } from './pages/routes.ts'
import { spoilAnswers, watchTraffic } from './traffic.ts'
import { serialised } from './json-bytes.ts'
import type { World } from './world.ts'

export interface AppOptions {
  /** Is shown each answer of a vendor as it leaves. */
  onAnswer?: (answered: Answered) => void
  /** A certificate and its key make the origin https, which some clients demand. */
  tls?: Certificate
}

export interface Certificate {
  /** Both in PEM. */
  cert: string
  key: string
}

/** Everything the sandbox answers, on one origin. */
export async function createApp(world: World, { onAnswer, tls }: AppOptions = {}): Promise<FastifyInstance> {
  const app = fastify({
    ...(tls === undefined ? {} : { serverFactory: serveBy(tls) }),
    forceCloseConnections: true,
    // An address that cannot be decoded fails before any route is chosen.
    frameworkErrors: (error, request, reply) => void answerError(world, error, request, reply),
    bodyLimit: 32 * 1024 * 1024,
    rewriteUrl: (request) => {
      overrideMethod(request)
      return graphAddress(request.url ?? '/')
    },
    routerOptions: { maxParamLength: 2048 },
  })
  app.setReplySerializer((answer) => serialised(answer, 'value', 0))
  world.allowanceEnded = (vendor, email, clientId) => {
    if (vendor === 'microsoft') removeSubscriptionsOf(world, email, clientId)
  }
  armWarnings(world)
  await app.register(formbody)
  answerFailures(app, world)
  googleFrontEnd(app)
  watchTraffic(app, world)
  countQuota(app, world)
  if (onAnswer !== undefined) showAnswers(app, onAnswer)
  compressGoogleAnswers(app)
  spoilAnswers(app, world)
  sendInParts(app)
  listRoutes(app)
  googleOAuthRoutes(app, world)
  microsoftOAuthRoutes(app, world)
  sessionRoutes(app, world)
  googleListRoutes(app, world)
  googleCalendarRoutes(app, world)
  googleAclRoutes(app, world)
  googleSettingRoutes(app, world)
  googleEventRoutes(app, world)
  googleBatchRoutes(app, world)
  microsoftUserRoutes(app, world)
  microsoftSettingsRoutes(app, world)
  microsoftOutlookRoutes(app, world)
  microsoftGroupRoutes(app, world)
  microsoftCalendarRoutes(app, world)
  microsoftSubscriptionRoutes(app, world)
  microsoftBatchRoutes(app, world)
  microsoftDeltaRoutes(app, world)
  microsoftEventRoutes(app, world)
  microsoftActionRoutes(app, world)
  microsoftExtensionRoutes(app, world)
  accountRoutes(app, world)
  importRoute(app, world)
  worldRoutes(app, world)
  signInRoutes(app, world)
  clientRoutes(app, world)
  clockRoutes(app, world)
  logRoutes(app, world)
  faultRoutes(app, world)
  switchRoutes(app, world)
  followingRoutes(app, world)
  mailboxChangeRoutes(app, world)
  googleControlRoutes(app, world)
  microsoftControlRoutes(app, world)
  pageRoutes(app, world)
  return app
}

function serveBy(certificate: Certificate): FastifyServerFactory {
  return (handler) => createServer(certificate, handler)
}
